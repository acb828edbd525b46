//! How somebody signs in at a desk: the browser shows a ticket as a picture, the phone scans and confirms it, and the
//! browser, which alone knows the ticket's secret, exchanges it for a session.

use chrono::{DateTime, TimeDelta, Utc};
use strum::{Display, EnumIter};

use crate::ids::{PersonId, TicketId};

/// From the opening to the claim. Whoever finds a picture later finds nothing.
pub const TICKET_LIFETIME: TimeDelta = TimeDelta::minutes(2);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub id: TicketId,
    pub state: TicketState,
    /// What the browser calls itself: shown on the phone, to be compared before confirming.
    pub device: String,
    /// The network address that the browser came from: shown on the phone too.
    pub address: String,
    pub opened_at: DateTime<Utc>,
}

/// Whoever scans first owns the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketState {
    Waiting,
    Scanned(PersonId),
    Confirmed(PersonId),
    Declined(PersonId),
    Claimed(PersonId),
}

/// What a person does with a ticket on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Tap {
    Scan,
    Confirm,
    Decline,
}

/// What a tap does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tapped {
    Becomes(TicketState),
    /// The same tap came before.
    Already,
    /// Too late: it ran out, was declined or claimed.
    Gone,
    /// Not this person's to see.
    NotYours,
}

/// What the browser is told when it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Waiting,
    Scanned,
    Declined,
    /// A session may be opened for this person.
    Confirmed(PersonId),
    Gone,
}

impl Ticket {
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.opened_at + TICKET_LIFETIME
    }

    fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at() <= now
    }

    pub fn tap(&self, tap: Tap, by: PersonId, now: DateTime<Utc>) -> Tapped {
        let next = self.state.tapped(tap, by);
        let is_late = self.is_expired(now) && next != Tapped::NotYours;
        if is_late { Tapped::Gone } else { next }
    }

    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        if self.is_expired(now) {
            return Standing::Gone;
        }
        match self.state {
            TicketState::Waiting => Standing::Waiting,
            TicketState::Scanned(_) => Standing::Scanned,
            TicketState::Confirmed(person) => Standing::Confirmed(person),
            TicketState::Declined(_) => Standing::Declined,
            TicketState::Claimed(_) => Standing::Gone,
        }
    }
}

impl TicketState {
    pub fn scanner(self) -> Option<PersonId> {
        match self {
            Self::Waiting => None,
            Self::Scanned(by) | Self::Confirmed(by) | Self::Declined(by) | Self::Claimed(by) => Some(by),
        }
    }

    #[rustfmt::skip]
    fn tapped(self, tap: Tap, by: PersonId) -> Tapped {
        if self.scanner().is_some_and(|scanner| scanner != by) {
            return Tapped::NotYours;
        }
        match (tap, self) {
            (Tap::Scan, Self::Waiting) => Tapped::Becomes(Self::Scanned(by)),
            (Tap::Scan, Self::Scanned(_) | Self::Confirmed(_)) => Tapped::Already,
            (Tap::Scan, Self::Declined(_) | Self::Claimed(_)) => Tapped::Gone,

            (Tap::Confirm, Self::Waiting) => Tapped::NotYours,
            (Tap::Confirm, Self::Scanned(_)) => Tapped::Becomes(Self::Confirmed(by)),
            (Tap::Confirm, Self::Confirmed(_)) => Tapped::Already,
            (Tap::Confirm, Self::Declined(_) | Self::Claimed(_)) => Tapped::Gone,

            (Tap::Decline, Self::Waiting) => Tapped::NotYours,
            // Whoever confirmed may think better of it while the browser has not come yet.
            (Tap::Decline, Self::Scanned(_) | Self::Confirmed(_)) => Tapped::Becomes(Self::Declined(by)),
            (Tap::Decline, Self::Declined(_)) => Tapped::Already,
            (Tap::Decline, Self::Claimed(_)) => Tapped::Gone,
        }
    }
}

#[cfg(test)]
#[path = "ticket_tests.rs"]
mod tests;
