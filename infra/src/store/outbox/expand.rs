use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use domain::ids::{OutboxId, PersonId};
use domain::notice::{
    Channel, DeliveryState, Importance, Mark, NoticeKind, Outcome, Side, after_quiet_hours, fold_until, nature,
    template,
};
use domain::ports::{Doors, Expanded, StoreError};

use super::recipients;
use crate::clock::next_uuid_at;
use crate::database::store_error;
use crate::entity::{delivery, outbox, person};
use crate::store::cell;
use crate::store::deliveries::{
    Errand, Reaches, Way, call_for_the_desk, count_ends, end_overtaken, last_equal, session,
};
use crate::store::write::ROWS_PER_STATEMENT;

/// A notice to one side, with what its rung depends on.
struct Told {
    row: outbox::Model,
    kind: NoticeKind,
    side: Side,
    importance: Importance,
    /// Of a case, where it is about one meeting.
    session: Option<u8>,
    persons: Vec<PersonId>,
}

impl Told {
    fn errand(&self) -> Errand {
        Errand { kind: self.kind, side: self.side, importance: self.importance }
    }

    fn mark(&self) -> Option<(Uuid, Mark)> {
        let (order, seq) = self.row.order_id.zip(self.row.seq)?;
        let partner = self.row.about_partner_id.map(Into::into);
        Some((order, Mark { seq, at: self.row.at, kind: self.kind, partner, session: self.session }))
    }
}

/// Notices with whom they go to and how those can be reached.
pub(super) struct Found {
    told: Vec<Told>,
    reaches: Reaches,
    equal: HashMap<(PersonId, NoticeKind), DateTime<Utc>>,
}

impl Found {
    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }
}

/// Whom the notices are for and how. Read before anything is locked: whoever places orders meanwhile does not wait for it.
/// What changes between this and [`write`] is as if it had changed just after.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    notices: &[OutboxId],
    doors: &Doors,
    now: DateTime<Utc>,
) -> Result<Found, StoreError> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::Id.is_in(notices.iter().map(|id| id.0)))
        .order_by_asc(outbox::Column::At)
        .order_by_asc(outbox::Column::Seq)
        .order_by_asc(outbox::Column::Id)
        .all(db)
        .await
        .map_err(store_error)?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut recipients = recipients::of(db, &ids, now).await?;
    let told = |row: outbox::Model| read(recipients.remove(&row.id).unwrap_or_default(), row);
    let told = rows.into_iter().map(told).collect::<Result<Vec<_>, _>>()?;
    let persons: BTreeSet<PersonId> = told.iter().flat_map(|told| told.persons.iter().copied()).collect();
    let reaches = Reaches::of(db, &persons, doors, now).await?;
    let equal = last_equal(db, &persons, now).await?;
    Ok(Found { told, reaches, equal })
}

/// Those that nobody else has written meanwhile, or is writing. People who left meanwhile are told nothing.
pub(super) async fn write(tx: &DatabaseTransaction, found: Found, now: DateTime<Utc>) -> Result<Expanded, StoreError> {
    let Found { mut told, reaches, equal } = found;
    let ours = lock(tx, &told).await?;
    let gone = gone(tx, &told).await?;
    told.retain(|one| ours.contains(&one.row.id));
    for one in &mut told {
        one.persons.retain(|person| !gone.contains(person));
    }
    if told.is_empty() {
        return Ok(Expanded::default());
    }
    let written = write_deliveries(tx, &told, &reaches, &equal, now).await?;
    outbox::Entity::delete_many().filter(outbox::Column::Id.is_in(ours)).exec(tx).await.map_err(store_error)?;
    Ok(written)
}

async fn lock(tx: &DatabaseTransaction, told: &[Told]) -> Result<BTreeSet<Uuid>, StoreError> {
    let rows = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::Id)
        .filter(outbox::Column::Id.is_in(told.iter().map(|one| one.row.id)))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    Ok(rows.into_tuple().all(tx).await.map_err(store_error)?.into_iter().collect())
}

async fn gone(tx: &DatabaseTransaction, told: &[Told]) -> Result<BTreeSet<PersonId>, StoreError> {
    let persons: BTreeSet<Uuid> = told.iter().flat_map(|one| one.persons.iter().map(|person| person.0)).collect();
    let rows = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .filter(person::Column::Id.is_in(persons))
        .filter(person::Column::ErasedAt.is_not_null());
    let gone: Vec<Uuid> = rows.into_tuple().all(tx).await.map_err(store_error)?;
    Ok(gone.into_iter().map(Into::into).collect())
}

fn read(persons: Vec<PersonId>, row: outbox::Model) -> Result<Told, StoreError> {
    let side = match (row.to_person_id, row.to_partner_id) {
        (Some(_), _) => Side::Resident,
        (None, Some(_)) => Side::Partner,
        (None, None) => Side::Desk,
    };
    if persons.is_empty() {
        tracing::debug!(kind = row.kind, "notice: nobody to tell");
    }
    let (kind, importance) = (cell::named("notice", &row.kind)?, cell::named("notice", &row.importance)?);
    let session = session(row.facts.as_ref())?;
    Ok(Told { row, kind, side, importance, session, persons })
}

async fn write_deliveries(
    tx: &DatabaseTransaction,
    told: &[Told],
    reaches: &Reaches,
    equal: &HashMap<(PersonId, NoticeKind), DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Expanded, StoreError> {
    let mut rows = Vec::new();
    let mut calls = Vec::new();
    let mut written = Expanded::default();
    for one in told {
        for person in &one.persons {
            rows.push(inbox(one, *person, now));
            written.inbox += 1;
            let last = equal.get(&(*person, one.kind)).copied();
            rows.extend(without_right(one, *person, reaches, now));
            let Some(out) = way_out(one, *person, reaches, last, now) else { continue };
            if out.channel == Channel::Call.to_string() {
                written.calls += 1;
                calls.push(call_for_the_desk(&out, now));
            } else {
                written.queued += 1;
            }
            rows.push(out);
        }
        let rings_for = |person: &PersonId| reaches.next_open(*person, one.errand(), None).is_some();
        if one.kind == NoticeKind::Alarm && !one.persons.iter().any(rings_for) {
            metrics::counter!("hgj_alarms_unheard_total").increment(1);
            let community = one.row.community_id;
            tracing::error!(%community, "an alarm rings on nobody's phone: nobody on duty subscribed, or the channels are closed");
        }
    }
    if written.inbox > 0 {
        let mut position = super::next_positions(tx, usize::try_from(written.inbox).unwrap_or(usize::MAX)).await?;
        for row in rows.iter_mut().filter(|row| row.channel == Channel::Inbox.to_string()) {
            row.position = Some(position);
            position += 1;
        }
    }
    count_ends(tx, &rows, now).await?;
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        delivery::Entity::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model))
            .exec_without_returning(tx)
            .await
            .map_err(store_error)?;
    }
    super::insert(tx, calls).await?;
    let of_orders: Vec<_> = told.iter().filter_map(Told::mark).collect();
    end_overtaken(tx, &of_orders, now).await?;
    Ok(written)
}

/// Written is delivered.
fn inbox(told: &Told, person: PersonId, now: DateTime<Utc>) -> delivery::Model {
    let state = DeliveryState::Ended(Outcome::Delivered).to_string();
    delivery::Model { state, ended_at: Some(now), ..blank(told, person, Channel::Inbox, now) }
}

/// The first rung of the ladder, where there is one.
fn way_out(
    told: &Told,
    person: PersonId,
    reaches: &Reaches,
    last_equal: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<delivery::Model> {
    let Way { channel, app_id } = reaches.next(person, told.errand(), None)?;
    let due_at = (channel != Channel::Call).then(|| {
        // Of danger is told at once, whatever was told before.
        let waits_for_equal = nature(told.kind, told.side).folds && told.importance != Importance::Urgent;
        let may_leave = if waits_for_equal { fold_until(last_equal, now) } else { now };
        after_quiet_hours(told.importance, may_leave)
    });
    Some(delivery::Model { app_id, due_at, ..blank(told, person, channel, now) })
}

/// Says of somebody who did not subscribe that this is why the nearest way was not taken. Of those who work it is said only
/// where it matters: with each new order it would be a row for everybody at the desk.
fn without_right(told: &Told, person: PersonId, reaches: &Reaches, now: DateTime<Utc>) -> Option<delivery::Model> {
    if told.side != Side::Resident && told.importance < Importance::Important {
        return None;
    }
    let reach = reaches.reach(person, template(told.kind, told.side));
    let passed_over = reach.level.lets_through(told.importance) && reach.has_wechat && reach.subscribe.is_none();
    let state = DeliveryState::Ended(Outcome::NoRight).to_string();
    passed_over.then(|| delivery::Model { state, ended_at: Some(now), ..blank(told, person, Channel::Subscribe, now) })
}

/// Queued, to be sent at no time. An inbox reads in the order of the ids.
fn blank(told: &Told, person: PersonId, channel: Channel, now: DateTime<Utc>) -> delivery::Model {
    delivery::Model {
        id: next_uuid_at(now),
        notice_id: told.row.id,
        order_id: told.row.order_id,
        seq: told.row.seq,
        community_id: told.row.community_id,
        kind: told.row.kind.clone(),
        side: told.side.to_string(),
        importance: told.row.importance.clone(),
        about_partner_id: told.row.about_partner_id,
        facts: told.row.facts.clone(),
        person_id: person.0,
        channel: channel.to_string(),
        app_id: String::new(),
        state: DeliveryState::Queued.to_string(),
        at: told.row.at,
        queued_at: now,
        due_at: None,
        begun_at: None,
        attempts: 0,
        ended_at: None,
        folded_into: None,
        code: None,
        message: None,
        position: None,
        read_at: None,
        called_by: None,
    }
}
