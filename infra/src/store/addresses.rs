use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use domain::ids::{AddressId, CommunityId, PersonId, PlaceId};
use domain::people::Area;
use domain::place::{AddressLevel, Registered, Registration, building_key};
use domain::ports::{AddressStore, BuildingQuery, Entered, Removed, Slice, StoreError};

use super::cell;
use super::write::ROWS_PER_STATEMENT;
use crate::database::{Database, store_error};
use crate::entity::address::{self, Column, Entity};
use crate::entity::community;
use crate::vault::{Cell, Row, Vault};

const WHAT: &str = "address";
/// What the blind index of keys is made for.
const KEY: &str = "address";

/// [`AddressStore`] over the table `addresses`.
pub struct AddressRows {
    db: Database,
    vault: Arc<Vault>,
}

impl AddressRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }

    fn index(&self, key: &str) -> Vec<u8> {
        self.vault.blind(KEY, key).to_vec()
    }

    fn to_row(
        &self,
        community: CommunityId,
        new: &Registration,
        parent: Option<Uuid>,
        (by, at): (PersonId, DateTime<Utc>),
    ) -> Result<address::Model, StoreError> {
        let (name, room) = match new.level {
            AddressLevel::Building | AddressLevel::Unit => (Some(new.name.clone()), None),
            AddressLevel::Room => (None, Some(cell::lock(&self.vault, room_cell(new.id.0), &new.name)?)),
        };
        Ok(address::Model {
            id: new.id.0,
            community_id: community.0,
            compound_id: new.compound.0,
            parent_id: parent,
            level: new.level.to_string(),
            name,
            room,
            key_index: self.index(&new.key),
            grid_id: new.grid.map(Into::into),
            entered_by: by.0,
            entered_at: at,
        })
    }

    fn to_registered(&self, row: address::Model) -> Result<Registered, StoreError> {
        let name = match (row.name, row.room) {
            (Some(name), None) => name,
            (None, Some(room)) => cell::unlock(&self.vault, room_cell(row.id), &room)?,
            (Some(_), Some(_)) | (None, None) => return Err(StoreError::corrupt(WHAT, "it has no name, or two")),
        };
        Ok(Registered {
            id: row.id.into(),
            community: row.community_id.into(),
            compound: row.compound_id.into(),
            parent: row.parent_id.map(Into::into),
            level: cell::named(WHAT, &row.level)?,
            name,
            grid: row.grid_id.map(Into::into),
        })
    }

    /// Writes the rows that `known` does not hold, each below what it lies in.
    async fn write(
        &self,
        tx: &DatabaseTransaction,
        community: CommunityId,
        rows: &[Registration],
        known: &HashMap<Vec<u8>, (Uuid, Option<Uuid>)>,
        hand: (PersonId, DateTime<Utc>),
    ) -> Result<Entered, StoreError> {
        let (mut ids, mut new) = (HashMap::new(), Vec::new());
        for row in rows {
            match known.get(&self.index(&row.key)) {
                Some((id, grid)) => {
                    ids.insert(row.key.clone(), AddressId(*id));
                    if let Some(wanted) = row.grid.filter(|wanted| *grid != Some(wanted.0)) {
                        put(tx, *id, Some(wanted)).await?;
                    }
                }
                None => {
                    let parent = row.above.as_ref().and_then(|above| ids.get(above)).map(|id| id.0);
                    new.push(self.to_row(community, row, parent, hand)?);
                    ids.insert(row.key.clone(), row.id);
                }
            }
        }
        let added = new.len();
        for chunk in new.chunks(ROWS_PER_STATEMENT) {
            let rows = chunk.iter().cloned().map(IntoActiveModel::into_active_model);
            Entity::insert_many(rows).exec_without_returning(tx).await.map_err(store_error)?;
        }
        Ok(Entered { added, ids })
    }
}

#[async_trait]
impl AddressStore for AddressRows {
    async fn enter(
        &self,
        community: CommunityId,
        rows: &[Registration],
        by: PersonId,
        at: DateTime<Utc>,
    ) -> Result<Entered, StoreError> {
        let tx = self.db.begin_write().await?;
        lock(&tx, community.0).await?;
        let mut known = HashMap::new();
        for chunk in rows.chunks(ROWS_PER_STATEMENT) {
            let found: Vec<(Vec<u8>, Uuid, Option<Uuid>)> = Entity::find()
                .select_only()
                .columns([Column::KeyIndex, Column::Id, Column::GridId])
                .filter(Column::KeyIndex.is_in(chunk.iter().map(|row| self.index(&row.key))))
                .into_tuple()
                .all(&tx)
                .await
                .map_err(store_error)?;
            known.extend(found.into_iter().map(|(key, id, grid)| (key, (id, grid))));
        }
        let entered = self.write(&tx, community, rows, &known, (by, at)).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(entered)
    }

    async fn buildings(&self, query: &BuildingQuery) -> Result<Vec<Registered>, StoreError> {
        let rows = Entity::find()
            .filter(Column::ParentId.is_null())
            .filter(Column::CommunityId.eq(query.community.0))
            .filter(in_area(&query.area))
            .apply_if(query.compound, |rows, compound| rows.filter(Column::CompoundId.eq(compound.0)))
            .apply_if(query.grid, |rows, grid| rows.filter(Column::GridId.eq(grid.0)))
            .apply_if(query.slice.before, |rows, after| rows.filter(Column::Id.gt(after.0)))
            .order_by_asc(Column::Id)
            .limit(u64::from(query.slice.limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(|row| self.to_registered(row)).collect()
    }

    async fn below(&self, id: AddressId, area: &Area, slice: Slice<AddressId>) -> Result<Vec<Registered>, StoreError> {
        let rows = Entity::find()
            .filter(Column::ParentId.eq(id.0))
            .filter(in_area(area))
            .apply_if(slice.before, |rows, after| rows.filter(Column::Id.gt(after.0)))
            .order_by_asc(Column::Id)
            .limit(u64::from(slice.limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(|row| self.to_registered(row)).collect()
    }

    async fn find_address(&self, id: AddressId, area: &Area) -> Result<Option<Registered>, StoreError> {
        let row = Entity::find_by_id(id.0).filter(in_area(area)).one(self.db.reader()).await.map_err(store_error)?;
        row.map(|row| self.to_registered(row)).transpose()
    }

    async fn assign(&self, building: AddressId, grid: Option<PlaceId>) -> Result<bool, StoreError> {
        put(self.db.writer(), building.0, grid).await
    }

    async fn remove(&self, id: AddressId) -> Result<Removed, StoreError> {
        let tx = self.db.begin_write().await?;
        let Some(row) = Entity::find_by_id(id.0).one(&tx).await.map_err(store_error)? else {
            return Ok(Removed::Unknown);
        };
        // Nobody enters anything below it meanwhile.
        lock(&tx, row.community_id).await?;
        let below = Entity::find().filter(Column::ParentId.eq(id.0)).limit(1).one(&tx).await.map_err(store_error)?;
        if below.is_some() {
            return Ok(Removed::NotEmpty);
        }
        let gone = Entity::delete_by_id(id.0).exec(&tx).await.map_err(store_error)?;
        tx.commit().await.map_err(store_error)?;
        Ok(if gone.rows_affected == 1 { Removed::Done } else { Removed::Unknown })
    }

    async fn grid_of_building(&self, compound: PlaceId, building: &str) -> Result<Option<PlaceId>, StoreError> {
        let found: Option<Option<Uuid>> = Entity::find()
            .select_only()
            .column(Column::GridId)
            .filter(Column::KeyIndex.eq(self.index(&building_key(compound, building))))
            .into_tuple()
            .one(self.db.reader())
            .await
            .map_err(store_error)?;
        Ok(found.flatten().map(Into::into))
    }
}

/// Of two that write in one community at once, the second waits here for the first.
async fn lock(tx: &DatabaseTransaction, community: Uuid) -> Result<(), StoreError> {
    community::Entity::find_by_id(community).lock_exclusive().one(tx).await.map(drop).map_err(store_error)
}

/// Whether there is such a building.
async fn put(db: &impl sea_orm::ConnectionTrait, building: Uuid, grid: Option<PlaceId>) -> Result<bool, StoreError> {
    let put = Entity::update_many()
        .col_expr(Column::GridId, grid.map(|grid| grid.0).into())
        .filter(Column::Id.eq(building))
        .filter(Column::ParentId.is_null())
        .exec(db)
        .await
        .map_err(store_error)?;
    Ok(put.rows_affected == 1)
}

/// Addresses whose compounds lie in the area; none in an empty one.
fn in_area(area: &Area) -> Condition {
    if area.everywhere {
        return Condition::all();
    }
    Condition::any()
        .add(Column::CommunityId.is_in(area.communities.iter().map(|id| id.0)))
        .add(Column::CompoundId.is_in(area.compounds.iter().map(|id| id.0)))
}

fn room_cell(id: Uuid) -> Cell<'static> {
    Cell::new("addresses.room", Row::Id(id))
}
