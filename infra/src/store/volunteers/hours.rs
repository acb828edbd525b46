use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use domain::ids::{CommunityId, CreditId, PersonId};
use domain::people::{Area, Confirmation, Credit};
use domain::ports::{Slice, StoreError};

use crate::database::store_error;
use crate::entity::order;
use crate::entity::volunteer_hours::{Column, Entity, Model};
use crate::store::{cell, orders};
use crate::vault::{Cell, Row, Vault};

const WHAT: &str = "hours";

pub(super) fn to_row(vault: &Vault, credit: &Credit) -> Result<Model, StoreError> {
    Ok(Model {
        id: credit.id.0,
        order_id: credit.order.0,
        community_id: credit.community.0,
        person_id: credit.person.0,
        year: credit.year().into(),
        minutes: credit.minutes.into(),
        note: credit.note.as_ref().map(|note| cell::lock(vault, note_cell(credit.id.0), note)).transpose()?,
        reported_by: credit.reported_by.0,
        reported_at: credit.reported_at,
        confirmed_by: credit.confirmed.map(|confirmed| confirmed.by.0),
        confirmed_at: credit.confirmed.map(|confirmed| confirmed.at),
    })
}

fn to_credit(vault: &Vault, row: Model) -> Result<Credit, StoreError> {
    let confirmed = row.confirmed_by.zip(row.confirmed_at);
    Ok(Credit {
        id: row.id.into(),
        order: row.order_id.into(),
        community: row.community_id.into(),
        person: row.person_id.into(),
        minutes: cell::number(WHAT, row.minutes)?,
        note: row.note.map(|note| cell::unlock(vault, note_cell(row.id), &note)).transpose()?,
        reported_by: row.reported_by.into(),
        reported_at: row.reported_at,
        confirmed: confirmed.map(|(by, at)| Confirmation { by: by.into(), at }),
    })
}

fn note_cell(id: Uuid) -> Cell<'static> {
    Cell::new("volunteer_hours.note", Row::Id(id))
}

/// Hours of orders in the area.
fn here(area: &Area) -> Expr {
    let order = Query::select()
        .expr(Expr::val(1))
        .from(order::Entity)
        .and_where(Expr::col((order::Entity, order::Column::Id)).equals((Entity, Column::OrderId)))
        .cond_where(orders::in_area(area))
        .take();
    Expr::exists(order)
}

pub(super) async fn find(
    db: &DatabaseConnection,
    vault: &Vault,
    id: CreditId,
    area: &Area,
) -> Result<Option<Credit>, StoreError> {
    let row = Entity::find_by_id(id.0).filter(here(area)).one(db).await.map_err(store_error)?;
    row.map(|row| to_credit(vault, row)).transpose()
}

pub(super) async fn find_own(
    db: &DatabaseConnection,
    vault: &Vault,
    id: CreditId,
    selves: &[PersonId],
) -> Result<Option<Credit>, StoreError> {
    let own = Entity::find_by_id(id.0).filter(Column::PersonId.is_in(selves.iter().map(|own| own.0)));
    own.one(db).await.map_err(store_error)?.map(|row| to_credit(vault, row)).transpose()
}

pub(super) async fn waiting(
    db: &DatabaseConnection,
    vault: &Vault,
    community: CommunityId,
    area: &Area,
    slice: Slice<CreditId>,
) -> Result<Vec<Credit>, StoreError> {
    let rows = Entity::find()
        .filter(Column::CommunityId.eq(community.0))
        .filter(Column::ConfirmedAt.is_null())
        .filter(here(area))
        .apply_if(slice.before, |rows, before| rows.filter(Column::Id.lt(before.0)))
        .order_by_desc(Column::Id)
        .limit(u64::from(slice.limit))
        .all(db)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(|row| to_credit(vault, row)).collect()
}

pub(super) async fn confirm(
    db: &DatabaseConnection,
    id: CreditId,
    minutes: u16,
    by: Confirmation,
) -> Result<bool, StoreError> {
    let confirmed = Entity::update_many()
        .col_expr(Column::Minutes, i64::from(minutes).into())
        .col_expr(Column::ConfirmedBy, by.by.0.into())
        .col_expr(Column::ConfirmedAt, by.at.into())
        .filter(Column::Id.eq(id.0))
        .filter(Column::ConfirmedAt.is_null())
        .exec(db)
        .await
        .map_err(store_error)?;
    Ok(confirmed.rows_affected == 1)
}

pub(super) async fn remove(db: &DatabaseConnection, id: CreditId) -> Result<bool, StoreError> {
    let removed = Entity::delete_many().filter(Column::Id.eq(id.0)).filter(Column::ConfirmedAt.is_null()).exec(db);
    Ok(removed.await.map_err(store_error)?.rows_affected == 1)
}

pub(super) async fn of(
    db: &DatabaseConnection,
    vault: &Vault,
    selves: &[PersonId],
    slice: Slice<CreditId>,
) -> Result<Vec<Credit>, StoreError> {
    let rows = Entity::find()
        .filter(Column::PersonId.is_in(selves.iter().map(|own| own.0)))
        .apply_if(slice.before, |rows, before| rows.filter(Column::Id.lt(before.0)))
        .order_by_desc(Column::Id)
        .limit(u64::from(slice.limit))
        .all(db)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(|row| to_credit(vault, row)).collect()
}

/// One person gives some hundred hours a year at most: the index holds them.
pub(super) async fn by_year(db: &DatabaseConnection, selves: &[PersonId]) -> Result<Vec<(i32, u32)>, StoreError> {
    let rows: Vec<(i64, i64)> = Entity::find()
        .select_only()
        .column(Column::Year)
        .column_as(Expr::col(Column::Minutes).sum().cast_as("BIGINT"), "minutes")
        .filter(Column::PersonId.is_in(selves.iter().map(|own| own.0)))
        .filter(Column::ConfirmedAt.is_not_null())
        .group_by(Column::Year)
        .order_by_desc(Column::Year)
        .into_tuple()
        .all(db)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(|(year, minutes)| Ok((cell::number(WHAT, year)?, cell::number(WHAT, minutes)?))).collect()
}
