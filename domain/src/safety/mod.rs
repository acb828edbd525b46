//! Content safety (内容安全): what WeChat's check, or a person, found of what people wrote and photographed.
//!
//! Nothing waits for the check but the public: an order whose words could not be checked goes to staff at once, marked,
//! and stays out of every public list until a check or a person has passed it.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{AttachmentId, OrderId, PersonId};

/// What the check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    Pass,
    /// A person shall look.
    Review,
    Risky,
}

/// Why there is no verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, IntoStaticStr, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum NotChecked {
    /// The author has no account that the check could be asked with, or the check is switched off for it.
    NoAccount,
    /// WeChat checks only for people who were in the mini-program within two hours.
    Inactive,
    /// Today's checks are used up.
    Quota,
    /// The check does not answer.
    Unavailable,
}

/// How far a text or a photo has come.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CheckState {
    /// Not checked yet.
    Waiting,
    Passed,
    /// A person shall look.
    Review,
    /// Hidden from everybody but the desk.
    Risky,
    /// A person of the desk looked and found nothing wrong.
    Cleared,
}

impl CheckState {
    /// Neither a check nor a person has decided: kept out of public lists.
    pub fn is_open(self) -> bool {
        match self {
            Self::Waiting | Self::Review => true,
            Self::Passed | Self::Risky | Self::Cleared => false,
        }
    }
}

impl From<Verdict> for CheckState {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Passed,
            Verdict::Review => Self::Review,
            Verdict::Risky => Self::Risky,
        }
    }
}

/// What becomes of words that somebody wants to leave with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    Taken,
    /// Taken and marked.
    Marked(CheckState),
    Refused,
}

/// The table: what was found → what becomes of the words. A cry for help is never refused.
pub fn read(found: Result<Verdict, NotChecked>, is_emergency: bool) -> Reading {
    match (found, is_emergency) {
        (Ok(Verdict::Pass), _) => Reading::Taken,
        (Ok(Verdict::Review), _) | (Ok(Verdict::Risky), true) => Reading::Marked(CheckState::Review),
        (Ok(Verdict::Risky), false) => Reading::Refused,
        (Err(NotChecked::NoAccount | NotChecked::Inactive | NotChecked::Quota | NotChecked::Unavailable), _) => {
            Reading::Marked(CheckState::Waiting)
        }
    }
}

/// Whether asking again later may help; where it does not, a person decides.
pub fn is_worth_asking_again(why: NotChecked) -> bool {
    match why {
        NotChecked::Unavailable => true,
        // When the quota is there again, WeChat has not seen the author for hours.
        NotChecked::NoAccount | NotChecked::Inactive | NotChecked::Quota => false,
    }
}

/// Words that were taken and marked, kept beside the order until somebody has decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedWords {
    pub text: String,
    /// [`CheckState::Waiting`] or [`CheckState::Review`].
    pub state: CheckState,
    /// Whether the check shall be asked again.
    pub again: bool,
}

/// Words whose turn to be checked has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingWords {
    pub order: OrderId,
    /// The event that brought them.
    pub seq: i64,
    pub author: PersonId,
    pub text: String,
    /// Tries so far.
    pub tries: u32,
}

/// A photo whose turn to be checked has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingPhoto {
    pub id: AttachmentId,
    pub uploader: PersonId,
    /// Tries so far.
    pub tries: u32,
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn nothing_is_refused_but_what_is_risky_and_no_cry_for_help() {
        let found = Verdict::iter().map(Ok).chain(NotChecked::iter().map(Err));
        for found in found {
            assert_eq!(read(found, false) == Reading::Refused, found == Ok(Verdict::Risky), "{found:?}");
            assert_ne!(read(found, true), Reading::Refused, "{found:?}");
        }
    }

    #[test]
    fn only_what_passed_goes_unmarked() {
        for found in Verdict::iter().map(Ok).chain(NotChecked::iter().map(Err)) {
            assert_eq!(read(found, true) == Reading::Taken, found == Ok(Verdict::Pass), "{found:?}");
            if let Reading::Marked(state) = read(found, true) {
                assert!(state.is_open(), "{found:?}");
            }
        }
    }
}
