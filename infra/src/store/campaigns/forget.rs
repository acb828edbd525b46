//! What speaks of people goes; counts stay. No key is needed for it.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

use domain::ports::StoreError;

use crate::database::store_error;
use crate::entity::{attachment, campaign, campaign_visit, household, household_person};

/// Takes somebody who closes the account out of every household. A home in which nobody is left is forgotten.
pub(in crate::store) async fn forget_person(tx: &DatabaseTransaction, person: Uuid) -> Result<(), StoreError> {
    let named = household_person::Entity::find().filter(household_person::Column::PersonId.eq(person));
    let named = named.all(tx).await.map_err(store_error)?;
    if named.is_empty() {
        return Ok(());
    }
    let gone = household_person::Entity::delete_many().filter(household_person::Column::PersonId.eq(person));
    gone.exec(tx).await.map_err(store_error)?;
    let others = Query::select()
        .expr(Expr::val(1))
        .from(household_person::Entity)
        .and_where(
            Expr::col((household_person::Entity, household_person::Column::HouseholdId))
                .equals((household::Entity, household::Column::Id)),
        )
        .take();
    let empty = Condition::all()
        .add(household::Column::Id.is_in(named.iter().map(|row| row.household_id)))
        .add(Expr::exists(others).not());
    forget(tx, empty).await
}

/// Closed before the instant, and not forgotten yet.
pub(in crate::store) fn forgettable(before: DateTime<Utc>) -> Select<campaign::Entity> {
    campaign::Entity::find().filter(campaign::Column::ClosedAt.lt(before)).filter(campaign::Column::Forgotten.eq(false))
}

/// Forgets the households of one such campaign; whether there was one.
pub(in crate::store) async fn forget_closed(
    tx: &DatabaseTransaction,
    before: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let Some(row) = forgettable(before).one(tx).await.map_err(store_error)? else { return Ok(false) };
    forget(tx, Condition::all().add(household::Column::CampaignId.eq(row.id))).await?;
    let forgotten = campaign::Entity::update_many()
        .col_expr(campaign::Column::Forgotten, true.into())
        .filter(campaign::Column::Id.eq(row.id));
    forgotten.exec(tx).await.map(|_| true).map_err(store_error)
}

async fn forget(tx: &DatabaseTransaction, which: Condition) -> Result<(), StoreError> {
    let households = || -> SelectStatement {
        let column = (household::Entity, household::Column::Id);
        Query::select().column(column).from(household::Entity).cond_where(which.clone()).take()
    };
    let visits = Query::select()
        .column(campaign_visit::Column::Id)
        .from(campaign_visit::Entity)
        .and_where(Expr::col(campaign_visit::Column::HouseholdId).in_subquery(households()))
        .take();
    // Photos that belong to nothing are removed with their files.
    attachment::Entity::update_many()
        .set(attachment::ActiveModel { visit_id: Set(None), ..Default::default() })
        .filter(attachment::Column::VisitId.in_subquery(visits))
        .exec(tx)
        .await
        .map_err(store_error)?;
    campaign_visit::Entity::update_many()
        .set(campaign_visit::ActiveModel { body: Set(None), ..Default::default() })
        .filter(campaign_visit::Column::HouseholdId.in_subquery(households()))
        .exec(tx)
        .await
        .map_err(store_error)?;
    household_person::Entity::delete_many()
        .filter(household_person::Column::HouseholdId.in_subquery(households()))
        .exec(tx)
        .await
        .map_err(store_error)?;
    // Last: which households they are may be seen by who still lives there.
    household::Entity::update_many()
        .set(household::ActiveModel { door: Set(None), door_index: Set(None), ..Default::default() })
        .filter(which)
        .exec(tx)
        .await
        .map(drop)
        .map_err(store_error)
}
