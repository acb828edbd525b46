//! [`InboxStore`] over the table `deliveries`: what was told in the mini-program itself.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use domain::deadline::day_in_shanghai;
use domain::ids::{DeliveryId, PersonId};
use domain::notice::NoticeLevel;
use domain::ports::{InboxItem, InboxStore, Read, Slice, StoreError};

use super::cell;
use super::deliveries::{Parts, parts_of};
use crate::database::{Database, store_error};
use crate::entity::delivery::{self, Column, Entity};
use crate::entity::person;

const WHAT: &str = "inbox";

pub struct InboxRows {
    db: Database,
}

impl InboxRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

fn of(persons: &[PersonId]) -> Select<Entity> {
    Entity::find().filter(Column::PersonId.is_in(persons.iter().map(|id| id.0))).filter(is_inbox())
}

/// As words, so that the indexes are seen to fit.
fn is_inbox() -> SimpleExpr {
    Expr::col(Column::Channel).eq(Expr::cust("'inbox'"))
}

#[async_trait]
impl InboxStore for InboxRows {
    async fn inbox(
        &self,
        persons: &[PersonId],
        unread_only: bool,
        slice: Slice<DeliveryId>,
    ) -> Result<Vec<InboxItem>, StoreError> {
        let mut wanted = of(persons);
        if unread_only {
            wanted = wanted.filter(Column::ReadAt.is_null());
        }
        if let Some(before) = slice.before {
            wanted = wanted.filter(Column::Id.lt(before.0));
        }
        let db = self.db.reader();
        let rows = wanted.order_by_desc(Column::Id).limit(u64::from(slice.limit)).all(db).await.map_err(store_error)?;
        with_words(db, rows).await
    }

    async fn unread(&self, persons: &[PersonId], most: u16) -> Result<u16, StoreError> {
        let unread = of(persons).filter(Column::ReadAt.is_null()).select_only().column(Column::Id);
        let some = unread.limit(u64::from(most)).into_tuple::<Uuid>().all(self.db.reader()).await;
        Ok(u16::try_from(some.map_err(store_error)?.len()).unwrap_or(most))
    }

    async fn read(&self, persons: &[PersonId], which: &Read, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let read = Entity::update_many()
            .col_expr(Column::ReadAt, now.into())
            .filter(Column::PersonId.is_in(persons.iter().map(|id| id.0)))
            .filter(is_inbox())
            .filter(Column::ReadAt.is_null());
        let read = match which {
            Read::These(ids) => read.filter(Column::Id.is_in(ids.iter().map(|id| id.0))),
            Read::UpTo(last) => {
                let own = of(persons).filter(Column::Id.eq(last.0)).select_only().column(Column::Id);
                read.filter(Expr::col(Column::Id).lte(Expr::SubQuery(None, Box::new(own.into_query().into()))))
            }
        };
        read.exec(self.db.writer()).await.map(|done| done.rows_affected).map_err(store_error)
    }

    async fn notice_level(&self, person: PersonId) -> Result<NoticeLevel, StoreError> {
        let row = person::Entity::find_by_id(person.0).one(self.db.reader()).await.map_err(store_error)?;
        row.map_or(Ok(NoticeLevel::default()), |row| cell::named(WHAT, &row.notice_level))
    }

    async fn set_notice_level(&self, person: PersonId, level: NoticeLevel) -> Result<(), StoreError> {
        let set = person::Entity::update_many()
            .col_expr(person::Column::NoticeLevel, level.to_string().into())
            .filter(person::Column::Id.eq(person.0));
        set.exec(self.db.writer()).await.map(drop).map_err(store_error)
    }
}

/// One statement for the words' parts of all of them.
pub(super) async fn with_words(
    db: &impl ConnectionTrait,
    rows: Vec<delivery::Model>,
) -> Result<Vec<InboxItem>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut parts = parts_of(db, &ids).await?;
    let item = |row: delivery::Model| {
        let parts = parts.remove(&row.id).ok_or_else(|| StoreError::corrupt(WHAT, "its row is missing"))?;
        to_item(row, parts)
    };
    rows.into_iter().map(item).collect()
}

fn to_item(row: delivery::Model, mut parts: Parts) -> Result<InboxItem, StoreError> {
    Ok(InboxItem {
        id: row.id.into(),
        person: row.person_id.into(),
        position: row.position.unwrap_or_default(),
        kind: cell::named(WHAT, &row.kind)?,
        side: cell::named(WHAT, &row.side)?,
        order: row.order_id.map(Into::into),
        mediation: parts.mediation.map(Into::into),
        number: parts.known_number().unwrap_or_else(|| day_in_shanghai(row.at).to_string()),
        service_name: parts.service_name.unwrap_or_default(),
        sealed: parts.sealed.unwrap_or_default(),
        partner_name: parts.partner_name,
        facts: row.facts.map(|facts| cell::from_json(WHAT, facts)).transpose()?,
        at: row.at,
        read_at: row.read_at,
    })
}
