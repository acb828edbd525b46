use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QueryResult, QuerySelect,
};
use uuid::Uuid;

use domain::ids::{AttachmentId, OrderId};
use domain::ports::{Change, ContentStore, StoreError};
use domain::safety::{CheckState, Verdict, WaitingPhoto, WaitingWords};

use super::cell;
use crate::database::{Database, store_error};
use crate::entity::{attachment, marked_words, order};
use crate::vault::{Cell, Row, Vault};

const WHAT: &str = "marked words";

/// [`ContentStore`] over the table `marked_words` and the marks of `attachments`.
pub struct ContentRows {
    db: Database,
    vault: Arc<Vault>,
}

impl ContentRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }
}

#[async_trait]
impl ContentStore for ContentRows {
    async fn claim_words(
        &self,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        limit: u16,
    ) -> Result<Vec<WaitingWords>, StoreError> {
        use marked_words::{Column, Entity};
        let tx = self.db.begin_write().await?;
        let due = Entity::find()
            .filter(Column::DueAt.lte(now))
            .order_by_asc(Column::DueAt)
            .limit(u64::from(limit))
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&tx)
            .await
            .map_err(store_error)?;
        for row in &due {
            let lent = marked_words::ActiveModel {
                due_at: Set(Some(lease_until)),
                tries: Set(row.tries + 1),
                ..Default::default()
            };
            Entity::update_many().set(lent).filter(is(row.order_id, row.seq)).exec(&tx).await.map_err(store_error)?;
        }
        tx.commit().await.map_err(store_error)?;
        let mut words = Vec::with_capacity(due.len());
        for row in due {
            let (order, seq) = (row.order_id, row.seq);
            match to_waiting(&self.vault, row) {
                Ok(waiting) => words.push(waiting),
                // What cannot be read holds up no other: a person decides.
                Err(error) => {
                    tracing::error!(%order, seq, error = &error as &dyn std::error::Error, "marked words cannot be read");
                    self.settle_words(order.into(), seq, CheckState::Review, None).await?;
                }
            }
        }
        Ok(words)
    }

    async fn claim_photos(
        &self,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        limit: u16,
    ) -> Result<Vec<WaitingPhoto>, StoreError> {
        use attachment::{Column, Entity};
        let tx = self.db.begin_write().await?;
        // What nobody has used yet may become a part of a sealed matter.
        let is_used = Column::OrderId.is_not_null().or(Column::VisitId.is_not_null());
        let due = Entity::find()
            .filter(Column::CheckDueAt.lte(now))
            .filter(is_used)
            .order_by_asc(Column::CheckDueAt)
            .limit(u64::from(limit))
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&tx)
            .await
            .map_err(store_error)?;
        if !due.is_empty() {
            Entity::update_many()
                .col_expr(Column::CheckDueAt, lease_until.into())
                .col_expr(Column::CheckTries, Expr::col(Column::CheckTries).add(1))
                .filter(Column::Id.is_in(due.iter().map(|row| row.id)))
                .exec(&tx)
                .await
                .map_err(store_error)?;
        }
        tx.commit().await.map_err(store_error)?;
        let waiting = |row: attachment::Model| {
            let tries = cell::number("attachment", row.check_tries + 1)?;
            Ok(WaitingPhoto { id: row.id.into(), uploader: row.uploader_id.into(), tries })
        };
        due.into_iter().map(waiting).collect()
    }

    async fn settle_words(
        &self,
        order: OrderId,
        seq: i64,
        state: CheckState,
        again_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        let these = is(order.0, seq).add(is_waiting());
        if !state.is_open() {
            let gone = marked_words::Entity::delete_many().filter(these);
            return gone.exec(self.db.writer()).await.map(drop).map_err(store_error);
        }
        let mut row =
            marked_words::ActiveModel { state: Set(state.to_string()), due_at: Set(again_at), ..Default::default() };
        if again_at.is_none() {
            row.words = Set(None);
        }
        let settled = marked_words::Entity::update_many().set(row).filter(these);
        settled.exec(self.db.writer()).await.map(drop).map_err(store_error)
    }

    async fn photo_handed_over(
        &self,
        photo: AttachmentId,
        trace: &str,
        again_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        use attachment::{Column, Entity};
        let noted = Entity::update_many()
            .col_expr(Column::CheckTrace, trace.into())
            .col_expr(Column::CheckDueAt, again_at.into())
            .filter(Column::Id.eq(photo.0))
            .filter(is_undecided());
        noted.exec(self.db.writer()).await.map(drop).map_err(store_error)
    }

    async fn settle_photo(
        &self,
        photo: AttachmentId,
        state: CheckState,
        again_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        use attachment::{Column, Entity};
        let settled = Entity::update_many()
            .col_expr(Column::CheckState, state.to_string().into())
            .col_expr(Column::CheckDueAt, Expr::value(again_at))
            .filter(Column::Id.eq(photo.0))
            .filter(is_undecided());
        settled.exec(self.db.writer()).await.map(drop).map_err(store_error)
    }

    async fn marked(&self, orders: &[OrderId]) -> Result<Vec<OrderId>, StoreError> {
        let open = [CheckState::Waiting, CheckState::Review].map(|state| state.to_string());
        let these = || orders.iter().map(|order| order.0);
        let mut words = Query::select()
            .expr_as(Expr::col(marked_words::Column::OrderId), "order_id")
            .from(marked_words::Entity)
            .and_where(Expr::col(marked_words::Column::OrderId).is_in(these()))
            .take();
        let photos = Query::select()
            .expr_as(Expr::col(attachment::Column::OrderId), "order_id")
            .from(attachment::Entity)
            .and_where(Expr::col(attachment::Column::OrderId).is_in(these()))
            .and_where(Expr::col(attachment::Column::CheckState).is_in(open))
            .take();
        let both = words.union(UnionType::Distinct, photos).take();
        let rows = self.db.reader().query_all(&both).await.map_err(store_error)?;
        let id = |row: &QueryResult| row.try_get::<Uuid>("", "order_id").map(OrderId);
        rows.iter().map(id).collect::<Result<_, _>>().map_err(store_error)
    }

    async fn clear(&self, order: OrderId, version: i64, hidden: &[AttachmentId]) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        let seen = marked_words::Column::Seq.lte(version);
        let cleared =
            marked_words::Entity::delete_many().filter(marked_words::Column::OrderId.eq(order.0)).filter(seen);
        cleared.exec(&tx).await.map_err(store_error)?;
        use attachment::{Column, Entity};
        let hidden: Vec<Uuid> = hidden.iter().map(|photo| photo.0).collect();
        let open = [CheckState::Waiting, CheckState::Review].map(|state| state.to_string());
        for (state, are_these) in [
            (CheckState::Risky, Column::Id.is_in(hidden.iter().copied())),
            // What was found risky stays hidden, whoever clears the rest.
            (CheckState::Cleared, Column::Id.is_not_in(hidden.iter().copied()).and(Column::CheckState.is_in(open))),
        ] {
            Entity::update_many()
                .col_expr(Column::CheckState, state.to_string().into())
                .col_expr(Column::CheckDueAt, Expr::value(None::<DateTime<Utc>>))
                .filter(Column::OrderId.eq(order.0))
                .filter(are_these)
                .exec(&tx)
                .await
                .map_err(store_error)?;
        }
        tx.commit().await.map_err(store_error)
    }
}

/// The ids of orders that hold something open. A handful among many: both halves have an index of their own, and the states
/// stand in the statement itself, so that PostgreSQL knows how few they are whatever it keeps a plan for.
pub(super) fn open_orders() -> SelectStatement {
    let open = [CheckState::Waiting, CheckState::Review].map(|state| Expr::Constant(state.to_string().into()));
    let photos = Query::select()
        .column((attachment::Entity, attachment::Column::OrderId))
        .from(attachment::Entity)
        .and_where(Expr::col((attachment::Entity, attachment::Column::CheckState)).is_in(open))
        .and_where(Expr::col((attachment::Entity, attachment::Column::OrderId)).is_not_null())
        .take();
    Query::select()
        .column((marked_words::Entity, marked_words::Column::OrderId))
        .from(marked_words::Entity)
        .union(UnionType::All, photos)
        .take()
}

/// What a change brings with it that no check has passed.
pub(super) async fn mark(tx: &DatabaseTransaction, vault: &Vault, changes: &[&Change]) -> Result<(), StoreError> {
    for change in changes {
        let Some(marked) = &change.words else { continue };
        let event = &change.chained.event;
        let cell = words_cell(event.order.0, event.seq);
        let words = marked.again.then(|| vault.lock(cell, marked.text.as_bytes())).transpose()?;
        let row = marked_words::Model {
            order_id: event.order.0,
            seq: event.seq,
            author_id: event.by.0,
            words,
            state: marked.state.to_string(),
            due_at: marked.again.then_some(event.at),
            tries: 0,
        };
        let inserted = marked_words::Entity::insert(row.into_active_model()).exec_without_returning(tx).await;
        inserted.map_err(store_error)?;
    }
    Ok(())
}

/// Photos of a sealed matter leave this house for no check: nobody publishes them.
pub(super) async fn spare(
    tx: &DatabaseTransaction,
    order: OrderId,
    photos: impl Iterator<Item = Uuid>,
) -> Result<(), StoreError> {
    use attachment::{Column, Entity};
    let sealed = Query::select()
        .column(order::Column::Id)
        .from(order::Entity)
        .and_where(order::Column::Id.eq(order.0))
        .and_where(order::Column::Sealed.eq(true))
        .take();
    let spared = Entity::update_many()
        .col_expr(Column::CheckState, CheckState::Cleared.to_string().into())
        .col_expr(Column::CheckDueAt, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::Id.is_in(photos))
        .filter(is_undecided())
        .filter(Column::OrderId.in_subquery(sealed));
    spared.exec(tx).await.map(drop).map_err(store_error)
}

/// What WeChat says of a photo that it was given; whether it was given such a one. What a person decided stands.
pub(super) async fn judge_photo(
    tx: &DatabaseTransaction,
    trace: &str,
    verdict: Option<Verdict>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    use attachment::{Column, Entity};
    let photo = Entity::find().filter(Column::CheckTrace.eq(trace)).lock_exclusive().one(tx).await;
    let Some(photo) = photo.map_err(store_error)? else { return Ok(false) };
    let state: CheckState = cell::named("attachment", &photo.check_state)?;
    let judged = Entity::update_many().filter(Column::Id.eq(photo.id));
    let judged = match verdict {
        _ if !state.is_open() => return Ok(true),
        Some(verdict) => judged
            .col_expr(Column::CheckState, CheckState::from(verdict).to_string().into())
            .col_expr(Column::CheckDueAt, Expr::value(None::<DateTime<Utc>>)),
        // WeChat could not open it: it is handed over again with a fresh link.
        None if state == CheckState::Waiting => judged.col_expr(Column::CheckDueAt, now.into()),
        None => return Ok(true),
    };
    judged.exec(tx).await.map(|_| true).map_err(store_error)
}

/// Marks of an order whose words are gone.
pub(super) async fn unmark(db: &impl ConnectionTrait, order: Uuid) -> Result<(), StoreError> {
    let gone = marked_words::Entity::delete_many().filter(marked_words::Column::OrderId.eq(order));
    gone.exec(db).await.map(drop).map_err(store_error)
}

fn is(order: Uuid, seq: i64) -> sea_orm::Condition {
    sea_orm::Condition::all().add(marked_words::Column::OrderId.eq(order)).add(marked_words::Column::Seq.eq(seq))
}

fn is_waiting() -> Expr {
    marked_words::Column::State.eq(CheckState::Waiting.to_string())
}

fn is_undecided() -> Expr {
    attachment::Column::CheckState.eq(CheckState::Waiting.to_string())
}

fn words_cell(order: Uuid, seq: i64) -> Cell<'static> {
    Cell::new("marked_words.words", Row::Numbered(order, seq))
}

fn to_waiting(vault: &Vault, row: marked_words::Model) -> Result<WaitingWords, StoreError> {
    let locked = row.words.ok_or_else(|| StoreError::corrupt(WHAT, "the words are gone"))?;
    let text = vault.unlock(words_cell(row.order_id, row.seq), &locked)?;
    Ok(WaitingWords {
        order: row.order_id.into(),
        seq: row.seq,
        author: row.author_id.into(),
        text: String::from_utf8(text).map_err(|e| StoreError::corrupt(WHAT, e))?,
        tries: cell::number(WHAT, row.tries + 1)?,
    })
}
