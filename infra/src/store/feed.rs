//! [`FeedStore`] over the tables `feed` and `deliveries`: what those who watch are told.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType::InnerJoin, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use strum::IntoEnumIterator;
use uuid::Uuid;

use domain::ids::{PartnerId, PersonId};
use domain::order::EventKind;
use domain::ports::{Extent, FeedStore, Happened, Occurrence, OrderChange, StoreError, Stretch};

use super::inbox::with_words;
use super::{cell, mediations, orders};
use crate::database::{Database, store_error};
use crate::entity::{delivery, dispatch, feed, feed_position, order, order_event};
use crate::vault::Vault;

const WHAT: &str = "feed";

pub struct FeedRows {
    db: Database,
    vault: Arc<Vault>,
}

impl FeedRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }
}

#[async_trait]
impl FeedStore for FeedRows {
    async fn extent(&self) -> Result<Extent, StoreError> {
        let row = feed_position::Entity::find().one(self.db.reader()).await.map_err(store_error)?;
        let row = row.ok_or_else(|| StoreError::corrupt(WHAT, "its counter is missing"))?;
        Ok(Extent { kept_since: row.swept, head: row.last })
    }

    /// The head first: everything up to it can be read from then on, so the statements after it leave nothing out, whatever
    /// is written between them.
    async fn since(&self, after: i64, limit: u16) -> Result<Stretch, StoreError> {
        let head = self.extent().await?.head;
        if head <= after {
            return Ok(Stretch { after, until: after, items: Vec::new(), goes_on: false });
        }
        let mut items = self.changes(after, head, limit).await?;
        items.extend(self.told(after, head, limit).await?);
        items.sort_unstable_by_key(|item| item.position);
        let goes_on = items.len() > usize::from(limit);
        items.truncate(limit.into());
        let until = items.last().filter(|_| goes_on).map_or(head, |last| last.position);
        Ok(Stretch { after, until, items, goes_on })
    }

    /// What may be gone is said before it goes, in a step of its own: those who give positions do not wait for the deletion.
    async fn sweep_feed(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let old = feed::Entity::find().filter(feed::Column::At.lt(before));
        let last = old.order_by_desc(feed::Column::Position).one(self.db.reader()).await.map_err(store_error)?;
        let Some(last) = last else { return Ok(0) };
        feed_position::Entity::update_many()
            .col_expr(feed_position::Column::Swept, last.position.into())
            .filter(feed_position::Column::Swept.lt(last.position))
            .exec(self.db.writer())
            .await
            .map_err(store_error)?;
        let swept = feed::Entity::delete_many().filter(feed::Column::At.lt(before));
        let swept = swept.filter(feed::Column::Position.lte(last.position)).exec(self.db.writer()).await;
        swept.map(|done| done.rows_affected).map_err(store_error)
    }
}

impl FeedRows {
    async fn changes(&self, after: i64, head: i64, limit: u16) -> Result<Vec<Happened>, StoreError> {
        let db = self.db.reader();
        let rows = db.query_all(&changes(after, head, limit)).await.map_err(store_error)?;
        let rows = rows.iter().map(|row| Row::from_query_result(row, "").map_err(store_error));
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        let mut partners = self.partners_at_the_end(db, &rows).await?;
        let sealed: Vec<Uuid> = rows.iter().filter(|row| row.sealed).map(|row| row.order_id).collect();
        let parties = mediations::other_parties_of(db, &sealed).await?;
        rows.into_iter().map(|row| row.happened(&mut partners, &parties)).collect()
    }

    /// By position. Read only where work ended, which is once in an order's life.
    async fn partners_at_the_end(
        &self,
        db: &DatabaseConnection,
        rows: &[Row],
    ) -> Result<HashMap<i64, Vec<PartnerId>>, StoreError> {
        let mut ends = Vec::new();
        for row in rows {
            if cell::named::<EventKind>(WHAT, &row.kind)?.ends_the_work() {
                ends.push(row);
            }
        }
        if ends.is_empty() {
            return Ok(HashMap::new());
        }
        let dispatches = dispatch::Entity::find()
            .filter(dispatch::Column::OrderId.is_in(ends.iter().map(|row| row.order_id)))
            .order_by_asc(dispatch::Column::Position)
            .all(db)
            .await
            .map_err(store_error)?;
        let mut partners: HashMap<i64, Vec<PartnerId>> = HashMap::new();
        for stored in dispatches {
            let (order_id, round) = (stored.order_id, i64::from(stored.round));
            let dispatch = match orders::to_dispatch(&self.vault, stored) {
                Ok(dispatch) => dispatch,
                Err(error) => {
                    // One that cannot be read keeps nobody from hearing of everything else.
                    tracing::warn!(error = &error as &dyn std::error::Error, "feed: a dispatch was left out");
                    continue;
                }
            };
            let of_it = |row: &&&Row| row.order_id == order_id && row.round == Some(round);
            for row in ends.iter().filter(of_it).filter(|row| dispatch.was_held_at_the_end(row.at)) {
                partners.entry(row.position).or_default().push(dispatch.partner);
            }
        }
        Ok(partners)
    }

    async fn told(&self, after: i64, head: i64, limit: u16) -> Result<Vec<Happened>, StoreError> {
        let db = self.db.reader();
        let rows = delivery::Entity::find()
            .filter(delivery::Column::Position.gt(after))
            .filter(delivery::Column::Position.lte(head))
            .order_by_asc(delivery::Column::Position)
            .limit(u64::from(limit) + 1)
            .all(db)
            .await
            .map_err(store_error)?;
        let items = with_words(db, rows).await?;
        Ok(items.into_iter().map(|item| Happened { position: item.position, what: Occurrence::Told(item) }).collect())
    }
}

/// One change with what of its order decides who may know.
#[derive(FromQueryResult)]
struct Row {
    position: i64,
    order_id: Uuid,
    seq: i64,
    kind: String,
    at: DateTime<Utc>,
    dispatch_id: Option<Uuid>,
    partner_id: Option<Uuid>,
    community_id: Uuid,
    compound_id: Option<Uuid>,
    grid_id: Option<Uuid>,
    sealed: bool,
    requester_id: Uuid,
    beneficiary_id: Option<Uuid>,
    about_partner_id: Option<Uuid>,
    mediator_id: Option<Uuid>,
    /// Of a change that ended the work: the round that it ended.
    round: Option<i64>,
}

impl Row {
    fn happened(
        self,
        partners: &mut HashMap<i64, Vec<PartnerId>>,
        parties: &HashMap<Uuid, Vec<PersonId>>,
    ) -> Result<Happened, StoreError> {
        let change = OrderChange {
            order: self.order_id.into(),
            version: self.seq,
            kind: cell::named(WHAT, &self.kind)?,
            at: self.at,
            dispatch: self.dispatch_id.map(Into::into),
            partner: self.partner_id.map(Into::into),
            community: self.community_id.into(),
            compound: self.compound_id.map(Into::into),
            grid: self.grid_id.map(Into::into),
            sealed: self.sealed,
            requester: self.requester_id.into(),
            beneficiary: self.beneficiary_id.map(Into::into),
            about_partner: self.about_partner_id.map(Into::into),
            mediator: self.mediator_id.map(Into::into),
            other_parties: parties.get(&self.order_id).cloned().unwrap_or_default(),
            partners: partners.remove(&self.position).unwrap_or_default(),
        };
        Ok(Happened { position: self.position, what: Occurrence::Changed(change) })
    }
}

/// The order may have been reopened since.
fn round_then() -> SimpleExpr {
    let of = |column| Expr::col(("earlier", column));
    let reopened = Query::select()
        .expr(Expr::val(1).add(of(order_event::Column::Seq).count()))
        .from_as(order_event::Entity, "earlier")
        .and_where(of(order_event::Column::OrderId).equals((feed::Entity, feed::Column::OrderId)))
        .and_where(of(order_event::Column::Seq).lt(Expr::col((feed::Entity, feed::Column::Seq))))
        .and_where(of(order_event::Column::Kind).eq(<&str>::from(EventKind::Reopened)))
        .take();
    SimpleExpr::SubQuery(None, Box::new(reopened.into()))
}

/// One more than `limit`, to know whether there are more.
fn changes(after: i64, head: i64, limit: u16) -> SelectStatement {
    let own = |column: feed::Column| (feed::Entity, column);
    let of_order = |column: order::Column| (order::Entity, column);
    let same_order = Expr::col(own(feed::Column::OrderId)).equals(of_order(order::Column::Id));
    let same_event = Expr::col(own(feed::Column::OrderId))
        .equals((order_event::Entity, order_event::Column::OrderId))
        .and(Expr::col(own(feed::Column::Seq)).equals((order_event::Entity, order_event::Column::Seq)));
    let ends = EventKind::iter().filter(|kind| kind.ends_the_work()).map(<&str>::from);
    let ends_the_work = Expr::col((order_event::Entity, order_event::Column::Kind)).is_in(ends);
    Query::select()
        .columns([feed::Column::Position, feed::Column::OrderId, feed::Column::Seq].map(own))
        .columns([feed::Column::At, feed::Column::DispatchId, feed::Column::PartnerId].map(own))
        .column((order_event::Entity, order_event::Column::Kind))
        .columns([order::Column::CommunityId, order::Column::CompoundId, order::Column::Sealed].map(of_order))
        .columns([order::Column::GridId, order::Column::RequesterId, order::Column::BeneficiaryId].map(of_order))
        .columns([order::Column::AboutPartnerId, order::Column::MediatorId].map(of_order))
        .expr_as(Expr::case(ends_the_work, round_then()).finally(Expr::val(None::<i64>)), "round")
        .from(feed::Entity)
        .join(InnerJoin, order::Entity, same_order)
        .join(InnerJoin, order_event::Entity, same_event)
        .and_where(Expr::col(own(feed::Column::Position)).gt(after))
        .and_where(Expr::col(own(feed::Column::Position)).lte(head))
        .order_by(own(feed::Column::Position), Order::Asc)
        .limit(u64::from(limit) + 1)
        .take()
}
