//! [`CallStore`] over the table `deliveries`: people whom nothing reached.

use std::collections::HashMap;

use async_trait::async_trait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use domain::ids::DeliveryId;
use domain::notice::{Channel, DeliveryState, Outcome, Side};
use domain::people::Area;
use domain::ports::{CallMade, CallStore, CallTask, Callee, Slice, StoreError};

use super::deliveries::{Parts, count_ends, parts_of};
use super::{cell, orders};
use crate::database::{Database, store_error};
use crate::entity::delivery::{Column, Entity, Model};
use crate::entity::{former_self, order};

const WHAT: &str = "call";

pub struct CallRows {
    db: Database,
}

impl CallRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

/// Calls of orders in the area. As words, so that the index is seen to fit.
fn here(area: &Area) -> Condition {
    let order = Query::select()
        .expr(Expr::val(1))
        .from(order::Entity)
        .and_where(Expr::col((order::Entity, order::Column::Id)).equals((Entity, Column::OrderId)))
        .cond_where(orders::in_area(area))
        .take();
    Condition::all().add(Expr::col((Entity, Column::Channel)).eq(Expr::cust("'call'"))).add(Expr::exists(order))
}

#[async_trait]
impl CallStore for CallRows {
    async fn calls(&self, area: &Area, slice: Slice<DeliveryId>) -> Result<Vec<CallTask>, StoreError> {
        let db = self.db.reader();
        let mut wanted =
            Entity::find().filter(here(area)).filter(Expr::col((Entity, Column::State)).eq(Expr::cust("'queued'")));
        if !area.everywhere && area.compounds.is_empty() && area.grids.is_empty() {
            let communities = area.communities.iter().chain(&area.sealed).map(|id| id.0);
            wanted = wanted.filter(Column::CommunityId.is_in(communities));
        }
        if let Some(before) = slice.before {
            wanted = wanted.filter(Column::Id.lt(before.0));
        }
        let rows = wanted.order_by_desc(Column::Id).limit(u64::from(slice.limit)).all(db).await.map_err(store_error)?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let known = Beside::of(db, &rows).await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut parts = parts_of(db, &ids).await?;
        let task = |row: Model| {
            let parts = parts.remove(&row.id).ok_or_else(|| StoreError::corrupt(WHAT, "its row is missing"))?;
            to_task(row, parts, &known)
        };
        rows.into_iter().map(task).collect()
    }

    async fn call_made(&self, area: &Area, id: DeliveryId, made: CallMade) -> Result<Option<CallMade>, StoreError> {
        let tx = self.db.begin_write().await?;
        let row = Entity::find_by_id(id.0).filter(here(area)).lock_exclusive().one(&tx).await.map_err(store_error)?;
        let Some(row) = row else { return Ok(None) };
        match cell::named(WHAT, &row.state)? {
            DeliveryState::Queued => {}
            // What it was about is not true any more: there is no such call.
            DeliveryState::Ended(Outcome::Overtaken) => return Ok(None),
            DeliveryState::Sending | DeliveryState::Ended(_) => return first_made(&row).map(Some),
        }
        let outcome = if made.reached { Outcome::Delivered } else { Outcome::GaveUp };
        let state = DeliveryState::Ended(outcome).to_string();
        let row = Model { state, ended_at: Some(made.at), called_by: Some(made.by.0), ..row };
        Entity::update_many()
            .col_expr(Column::State, row.state.clone().into())
            .col_expr(Column::EndedAt, made.at.into())
            .col_expr(Column::CalledBy, made.by.0.into())
            .filter(Column::Id.eq(id.0))
            .exec(&tx)
            .await
            .map_err(store_error)?;
        count_ends(&tx, &[row], made.at).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(Some(made))
    }
}

fn first_made(row: &Model) -> Result<CallMade, StoreError> {
    let (by, at) = row.called_by.zip(row.ended_at).ok_or_else(|| StoreError::corrupt(WHAT, "nobody made it"))?;
    let state: DeliveryState = cell::named(WHAT, &row.state)?;
    Ok(CallMade { by: by.into(), reached: state == DeliveryState::Ended(Outcome::Delivered), at })
}

/// What the tasks of one page need besides their own rows.
struct Beside {
    /// Ways that were tried before, the last one last.
    tried: Vec<Model>,
    /// Who ordered, and for whom.
    owners: HashMap<Uuid, (Uuid, Option<Uuid>)>,
    /// An account that was taken over, and by whom.
    former: HashMap<Uuid, Uuid>,
}

impl Beside {
    async fn of(db: &DatabaseConnection, rows: &[Model]) -> Result<Self, StoreError> {
        let tried = Entity::find()
            .filter(Column::NoticeId.is_in(rows.iter().map(|row| row.notice_id)))
            .filter(Column::Channel.is_not_in([Channel::Inbox, Channel::Call].map(<&str>::from)))
            .all(db);
        let mut tried = tried.await.map_err(store_error)?;
        tried.sort_by_key(|row| row.channel.parse::<Channel>().ok());
        let owners: Vec<(Uuid, Uuid, Option<Uuid>)> = order::Entity::find()
            .filter(order::Column::Id.is_in(rows.iter().filter_map(|row| row.order_id)))
            .select_only()
            .columns([order::Column::Id, order::Column::RequesterId, order::Column::BeneficiaryId])
            .into_tuple()
            .all(db)
            .await
            .map_err(store_error)?;
        let former = former_self::Entity::find()
            .filter(former_self::Column::PersonId.is_in(rows.iter().map(|row| row.person_id)))
            .all(db)
            .await
            .map_err(store_error)?;
        Ok(Self {
            tried,
            owners: owners.into_iter().map(|(id, requester, beneficiary)| (id, (requester, beneficiary))).collect(),
            former: former.into_iter().map(|row| (row.former_id, row.person_id)).collect(),
        })
    }

    fn last_tried(&self, call: &Model) -> Result<Option<(Channel, DeliveryState)>, StoreError> {
        let same = |row: &&Model| row.notice_id == call.notice_id && row.person_id == call.person_id;
        let last = self.tried.iter().rfind(same);
        last.map(|row| Ok((cell::named(WHAT, &row.channel)?, cell::named(WHAT, &row.state)?))).transpose()
    }

    /// Whoever took an account over is called in its place.
    fn whom(&self, call: &Model, side: Side) -> Callee {
        let is_called = |owner: &Uuid| self.former.get(owner).unwrap_or(owner) == &call.person_id;
        let owners = call.order_id.and_then(|order| self.owners.get(&order));
        match (side, owners) {
            (Side::Partner | Side::Desk, _) => Callee::Staff,
            (Side::Resident, Some((requester, _))) if is_called(requester) => Callee::Requester,
            (Side::Resident, Some((_, Some(whom)))) if is_called(whom) => Callee::Beneficiary,
            (Side::Resident, _) => Callee::Follower,
        }
    }
}

fn to_task(row: Model, parts: Parts, known: &Beside) -> Result<CallTask, StoreError> {
    let side = cell::named(WHAT, &row.side)?;
    Ok(CallTask {
        id: row.id.into(),
        person: row.person_id.into(),
        community: row.community_id.into(),
        order: row.order_id.ok_or_else(|| StoreError::corrupt(WHAT, "it is about no order"))?.into(),
        order_number: parts.number.unwrap_or_default(),
        service_name: parts.service_name.unwrap_or_default(),
        sealed: parts.sealed.unwrap_or_default(),
        whom: known.whom(&row, side),
        kind: cell::named(WHAT, &row.kind)?,
        side,
        partner_name: parts.partner_name,
        after: known.last_tried(&row)?,
        facts: row.facts.map(|facts| cell::from_json(WHAT, facts)).transpose()?,
        at: row.at,
    })
}
