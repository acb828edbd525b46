//! 代下单: one person agrees that another orders for them, until a day or until either of them ends it.

use chrono::{DateTime, TimeDelta, Utc};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{DelegationId, PersonId};

/// Nobody orders for another longer than a year on one consent.
pub const MAX_DELEGATION_DAYS: u16 = 365;
/// How long an offer waits for the relative.
const OFFER_DAYS: i64 = 7;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegation {
    pub id: DelegationId,
    /// For whom is ordered.
    pub principal: PersonId,
    /// Who orders.
    pub delegate: PersonId,
    pub evidence: Evidence,
    /// Of the staff, where they recorded it.
    pub recorded_by: Option<PersonId>,
    pub given_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// When one of the two ended it, or a newer one took its place.
    pub ended_at: Option<DateTime<Utc>>,
}

/// How the principal agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Evidence {
    /// By a code, from phone to phone.
    InApp,
    /// Before the staff, who wrote down how: for people without WeChat.
    RecordedByStaff,
}

/// A code that waits for somebody to whom the principal gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub principal: PersonId,
    pub days: u16,
    pub made_at: DateTime<Utc>,
}

impl Offer {
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.made_at + TimeDelta::days(OFFER_DAYS)
    }

    /// The days run from the moment in which the relative accepts.
    pub fn accepted(&self, id: DelegationId, delegate: PersonId, now: DateTime<Utc>) -> Delegation {
        Delegation {
            id,
            principal: self.principal,
            delegate,
            evidence: Evidence::InApp,
            recorded_by: None,
            given_at: now,
            expires_at: now + TimeDelta::days(self.days.into()),
            ended_at: None,
        }
    }
}

impl Delegation {
    pub fn is_active(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && self.given_at <= now && now < self.expires_at
    }
}

impl Evidence {
    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Self::InApp => "本人在小程序里授权",
            Self::RecordedByStaff => "社区工作人员登记",
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_delegation_runs_from_the_acceptance_to_its_end() {
        let noon: DateTime<Utc> = "2026-11-23T04:00:00Z".parse().expect("an instant");
        let person = |n| PersonId(Uuid::from_u128(n));
        let offer = Offer { principal: person(1), days: 30, made_at: noon };
        assert_eq!(offer.expires_at(), noon + TimeDelta::days(7));
        let later = noon + TimeDelta::days(2);
        let given = offer.accepted(DelegationId(Uuid::nil()), person(2), later);
        let end = later + TimeDelta::days(30);
        assert!(given.is_active(later) && given.is_active(end - TimeDelta::milliseconds(1)));
        assert!(!given.is_active(noon) && !given.is_active(end));
        assert!(!Delegation { ended_at: Some(later), ..given }.is_active(later));
    }
}
