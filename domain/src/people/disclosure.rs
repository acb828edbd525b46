//! A full name or number shown to somebody: each time a row that the person concerned can read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::Hat;
use crate::ids::{DisclosureId, MediationId, OrderId, PartnerId, PersonId};
use crate::order::Order;

/// Why somebody looks.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Purpose {
    /// To ask or tell the resident something.
    ContactResident,
    /// To come to the home.
    HomeVisit,
    /// To check what was reported.
    VerifyFacts,
    /// Somebody may be in danger.
    Emergency,
    /// To ask after the result (回访).
    FollowUp,
    /// A mediation was put into other hands. Noted by the program; nobody can ask for it.
    #[serde(skip_deserializing)]
    TakeOver,
}

impl Purpose {
    /// Needs to know what the matter is, not only whom to call.
    pub fn needs_words(self) -> bool {
        match self {
            Self::VerifyFacts | Self::Emergency => true,
            Self::ContactResident | Self::HomeVisit | Self::FollowUp | Self::TakeOver => false,
        }
    }

    /// For people: 「联系居民」.
    pub fn text(self) -> &'static str {
        match self {
            Self::ContactResident => "联系居民",
            Self::HomeVisit => "上门服务",
            Self::VerifyFacts => "核实情况",
            Self::Emergency => "紧急情况",
            Self::FollowUp => "回访",
            Self::TakeOver => "接手办理",
        }
    }
}

/// One look at somebody's full data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    pub id: DisclosureId,
    /// Whose data it is.
    pub subject: PersonId,
    pub order: OrderId,
    pub viewer: PersonId,
    /// As what the viewer looked.
    pub hat: Hat,
    /// The viewer's unit, where the hat is a handler's.
    pub partner: Option<PartnerId>,
    pub purpose: Purpose,
    pub at: DateTime<Utc>,
}

/// A look as the person concerned reads of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub disclosure: Disclosure,
    /// Where the person is another party of a mediation than whoever ordered: the case, and not the order, is what they know.
    pub mediation: Option<MediationId>,
}

impl Order {
    /// Those whose names and numbers stand in the order.
    pub fn subjects(&self) -> impl Iterator<Item = PersonId> {
        std::iter::once(self.requester).chain(self.beneficiary().filter(|whom| *whom != self.requester))
    }
}

/// 「王女士」 → 「王**」: the first character, and one star for each other.
pub fn mask_name(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().into_iter().chain(chars.map(|_| '*')).collect()
}

/// `13800000000` → `138****0000`; a shorter number keeps its last two digits.
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().collect();
    let (head, tail) = if digits.len() >= 11 { (3, 4) } else { (0, 2) };
    let kept = |i: usize| i < head || i + tail >= digits.len();
    digits.iter().enumerate().map(|(i, digit)| if kept(i) { *digit } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_tell_enough_to_recognise_and_too_little_to_call() {
        assert_eq!(mask_name("王女士"), "王**");
        assert_eq!(mask_name(""), "");
        assert_eq!(mask_phone("13800000001"), "138****0001");
        assert_eq!(mask_phone("0311-85551234"), "031******1234");
        assert_eq!(mask_phone("12345"), "***45");
        assert_eq!(mask_phone("1"), "1");
    }
}
