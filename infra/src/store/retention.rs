use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use strum::IntoEnumIterator;
use uuid::Uuid;

use domain::ids::OrderId;
use domain::order::OrderStatus;
use domain::ports::{RetentionStore, StoreError};
use domain::retention::{Kind, Run};

use super::{campaigns, cell};
use crate::clock::uuid_at;
use crate::database::{Database, store_error};
use crate::entity::{
    answer, attachment, audit_line, consent, delivery, disclosure, household_look, order, order_event,
};
use crate::entity::{refresh_token, retention_run, session};

/// [`RetentionStore`] over all tables whose rows have their time.
pub struct RetentionRows {
    db: Database,
}

impl RetentionRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl RetentionStore for RetentionRows {
    async fn count_old(&self, kind: Kind, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let db = self.db.reader();
        let count = match kind {
            Kind::Answers => answer::Entity::find().filter(answer::Column::At.lt(before)).count(db).await,
            Kind::RefreshTokens => {
                refresh_token::Entity::find().filter(refresh_token::Column::ExpiresAt.lt(before)).count(db).await
            }
            Kind::ClosedSessions => session::Entity::find().filter(ended(before)).count(db).await,
            Kind::UnattachedPhotos => {
                let photos = attachment::Entity::find().filter(attachment::Column::OrderId.is_null());
                let photos = photos.filter(attachment::Column::VisitId.is_null());
                photos.filter(attachment::Column::CreatedAt.lt(before)).count(db).await
            }
            Kind::Deliveries => {
                delivery::Entity::find().filter(delivery::Column::Id.lt(uuid_at(before))).count(db).await
            }
            Kind::Disclosures => return self.count_looks(before).await,
            Kind::WithdrawnConsents => {
                consent::Entity::find().filter(consent::Column::WithdrawnAt.lt(before)).count(db).await
            }
            Kind::ClosedOrders => quiet(before).count(db).await,
            Kind::ClosedCampaigns => campaigns::forgettable(before).count(db).await,
            Kind::AuditLog => audit_line::Entity::find().filter(audit_line::Column::At.lt(before)).count(db).await,
        };
        count.map_err(store_error)
    }

    async fn delete_old(&self, kind: Kind, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let db = self.db.writer();
        let deleted = match kind {
            Kind::Answers => answer::Entity::delete_many().filter(answer::Column::At.lt(before)).exec(db).await,
            Kind::RefreshTokens => {
                refresh_token::Entity::delete_many().filter(refresh_token::Column::ExpiresAt.lt(before)).exec(db).await
            }
            Kind::ClosedSessions => return self.delete_sessions(before).await,
            // Ids grow with time.
            Kind::Deliveries => {
                delivery::Entity::delete_many().filter(delivery::Column::Id.lt(uuid_at(before))).exec(db).await
            }
            Kind::Disclosures => return self.delete_looks(before).await,
            Kind::ClosedCampaigns => return self.forget_households(before).await,
            Kind::WithdrawnConsents => {
                consent::Entity::delete_many().filter(consent::Column::WithdrawnAt.lt(before)).exec(db).await
            }
            Kind::AuditLog => {
                audit_line::Entity::delete_many().filter(audit_line::Column::At.lt(before)).exec(db).await
            }
            Kind::UnattachedPhotos | Kind::ClosedOrders => return Ok(0),
        };
        deleted.map(|done| done.rows_affected).map_err(store_error)
    }

    async fn old_orders(&self, before: DateTime<Utc>, limit: u16) -> Result<Vec<OrderId>, StoreError> {
        let ids: Vec<Uuid> = quiet(before)
            .select_only()
            .column(order::Column::Id)
            .order_by_asc(order::Column::SubmittedAt)
            .limit(u64::from(limit))
            .into_tuple()
            // The writer: what was just erased must not be met again.
            .all(self.db.writer())
            .await
            .map_err(store_error)?;
        Ok(ids.into_iter().map(OrderId).collect())
    }

    async fn note_run(&self, run: &Run) -> Result<(), StoreError> {
        let row = retention_run::Model {
            at: run.at,
            kind: run.kind.to_string(),
            is_rehearsal: run.is_rehearsal,
            rows: cell::number("retention run", run.rows)?,
            before: run.before,
        };
        // Two processes that ran at the same instant did the same.
        let once = OnConflict::new().do_nothing().to_owned();
        let noted = retention_run::Entity::insert(row.into_active_model()).on_conflict(once);
        noted.exec_without_returning(self.db.writer()).await.map(drop).map_err(store_error)
    }

    async fn last_run(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let last = retention_run::Entity::find()
            .filter(retention_run::Column::IsRehearsal.eq(false))
            .order_by_desc(retention_run::Column::At)
            .one(self.db.reader())
            .await
            .map_err(store_error)?;
        Ok(last.map(|run| run.at))
    }
}

impl RetentionRows {
    async fn count_looks(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let db = self.db.reader();
        let people = disclosure::Entity::find().filter(disclosure::Column::At.lt(before)).count(db);
        let households = household_look::Entity::find().filter(household_look::Column::At.lt(before)).count(db);
        Ok(people.await.map_err(store_error)? + households.await.map_err(store_error)?)
    }

    async fn delete_looks(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let db = self.db.writer();
        let people = disclosure::Entity::delete_many().filter(disclosure::Column::At.lt(before)).exec(db);
        let people = people.await.map_err(store_error)?.rows_affected;
        let households = household_look::Entity::delete_many().filter(household_look::Column::At.lt(before)).exec(db);
        Ok(people + households.await.map_err(store_error)?.rows_affected)
    }

    /// One campaign after the other, so that nobody waits for all of them.
    async fn forget_households(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        loop {
            let tx = self.db.begin_write().await?;
            let was_one = campaigns::forget_closed(&tx, before).await?;
            tx.commit().await.map_err(store_error)?;
            if !was_one {
                return Ok(forgotten);
            }
            forgotten += 1;
        }
    }

    async fn delete_sessions(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let tx = self.db.begin_write().await?;
        let gone = Query::select().column(session::Column::Id).from(session::Entity).cond_where(ended(before)).take();
        let tokens = refresh_token::Entity::delete_many().filter(refresh_token::Column::SessionId.in_subquery(gone));
        tokens.exec(&tx).await.map_err(store_error)?;
        let sessions = session::Entity::delete_many().filter(ended(before)).exec(&tx).await.map_err(store_error)?;
        tx.commit().await.map_err(store_error)?;
        Ok(sessions.rows_affected)
    }
}

/// Closed before the instant; or opened before it, and without a token that could renew it.
fn ended(before: DateTime<Utc>) -> Condition {
    let own_tokens = Query::select()
        .expr(Expr::val(1))
        .from(refresh_token::Entity)
        .and_where(
            Expr::col((refresh_token::Entity, refresh_token::Column::SessionId))
                .eq(Expr::col((session::Entity, session::Column::Id))),
        )
        .take();
    let expired = Condition::all().add(session::Column::OpenedAt.lt(before)).add(Expr::exists(own_tokens).not());
    Condition::any().add(session::Column::ClosedAt.lt(before)).add(expired)
}

/// Closed orders without an event since the instant, whose words still stand.
fn quiet(before: DateTime<Utc>) -> Select<order::Entity> {
    let later = Query::select()
        .expr(Expr::val(1))
        .from(order_event::Entity)
        .and_where(
            Expr::col((order_event::Entity, order_event::Column::OrderId))
                .eq(Expr::col((order::Entity, order::Column::Id))),
        )
        .and_where(order_event::Column::At.gte(before))
        .take();
    let closed = OrderStatus::iter().filter(|status| !status.is_open()).map(<&str>::from);
    order::Entity::find()
        .filter(order::Column::ErasedAt.is_null())
        .filter(order::Column::SubmittedAt.lt(before))
        .filter(order::Column::Status.is_in(closed))
        .filter(Expr::exists(later).not())
}
