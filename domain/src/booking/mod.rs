//! Dates that may be booked (时段预约): so many at a time, and whoever comes later waits in the order of arrival.
//!
//! A booking hangs on an order and has no life of its own: withdrawn, refused and merged orders give their seat back.

mod plan;

pub use plan::{MAX_SLOTS, Plan, PlanRefusal, Span};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};
use thiserror::Error;

use crate::ids::{CommunityId, OrderId, PartnerId, PersonId, SlotId};

/// People at one time.
pub const MAX_CAPACITY: u32 = 1_000;

/// One date of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    pub id: SlotId,
    pub community: CommunityId,
    pub service_key: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    /// Seats.
    pub capacity: u32,
    pub taken: u32,
    /// How many wait for a seat.
    pub waiting: u32,
    /// Who serves.
    pub partner: Option<PartnerId>,
    /// Takes nobody new; who has a seat keeps it.
    pub closed: bool,
}

/// What a service says of its dates; part of its [`Offer`](crate::service::Offer).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingRule {
    /// Booked at the latest so many minutes before it starts.
    #[serde(default)]
    pub lead_minutes: u32,
    /// Moved at the latest so many minutes before it starts; given back at any time.
    #[serde(default)]
    pub move_minutes: u32,
    /// Whoever finds no seat may wait for one.
    #[serde(default)]
    pub may_wait: bool,
    /// Seats and places in queues that one person may have at the same time.
    #[serde(default = "one")]
    pub each: u32,
}

fn one() -> u32 {
    1
}

/// An order's seat, or its place in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    pub order: OrderId,
    pub slot: Slot,
    pub person: PersonId,
    pub state: BookingState,
    /// Of those who wait, how many came before; 0 for everybody else.
    pub ahead: u32,
    pub booked_at: DateTime<Utc>,
    /// When a seat became free for somebody who had waited.
    pub promoted_at: Option<DateTime<Utc>>,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum BookingState {
    Booked,
    Waiting,
    Cancelled,
    /// The seat was kept, and nobody came.
    NoShow,
    Served,
}

impl BookingState {
    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Booked => "已约",
            Self::Waiting => "候补中",
            Self::Cancelled => "已取消",
            Self::NoShow => "未到",
            Self::Served => "已服务",
        }
    }

    /// Takes a seat or a place in the queue.
    pub fn is_live(self) -> bool {
        match self {
            Self::Booked | Self::Waiting => true,
            Self::Cancelled | Self::NoShow | Self::Served => false,
        }
    }
}

/// Why there is no booking. The sentence is for the person who tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BookingRefusal {
    #[error("没有这个时段，请重新选择")]
    NoSuchSlot,
    #[error("这个时段已停止预约，请换一个")]
    Closed,
    #[error("这个时段已经开始或马上就要开始，来不及预约了，请换一个")]
    TooLate,
    #[error("这个时段已约满，请换一个，或选择候补")]
    Full,
    #[error("您已约过这项服务，请先办完或取消，再约下一次")]
    TooMany,
    /// Another request of the same person's is being written.
    #[error("同样的请求正在处理，请稍后再试")]
    UnderWay,
    #[error("您已约在这个时段，无需重复预约")]
    SameSlot,
    #[error("离开始时间太近，不能再改约，请直接联系社区")]
    TooLateToMove,
    #[error("这个预约是「{}」，不能这样操作", .0.text())]
    NotLive(BookingState),
    #[error("还没有到预约的时间，不能记为未到")]
    TooEarly,
}

impl BookingRefusal {
    /// Stable; listed in the API's table of codes.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoSuchSlot => "invalid_fields",
            Self::Closed => "slot_closed",
            Self::TooLate => "slot_past",
            Self::Full => "slot_full",
            Self::TooMany => "too_many_bookings",
            Self::UnderWay => "contended",
            Self::SameSlot => "booked_already",
            Self::TooLateToMove => "too_late_to_move",
            Self::NotLive(_) => "booking_ended",
            Self::TooEarly => "too_early",
        }
    }
}

impl Slot {
    pub fn free(&self) -> u32 {
        if self.closed || self.waiting > 0 { 0 } else { self.capacity.saturating_sub(self.taken) }
    }

    /// What somebody who comes now gets. Nobody passes those who wait already.
    pub fn admit(
        &self,
        rule: &BookingRule,
        wishes_to_wait: bool,
        now: DateTime<Utc>,
    ) -> Result<BookingState, BookingRefusal> {
        if self.closed {
            return Err(BookingRefusal::Closed);
        }
        if now + TimeDelta::minutes(rule.lead_minutes.into()) >= self.starts_at {
            return Err(BookingRefusal::TooLate);
        }
        if self.free() > 0 {
            return Ok(BookingState::Booked);
        }
        if wishes_to_wait && rule.may_wait { Ok(BookingState::Waiting) } else { Err(BookingRefusal::Full) }
    }
}

impl Booking {
    /// Whether its owner may still move it.
    pub fn may_move(&self, rule: &BookingRule, now: DateTime<Utc>) -> Result<(), BookingRefusal> {
        if !self.state.is_live() {
            return Err(BookingRefusal::NotLive(self.state));
        }
        let last = self.slot.starts_at - TimeDelta::minutes(rule.move_minutes.into());
        if self.state == BookingState::Booked && now > last { Err(BookingRefusal::TooLateToMove) } else { Ok(()) }
    }

    /// Whether it may be said that nobody came.
    pub fn may_be_missed(&self, now: DateTime<Utc>) -> Result<(), BookingRefusal> {
        match self.state {
            BookingState::Booked if now >= self.slot.starts_at => Ok(()),
            BookingState::Booked => Err(BookingRefusal::TooEarly),
            BookingState::Waiting | BookingState::Cancelled | BookingState::NoShow | BookingState::Served => {
                Err(BookingRefusal::NotLive(self.state))
            }
        }
    }
}

#[cfg(test)]
mod tests;
