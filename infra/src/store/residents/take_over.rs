//! A kept account becomes a former self of the person who verified its phone number.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::ports::StoreError;

use super::list::is_nobodys_former_self;
use crate::database::store_error;
use crate::entity::{delegation, former_self, identity, person, residence};
use crate::store::people::person::to_profile;
use crate::vault::Vault;

/// Wrong names after which an account is no longer given away by itself: numbers move on, and their next owner may guess.
/// Also the mark of accounts that are withheld.
const MOST_WRONG_NAMES: i16 = 5;

pub(super) async fn is_possible(db: &impl ConnectionTrait, who: PersonId) -> Result<bool, StoreError> {
    Ok(person::Entity::find().filter(is_offered_to(who)).one(db).await.map_err(store_error)?.is_some())
}

pub(super) async fn take(
    tx: &DatabaseTransaction,
    vault: &Vault,
    who: PersonId,
    name: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    if !named_so(vault, &former_selves_of(tx, who).await?, name)?.is_empty() {
        // A phone that lost the answer asks again.
        return Ok(true);
    }
    let offered = person::Entity::find()
        .filter(is_offered_to(who))
        .order_by_asc(person::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await
        .map_err(store_error)?;
    let named = named_so(vault, &offered, name)?;
    let [former] = named.as_slice() else {
        count_wrong_name(tx, offered.iter().map(|row| row.id).collect()).await?;
        return Ok(false);
    };
    join(tx, who.0, *former, now).await
}

fn named_so(vault: &Vault, accounts: &[person::Model], name: &str) -> Result<Vec<Uuid>, StoreError> {
    let mut named = Vec::new();
    for row in accounts {
        let known = to_profile(vault, row)?.nickname.unwrap_or_default();
        if plain(&known) == plain(name) {
            named.push(row.id);
        }
    }
    Ok(named)
}

async fn former_selves_of(tx: &DatabaseTransaction, who: PersonId) -> Result<Vec<person::Model>, StoreError> {
    let former = former_self::Entity::find()
        .select_only()
        .column(former_self::Column::FormerId)
        .filter(former_self::Column::PersonId.eq(who.0))
        .into_query();
    let rows = person::Entity::find().filter(person::Column::Id.in_subquery(former)).all(tx).await;
    rows.map_err(store_error)
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Accounts that staff keep under the number that `who` verified.
fn is_offered_to(who: PersonId) -> Condition {
    let kept = |column| Expr::col((person::Entity, column));
    let verified = Query::select()
        .column(("me", person::Column::PhoneIndex))
        .from_as(person::Entity, "me")
        .and_where(Expr::col(("me", person::Column::Id)).eq(who.0))
        .and_where(Expr::col(("me", person::Column::KeptBy)).is_null())
        .take();
    let signs_in = Query::select()
        .expr(Expr::val(1))
        .from(identity::Entity)
        .and_where(Expr::col((identity::Entity, identity::Column::PersonId)).eq(kept(person::Column::Id)))
        .take();
    let column = |column| Expr::col((delegation::Entity, column));
    // Whoever was named by somebody as the one to order for them is somebody else.
    let named_who = Query::select()
        .expr(Expr::val(1))
        .from(delegation::Entity)
        .and_where(column(delegation::Column::PrincipalId).eq(kept(person::Column::Id)))
        .and_where(column(delegation::Column::DelegateId).eq(who.0))
        .take();
    Condition::all()
        .add(person::Column::KeptBy.is_not_null())
        .add(person::Column::WrongNames.lt(MOST_WRONG_NAMES))
        .add(person::Column::PhoneIndex.in_subquery(verified))
        .add(is_nobodys_former_self())
        .add(Expr::exists(signs_in).not())
        .add(Expr::exists(named_who).not())
}

async fn count_wrong_name(tx: &DatabaseTransaction, accounts: Vec<Uuid>) -> Result<(), StoreError> {
    person::Entity::update_many()
        .col_expr(person::Column::WrongNames, Expr::col(person::Column::WrongNames).add(1))
        .filter(person::Column::Id.is_in(accounts))
        .exec(tx)
        .await
        .map_err(store_error)?;
    Ok(())
}

/// Accounts whose number is that of somebody who orders for them are given to nobody: the number is not their person's
/// own. Kept with the account, because the delegation goes with the delegate, and the number comes again.
pub(in crate::store) async fn withhold_from(tx: &DatabaseTransaction, delegate: PersonId) -> Result<(), StoreError> {
    let number = Query::select()
        .column(("me", person::Column::PhoneIndex))
        .from_as(person::Entity, "me")
        .and_where(Expr::col(("me", person::Column::Id)).eq(delegate.0))
        .take();
    let named_delegate = Query::select()
        .column(delegation::Column::PrincipalId)
        .from(delegation::Entity)
        .and_where(delegation::Column::DelegateId.eq(delegate.0))
        .take();
    person::Entity::update_many()
        .col_expr(person::Column::WrongNames, MOST_WRONG_NAMES.into())
        .filter(person::Column::KeptBy.is_not_null())
        .filter(person::Column::PhoneIndex.in_subquery(number))
        .filter(person::Column::Id.in_subquery(named_delegate))
        .exec(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

/// The home moves along, unless the person has a main one already: then it is one more.
async fn join(tx: &DatabaseTransaction, who: Uuid, former: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
    use residence::{Column, Entity};
    let row = former_self::Model { former_id: former, person_id: who, joined_at: now };
    let joined = former_self::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .map_err(store_error)?;
    if joined == 0 {
        return Ok(false);
    }
    let main = Entity::find().filter(Column::PersonId.eq(who)).filter(Column::IsMain.eq(true));
    let has_main = main.one(tx).await.map_err(store_error)?.is_some();
    let mut moved = Entity::update_many().col_expr(Column::PersonId, who.into());
    if has_main {
        moved = moved.col_expr(Column::IsMain, false.into());
    }
    moved.filter(Column::PersonId.eq(former)).exec(tx).await.map_err(store_error)?;
    Ok(true)
}
