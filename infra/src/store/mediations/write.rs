//! What changes cases, inside the transaction of whoever calls.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use uuid::Uuid;

use domain::ids::{OrderId, PersonId};
use domain::mediation::Case;
use domain::notice::Notice;
use domain::ports::{CaseChange, Commit, StoreError};

use super::WHAT;
use super::row::{party_row, row};
use crate::database::store_error;
use crate::entity::{answer, mediation, mediation_party, order};
use crate::store::write::Halt;
use crate::store::{disclosures, orders, outbox};
use crate::vault::Vault;

pub(in crate::store) async fn write(tx: &DatabaseTransaction, vault: &Vault, change: &CaseChange) -> Result<(), Halt> {
    let case = &change.next;
    if case.version == 1 {
        let row = row(vault, case)?.into_active_model();
        mediation::Entity::insert(row).exec_without_returning(tx).await.map_err(store_error)?;
    } else {
        update(tx, vault, case).await?;
    }
    write_parties(tx, vault, case).await?;
    orders::attach(tx, case.order, change.by, &change.photos).await?;
    disclosures::note(tx, &change.disclosures).await?;
    Ok(tell(tx, case, &change.notices, change.at).await?)
}

/// Only the row that still carries the version before.
async fn update(tx: &DatabaseTransaction, vault: &Vault, case: &Case) -> Result<(), Halt> {
    use mediation::Column;
    let row = row(vault, case)?;
    let updated = mediation::Entity::update_many()
        .col_expr(Column::MediatorId, row.mediator_id.into())
        .col_expr(Column::Status, row.status.into())
        .col_expr(Column::MediatorUntil, row.mediator_until.into())
        .col_expr(Column::FollowUpAt, row.follow_up_at.into())
        .col_expr(Column::Body, row.body.into())
        .col_expr(Column::Version, row.version.into())
        .filter(Column::Id.eq(row.id))
        .filter(Column::Version.eq(row.version - 1))
        .exec(tx)
        .await
        .map_err(store_error)?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Halt::Ended(Commit::Stale(case.order))) }
}

async fn write_parties(tx: &DatabaseTransaction, vault: &Vault, case: &Case) -> Result<(), StoreError> {
    use mediation_party::Column;
    let rows = case.parties.iter().map(|party| party_row(vault, case, party).map(IntoActiveModel::into_active_model));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    let overwrite = OnConflict::columns([Column::MediationId, Column::Number])
        .update_columns([Column::PersonId, Column::Standing, Column::CodeIndex, Column::CodeExpiresAt, Column::Body])
        .to_owned();
    mediation_party::Entity::insert_many(rows)
        .on_conflict(overwrite)
        .exec_without_returning(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

/// Beside the latest event of the order, which the notices say nothing of.
pub(super) async fn tell(
    tx: &DatabaseTransaction,
    case: &Case,
    notices: &[Notice],
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    if notices.is_empty() {
        return Ok(());
    }
    let version: Option<i64> = order::Entity::find_by_id(case.order.0)
        .select_only()
        .column(order::Column::Version)
        .into_tuple()
        .one(tx)
        .await
        .map_err(store_error)?;
    let version = version.ok_or_else(|| StoreError::corrupt(WHAT, "its order is missing"))?;
    let event = (case.order, version);
    let rows = notices.iter().map(|notice| outbox::of_event(case.community, event, notice, at));
    outbox::insert(tx, rows.collect::<Result<_, _>>()?).await
}

/// What one party told, and how to reach them, goes; the others keep theirs. Whoever was just changing the case decides anew.
pub(in crate::store) async fn forget(tx: &DatabaseTransaction, person: PersonId) -> Result<(), StoreError> {
    use mediation_party::Column;
    let own = mediation_party::Entity::find().filter(Column::PersonId.eq(person.0)).all(tx).await;
    let own: Vec<Uuid> = own.map_err(store_error)?.iter().map(|row| row.mediation_id).collect();
    if own.is_empty() {
        return Ok(());
    }
    mediation::Entity::update_many()
        .col_expr(mediation::Column::Version, Expr::col(mediation::Column::Version).add(1))
        .filter(mediation::Column::Id.is_in(own.iter().copied()))
        .exec(tx)
        .await
        .map_err(store_error)?;
    // The mediator got answers that show what the party said.
    let orders = Query::select()
        .column(mediation::Column::OrderId)
        .from(mediation::Entity)
        .and_where(mediation::Column::Id.is_in(own.iter().copied()))
        .take();
    let answers = answer::Entity::delete_many().filter(answer::Column::OrderId.in_subquery(orders));
    answers.exec(tx).await.map_err(store_error)?;
    let nobody = mediation_party::ActiveModel {
        person_id: Set(None),
        code_index: Set(None),
        code_expires_at: Set(None),
        body: Set(None),
        ..Default::default()
    };
    let gone = mediation_party::Entity::update_many().set(nobody).filter(Column::PersonId.eq(person.0));
    gone.exec(tx).await.map(drop).map_err(store_error)
}

/// With the words of an order whose time is over, everything that was said about it goes; the figures stay.
pub(in crate::store) async fn remove_of(tx: &DatabaseTransaction, id: OrderId) -> Result<(), StoreError> {
    let cases = Query::select()
        .column(mediation::Column::Id)
        .from(mediation::Entity)
        .and_where(mediation::Column::OrderId.eq(id.0))
        .take();
    let parties = mediation_party::Entity::delete_many();
    let parties = parties.filter(mediation_party::Column::MediationId.in_subquery(cases)).exec(tx).await;
    parties.map_err(store_error)?;
    let cases = mediation::Entity::delete_many().filter(mediation::Column::OrderId.eq(id.0));
    cases.exec(tx).await.map(drop).map_err(store_error)
}
