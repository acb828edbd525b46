use chrono::{DateTime, FixedOffset};
use domain::booking::{Booking, Slot};
use domain::service::Privacy;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Scene, local};
use crate::names::Book;

/// A date of a service.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotView {
    pub id: Uuid,
    #[schema(example = "haircut")]
    pub service_key: String,
    pub starts_at: DateTime<FixedOffset>,
    pub ends_at: DateTime<FixedOffset>,
    /// No seat is left for somebody who comes now.
    pub full: bool,
    /// Null of a sealed matter, as the two below are: how many bring it is nobody's to count.
    pub capacity: Option<u32>,
    /// Seats that somebody who comes now may have.
    pub free: Option<u32>,
    /// How many wait for a seat.
    pub waiting: Option<u32>,
    pub partner_id: Option<Uuid>,
    /// Who serves; the community itself where it is null.
    #[schema(example = "红色物业西苑管理科")]
    pub partner_name: Option<String>,
    /// Takes nobody new.
    pub closed: bool,
}

/// Of a service that is not there any more nothing is told either.
pub fn is_sealed(book: &Book, slot: &Slot) -> bool {
    book.service(slot.community, &slot.service_key).is_none_or(|line| line.offer.privacy == Privacy::Sealed)
}

impl SlotView {
    pub fn new(book: &Book, slot: &Slot) -> Self {
        let told = |number: u32| Some(number).filter(|_| !is_sealed(book, slot));
        Self {
            id: slot.id.0,
            service_key: slot.service_key.clone(),
            starts_at: local(slot.starts_at),
            ends_at: local(slot.ends_at),
            full: slot.free() == 0,
            capacity: told(slot.capacity),
            free: told(slot.free()),
            waiting: told(slot.waiting),
            partner_id: slot.partner.map(Into::into),
            partner_name: slot.partner.and_then(|id| book.partner(id)).map(|partner| partner.name.clone()),
            closed: slot.closed,
        }
    }
}

/// An order's seat, or its place in the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookingView {
    pub slot_id: Uuid,
    pub starts_at: DateTime<FixedOffset>,
    pub ends_at: DateTime<FixedOffset>,
    pub partner_name: Option<String>,
    /// `booked`, `waiting`, `cancelled`, `no_show` or `served`.
    #[schema(example = "booked")]
    pub state: &'static str,
    #[schema(example = "已约")]
    pub state_text: &'static str,
    /// Of those who wait, how many came before.
    pub ahead: u32,
    pub booked_at: DateTime<FixedOffset>,
    /// When a seat became free for somebody who had waited.
    pub promoted_at: Option<DateTime<FixedOffset>>,
}

impl BookingView {
    pub fn of(scene: &Scene<'_>, booking: &Booking) -> Self {
        Self::new(&scene.book, booking)
    }

    pub fn new(book: &Book, booking: &Booking) -> Self {
        let partner = booking.slot.partner.and_then(|id| book.partner(id));
        Self {
            slot_id: booking.slot.id.0,
            starts_at: local(booking.slot.starts_at),
            ends_at: local(booking.slot.ends_at),
            partner_name: partner.map(|partner| partner.name.clone()),
            state: booking.state.into(),
            state_text: booking.state.text(),
            ahead: booking.ahead,
            booked_at: local(booking.booked_at),
            promoted_at: booking.promoted_at.map(local),
        }
    }
}
