use chrono::{DateTime, Utc};

use crate::ids::PersonId;

/// How many codes for the day on which the phone is lost.
pub const RECOVERY_CODES: usize = 8;

/// What an app on the person's phone and we both know, and codes are made from (RFC 6238).
#[derive(Clone, PartialEq, Eq)]
pub struct SharedSecret(pub [u8; 20]);

/// The second factor of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    pub person: PersonId,
    pub secret: SharedSecret,
    /// The latest step of time whose code was taken: a code works once.
    pub last_step: i64,
    pub begun_at: DateTime<Utc>,
    /// `None` until the first right code came: nobody locks themselves out with an app that was set up wrongly.
    pub on_since: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedSecret")
    }
}
