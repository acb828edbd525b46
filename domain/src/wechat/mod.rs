//! What WeChat tells us of its own accord, in our own words, and the ledger of rights to send (订阅).
//!
//! A resident's “允许” to one prompt is one message that may be sent. WeChat tells nobody how many are left: the ledger is ours.

use chrono::{DateTime, Utc};
use strum::{Display, EnumIter, IntoStaticStr};

use crate::ids::PersonId;
use crate::safety::Verdict;

/// Somebody, as one mini-program or service account calls them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct WechatAccount {
    pub app_id: String,
    pub openid: String,
}

/// One thing that was told, once however often it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The same each time WeChat tells the same thing.
    pub id: String,
    pub app_id: String,
    /// WeChat's own name of the event.
    pub name: String,
    pub news: News,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Somebody answered a prompt for messages, or took an answer back.
    Rights {
        openid: String,
        changes: Vec<(String, RightChange)>,
    },
    /// The check of a photo ended; no verdict where it could not be opened.
    PhotoJudged {
        trace: String,
        verdict: Option<Verdict>,
    },
    /// Messages that WeChat took and could not deliver: how it calls each, and its code.
    Undelivered {
        messages: Vec<(String, i64)>,
    },
    /// Somebody took back what they had let us know.
    Forget {
        openid: String,
        items: Vec<Item>,
    },
    /// The WeChat account is no more.
    AccountClosed {
        openid: String,
    },
    Followed {
        openid: String,
    },
    Unfollowed {
        openid: String,
    },
    /// Nothing follows from it.
    Noted,
    /// Not understood, kept as it came.
    Strange {
        raw: String,
    },
}

/// How a right to send by one template changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter)]
pub enum RightChange {
    /// The mini-program says that the person agreed; WeChat itself will say so in a moment, or never.
    Hinted,
    /// One more message.
    OneMore,
    /// As many as there are, until it is taken back.
    Standing,
    /// A message was sent.
    OneLess,
    /// WeChat knows of no right, or the person took it back.
    Gone,
}

/// What may be sent to somebody by one template.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Right {
    /// Messages that single answers allow.
    pub left: u32,
    pub standing: bool,
    /// One of them is known from the mini-program alone: what WeChat says next of it is the same one.
    pub hinted: bool,
}

/// A right by its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRight {
    pub app_id: String,
    pub template_id: String,
    pub right: Right,
}

/// What one of our mini-programs may send to somebody who uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    pub app_id: String,
    pub templates: Vec<String>,
}

/// Single answers that are counted; nobody knows how many WeChat adds up.
pub const MOST_LEFT: u32 = 1000;

impl Right {
    /// The table of the ledger.
    #[must_use]
    pub fn after(self, change: RightChange) -> Self {
        match change {
            RightChange::Hinted if self.allows() => self,
            RightChange::Hinted => Self { left: 1, hinted: true, ..self },
            RightChange::OneMore if self.hinted => Self { hinted: false, ..self },
            RightChange::OneMore => Self { left: (self.left + 1).min(MOST_LEFT), ..self },
            RightChange::Standing => Self { standing: true, ..self },
            // A standing right is not used up.
            RightChange::OneLess if self.standing => self,
            RightChange::OneLess => Self { left: self.left.saturating_sub(1), ..self },
            RightChange::Gone => Self::default(),
        }
    }

    pub fn allows(self) -> bool {
        self.standing || self.left > 0
    }
}

/// What of a person's may be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, IntoStaticStr, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Item {
    Phone,
    Nickname,
    /// Photos that belong to no order yet; those of an order are part of it.
    Photos,
}

/// What is left to do after something was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Heard {
    /// It was told before; nothing was written.
    Known,
    Done,
    /// Something of the person's is still to go from orders or from the disk, and a line is due in the audit log.
    Forget(PersonId),
    /// The person's erasure has begun and is to be carried on.
    Erase(PersonId),
    /// A new follower: WeChat is to be asked who that is.
    Ask,
    /// It speaks of something that is not written down yet. Nothing was written: WeChat shall tell it again.
    TooEarly,
}

/// What is left to forget of somebody who took it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgetting {
    pub person: PersonId,
    /// WeChat's own name of what was told, for the audit log.
    pub told: String,
    /// Numbers in orders.
    pub phone: bool,
    /// Photos that no order uses.
    pub photos: bool,
    pub since: DateTime<Utc>,
}

/// A follower of a service account of whom nothing is known but the openid.
#[derive(Clone, PartialEq, Eq)]
pub struct Stranger {
    pub account: WechatAccount,
    pub since: DateTime<Utc>,
}

impl std::fmt::Debug for WechatAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WechatAccount").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Stranger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stranger").field("since", &self.since).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::RightChange::{Gone, Hinted, OneLess, OneMore, Standing};
    use super::*;

    fn after(changes: &[RightChange]) -> Right {
        changes.iter().fold(Right::default(), |right, change| right.after(*change))
    }

    #[test]
    fn answers_add_up_and_messages_use_them() {
        assert_eq!(after(&[OneMore, OneMore, OneLess]), Right { left: 1, ..Right::default() });
        assert!(after(&[OneMore]).allows());
        assert!(!after(&[OneMore, OneLess]).allows());
        assert_eq!(after(&[OneLess]), Right::default(), "the ledger does not go below nothing");
    }

    #[test]
    fn what_is_said_twice_counts_once() {
        assert_eq!(after(&[Hinted, OneMore]), Right { left: 1, ..Right::default() });
        assert_eq!(after(&[Hinted, OneLess, OneMore]), Right::default(), "it was used before WeChat spoke of it");
        assert_eq!(after(&[OneMore, Hinted, OneMore]).left, 2);
        assert!(after(&[Hinted]).allows(), "WeChat may never speak of it");
    }

    #[test]
    fn a_standing_right_lasts_until_it_is_taken_back() {
        assert!(after(&[Standing, OneLess, OneLess]).allows());
        assert!(!after(&[OneMore, Standing, Gone]).allows());
        assert!(after(&[Gone, OneMore]).allows());
    }
}
