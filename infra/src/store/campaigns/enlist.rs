//! Doors join a campaign: all of them, or none.

use std::collections::HashSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use domain::campaign::{MAX_HOUSEHOLDS, Target};
use domain::ids::{CampaignId, HouseholdId};
use domain::ports::{Answer, Enlisted, StoreError};

use super::household::{door_index, to_rows};
use crate::database::store_error;
use crate::entity::{campaign, household, household_person};
use crate::store::cell;
use crate::store::write::{Halt, ROWS_PER_STATEMENT, insert_answer};
use crate::vault::Vault;

const WHAT: &str = "campaign";

/// Targets with the blind index of their doors.
type Indexed<'a> = Vec<(&'a Target, Vec<u8>)>;

pub(super) async fn all(
    tx: &DatabaseTransaction,
    vault: &Vault,
    id: CampaignId,
    targets: &[Target],
    answer: Option<&Answer>,
) -> Result<Enlisted, StoreError> {
    if let Some(answer) = answer {
        match insert_answer(tx, vault, answer, None).await {
            Ok(()) => {}
            Err(Halt::Ended(_)) => return Ok(Enlisted::KeyTaken),
            Err(Halt::Failed(error)) => return Err(error),
        }
    }
    let have = match room(tx, id, targets.len()).await? {
        Ok(have) => have,
        Err(end) => return Ok(end),
    };
    let indexed = index(vault, targets)?;
    let mut doors = known(tx, id, &indexed).await?;
    // Among each other, the first of two keeps the door.
    let is_known = |(target, door): &(&Target, Vec<u8>)| (!doors.insert(door.clone())).then_some(target.id);
    let twice: Vec<HouseholdId> = indexed.iter().filter_map(is_known).collect();
    if !twice.is_empty() {
        return Ok(Enlisted::Known(twice));
    }
    write(tx, vault, id, have, indexed).await
}

/// Those whose doors are not in the campaign yet, and how many they are.
pub(super) async fn new_ones(
    tx: &DatabaseTransaction,
    vault: &Vault,
    id: CampaignId,
    targets: &[Target],
) -> Result<(Enlisted, u32), StoreError> {
    // Waits for whoever enlists just now, before it looks which doors are known.
    let have = match room(tx, id, 0).await? {
        Ok(have) => have,
        Err(end) => return Ok((end, 0)),
    };
    let mut indexed = index(vault, targets)?;
    let mut doors = known(tx, id, &indexed).await?;
    indexed.retain(|(_, door)| doors.insert(door.clone()));
    let count = cell::number(WHAT, indexed.len())?;
    if have + i64::from(count) > i64::from(MAX_HOUSEHOLDS) {
        return Ok((Enlisted::Full, count));
    }
    Ok((write(tx, vault, id, have, indexed).await?, count))
}

/// Commits what was done, and takes everything else back.
pub(super) async fn end(tx: DatabaseTransaction, enlisted: Enlisted) -> Result<Enlisted, StoreError> {
    match enlisted {
        Enlisted::Done(_) => tx.commit().await,
        Enlisted::Known(_) | Enlisted::Closed | Enlisted::Full | Enlisted::KeyTaken => tx.rollback().await,
    }
    .map_err(store_error)?;
    Ok(enlisted)
}

/// How many doors the campaign has, which stays so until the end of the transaction; or why no more join it.
async fn room(tx: &DatabaseTransaction, id: CampaignId, more: usize) -> Result<Result<i64, Enlisted>, StoreError> {
    let row = campaign::Entity::find_by_id(id.0).lock_exclusive().one(tx).await.map_err(store_error)?;
    let Some(row) = row.filter(|row| row.closed_at.is_none()) else { return Ok(Err(Enlisted::Closed)) };
    let after = row.households + cell::number::<i64, _>(WHAT, more)?;
    Ok(if after > i64::from(MAX_HOUSEHOLDS) { Err(Enlisted::Full) } else { Ok(row.households) })
}

fn index<'a>(vault: &Vault, targets: &'a [Target]) -> Result<Indexed<'a>, StoreError> {
    targets.iter().map(|target| Ok((target, door_index(vault, target)?))).collect()
}

/// Which of these doors are in the campaign.
async fn known(
    tx: &DatabaseTransaction,
    id: CampaignId,
    indexed: &Indexed<'_>,
) -> Result<HashSet<Vec<u8>>, StoreError> {
    let mut doors = HashSet::new();
    for some in indexed.chunks(ROWS_PER_STATEMENT) {
        let found: Vec<Option<Vec<u8>>> = household::Entity::find()
            .select_only()
            .column(household::Column::DoorIndex)
            .filter(household::Column::CampaignId.eq(id.0))
            .filter(household::Column::DoorIndex.is_in(some.iter().map(|(_, door)| door.clone())))
            .into_tuple()
            .all(tx)
            .await
            .map_err(store_error)?;
        doors.extend(found.into_iter().flatten());
    }
    Ok(doors)
}

async fn write(
    tx: &DatabaseTransaction,
    vault: &Vault,
    id: CampaignId,
    have: i64,
    indexed: Indexed<'_>,
) -> Result<Enlisted, StoreError> {
    let mut number = have;
    let mut people = Vec::new();
    let mut rows = Vec::with_capacity(indexed.len());
    for (target, door) in indexed {
        number += 1;
        let (row, dwellers) = to_rows(vault, id, number, door, target)?;
        rows.push(row);
        people.extend(dwellers);
    }
    for some in chunks(rows) {
        let some = some.into_iter().map(IntoActiveModel::into_active_model);
        household::Entity::insert_many(some).exec_without_returning(tx).await.map_err(store_error)?;
    }
    for some in chunks(people) {
        let some = some.into_iter().map(IntoActiveModel::into_active_model);
        household_person::Entity::insert_many(some).exec_without_returning(tx).await.map_err(store_error)?;
    }
    campaign::Entity::update_many()
        .col_expr(campaign::Column::Households, Expr::val(number))
        .filter(campaign::Column::Id.eq(id.0))
        .exec(tx)
        .await
        .map_err(store_error)?;
    Ok(Enlisted::Done(cell::number(WHAT, have + 1)?))
}

fn chunks<T>(all: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut all = all.into_iter();
    std::iter::from_fn(move || {
        let some: Vec<T> = all.by_ref().take(ROWS_PER_STATEMENT).collect();
        (!some.is_empty()).then_some(some)
    })
}
