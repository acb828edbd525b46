use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use domain::ids::DeliveryId;
use domain::notice::{DeliveryState, Importance, is_quiet, nature};
use domain::ports::{Doors, StoreError};

use super::{circuits, sent_names};
use crate::database::store_error;
use crate::entity::delivery::{Column, Entity, Model};
use crate::store::cell;

/// One message: the delivery that is sent, and those that it speaks for as well, the oldest first.
pub(super) struct Claimed {
    pub head: Model,
    pub folded: Vec<Model>,
}

pub(super) async fn take(
    tx: &DatabaseTransaction,
    doors: &Doors,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
    limit: u16,
) -> Result<Vec<Claimed>, StoreError> {
    circuits::pass_round(tx, doors, now).await?;
    let mut heads = due(tx, now, limit, true).await?;
    let room = limit.saturating_sub(u16::try_from(heads.len()).unwrap_or(limit));
    // What was due by day and did not leave does not ring at night.
    if room > 0 && !is_quiet(now) {
        let mut others = due(tx, now, room, false).await?;
        others.retain(|other| heads.iter().all(|head| head.person_id != other.person_id));
        heads.append(&mut others);
    }
    let mut claimed: Vec<Claimed> = heads.into_iter().map(|head| Claimed { head, folded: Vec::new() }).collect();
    fold(tx, &mut claimed, now).await?;
    lend(tx, &mut claimed, lease_until).await?;
    Ok(claimed)
}

/// The next message of each person who has none under way, longest waiting first. On PostgreSQL a second worker skips the
/// rows that the first has locked; they are still the next of their person, so it takes no later one in their place.
async fn due(tx: &DatabaseTransaction, now: DateTime<Utc>, limit: u16, urgent: bool) -> Result<Vec<Model>, StoreError> {
    let mut wanted = Entity::find()
        .filter(Column::DueAt.lte(now))
        .filter(Column::State.eq(DeliveryState::Queued.name()))
        .filter(Column::Channel.is_in(sent_names()))
        .filter(Expr::exists(before_it(now)).not());
    if urgent {
        wanted = wanted.filter(Column::Importance.eq(Importance::Urgent.to_string()));
    }
    wanted
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id)
        .limit(u64::from(limit))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await
        .map_err(store_error)
}

/// What keeps a message back: one to the same person that is under way, or is due and more urgent or older.
fn before_it(now: DateTime<Utc>) -> SelectStatement {
    let of = |column| Expr::col(("other", column));
    let own = |column| Expr::col((Entity, column));
    let is_urgent = |expr: Expr| expr.eq(<&str>::from(Importance::Urgent));
    let under_way = of(Column::State).eq(DeliveryState::Sending.name());
    let older = of(Column::DueAt)
        .lt(own(Column::DueAt))
        .or(of(Column::DueAt).eq(own(Column::DueAt)).and(of(Column::Id).lt(own(Column::Id))));
    let same_rank = of(Column::Importance)
        .eq(own(Column::Importance))
        .or(is_urgent(of(Column::Importance)).not().and(is_urgent(own(Column::Importance)).not()));
    let more_urgent = is_urgent(of(Column::Importance)).and(is_urgent(own(Column::Importance)).not());
    let waits_before = Condition::all()
        .add(of(Column::State).eq(DeliveryState::Queued.name()))
        .add(of(Column::DueAt).lte(now))
        .add(of(Column::Channel).is_in(sent_names()))
        .add(more_urgent.or(same_rank.and(older)));
    Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, "other")
        .and_where(of(Column::PersonId).equals((Entity, Column::PersonId)))
        .and_where(of(Column::DueAt).is_not_null())
        .cond_where(Condition::any().add(under_way).add(waits_before))
        .take()
}

/// Equal messages to the same person that are due as well.
async fn fold(tx: &DatabaseTransaction, claimed: &mut [Claimed], now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut folding = Vec::new();
    for one in claimed.iter() {
        let (kind, side) = (cell::named("delivery", &one.head.kind)?, cell::named("delivery", &one.head.side)?);
        if nature(kind, side).folds {
            folding.push(one.head.person_id);
        }
    }
    if folding.is_empty() {
        return Ok(());
    }
    let others = Entity::find()
        .filter(Column::PersonId.is_in(folding))
        .filter(Column::State.eq(DeliveryState::Queued.name()))
        .filter(Column::DueAt.lte(now))
        .filter(Column::Channel.is_in(sent_names()))
        .filter(Column::Id.is_not_in(claimed.iter().map(|one| one.head.id)))
        .order_by_asc(Column::Id)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await
        .map_err(store_error)?;
    for other in others {
        let speaks_for_it = |one: &&mut Claimed| is_equal(&one.head, &other);
        if let Some(one) = claimed.iter_mut().find(speaks_for_it) {
            one.folded.push(other);
        }
    }
    Ok(())
}

fn is_equal(one: &Model, other: &Model) -> bool {
    let same = |of: fn(&Model) -> &str| of(one) == of(other);
    one.person_id == other.person_id
        && same(|row| &row.kind)
        && same(|row| &row.side)
        && same(|row| &row.channel)
        && same(|row| &row.app_id)
}

async fn lend(tx: &DatabaseTransaction, claimed: &mut [Claimed], lease_until: DateTime<Utc>) -> Result<(), StoreError> {
    let lent = |ids: Vec<Uuid>| {
        Entity::update_many()
            .col_expr(Column::State, DeliveryState::Sending.name().into())
            .col_expr(Column::DueAt, lease_until.into())
            .col_expr(Column::BegunAt, Expr::val(None::<DateTime<Utc>>))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .filter(Column::Id.is_in(ids))
    };
    for one in claimed.iter().filter(|one| !one.folded.is_empty()) {
        let ids = one.folded.iter().map(|row| row.id).collect();
        lent(ids).col_expr(Column::FoldedInto, one.head.id.into()).exec(tx).await.map_err(store_error)?;
    }
    let heads: Vec<Uuid> = claimed.iter().map(|one| one.head.id).collect();
    if heads.is_empty() {
        return Ok(());
    }
    lent(heads).col_expr(Column::FoldedInto, Expr::val(None::<Uuid>)).exec(tx).await.map_err(store_error)?;
    for one in claimed {
        one.head.attempts += 1;
    }
    Ok(())
}

pub(super) async fn begin(
    db: &DatabaseConnection,
    deliveries: &[DeliveryId],
    lease_until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<DeliveryId>, StoreError> {
    let begun = Entity::update_many()
        .col_expr(Column::BegunAt, now.into())
        .filter(Column::Id.is_in(deliveries.iter().map(|id| id.0)))
        .filter(Column::State.eq(DeliveryState::Sending.name()))
        .filter(Column::DueAt.eq(lease_until))
        .exec_with_returning(db)
        .await
        .map_err(store_error)?;
    Ok(begun.into_iter().map(|row| row.id.into()).collect())
}
