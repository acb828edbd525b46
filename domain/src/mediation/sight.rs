//! Who is what to a case. Whoever is nothing does not see that it exists.

use chrono::{DateTime, Utc};

use super::Case;
use crate::ids::{CommunityId, PersonId};
use crate::people::access::Operation;
use crate::people::{Actor, Area};

/// What somebody is to one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Reads all of it.
    Mediator,
    /// By number. Reads what was said to all, and what they said themselves.
    Party(u8),
    /// The secretary: sees that it exists, and how it goes on.
    Office,
}

/// The cases that one person may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The person, and the accounts that the person took over.
    pub persons: Vec<PersonId>,
    /// Where those may mediate.
    pub mediates_in: Vec<CommunityId>,
    /// Communities whose secretary the person is.
    pub offices: Vec<CommunityId>,
    /// A mediator's time runs out.
    pub now: DateTime<Utc>,
}

/// One list of cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Docket {
    /// `view=mine`: mediated by the person, or the person is a party. The offices count for nothing here.
    Mine(Sight),
    /// `view=community`: of these offices.
    Offices(Vec<CommunityId>),
}

impl Sight {
    pub fn of(actor: &Actor, now: DateTime<Utc>) -> Self {
        let offices = Area::of_orders(actor, Operation::MediationsOpen).sealed;
        Self { persons: actor.selves().collect(), mediates_in: actor.mediates_in(), offices, now }
    }

    /// The rule that every store keeps.
    pub fn standing(&self, case: &Case) -> Option<Standing> {
        let is_self = |person: PersonId| self.persons.contains(&person);
        // Whoever is a party is nothing else, whatever the person was appointed to or took over.
        if let Some(own) = case.parties.iter().find(|party| party.person.is_some_and(is_self)) {
            return Some(Standing::Party(own.number));
        }
        let is_over = case.mediator_until().is_some_and(|until| until <= self.now);
        if is_self(case.mediator) && self.mediates_in.contains(&case.community) && !is_over {
            return Some(Standing::Mediator);
        }
        self.offices.contains(&case.community).then_some(Standing::Office)
    }
}
