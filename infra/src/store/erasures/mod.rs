//! [`ErasureStore`]: what speaks of a person, wherever it lies.

mod order;
mod person;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use domain::erasure::{Begun, Erasure, Stage};
use domain::ids::{AttachmentId, OrderId, PersonId};
use domain::order::Erasing;
use domain::ports::{ErasureStore, OrderErased, OrdersOf, PhotosOf, StoreError};

use super::cell;
use crate::database::{Database, store_error};
use crate::entity::{attachment, erasure, order as order_table, person as person_table};
use crate::vault::Vault;

pub(super) use person::bury_with_roles;

pub struct ErasureRows {
    db: Database,
    vault: Arc<Vault>,
}

impl ErasureRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }
}

#[async_trait]
impl ErasureStore for ErasureRows {
    async fn begin(&self, person: PersonId, now: DateTime<Utc>) -> Result<Begun, StoreError> {
        let tx = self.db.begin_write().await?;
        let begun = person::bury(&tx, person, now).await?;
        if begun == Begun::Begun {
            for own in person::selves(&tx, person).await? {
                person::remove_traces(&tx, own, now).await?;
            }
        }
        tx.commit().await.map_err(store_error)?;
        Ok(begun)
    }

    async fn remove_traces(&self, person: PersonId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        person::remove_traces(&tx, person, now).await?;
        tx.commit().await.map_err(store_error)
    }

    async fn selves(&self, person: PersonId) -> Result<Vec<PersonId>, StoreError> {
        person::selves(self.db.reader(), person).await
    }

    async fn unfinished(&self, before: DateTime<Utc>, limit: u16) -> Result<Vec<Erasure>, StoreError> {
        let done: &str = Stage::Done.into();
        let rows = erasure::Entity::find()
            .filter(erasure::Column::Stage.ne(done))
            .filter(erasure::Column::Since.lte(before))
            .order_by_asc(erasure::Column::Since)
            .limit(u64::from(limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(to_erasure).collect()
    }

    async fn find_erasure(&self, person: PersonId) -> Result<Option<Erasure>, StoreError> {
        let found = erasure::Entity::find_by_id(person.0).one(self.db.reader()).await.map_err(store_error)?;
        found.map(to_erasure).transpose()
    }

    async fn reach(&self, person: PersonId, stage: Stage, now: DateTime<Utc>) -> Result<(), StoreError> {
        let reached = erasure::Entity::update_many()
            .col_expr(erasure::Column::Stage, stage.to_string().into())
            .col_expr(erasure::Column::Since, now.into())
            .filter(erasure::Column::PersonId.eq(person.0));
        reached.exec(self.db.writer()).await.map(drop).map_err(store_error)
    }

    async fn orders_of(&self, whose: OrdersOf, after: Option<OrderId>, limit: u16) -> Result<Vec<OrderId>, StoreError> {
        let ids: Vec<Uuid> = order_table::Entity::find()
            .select_only()
            .column(order_table::Column::Id)
            .filter(are(whose))
            .apply_if(after, |orders, after| orders.filter(order_table::Column::Id.gt(after.0)))
            .order_by_asc(order_table::Column::Id)
            .limit(u64::from(limit))
            .into_tuple()
            // The writer: what was just erased must not be met again.
            .all(self.db.writer())
            .await
            .map_err(store_error)?;
        Ok(ids.into_iter().map(OrderId).collect())
    }

    async fn photos(&self, of: PhotosOf, limit: u16) -> Result<Vec<AttachmentId>, StoreError> {
        use attachment::Column;
        let some = attachment::Entity::find().select_only().column(Column::Id).limit(u64::from(limit));
        let some = match of {
            PhotosOf::Order(order) => some.filter(Column::OrderId.eq(order.0)),
            PhotosOf::Uploader(person) => {
                let own = some.filter(Column::UploaderId.eq(person.0));
                own.filter(Column::OrderId.is_null()).filter(Column::VisitId.is_null())
            }
        };
        let ids: Vec<Uuid> = some.into_tuple().all(self.db.writer()).await.map_err(store_error)?;
        Ok(ids.into_iter().map(AttachmentId).collect())
    }

    async fn forget_photos(&self, ids: &[AttachmentId]) -> Result<(), StoreError> {
        let ids = ids.iter().map(|id| id.0);
        let forgotten = attachment::Entity::delete_many().filter(attachment::Column::Id.is_in(ids));
        forgotten.exec(self.db.writer()).await.map(drop).map_err(store_error)
    }

    async fn erase_order(&self, id: OrderId, what: Erasing, now: DateTime<Utc>) -> Result<OrderErased, StoreError> {
        let tx = self.db.begin_write().await?;
        let erased = order::erase(&tx, &self.vault, id, what, now).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(erased)
    }
}

fn are(whose: OrdersOf) -> Condition {
    use order_table::Column::{BeneficiaryId, ErasedAt, RequesterId};
    match whose {
        OrdersOf::Left(person) => {
            let placed = Condition::all().add(RequesterId.eq(person.0)).add(is_alive(BeneficiaryId).not());
            let received = Condition::all().add(BeneficiaryId.eq(person.0)).add(is_alive(RequesterId).not());
            Condition::all().add(ErasedAt.is_null()).add(Condition::any().add(placed).add(received))
        }
        OrdersOf::ForOthers(person) => {
            Condition::all().add(ErasedAt.is_null()).add(RequesterId.eq(person.0)).add(is_alive(BeneficiaryId))
        }
        OrdersOf::Placed(person) => Condition::all().add(ErasedAt.is_null()).add(RequesterId.eq(person.0)),
        OrdersOf::PlacedFor(person) => Condition::all().add(ErasedAt.is_null()).add(BeneficiaryId.eq(person.0)),
        OrdersOf::Named(person) => Condition::all().add(BeneficiaryId.eq(person.0)),
    }
}

/// Somebody who is known here and did not close the account; an account that was taken over lives as its owner does.
fn is_alive(whose: order_table::Column) -> Expr {
    let account = Query::select()
        .expr(Expr::val(1))
        .from(person_table::Entity)
        .and_where(Expr::col((person_table::Entity, person_table::Column::Id)).equals((order_table::Entity, whose)))
        .and_where(Expr::col((person_table::Entity, person_table::Column::ErasedAt)).is_null())
        .take();
    Expr::exists(account)
}

fn to_erasure(row: erasure::Model) -> Result<Erasure, StoreError> {
    Ok(Erasure {
        person: row.person_id.into(),
        requested_at: row.requested_at,
        stage: cell::named("erasure", &row.stage)?,
        since: row.since,
    })
}
