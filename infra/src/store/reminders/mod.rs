//! [`ReminderStore`]: writes into the outbox what the clock brings about.

mod papers;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use domain::notice::{
    Audience, Facts, Importance, Notice, NoticeKind, Side, nature, near_due, overdue, reminder_after,
};
use domain::order::{Order, OrderStatus};
use domain::ports::{ReminderStore, StoreError};

use crate::database::{Database, store_error};
use crate::entity::{self, community, digest, order};
use crate::store::outbox::{self, of_community, of_notice};
use crate::store::{cell, orders};
use crate::vault::Vault;

/// When an order that cannot be read is looked at again.
const PUT_OFF: TimeDelta = TimeDelta::days(1);

pub struct ReminderRows {
    db: Database,
    vault: Arc<Vault>,
}

impl ReminderRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }
}

#[async_trait]
impl ReminderStore for ReminderRows {
    async fn remind(&self, now: DateTime<Utc>, limit: u16) -> Result<u64, StoreError> {
        let tx = self.db.begin_write().await?;
        let due = order::Entity::find()
            .filter(order::Column::NextReminderAt.lte(now))
            .order_by_asc(order::Column::NextReminderAt)
            .limit(u64::from(limit))
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&tx)
            .await
            .map_err(store_error)?;
        let (mut told, mut looked_at) = (Vec::new(), 0);
        for (row, dispatches) in orders::with_dispatches(&tx, due).await? {
            looked_at += 1;
            let id = row.id;
            match orders::to_order(&self.vault, row, dispatches).and_then(|order| reminders(&order, now)) {
                Ok((notices, next)) => {
                    told.extend(notices);
                    set_next(&tx, id, next).await?;
                }
                // One that cannot be read keeps nobody from being reminded of all others.
                Err(error) => {
                    tracing::error!(order = %id, error = &error as &dyn std::error::Error, "remind: an order was put off");
                    set_next(&tx, id, Some(now + PUT_OFF)).await?;
                }
            }
        }
        outbox::insert(&tx, told).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(looked_at)
    }

    async fn remind_of_papers(&self, today: NaiveDate, now: DateTime<Utc>, limit: u16) -> Result<u64, StoreError> {
        let tx = self.db.begin_write().await?;
        let looked_at = papers::remind(&tx, today, now, limit).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(looked_at)
    }

    async fn digest(&self, day: NaiveDate, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let written = Query::select()
            .column(digest::Column::CommunityId)
            .from(digest::Entity)
            .and_where(digest::Column::Day.eq(day))
            .take();
        let missing = community::Entity::find().filter(community::Column::Id.not_in_subquery(written));
        let missing = missing.all(self.db.reader()).await.map_err(store_error)?;
        let mut digests = 0;
        for community in missing {
            digests += u64::from(self.digest_of(community.id, day, now).await?);
        }
        Ok(digests)
    }
}

impl ReminderRows {
    /// `false` where somebody else was faster.
    async fn digest_of(&self, community: Uuid, day: NaiveDate, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let facts = self.desk_of(community, now).await?;
        let tx = self.db.begin_write().await?;
        let row = digest::Model { community_id: community, day };
        let first = digest::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(&tx)
            .await
            .map_err(store_error)?;
        let has_something = facts != Facts::Desk { waiting: 0, open: 0, overdue: 0 };
        if first == 1 && has_something {
            outbox::insert(&tx, vec![digest_row(community, facts, now)?]).await?;
        }
        tx.commit().await.map_err(store_error)?;
        Ok(first == 1 && has_something)
    }

    /// What is open is little, and has its indexes.
    async fn desk_of(&self, community: Uuid, now: DateTime<Utc>) -> Result<Facts, StoreError> {
        let here = || order::Entity::find().filter(order::Column::CommunityId.eq(community));
        let is = |status: OrderStatus| order::Column::Status.eq(status.to_string());
        let db = self.db.reader();
        let count = async |some: sea_orm::Select<order::Entity>| -> Result<u32, StoreError> {
            cell::number("digest", some.count(db).await.map_err(store_error)?)
        };
        Ok(Facts::Desk {
            waiting: count(here().filter(is(OrderStatus::Submitted))).await?,
            open: count(here().filter(is(OrderStatus::Accepted).or(is(OrderStatus::Dispatched)))).await?,
            overdue: count(here().filter(order::Column::NextDueAt.lt(now))).await?,
        })
    }
}

/// What is told of the order now, and when there is something to tell again.
fn reminders(
    order: &Order,
    now: DateTime<Utc>,
) -> Result<(Vec<entity::outbox::Model>, Option<DateTime<Utc>>), StoreError> {
    let is_over = order.next_due().is_some_and(|due| due <= now);
    let notices = if is_over { overdue(order) } else { near_due(order) };
    let told = notices.iter().map(|notice| of_notice(order, notice, now)).collect::<Result<_, _>>()?;
    Ok((told, reminder_after(order, now)))
}

async fn set_next(tx: &DatabaseTransaction, order: Uuid, at: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    order::Entity::update_many()
        .col_expr(order::Column::NextReminderAt, Expr::val(at))
        .filter(order::Column::Id.eq(order))
        .exec(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

fn digest_row(community: Uuid, facts: Facts, now: DateTime<Utc>) -> Result<entity::outbox::Model, StoreError> {
    let kind = NoticeKind::Digest;
    let importance: Importance = nature(kind, Side::Desk).importance;
    let notice =
        Notice { kind, audience: Audience::Desk(community.into()), importance, partner: None, facts: Some(facts) };
    of_community(community.into(), &notice, now)
}
