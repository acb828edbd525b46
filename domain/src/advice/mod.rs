//! What somebody should hear before an order is placed: that there is danger and whom to call, or that another office is
//! the lawful place.
//!
//! People write in their own words, so this is a reading by tables of words, not a judgement: it never refuses an
//! emergency, and it turns away nothing but complaints that a community may not even read.

mod call;
mod danger;
mod danger_words;
mod discipline;
mod matter;
mod matter_words;
mod text;

pub use call::{Call, NOT_AN_EMERGENCY_CHANNEL, REMINDER, REMINDER_CALLS, REMINDER_TEXT};
pub use danger::Danger;
pub use matter::Matter;

use serde::{Deserialize, Serialize};

use text::Text;

/// What an order's words say of themselves. Kept with the order: a later change of the tables never changes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// Somebody is in danger now.
    pub emergency: Option<Danger>,
    /// Not a community's to decide.
    pub elsewhere: Option<Matter>,
}

impl Advice {
    /// Life comes first: whoever is in danger is heard, whatever else stands in the same text.
    pub fn may_submit(self) -> bool {
        self.emergency.is_some() || self.elsewhere.is_none_or(Matter::may_submit)
    }
}

/// Reads what a resident wrote.
pub fn advise(title: &str, description: &str) -> Advice {
    let text = Text::of(&[title, description]);
    Advice { emergency: danger_words::danger_in(&text), elsewhere: matter_words::matter_in(&text) }
}
