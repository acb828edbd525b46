//! [`CallStore`] over the table `deliveries`: people whom nothing reached.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use domain::ids::{DeliveryId, PersonId};
use domain::notice::{Channel, DeliveryState, Outcome};
use domain::people::Area;
use domain::ports::{CallStore, CallTask, Slice, StoreError};

use super::deliveries::{count_ends, parts_of};
use super::{cell, orders};
use crate::database::{Database, store_error};
use crate::entity::delivery::{self, Column, Entity};
use crate::entity::order;

const WHAT: &str = "call";

pub struct CallRows {
    db: Database,
}

impl CallRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

/// Calls that nobody made yet. As words, so that the index is seen to fit.
fn open(area: &Area) -> Condition {
    let here = Query::select()
        .expr(Expr::val(1))
        .from(order::Entity)
        .and_where(Expr::col((order::Entity, order::Column::Id)).equals((delivery::Entity, Column::OrderId)))
        .cond_where(orders::in_area(area))
        .take();
    Condition::all()
        .add(Expr::col((Entity, Column::Channel)).eq(Expr::cust("'call'")))
        .add(Expr::col((Entity, Column::State)).eq(Expr::cust("'queued'")))
        .add(Expr::exists(here))
}

#[async_trait]
impl CallStore for CallRows {
    async fn calls(&self, area: &Area, slice: Slice<DeliveryId>) -> Result<Vec<CallTask>, StoreError> {
        let db = self.db.reader();
        let mut wanted = Entity::find().filter(open(area));
        if !area.everywhere && area.compounds.is_empty() {
            let communities = area.communities.iter().chain(&area.sealed).map(|id| id.0);
            wanted = wanted.filter(Column::CommunityId.is_in(communities));
        }
        if let Some(before) = slice.before {
            wanted = wanted.filter(Column::Id.lt(before.0));
        }
        let rows = wanted.order_by_desc(Column::Id).limit(u64::from(slice.limit)).all(db).await.map_err(store_error)?;
        let notices = rows.iter().map(|row| row.notice_id);
        let tried = Entity::find()
            .filter(Column::NoticeId.is_in(notices))
            .filter(Column::Channel.is_not_in([Channel::Inbox, Channel::Call].map(<&str>::from)))
            .order_by_asc(Column::Id)
            .all(db)
            .await
            .map_err(store_error)?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut parts = parts_of(db, &ids).await?;
        let task = |row: delivery::Model| {
            let parts = parts.remove(&row.id).ok_or_else(|| StoreError::corrupt(WHAT, "its row is missing"))?;
            let last = tried.iter().rfind(|it| it.notice_id == row.notice_id && it.person_id == row.person_id);
            let after = last.map(|it| Ok::<_, StoreError>((cell::named(WHAT, &it.channel)?, it.state.clone())));
            Ok(CallTask {
                id: row.id.into(),
                person: row.person_id.into(),
                community: row.community_id.into(),
                order: row.order_id.ok_or_else(|| StoreError::corrupt(WHAT, "it is about no order"))?.into(),
                order_number: parts.number.unwrap_or_default(),
                service_name: parts.service_name.unwrap_or_default(),
                kind: cell::named(WHAT, &row.kind)?,
                side: cell::named(WHAT, &row.side)?,
                partner_name: parts.partner_name,
                facts: row.facts.map(|facts| cell::from_json(WHAT, facts)).transpose()?,
                after: after.transpose()?,
                at: row.at,
            })
        };
        rows.into_iter().map(task).collect()
    }

    async fn call_made(
        &self,
        area: &Area,
        id: DeliveryId,
        by: PersonId,
        reached: bool,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let tx = self.db.begin_write().await?;
        let outcome = if reached { Outcome::Delivered } else { Outcome::GaveUp };
        let state = DeliveryState::Ended(outcome).to_string();
        let row = Entity::find_by_id(id.0).filter(open(area)).lock_exclusive().one(&tx).await.map_err(store_error)?;
        let Some(row) = row else { return Ok(false) };
        let made = delivery::Model { state, ended_at: Some(now), called_by: Some(by.0), ..row };
        Entity::update_many()
            .col_expr(Column::State, made.state.clone().into())
            .col_expr(Column::EndedAt, now.into())
            .col_expr(Column::CalledBy, by.0.into())
            .filter(Column::Id.eq(id.0))
            .exec(&tx)
            .await
            .map_err(store_error)?;
        count_ends(&tx, &[made], now).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(true)
    }
}
