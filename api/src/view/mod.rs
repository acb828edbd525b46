//! What clients see. Every field that one person may see and another may not is decided here and nowhere else.

mod advice;
mod booking;
mod charge;
mod dispatch;
mod event;
mod fields;
mod inbox;
mod order;
pub mod photo;
mod standing;
mod timeline;
mod told;
mod visit;

pub use advice::{ElsewhereView, EmergencyView};
pub use booking::{BookingView, SlotView, is_sealed};
pub use charge::{ChargeView, QuoteView};
pub use dispatch::DispatchView;
pub use event::EventItem;
pub use fields::{
    BeneficiaryView, ContactView, DueView, FormView, OrderGridView, PlaceView, PointElsewhereView, RatingView,
};
pub use inbox::InboxItemView;
pub use order::OrderView;
pub use photo::{Album, PhotoView, photo_view};
pub use standing::Standing;
pub use timeline::TimelineItem;
pub use told::{ToldView, sees_told, tell};
pub use visit::{VisitView, sees_visits_of_the_desk};

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};
use domain::booking::Booking;
use domain::deadline::in_shanghai;
use domain::ids::{OrderId, PersonId};
use domain::order::Order;
use domain::people::Actor;
use serde::Serialize;
use utoipa::ToSchema;

use crate::names::Book;

/// For whom, with which names and photos, and when a view is made.
pub struct Scene<'a> {
    pub actor: &'a Actor,
    pub book: Arc<Book>,
    pub album: Album,
    /// Orders with words or photos that neither a check nor a person has passed; told to the desk only.
    pub marked: HashSet<OrderId>,
    /// Of orders that come at a date.
    pub bookings: HashMap<OrderId, Booking>,
    /// What those are called who ordered for somebody else.
    pub orderers: HashMap<PersonId, String>,
    pub now: DateTime<Utc>,
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Pass as `cursor` to get the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// An instant as clients read it: RFC 3339 with +08:00.
pub fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    in_shanghai(at)
}

impl Scene<'_> {
    pub fn standing(&self, order: &Order) -> Standing {
        Standing::of(self.actor, order)
    }
}
