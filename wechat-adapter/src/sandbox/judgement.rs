//! How the sandbox judges text and pictures: by markers that a test writes.

use serde::{Deserialize, Serialize};

use crate::api::verdict::Suggest;
use crate::callback::{Event, MediaVerdict as Judged};

/// Where the media could not be fetched.
const UNREACHABLE: i64 = -1008;

/// In any checked text.
pub const RISKY_MARK: &str = "【违规】";
/// In any checked text, unless it is risky as well.
pub const REVIEW_MARK: &str = "【待审】";

/// WeChat's label: 100 is normal, 21000 "other".
pub(super) const fn label(suggest: Suggest) -> i64 {
    match suggest {
        Suggest::Pass => 100,
        Suggest::Review | Suggest::Risky => 21000,
    }
}

pub(super) fn of_text(text: &str) -> Suggest {
    if text.contains(RISKY_MARK) {
        Suggest::Risky
    } else if text.contains(REVIEW_MARK) {
        Suggest::Review
    } else {
        Suggest::Pass
    }
}

/// What came of a picture or a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaVerdict {
    Pass,
    Review,
    Risky,
    /// WeChat could not fetch it: errcode -1008 and no verdict.
    Unreachable,
}

impl MediaVerdict {
    /// By a marker in the media's URL: `verdict=risky`, `verdict=review`,
    /// `verdict=pass` or `verdict=unreachable`.
    pub(super) fn of_url(url: &str) -> Option<Self> {
        let (_, rest) = url.split_once("verdict=")?;
        let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
        serde_json::from_value(word.into()).ok()
    }

    /// What WeChat then pushes.
    pub(super) fn event(self, trace_id: String) -> Event {
        let verdict = self.suggest().map(|suggest| Judged { suggest, label: label(suggest) });
        let errcode = if verdict.is_some() { 0 } else { UNREACHABLE };
        Event::MediaChecked { trace_id, verdict, errcode }
    }

    #[must_use]
    pub const fn suggest(self) -> Option<Suggest> {
        match self {
            Self::Pass => Some(Suggest::Pass),
            Self::Review => Some(Suggest::Review),
            Self::Risky => Some(Suggest::Risky),
            Self::Unreachable => None,
        }
    }
}

impl From<Suggest> for MediaVerdict {
    fn from(suggest: Suggest) -> Self {
        match suggest {
            Suggest::Pass => Self::Pass,
            Suggest::Review => Self::Review,
            Suggest::Risky => Self::Risky,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_mark_wins() {
        assert_eq!(of_text("楼道灯不亮"), Suggest::Pass);
        assert_eq!(of_text("【待审】"), Suggest::Review);
        assert_eq!(of_text("【待审】【违规】"), Suggest::Risky);
    }

    #[test]
    fn a_url_may_bear_its_verdict() {
        assert_eq!(MediaVerdict::of_url("https://h/a.jpg?verdict=risky&x=1"), Some(MediaVerdict::Risky));
        assert_eq!(MediaVerdict::of_url("https://h/verdict=unreachable"), Some(MediaVerdict::Unreachable));
        assert_eq!(MediaVerdict::of_url("https://h/a.jpg"), None);
        assert_eq!(MediaVerdict::of_url("https://h/a.jpg?verdict=odd"), None);
    }
}
