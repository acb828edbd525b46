use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{
    Expr, ExprTrait, IntoColumnRef, IntoCondition, OnConflict, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use domain::ids::{MembershipId, PersonId, PlaceId};
use domain::people::{Held, Membership};
use domain::ports::{Grant, MembershipStore, StoreError};

use super::cell;
use super::people::session;
use crate::clock::uuid_at;
use crate::database::{Database, store_error};
use crate::entity::membership::{self, Column, Entity};
use crate::entity::{answer, invitation, wecom_member};

/// [`MembershipStore`] over the table `memberships`.
pub struct MembershipRows {
    db: Database,
}

impl MembershipRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl MembershipStore for MembershipRows {
    async fn grant(&self, grant: &Grant) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        give(&tx, grant).await?;
        tx.commit().await.map_err(store_error)
    }

    async fn end(
        &self,
        id: MembershipId,
        by: Option<PersonId>,
        now: DateTime<Utc>,
    ) -> Result<Option<Held>, StoreError> {
        let tx = self.db.begin_write().await?;
        let held = Entity::find_by_id(id.0).filter(held_at_instant(now)).lock_exclusive().one(&tx).await;
        let Some(row) = held.map_err(store_error)? else { return Ok(None) };
        Entity::update_many()
            .col_expr(Column::EndedAt, now.into())
            .col_expr(Column::EndedBy, by.map(|person| person.0).into())
            .filter(Column::Id.eq(id.0))
            .exec(&tx)
            .await
            .map_err(store_error)?;
        session::close_all(&tx, row.person_id, now).await?;
        // The corporation's name is for those who work here.
        wecom_member::Entity::delete_many()
            .filter(wecom_member::Column::PersonId.eq(row.person_id))
            .filter(Expr::exists(works_now((wecom_member::Entity, wecom_member::Column::PersonId), now)).not())
            .exec(&tx)
            .await
            .map_err(store_error)?;
        // What the role let the person see and give ends with it: saved answers, and codes that nobody has used yet.
        answer::Entity::delete_many()
            .filter(answer::Column::PersonId.eq(row.person_id))
            .exec(&tx)
            .await
            .map_err(store_error)?;
        invitation::Entity::update_many()
            .col_expr(invitation::Column::ClosedAt, now.into())
            .filter(invitation::Column::IssuedBy.eq(row.person_id))
            .filter(invitation::Column::ClosedAt.is_null())
            .exec(&tx)
            .await
            .map_err(store_error)?;
        tx.commit().await.map_err(store_error)?;
        to_held(&row).map(Some)
    }

    async fn find_membership(&self, id: MembershipId, now: DateTime<Utc>) -> Result<Option<Held>, StoreError> {
        let found = Entity::find_by_id(id.0).filter(held_at_instant(now)).one(self.db.reader()).await;
        found.map_err(store_error)?.as_ref().map(to_held).transpose()
    }

    async fn held_at(
        &self,
        places: &[PlaceId],
        after: Option<MembershipId>,
        limit: u16,
        now: DateTime<Utc>,
    ) -> Result<Vec<Held>, StoreError> {
        let rows = Entity::find()
            .filter(at_places(Column::PlaceId, places))
            .filter(held_at_instant(now))
            .apply_if(after, |rows, after| rows.filter(Column::Id.gt(after.0)))
            .order_by_asc(Column::Id)
            .limit(u64::from(limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.iter().map(to_held).collect()
    }
}

/// Adds the membership; one that the person holds already gets the new end.
pub(super) async fn give(tx: &impl ConnectionTrait, grant: &Grant) -> Result<(), StoreError> {
    let Grant { person, membership, by, at, until } = grant;
    // What ran out by itself makes way.
    Entity::update_many()
        .col_expr(Column::EndedAt, (*at).into())
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::EndedAt.is_null())
        .filter(Column::EndsAt.lte(*at))
        .exec(tx)
        .await
        .map_err(store_error)?;
    let same = Condition::all()
        .add(Column::PersonId.eq(person.0))
        .add(Column::Role.eq(membership.role.to_string()))
        .add(same_or_null(Column::PlaceId, membership.place.map(Into::into)))
        .add(same_or_null(Column::PartnerId, membership.partner_id.map(Into::into)))
        .add(Column::EndedAt.is_null());
    let renewed = Entity::update_many()
        .col_expr(Column::EndsAt, (*until).into())
        .col_expr(Column::GrantedBy, by.map(|person| person.0).into())
        .filter(same)
        .exec(tx)
        .await
        .map_err(store_error)?;
    if renewed.rows_affected > 0 {
        return Ok(());
    }
    let row = membership::Model {
        id: uuid_at(*at),
        person_id: person.0,
        place_id: membership.place.map(Into::into),
        role: membership.role.to_string(),
        partner_id: membership.partner_id.map(Into::into),
        granted_at: *at,
        granted_by: by.map(Into::into),
        ends_at: *until,
        ended_at: None,
        ended_by: None,
    };
    Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .map_err(store_error)?;
    Ok(())
}

fn same_or_null(column: Column, value: Option<Uuid>) -> SimpleExpr {
    value.map_or_else(|| column.is_null(), |value| column.eq(value))
}

/// Those of these places; of none, those for everywhere.
pub(super) fn at_places(column: impl ColumnTrait, places: &[PlaceId]) -> Condition {
    match places {
        [] => column.is_null().into_condition(),
        some => column.is_in(some.iter().map(|place| place.0)).into_condition(),
    }
}

pub(super) fn held_at_instant(now: DateTime<Utc>) -> Condition {
    let runs = Condition::any().add(Column::EndsAt.is_null()).add(Column::EndsAt.gt(now));
    Condition::all().add(Column::EndedAt.is_null()).add(runs)
}

/// Whether the person in this column holds any role now.
pub(super) fn works_now(person: impl IntoColumnRef, now: DateTime<Utc>) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::PersonId)).equals(person))
        .cond_where(held_at_instant(now))
        .take()
}

/// The same for a row that was read.
pub(super) fn is_held(row: &membership::Model, now: DateTime<Utc>) -> bool {
    row.ended_at.is_none() && row.ends_at.is_none_or(|end| end > now)
}

pub(super) fn to_membership(row: &membership::Model) -> Result<Membership, StoreError> {
    Ok(Membership {
        role: cell::named("membership", &row.role)?,
        place: row.place_id.map(Into::into),
        partner_id: row.partner_id.map(Into::into),
    })
}

fn to_held(row: &membership::Model) -> Result<Held, StoreError> {
    Ok(Held {
        id: row.id.into(),
        person: row.person_id.into(),
        membership: to_membership(row)?,
        since: row.granted_at,
        until: row.ends_at,
        granted_by: row.granted_by.map(|id: Uuid| id.into()),
    })
}
