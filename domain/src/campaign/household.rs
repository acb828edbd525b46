use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Outcome, Standing};
use crate::ids::{CampaignId, HouseholdId, LookId, PartnerId, PersonId, PlaceId};
use crate::people::{Address, Hat, Purpose};

/// People named behind one door.
pub const MAX_DWELLERS: usize = 10;

/// One door of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    pub id: HouseholdId,
    pub campaign: CampaignId,
    /// Counts from 1 in its campaign, in the order in which they were enlisted.
    pub number: u32,
    /// Whose grid worker comes.
    pub compound: PlaceId,
    /// `None` once it was forgotten; what was done there stays in the totals.
    pub door: Option<Door>,
    pub dwellers: Vec<Dweller>,
    /// To whom the door is given, where a partner sees only those.
    pub partner: Option<PartnerId>,
    /// Visits so far: one a round.
    pub rounds: u8,
    /// How the latest one went.
    pub outcome: Option<Outcome>,
}

/// Where it is, and what those who come should know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    pub address: Address,
    pub note: Option<String>,
}

/// Somebody who lives there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dweller {
    /// Where the person has an account here.
    pub person: Option<PersonId>,
    pub name: Option<String>,
    pub phone: Option<String>,
    /// 独居、八十岁以上、听力不好
    pub note: Option<String>,
}

impl Dweller {
    /// As somebody reads it who stands there so. Of those who have an account, partners read name and number only where
    /// `agrees` says so; whom the desk wrote down itself it wrote down for those who come.
    pub fn seen_as(self, standing: Standing, agrees: impl Fn(PersonId) -> bool) -> Self {
        let is_veiled = match standing.hat {
            Hat::Partner => self.person.is_some_and(|person| !agrees(person)),
            Hat::Requester | Hat::Mediator | Hat::GridWorker | Hat::IntakeClerk | Hat::Secretary | Hat::System => false,
        };
        if is_veiled { Self { name: None, phone: None, ..self } } else { self }
    }
}

/// A door that is about to be enlisted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub id: HouseholdId,
    pub compound: PlaceId,
    pub door: Door,
    pub dwellers: Vec<Dweller>,
    pub partner: Option<PartnerId>,
}

/// One look at a household in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub id: LookId,
    pub household: HouseholdId,
    pub viewer: PersonId,
    /// As what the viewer looked.
    pub hat: Hat,
    /// The viewer's unit, where the hat is a partner's.
    pub partner: Option<PartnerId>,
    pub purpose: Purpose,
    pub at: DateTime<Utc>,
}

/// The target as it will stand in its campaign.
pub fn household_of(campaign: CampaignId, number: u32, target: Target) -> Household {
    let Target { id, compound, door, dwellers, partner } = target;
    Household { id, campaign, number, compound, door: Some(door), dwellers, partner, rounds: 0, outcome: None }
}

impl Household {
    /// The round in which somebody comes next; `None` once somebody was let in.
    pub fn next_round(&self) -> Option<u8> {
        match self.outcome {
            None | Some(Outcome::NotAtHome | Outcome::Refused) => Some(self.rounds + 1),
            Some(Outcome::Visited) => None,
        }
    }
}
