use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use domain::ids::{CommunityId, PersonId, PlaceId, ResidenceId};
use domain::people::{Address, Area, MAX_RESIDENCES, Residence, Verification};
use domain::ports::{Added, Answer, Dwelling, HomeOf, HomeQuery, ResidenceStore, Slice, StoreError};

use super::cell;
use super::people::person::to_profile;
use super::write::{Halt, insert_answer};
use crate::database::{Database, store_error};
use crate::entity::person;
use crate::entity::residence::{self, Column, Entity};
use crate::vault::{Cell, Row, Vault};

const WHAT: &str = "residence";
/// What the blind index of homes is made for.
const HOME: &str = "home";

/// [`ResidenceStore`] over the table `residences`.
pub struct ResidenceRows {
    db: Database,
    vault: Arc<Vault>,
}

impl ResidenceRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }

    async fn with_neighbours(
        &self,
        rows: Vec<(residence::Model, Option<person::Model>)>,
    ) -> Result<Vec<HomeOf>, StoreError> {
        let homes = rows.iter().filter_map(|(row, _)| row.home_index.clone()).collect();
        let people = people_behind(self.db.reader(), homes).await?;
        let home_of = |(row, person): (residence::Model, Option<person::Model>)| {
            let behind = row.home_index.as_ref().and_then(|door| people.get(door)).copied().unwrap_or(1);
            let name = person.map(|person| to_profile(&self.vault, &person)).transpose()?.and_then(|p| p.nickname);
            Ok(HomeOf { home: to_residence(&self.vault, row)?, name, others: behind.saturating_sub(1) })
        };
        rows.into_iter().map(home_of).collect()
    }
}

#[async_trait]
impl ResidenceStore for ResidenceRows {
    async fn residences_of(&self, person: PersonId) -> Result<Vec<Residence>, StoreError> {
        let rows = own(self.db.reader(), person).await?;
        rows.into_iter().map(|row| to_residence(&self.vault, row)).collect()
    }

    async fn settle(&self, home: &Residence) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        let homes = locked_homes(&tx, &self.vault, home.person).await?;
        let main = homes.iter().find(|known| known.is_main);
        match homes.iter().find(|known| known.address == home.address) {
            Some(known) if known.is_main => return tx.rollback().await.map_err(store_error),
            Some(known) => {
                if let Some(main) = main {
                    mark(&tx, main.id, false).await?;
                }
                mark(&tx, known.id, true).await?;
            }
            None => {
                if let Some(main) = main {
                    delete(&tx, main.id).await?;
                }
                insert(&tx, &self.vault, &Residence { is_main: true, ..home.clone() }).await?;
            }
        }
        tx.commit().await.map_err(store_error)
    }

    async fn add(&self, home: &Residence, answer: Option<&Answer>) -> Result<Added, StoreError> {
        let tx = self.db.begin_write().await?;
        if let Some(answer) = answer {
            match insert_answer(&tx, &self.vault, answer, None).await {
                Ok(()) => {}
                Err(Halt::Ended(_)) => return Ok(Added::KeyTaken),
                Err(Halt::Failed(error)) => return Err(error),
            }
        }
        let homes = locked_homes(&tx, &self.vault, home.person).await?;
        if homes.iter().any(|known| known.address == home.address) {
            return Ok(Added::Known);
        }
        if homes.len() >= MAX_RESIDENCES {
            return Ok(Added::Full);
        }
        insert(&tx, &self.vault, &Residence { is_main: homes.is_empty(), ..home.clone() }).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(Added::Done)
    }

    async fn remove(&self, person: PersonId, id: ResidenceId) -> Result<bool, StoreError> {
        let tx = self.db.begin_write().await?;
        let homes = locked_homes(&tx, &self.vault, person).await?;
        let Some(gone) = homes.iter().find(|home| home.id == id) else { return Ok(false) };
        delete(&tx, id).await?;
        let next = homes.iter().filter(|home| home.id != id).min_by_key(|home| (home.since, home.id));
        if let Some(next) = next.filter(|_| gone.is_main) {
            mark(&tx, next.id, true).await?;
        }
        tx.commit().await.map_err(store_error)?;
        Ok(true)
    }

    async fn homes_in(&self, query: &HomeQuery) -> Result<Vec<HomeOf>, StoreError> {
        let rows = Entity::find()
            .filter(Column::CommunityId.eq(query.community.0))
            .filter(in_area(&query.area))
            .apply_if(query.verified, |rows, verified| {
                let is_open = Column::VerifiedAt.is_null();
                rows.filter(if verified { is_open.not() } else { is_open })
            })
            .apply_if(query.slice.before, |rows, before| rows.filter(Column::Id.lt(before.0)))
            .find_also_related(person::Entity)
            .order_by_desc(Column::Id)
            .limit(u64::from(query.slice.limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        self.with_neighbours(rows).await
    }

    async fn dwellings(
        &self,
        community: CommunityId,
        compounds: &[PlaceId],
        slice: Slice<ResidenceId>,
    ) -> Result<Vec<Dwelling>, StoreError> {
        let rows = Entity::find()
            .filter(Column::CommunityId.eq(community.0))
            .filter(Column::VerifiedAt.is_not_null())
            .filter(match compounds {
                [] => Column::CompoundId.is_not_null(),
                some => Column::CompoundId.is_in(some.iter().map(|id| id.0)),
            })
            .apply_if(slice.before, |rows, before| rows.filter(Column::Id.lt(before.0)))
            .find_also_related(person::Entity)
            .order_by_desc(Column::Id)
            .limit(u64::from(slice.limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        let dwelling = |(row, person): (residence::Model, Option<person::Model>)| {
            let name = person.map(|person| to_profile(&self.vault, &person)).transpose()?.and_then(|p| p.nickname);
            Ok(Dwelling { home: to_residence(&self.vault, row)?, name })
        };
        rows.into_iter().map(dwelling).collect()
    }

    async fn find_home(&self, id: ResidenceId, area: &Area) -> Result<Option<HomeOf>, StoreError> {
        let row = Entity::find_by_id(id.0).filter(in_area(area)).find_also_related(person::Entity);
        let row = row.one(self.db.reader()).await.map_err(store_error)?;
        Ok(self.with_neighbours(row.into_iter().collect()).await?.into_iter().next())
    }

    async fn verify(
        &self,
        id: ResidenceId,
        area: &Area,
        verification: Option<Verification>,
    ) -> Result<bool, StoreError> {
        let verified = Entity::update_many()
            .col_expr(Column::VerifiedAt, verification.map(|v| v.at).into())
            .col_expr(Column::VerifiedBy, verification.map(|v| v.by.0).into())
            .filter(Column::Id.eq(id.0))
            .filter(in_area(area))
            .exec(self.db.writer())
            .await
            .map_err(store_error)?;
        Ok(verified.rows_affected == 1)
    }
}

/// Homes that lie in the area; none in an empty one.
pub(super) fn in_area(area: &Area) -> Condition {
    if area.everywhere {
        return Condition::all();
    }
    Condition::any()
        .add(Column::CommunityId.is_in(area.communities.iter().map(|id| id.0)))
        .add(Column::CompoundId.is_in(area.compounds.iter().map(|id| id.0)))
}

/// The main one first, then by age.
async fn own(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<residence::Model>, StoreError> {
    let rows = Entity::find()
        .filter(Column::PersonId.eq(person.0))
        .order_by_desc(Column::IsMain)
        .order_by_asc(Column::Id)
        .all(db)
        .await;
    rows.map_err(store_error)
}

/// The person's homes; of two changes at once, the second waits here for the first.
async fn locked_homes(tx: &DatabaseTransaction, vault: &Vault, person: PersonId) -> Result<Vec<Residence>, StoreError> {
    person::Entity::find_by_id(person.0).lock_exclusive().one(tx).await.map_err(store_error)?;
    own(tx, person).await?.into_iter().map(|row| to_residence(vault, row)).collect()
}

pub(super) async fn insert(tx: &DatabaseTransaction, vault: &Vault, home: &Residence) -> Result<(), StoreError> {
    let row = to_row(vault, home)?;
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map_err(store_error)?;
    Ok(())
}

async fn delete(tx: &DatabaseTransaction, id: ResidenceId) -> Result<(), StoreError> {
    Entity::delete_by_id(id.0).exec(tx).await.map_err(store_error)?;
    Ok(())
}

async fn mark(tx: &DatabaseTransaction, id: ResidenceId, is_main: bool) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::IsMain, is_main.into())
        .filter(Column::Id.eq(id.0))
        .exec(tx)
        .await
        .map_err(store_error)?;
    Ok(())
}

/// How many people live behind each of these doors.
async fn people_behind(db: &impl ConnectionTrait, doors: Vec<Vec<u8>>) -> Result<HashMap<Vec<u8>, u32>, StoreError> {
    if doors.is_empty() {
        return Ok(HashMap::new());
    }
    let counted: Vec<(Vec<u8>, i64)> = Entity::find()
        .select_only()
        .column(Column::HomeIndex)
        .column_as(Expr::col(Column::PersonId).count_distinct(), "people")
        .filter(Column::HomeIndex.is_in(doors))
        .group_by(Column::HomeIndex)
        .into_tuple()
        .all(db)
        .await
        .map_err(store_error)?;
    counted.into_iter().map(|(door, people)| Ok((door, cell::number(WHAT, people)?))).collect()
}

fn to_row(vault: &Vault, home: &Residence) -> Result<residence::Model, StoreError> {
    Ok(residence::Model {
        id: home.id.0,
        person_id: home.person.0,
        community_id: home.address.community_id.0,
        compound_id: home.compound_id.map(Into::into),
        body: cell::lock(vault, body_cell(home.id.0), &home.address)?,
        home_index: home.address.home().map(|home| vault.blind(HOME, &home).to_vec()),
        is_main: home.is_main,
        since: home.since,
        verified_at: home.verified.map(|v| v.at),
        verified_by: home.verified.map(|v| v.by.0),
    })
}

pub(super) fn to_residence(vault: &Vault, row: residence::Model) -> Result<Residence, StoreError> {
    let address: Address = cell::unlock(vault, body_cell(row.id), &row.body)?;
    cell::agree(WHAT, row.community_id, address.community_id.0)?;
    let verified = row.verified_at.zip(row.verified_by).map(|(at, by)| Verification { at, by: by.into() });
    Ok(Residence {
        id: row.id.into(),
        person: row.person_id.into(),
        address,
        compound_id: row.compound_id.map(Into::into),
        is_main: row.is_main,
        since: row.since,
        verified,
    })
}

fn body_cell(id: Uuid) -> Cell<'static> {
    Cell::new("residences.body", Row::Id(id))
}
