use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};

use domain::ids::{ConsentId, OrderId, PersonId};
use domain::order::Happening;
use domain::people::{Consent, ConsentPurpose};
use domain::ports::{Change, ConsentStore, Slice, StoreError};

use super::cell;
use crate::database::{Database, store_error};
use crate::entity::consent::{self, Column, Entity};

/// [`ConsentStore`] over the table `consents`.
pub struct ConsentRows {
    db: Database,
}

impl ConsentRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl ConsentStore for ConsentRows {
    async fn give(&self, consent: &Consent) -> Result<Consent, StoreError> {
        let tx = self.db.begin_write().await?;
        let standing = standing(consent.person)
            .filter(Column::GivenBy.eq(consent.given_by.0))
            .filter(Column::Purpose.eq(consent.purpose.to_string()))
            .filter(Column::Version.eq(consent.version))
            .filter(Column::OrderId.is_null());
        let given = match standing.one(&tx).await.map_err(store_error)? {
            Some(row) => to_consent(row)?,
            None => {
                insert(&tx, std::slice::from_ref(consent)).await?;
                consent.clone()
            }
        };
        tx.commit().await.map_err(store_error)?;
        Ok(given)
    }

    async fn withdraw(&self, person: PersonId, purpose: ConsentPurpose, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let ended = Entity::update_many()
            .col_expr(Column::WithdrawnAt, now.into())
            .filter(Column::PersonId.eq(person.0))
            .filter(Column::Purpose.eq(purpose.to_string()))
            .filter(Column::WithdrawnAt.is_null())
            .exec(self.db.writer())
            .await;
        ended.map(|done| done.rows_affected).map_err(store_error)
    }

    async fn consents_of(&self, person: PersonId, slice: Slice<ConsentId>) -> Result<Vec<Consent>, StoreError> {
        let rows = Entity::find()
            .filter(Column::PersonId.eq(person.0))
            .apply_if(slice.before, |rows, before| rows.filter(Column::Id.lt(before.0)))
            .order_by_desc(Column::Id)
            .limit(u64::from(slice.limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(to_consent).collect()
    }

    async fn standing(&self, people: &[PersonId]) -> Result<Vec<Consent>, StoreError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let rows = Entity::find()
            .filter(Column::PersonId.is_in(people.iter().map(|person| person.0)))
            .filter(Column::WithdrawnAt.is_null())
            .filter(Column::OrderId.is_null())
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(to_consent).collect()
    }

    async fn has_guardian(&self, person: PersonId) -> Result<bool, StoreError> {
        let by_another = standing(person)
            .filter(Column::Purpose.eq(ConsentPurpose::ChildData.to_string()))
            .filter(Expr::col(Column::GivenBy).ne(person.0));
        Ok(by_another.count(self.db.reader()).await.map_err(store_error)? > 0)
    }
}

/// Those of the person that were not taken back.
fn standing(person: PersonId) -> Select<Entity> {
    Entity::find().filter(Column::PersonId.eq(person.0)).filter(Column::WithdrawnAt.is_null())
}

/// What orders bring and end, in the transaction that changes them.
pub(super) async fn follow(tx: &DatabaseTransaction, changes: &[&Change]) -> Result<(), StoreError> {
    for change in changes {
        insert(tx, &change.consents).await?;
        let event = &change.chained.event;
        if event.what == Happening::Unshared {
            end_of_order(tx, event.order, event.at).await?;
        }
    }
    Ok(())
}

/// Ends all consents of a person.
pub(super) async fn end_all(db: &impl ConnectionTrait, person: PersonId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let ended = Entity::update_many()
        .col_expr(Column::WithdrawnAt, now.into())
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::WithdrawnAt.is_null());
    ended.exec(db).await.map(drop).map_err(store_error)
}

async fn end_of_order(db: &impl ConnectionTrait, order: OrderId, at: DateTime<Utc>) -> Result<(), StoreError> {
    let ended = Entity::update_many()
        .col_expr(Column::WithdrawnAt, at.into())
        .filter(Column::OrderId.eq(order.0))
        .filter(Column::Purpose.eq(ConsentPurpose::ShareContact.to_string()))
        .filter(Column::WithdrawnAt.is_null());
    ended.exec(db).await.map(drop).map_err(store_error)
}

async fn insert(db: &impl ConnectionTrait, consents: &[Consent]) -> Result<(), StoreError> {
    if consents.is_empty() {
        return Ok(());
    }
    let rows = consents.iter().map(|consent| to_row(consent).map(IntoActiveModel::into_active_model));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    Entity::insert_many(rows).exec_without_returning(db).await.map(drop).map_err(store_error)
}

fn to_row(given: &Consent) -> Result<consent::Model, StoreError> {
    Ok(consent::Model {
        id: given.id.0,
        person_id: given.person.0,
        given_by: given.given_by.0,
        purpose: given.purpose.to_string(),
        version: cell::number("consent", given.version)?,
        channel: given.channel.to_string(),
        order_id: given.order.map(Into::into),
        given_at: given.given_at,
        withdrawn_at: given.withdrawn_at,
    })
}

fn to_consent(row: consent::Model) -> Result<Consent, StoreError> {
    Ok(Consent {
        id: row.id.into(),
        person: row.person_id.into(),
        given_by: row.given_by.into(),
        purpose: cell::named("consent", &row.purpose)?,
        version: cell::number("consent", row.version)?,
        channel: cell::named("consent", &row.channel)?,
        order: row.order_id.map(Into::into),
        given_at: row.given_at,
        withdrawn_at: row.withdrawn_at,
    })
}
