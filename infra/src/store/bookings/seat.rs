//! Seats are taken and given back. Each function locks the date's row before it looks at anything else, and a person before
//! a date.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, LockType};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};

use uuid::Uuid;

use domain::booking::{Booking, BookingRefusal, BookingRule, BookingState};
use domain::ids::{OrderId, PersonId, SlotId};
use domain::notice::{Audience, Facts, Importance, Notice, NoticeKind, Side, nature};
use domain::order::{DispatchStatus, OrderStatus};
use domain::ports::{StoreError, Wish};

use super::row::to_slot;
use super::{WHAT, read};
use crate::database::store_error;
use crate::entity::booking::{Column, Entity, Model};
use crate::entity::{booking, dispatch, order, person, slot};
use crate::store::write::ROWS_PER_STATEMENT;
use crate::store::{cell, outbox};

type Outcome<T> = Result<Result<T, BookingRefusal>, StoreError>;

pub(super) async fn lock(tx: &DatabaseTransaction, id: SlotId) -> Result<Option<slot::Model>, StoreError> {
    slot::Entity::find_by_id(id.0).lock(LockType::Update).one(tx).await.map_err(store_error)
}

pub(super) async fn take(
    tx: &DatabaseTransaction,
    wish: &Wish,
    rule: &BookingRule,
    now: DateTime<Utc>,
    held_until: Option<DateTime<Utc>>,
) -> Outcome<BookingState> {
    lock_person(tx, wish).await?;
    let Some(row) = lock(tx, wish.slot).await? else { return Ok(Err(BookingRefusal::NoSuchSlot)) };
    let arrival = row.arrived + 1;
    let date = to_slot(row)?;
    if date.community != wish.community || date.service_key != wish.service_key {
        return Ok(Err(BookingRefusal::NoSuchSlot));
    }
    let own = own_live(tx, wish, now).await?;
    let is_same = own.iter().any(|(slot, _)| *slot == wish.slot.0);
    let are_many = u32::try_from(own.len()).unwrap_or(u32::MAX) >= rule.each;
    if (is_same || are_many) && own.iter().any(|(_, held_until)| held_until.is_some_and(|until| until > now)) {
        return Ok(Err(BookingRefusal::UnderWay));
    }
    if is_same {
        return Ok(Err(BookingRefusal::SameSlot));
    }
    if are_many {
        return Ok(Err(BookingRefusal::TooMany));
    }
    let state = match date.admit(rule, wish.waits, now) {
        Ok(state) => state,
        Err(refusal) => return Ok(Err(refusal)),
    };
    count(tx, wish.slot, state, 1).await?;
    let booked = Model {
        order_id: wish.order.0,
        slot_id: wish.slot.0,
        person_id: wish.person.0,
        state: state.to_string(),
        arrival,
        booked_at: now,
        promoted_at: None,
        held_until,
    };
    Entity::insert(booked.into_active_model()).exec_without_returning(tx).await.map_err(store_error)?;
    Ok(Ok(state))
}

/// Somebody who presses for two dates at once is counted once after the other. The key stays free: whoever holds a date and
/// tells this person something does not wait here.
async fn lock_person(tx: &DatabaseTransaction, wish: &Wish) -> Result<(), StoreError> {
    let person = person::Entity::find_by_id(wish.person.0).lock(LockType::NoKeyUpdate);
    person.one(tx).await.map(drop).map_err(store_error)
}

/// The dates to come of the person's live bookings of this service, but that of the order itself, and until when each is
/// held.
async fn own_live(
    tx: &DatabaseTransaction,
    wish: &Wish,
    now: DateTime<Utc>,
) -> Result<Vec<(Uuid, Option<DateTime<Utc>>)>, StoreError> {
    Entity::find()
        .select_only()
        .columns([Column::SlotId, Column::HeldUntil])
        .join(JoinType::InnerJoin, booking::Relation::Slot.def())
        .filter(Column::PersonId.eq(wish.person.0))
        .filter(
            Expr::col((Entity, Column::State)).is_in([BookingState::Booked, BookingState::Waiting].map(<&str>::from)),
        )
        .filter(Column::OrderId.ne(wish.order.0))
        .filter(slot::Column::CommunityId.eq(wish.community.0))
        .filter(slot::Column::ServiceKey.eq(wish.service_key.as_str()))
        .filter(slot::Column::StartsAt.gt(now))
        .into_tuple()
        .all(tx)
        .await
        .map_err(store_error)
}

/// One seat or place in the queue more or less; whoever comes is counted as arrived.
async fn count(tx: &DatabaseTransaction, id: SlotId, state: BookingState, by: i32) -> Result<(), StoreError> {
    let column = match state {
        BookingState::Waiting => slot::Column::Waiting,
        BookingState::Booked | BookingState::Cancelled | BookingState::NoShow | BookingState::Served => {
            slot::Column::Taken
        }
    };
    slot::Entity::update_many()
        .col_expr(column, Expr::col(column).add(by))
        .col_expr(slot::Column::Arrived, Expr::col(slot::Column::Arrived).add(i32::from(by > 0)))
        .filter(slot::Column::Id.eq(id.0))
        .exec(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

/// The live booking of the order, under the lock of its date.
async fn live(tx: &DatabaseTransaction, order: OrderId) -> Result<Option<(Model, BookingState)>, StoreError> {
    let find = || Entity::find_by_id(order.0);
    let Some(seen) = find().one(tx).await.map_err(store_error)? else { return Ok(None) };
    lock(tx, seen.slot_id.into()).await?;
    // Who waited may have moved up until the lock was given.
    let Some(row) = find().one(tx).await.map_err(store_error)? else { return Ok(None) };
    let state: BookingState = cell::named(WHAT, &row.state)?;
    Ok(Some((row, state)).filter(|(_, state)| state.is_live()))
}

/// The order's seat is free again, or its place in the queue; whoever waits first moves up.
pub(super) async fn give_back(
    tx: &DatabaseTransaction,
    order: OrderId,
    as_what: BookingState,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some((row, state)) = live(tx, order).await? else { return Ok(()) };
    set(tx, order, as_what).await?;
    count(tx, row.slot_id.into(), state, -1).await?;
    move_up(tx, row.slot_id.into(), now).await
}

async fn set(tx: &DatabaseTransaction, order: OrderId, state: BookingState) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::State, Expr::val(state.to_string()))
        .col_expr(Column::HeldUntil, Expr::val(None::<DateTime<Utc>>))
        .filter(Column::OrderId.eq(order.0))
        .exec(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(super) async fn let_go(tx: &DatabaseTransaction, order: OrderId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let is_held = live(tx, order).await?.is_some_and(|(row, _)| row.held_until.is_some());
    if !is_held {
        return Ok(());
    }
    give_back(tx, order, BookingState::Cancelled, now).await?;
    Entity::delete_by_id(order.0).exec(tx).await.map(drop).map_err(store_error)
}

pub(super) async fn served(tx: &DatabaseTransaction, order: OrderId, now: DateTime<Utc>) -> Result<(), StoreError> {
    match live(tx, order).await? {
        // The seat stays counted: it was used.
        Some((_, BookingState::Booked)) => set(tx, order, BookingState::Served).await,
        Some(_) => give_back(tx, order, BookingState::Cancelled, now).await,
        None => Ok(()),
    }
}

pub(super) async fn missed(tx: &DatabaseTransaction, order: OrderId, now: DateTime<Utc>) -> Outcome<Booking> {
    let Some(booking) = one(tx, order).await? else { return Ok(Err(BookingRefusal::NoSuchSlot)) };
    lock(tx, booking.slot.id).await?;
    let Some(booking) = one(tx, order).await? else { return Ok(Err(BookingRefusal::NoSuchSlot)) };
    if let Err(refusal) = booking.may_be_missed(now) {
        return Ok(Err(refusal));
    }
    set(tx, order, BookingState::NoShow).await?;
    Ok(Ok(Booking { state: BookingState::NoShow, ..booking }))
}

/// Both dates are locked, the lower id first, so that two who change places do not wait for each other.
pub(super) async fn move_to(
    tx: &DatabaseTransaction,
    wish: &Wish,
    rule: &BookingRule,
    now: DateTime<Utc>,
) -> Outcome<Booking> {
    lock_person(tx, wish).await?;
    let Some(seen) = one(tx, wish.order).await? else { return Ok(Err(BookingRefusal::NoSuchSlot)) };
    let mut dates = [seen.slot.id, wish.slot];
    dates.sort_unstable();
    for date in dates {
        lock(tx, date).await?;
    }
    let Some(standing) = one(tx, wish.order).await? else { return Ok(Err(BookingRefusal::NoSuchSlot)) };
    if standing.slot.id == wish.slot && standing.state.is_live() {
        return Ok(Err(BookingRefusal::SameSlot));
    }
    let Some(order) = Ordered::find(tx, wish.order).await? else { return Ok(Err(BookingRefusal::NoSuchSlot)) };
    let is_anew = !standing.state.is_live() && order.is_open()?;
    if !is_anew && let Err(refusal) = standing.may_move(rule, now) {
        return Ok(Err(refusal));
    }
    let Some(row) = lock(tx, wish.slot).await? else { return Ok(Err(BookingRefusal::NoSuchSlot)) };
    let arrival = row.arrived + 1;
    let date = to_slot(row.clone())?;
    if date.community != wish.community || date.service_key != wish.service_key {
        return Ok(Err(BookingRefusal::NoSuchSlot));
    }
    // By another order.
    if own_live(tx, wish, now).await?.iter().any(|(slot, _)| *slot == wish.slot.0) {
        return Ok(Err(BookingRefusal::SameSlot));
    }
    let state = match date.admit(rule, wish.waits, now) {
        Ok(state) => state,
        Err(refusal) => return Ok(Err(refusal)),
    };
    count(tx, wish.slot, state, 1).await?;
    Entity::update_many()
        .col_expr(Column::SlotId, Expr::val(wish.slot.0))
        .col_expr(Column::State, Expr::val(state.to_string()))
        .col_expr(Column::Arrival, Expr::val(arrival))
        .col_expr(Column::BookedAt, Expr::val(now))
        .col_expr(Column::PromotedAt, Expr::val(None::<DateTime<Utc>>))
        .filter(Column::OrderId.eq(wish.order.0))
        .exec(tx)
        .await
        .map_err(store_error)?;
    if !is_anew {
        count(tx, standing.slot.id, standing.state, -1).await?;
        move_up(tx, standing.slot.id, now).await?;
    }
    let Some(moved) = one(tx, wish.order).await? else { return Ok(Err(BookingRefusal::NoSuchSlot)) };
    if moved.state == BookingState::Booked {
        tell_of_move(tx, wish, &order, &row, now).await?;
    }
    Ok(Ok(moved))
}

/// What a booking needs to know of its order.
#[derive(FromQueryResult)]
struct Ordered {
    requester_id: Uuid,
    status: String,
    version: i64,
}

impl Ordered {
    async fn find(tx: &DatabaseTransaction, id: OrderId) -> Result<Option<Self>, StoreError> {
        order::Entity::find_by_id(id.0)
            .select_only()
            .columns([order::Column::RequesterId, order::Column::Status, order::Column::Version])
            .into_model()
            .one(tx)
            .await
            .map_err(store_error)
    }

    fn is_open(&self) -> Result<bool, StoreError> {
        Ok(cell::named::<OrderStatus>(WHAT, &self.status)?.is_open())
    }
}

/// Whose seat it is and who ordered it; those who have been asked to serve; and the desk, where it did not do it itself. Who
/// moved their own seat knows; others must.
async fn tell_of_move(
    tx: &DatabaseTransaction,
    wish: &Wish,
    order: &Ordered,
    date: &slot::Model,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let open = [DispatchStatus::Sent, DispatchStatus::Signed].map(<&str>::from);
    let partners: Vec<Uuid> = dispatch::Entity::find()
        .select_only()
        .column(dispatch::Column::PartnerId)
        .distinct()
        .filter(dispatch::Column::OrderId.eq(wish.order.0))
        .filter(dispatch::Column::Status.is_in(open))
        .into_tuple()
        .all(tx)
        .await
        .map_err(store_error)?;
    let requester = PersonId(order.requester_id);
    let residents = BTreeSet::from([wish.person, requester]);
    let desk = residents.contains(&wish.by).then_some(Audience::Desk(wish.community));
    let partners = partners.into_iter().map(|partner| Audience::Partner(partner.into()));
    let told = residents.iter().copied().map(Audience::Person).chain(desk).chain(partners);
    let notice = |audience: Audience| Notice {
        kind: NoticeKind::SeatMoved,
        importance: match audience {
            Audience::Person(person) if person != wish.by => Importance::Important,
            _ => nature(NoticeKind::SeatMoved, audience.side()).importance,
        },
        partner: match audience {
            Audience::Partner(partner) => Some(partner),
            Audience::Person(_) | Audience::Desk(_) => None,
        },
        audience,
        facts: Some(Facts::MeetingAt { at: date.starts_at, session: None }),
    };
    let row = |audience| outbox::of_event(wish.community, (wish.order, order.version), &notice(audience), now);
    outbox::insert(tx, told.map(row).collect::<Result<_, _>>()?).await
}

async fn one(tx: &DatabaseTransaction, order: OrderId) -> Result<Option<Booking>, StoreError> {
    Ok(read::of_orders(tx, &[order]).await?.pop())
}

/// As long as a seat is free, whoever waits first takes it and is told.
pub(super) async fn move_up(tx: &DatabaseTransaction, id: SlotId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(row) = lock(tx, id).await? else { return Ok(()) };
    let free = row.capacity - row.taken;
    if free <= 0 || row.waiting == 0 || row.closed || row.starts_at <= now {
        return Ok(());
    }
    let next = Entity::find()
        .filter(Column::SlotId.eq(id.0))
        .filter(Column::State.eq(BookingState::Waiting.to_string()))
        .order_by_asc(Column::Arrival)
        .limit(u64::try_from(free).unwrap_or_default())
        .all(tx)
        .await
        .map_err(store_error)?;
    let moved: i32 = cell::number(WHAT, next.len())?;
    if moved == 0 {
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::State, Expr::val(BookingState::Booked.to_string()))
        .col_expr(Column::PromotedAt, Expr::val(now))
        .filter(Column::OrderId.is_in(next.iter().map(|row| row.order_id)))
        .exec(tx)
        .await
        .map_err(store_error)?;
    slot::Entity::update_many()
        .col_expr(slot::Column::Taken, Expr::col(slot::Column::Taken).add(moved))
        .col_expr(slot::Column::Waiting, Expr::col(slot::Column::Waiting).sub(moved))
        .filter(slot::Column::Id.eq(id.0))
        .exec(tx)
        .await
        .map_err(store_error)?;
    tell(tx, NoticeKind::SeatFree, &next, &row, now).await
}

/// Nobody moves up any more at a date that has begun or was closed: those who wait are told, and wait no longer. Those whose
/// orders are not there yet follow later. How many there were, of which there may be more.
pub(super) async fn end_queue(tx: &DatabaseTransaction, id: SlotId, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let Some(row) = lock(tx, id).await? else { return Ok(0) };
    if row.waiting == 0 || !(row.closed || row.starts_at <= now) {
        return Ok(0);
    }
    let some = Entity::find()
        .filter(Column::SlotId.eq(id.0))
        .filter(Column::State.eq(BookingState::Waiting.to_string()))
        .filter(Column::HeldUntil.is_null())
        .order_by_asc(Column::Arrival)
        .limit(ROWS_PER_STATEMENT as u64)
        .all(tx)
        .await
        .map_err(store_error)?;
    if some.is_empty() {
        return Ok(0);
    }
    let fewer: i32 = cell::number(WHAT, some.len())?;
    Entity::update_many()
        .col_expr(Column::State, Expr::val(BookingState::Cancelled.to_string()))
        .filter(Column::OrderId.is_in(some.iter().map(|row| row.order_id)))
        .exec(tx)
        .await
        .map_err(store_error)?;
    slot::Entity::update_many()
        .col_expr(slot::Column::Waiting, Expr::col(slot::Column::Waiting).sub(fewer))
        .filter(slot::Column::Id.eq(id.0))
        .exec(tx)
        .await
        .map_err(store_error)?;
    tell(tx, NoticeKind::SeatNotFound, &some, &row, now).await?;
    cell::number(WHAT, some.len())
}

/// An order that is not there yet says itself that it has a seat.
async fn tell(
    tx: &DatabaseTransaction,
    kind: NoticeKind,
    waited: &[Model],
    date: &slot::Model,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let orders: Vec<(Uuid, i64)> = order::Entity::find()
        .select_only()
        .columns([order::Column::Id, order::Column::Version])
        .filter(order::Column::Id.is_in(waited.iter().map(|row| row.order_id)))
        .into_tuple()
        .all(tx)
        .await
        .map_err(store_error)?;
    let mut told = Vec::new();
    for (order, version) in orders {
        let Some(booked) = waited.iter().find(|row| row.order_id == order) else { continue };
        let notice = Notice {
            kind,
            audience: Audience::Person(booked.person_id.into()),
            importance: nature(kind, Side::Resident).importance,
            partner: None,
            facts: Some(Facts::MeetingAt { at: date.starts_at, session: None }),
        };
        told.push(outbox::of_event(date.community_id.into(), (order.into(), version), &notice, now)?);
    }
    outbox::insert(tx, told).await
}
