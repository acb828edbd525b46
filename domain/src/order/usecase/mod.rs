//! What people do with orders: load, decide, write the answer, commit.

mod bring_over;
mod make_move;
mod merge;
mod place;
mod quietly;

use std::sync::Arc;

use async_trait::async_trait;
use thiserror::Error;

use crate::booking::BookingRefusal;
use crate::deadline::WorkCalendar;
use crate::ids::{AttachmentId, DispatchId, OrderId, PersonId};
use crate::notice::notices_for;
use crate::order::{Chained, Event, Order, Refusal, figures, tallies};
use crate::people::Actor;
use crate::ports::{Answer, BookingStore, Change, Clock, Ids, OrderStore, StoreError};
use crate::safety::MarkedWords;

pub use bring_over::{Brought, Destination, Letter, author_id};
pub use make_move::Target;
pub use place::{NewOrder, SeatWish};

/// A move is decided again on the fresh state this often before the person is asked to try again.
const ATTEMPTS: u32 = 5;

/// The use cases, over their ports.
#[derive(Clone)]
pub struct Orders {
    pub store: Arc<dyn OrderStore>,
    pub bookings: Arc<dyn BookingStore>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub calendar: Arc<WorkCalendar>,
}

/// Who asks, under which key, and which version they saw.
#[derive(Clone, Debug)]
pub struct Asking {
    pub actor: Actor,
    pub key: Option<Key>,
    pub if_match: Option<i64>,
    /// What is said, where no check has passed it.
    pub words: Option<MarkedWords>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub key: String,
    pub fingerprint: [u8; 32],
}

/// Turns the order as it shall be into the answer, which is stored together with it.
#[async_trait]
pub trait Reply: Send + Sync {
    async fn write(&self, order: &Order) -> Result<Written, StoreError>;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub status: u16,
    pub body: String,
    pub version: i64,
}

#[derive(Debug, Error)]
pub enum MoveError {
    #[error("no such order in sight")]
    NotFound,
    #[error("the order to merge into is not in sight")]
    TargetNotFound,
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The caller named a version that is not the present one.
    #[error("the order has moved on")]
    Stale { current: Box<Order>, changed_by: Option<Box<Event>> },
    /// Others keep moving the order; nothing was changed.
    #[error("the order is being changed by others")]
    Contended,
    #[error(transparent)]
    NoSeat(#[from] BookingRefusal),
    #[error("a photo cannot be attached")]
    PhotoUnavailable,
    /// Another request with the same key was faster; its answer stands.
    #[error("the key is taken")]
    KeyTaken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Asking {
    /// What is kept under the key, where there is one.
    pub fn answer(&self, written: &Written, now: chrono::DateTime<chrono::Utc>) -> Option<Answer> {
        let Key { key, fingerprint } = self.key.clone()?;
        let person: PersonId = self.actor.person;
        Some(Answer { person, key, fingerprint, status: written.status, body: written.body.clone(), at: now })
    }
}

impl Orders {
    /// Chains the event onto the order's chain and gathers what is written with it.
    pub(crate) fn change(
        &self,
        before: &Order,
        next: Order,
        event: Event,
        photos: Vec<AttachmentId>,
    ) -> Result<Change, StoreError> {
        let notices = notices_for(&event, &next);
        let tallies = tallies(before, &event, &self.calendar);
        Ok(Change { notices, photos, tallies, quiet: false, ..self.silent_change(before, next, event)? })
    }

    /// A change that nobody is told of.
    fn silent_change(&self, before: &Order, mut next: Order, event: Event) -> Result<Change, StoreError> {
        let figure = figures(before, &event);
        let chained = Chained::new(event, before.head, self.ids.salt()).map_err(|e| StoreError::corrupt("event", e))?;
        next.head = chained.hash;
        Ok(Change {
            next,
            chained,
            notices: Vec::new(),
            photos: Vec::new(),
            consents: Vec::new(),
            words: None,
            case: None,
            tallies: Vec::new(),
            figure,
            quiet: true,
        })
    }

    fn new_order_id(&self) -> OrderId {
        OrderId(self.ids.at(self.clock.now()))
    }

    pub fn new_dispatch_id(&self) -> DispatchId {
        DispatchId(self.ids.at(self.clock.now()))
    }
}
