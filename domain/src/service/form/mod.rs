//! What a service asks, as JSON Schema, and what was answered.

mod answers;
mod schema;

pub use answers::Answers;
pub use schema::{Form, MAX_FIELDS};

/// Something wrong in a form or in its answers; the JSON pointer leads to it, the sentence is for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormFault {
    pub pointer: String,
    pub text: String,
}

#[cfg(test)]
mod tests;
