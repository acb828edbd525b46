//! What people took back in WeChat, and what of it is still to go.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use domain::ids::PersonId;
use domain::ports::StoreError;
use domain::wechat::{Forgetting, Heard, Item};

use crate::database::store_error;
use crate::entity::{person, to_forget};
use crate::store::cell;
use crate::store::people::person::{profile_cell, to_profile};
use crate::vault::Vault;

/// What stands in the person's own row goes at once, what stands elsewhere is noted to go.
pub(super) async fn forget(
    tx: &DatabaseTransaction,
    vault: &Vault,
    whose: PersonId,
    told: &str,
    items: &[Item],
    now: DateTime<Utc>,
) -> Result<Heard, StoreError> {
    let row = person::Entity::find_by_id(whose.0).lock_exclusive().one(tx).await.map_err(store_error)?;
    let Some(row) = row.filter(|row| row.erased_at.is_none()) else { return Ok(Heard::Done) };
    let mut profile = to_profile(vault, &row)?;
    let mut columns = person::ActiveModel { id: Unchanged(whose.0), ..Default::default() };
    for item in items {
        match item {
            Item::Phone => {
                profile.phone = None;
                columns.phone_index = Set(None);
            }
            Item::Nickname => profile.nickname = None,
            Item::Photos => {}
        }
    }
    columns.profile = Set(Some(cell::lock(vault, profile_cell(whose.0), &profile)?));
    person::Entity::update(columns).exec_without_returning(tx).await.map_err(store_error)?;
    note(tx, whose, told, items, now).await?;
    Ok(Heard::Forget(whose))
}

/// What was told of the person before and is not forgotten yet stays on the list.
async fn note(
    tx: &DatabaseTransaction,
    whose: PersonId,
    told: &str,
    items: &[Item],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let before = to_forget::Entity::find_by_id(whose.0).one(tx).await.map_err(store_error)?;
    let was = |of: fn(&to_forget::Model) -> bool| before.as_ref().is_some_and(of);
    let row = to_forget::Model {
        person_id: whose.0,
        told: told.to_owned(),
        phone: items.contains(&Item::Phone) || was(|row| row.phone),
        photos: items.contains(&Item::Photos) || was(|row| row.photos),
        since: now,
    };
    use to_forget::Column::{PersonId as Person, Phone, Photos, Since, Told};
    let all = OnConflict::column(Person).update_columns([Told, Phone, Photos, Since]).to_owned();
    to_forget::Entity::insert(row.into_active_model())
        .on_conflict(all)
        .exec_without_returning(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(super) async fn list(db: &DatabaseConnection, limit: u16) -> Result<Vec<Forgetting>, StoreError> {
    let rows = to_forget::Entity::find()
        .order_by_asc(to_forget::Column::Since)
        .limit(u64::from(limit))
        .all(db)
        .await
        .map_err(store_error)?;
    let forgetting = |to_forget::Model { person_id, told, phone, photos, since }| Forgetting {
        person: person_id.into(),
        told,
        phone,
        photos,
        since,
    };
    Ok(rows.into_iter().map(forgetting).collect())
}

/// Nothing where something was told of the person meanwhile.
pub(super) async fn done(db: &DatabaseConnection, what: &Forgetting) -> Result<(), StoreError> {
    use to_forget::Column;
    let gone = to_forget::Entity::delete_many()
        .filter(Column::PersonId.eq(what.person.0))
        .filter(Column::Since.eq(what.since))
        .filter(Column::Phone.eq(what.phone))
        .filter(Column::Photos.eq(what.photos));
    gone.exec(db).await.map(drop).map_err(store_error)
}
