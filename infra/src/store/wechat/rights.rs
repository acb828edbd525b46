//! The ledger of rights to send.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::JoinType::LeftJoin;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::ports::StoreError;
use domain::wechat::{HeldRight, Right, RightChange, WechatAccount};

use crate::database::store_error;
use crate::entity::{identity, message_right};
use crate::store::cell;

pub(super) async fn find(
    db: &DatabaseConnection,
    account: &WechatAccount,
    template: &str,
) -> Result<Right, StoreError> {
    let whose = Query::select()
        .column(identity::Column::PersonId)
        .from(identity::Entity)
        .and_where(identity::Column::AppId.eq(&account.app_id))
        .and_where(identity::Column::Openid.eq(&account.openid))
        .take();
    let row = message_right::Entity::find()
        .filter(message_right::Column::PersonId.in_subquery(whose))
        .filter(message_right::Column::AppId.eq(&account.app_id))
        .filter(message_right::Column::TemplateId.eq(template))
        .one(db)
        .await
        .map_err(store_error)?;
    row.map_or(Ok(Right::default()), |row| to_right(&row))
}

pub(super) async fn of(db: &DatabaseConnection, person: PersonId) -> Result<Vec<HeldRight>, StoreError> {
    use message_right::{Column, Entity};
    let rows = Entity::find().filter(Column::PersonId.eq(person.0)).order_by_asc(Column::AppId);
    let rows = rows.order_by_asc(Column::TemplateId).all(db).await.map_err(store_error)?;
    let held = |row: message_right::Model| {
        let right = to_right(&row)?;
        Ok(HeldRight { app_id: row.app_id, template_id: row.template_id, right })
    };
    rows.into_iter().map(held).collect()
}

/// One for each right that allows something, and one without a template for each account that has none.
#[derive(FromQueryResult)]
pub(in crate::store) struct AllowedRow {
    pub person: Uuid,
    pub app_id: String,
    pub template_id: Option<String>,
}

/// What may be sent to these people now, by account.
pub(in crate::store) async fn allowed<'a>(
    db: &impl ConnectionTrait,
    persons: impl Iterator<Item = PersonId>,
    app_ids: impl Iterator<Item = &'a str>,
) -> Result<Vec<AllowedRow>, StoreError> {
    let right = |column| Expr::col((message_right::Entity, column));
    let account = |column| Expr::col((identity::Entity, column));
    let allows = right(message_right::Column::LeftOver).gt(0).or(right(message_right::Column::Standing).eq(true));
    let of_the_account = account(identity::Column::PersonId)
        .equals((message_right::Entity, message_right::Column::PersonId))
        .and(account(identity::Column::AppId).equals((message_right::Entity, message_right::Column::AppId)))
        .and(allows);
    let query = Query::select()
        .expr_as(account(identity::Column::PersonId), "person")
        .expr_as(account(identity::Column::AppId), "app_id")
        .expr_as(right(message_right::Column::TemplateId), "template_id")
        .from(identity::Entity)
        .join(LeftJoin, message_right::Entity, of_the_account)
        .and_where(account(identity::Column::PersonId).is_in(persons.map(|id| id.0)))
        .and_where(account(identity::Column::AppId).is_in(app_ids))
        .take();
    let rows = db.query_all(&query).await.map_err(store_error)?;
    rows.iter().map(|row| AllowedRow::from_query_result(row, "").map_err(store_error)).collect()
}

/// The row is locked from the reading to the writing: of two changes at once, none is lost.
pub(super) async fn change(
    tx: &DatabaseTransaction,
    person: PersonId,
    app_id: &str,
    template: &str,
    change: RightChange,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    use message_right::{Column, Entity, Model};
    let key = (person.0, app_id.to_owned(), template.to_owned());
    let (app_id, template_id) = (app_id.to_owned(), template.to_owned());
    let none =
        Model { person_id: person.0, app_id, template_id, left_over: 0, standing: false, hinted: false, at: now };
    Entity::insert(none.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .map_err(store_error)?;
    let row = Entity::find_by_id(key).lock_exclusive().one(tx).await.map_err(store_error)?;
    let Some(row) = row else { return Ok(()) };
    let Right { left, standing, hinted } = to_right(&row)?.after(change);
    Entity::update_many()
        .col_expr(Column::LeftOver, i64::from(left).into())
        .col_expr(Column::Standing, standing.into())
        .col_expr(Column::Hinted, hinted.into())
        .col_expr(Column::At, now.into())
        .filter(Column::PersonId.eq(row.person_id))
        .filter(Column::AppId.eq(row.app_id))
        .filter(Column::TemplateId.eq(row.template_id))
        .exec(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

fn to_right(row: &message_right::Model) -> Result<Right, StoreError> {
    Ok(Right { left: cell::number("message right", row.left_over)?, standing: row.standing, hinted: row.hinted })
}
