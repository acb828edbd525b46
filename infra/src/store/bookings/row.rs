//! Dates and bookings ↔ rows.

use domain::booking::{Booking, Slot};
use domain::ports::StoreError;

use super::WHAT;
use crate::entity::{booking, slot};
use crate::store::cell;

pub(super) fn slot_row(s: &Slot) -> Result<slot::Model, StoreError> {
    Ok(slot::Model {
        id: s.id.0,
        community_id: s.community.0,
        service_key: s.service_key.clone(),
        starts_at: s.starts_at,
        ends_at: s.ends_at,
        capacity: cell::number(WHAT, s.capacity)?,
        taken: cell::number(WHAT, s.taken)?,
        waiting: cell::number(WHAT, s.waiting)?,
        arrived: 0,
        partner_id: s.partner.map(Into::into),
        closed: s.closed,
    })
}

pub(super) fn to_slot(row: slot::Model) -> Result<Slot, StoreError> {
    Ok(Slot {
        id: row.id.into(),
        community: row.community_id.into(),
        service_key: row.service_key,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        capacity: cell::number(WHAT, row.capacity)?,
        taken: cell::number(WHAT, row.taken)?,
        waiting: cell::number(WHAT, row.waiting)?,
        partner: row.partner_id.map(Into::into),
        closed: row.closed,
    })
}

pub(super) fn to_booking(row: booking::Model, slot: slot::Model, ahead: u32) -> Result<Booking, StoreError> {
    Ok(Booking {
        order: row.order_id.into(),
        slot: to_slot(slot)?,
        person: row.person_id.into(),
        state: cell::named(WHAT, &row.state)?,
        ahead,
        booked_at: row.booked_at,
        promoted_at: row.promoted_at,
    })
}
