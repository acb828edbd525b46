use async_trait::async_trait;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, Iterable, QueryFilter,
    QueryOrder, QuerySelect,
};

use domain::ids::PlaceId;
use domain::place::{Community, Partner, Place};
use domain::ports::{Directory, DirectoryStore, PlaceCode, StoreError};

use super::write::ROWS_PER_STATEMENT;
use super::{cell, certificates, services};
use crate::database::{Database, store_error};
use crate::entity::{community, partner, place, place_code};

/// [`DirectoryStore`] over the tables `places`, `communities` and `partners`; services are read beside them.
pub struct DirectoryRows {
    db: Database,
}

impl DirectoryRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl DirectoryStore for DirectoryRows {
    async fn directory(&self) -> Result<Directory, StoreError> {
        let db = self.db.reader();
        let places = place::Entity::find()
            .order_by_asc(place::Column::Position)
            .order_by_asc(place::Column::Id)
            .all(db)
            .await
            .map_err(store_error)?;
        let communities = community::Entity::find()
            .order_by_asc(community::Column::Position)
            .order_by_asc(community::Column::Id)
            .all(db)
            .await
            .map_err(store_error)?;
        let partners = partner::Entity::find()
            .order_by_asc(partner::Column::Position)
            .order_by_asc(partner::Column::Id)
            .all(db)
            .await
            .map_err(store_error)?;
        Ok(Directory {
            places: places.into_iter().map(to_place).collect::<Result<_, _>>()?,
            communities: communities.into_iter().map(to_community).collect(),
            services: services::all(db).await?,
            certificates: certificates::all(db).await?,
            partners: partners.into_iter().map(to_partner).collect::<Result<_, _>>()?,
        })
    }

    async fn save_directory(&self, directory: &Directory) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        // What is new stands behind what is there; what is there keeps its place.
        let next = next_position::<place::Entity>(&tx, place::Column::Position).await?;
        let places: Vec<_> = directory.places.iter().zip(next..).map(place_row).collect();
        upsert::<place::Entity, _>(&tx, places, |column| !matches!(column, place::Column::Position)).await?;
        let next = next_position::<community::Entity>(&tx, community::Column::Position).await?;
        let communities: Vec<_> = directory.communities.iter().zip(next..).map(community_row).collect();
        upsert::<community::Entity, _>(&tx, communities, |column| !matches!(column, community::Column::Position))
            .await?;
        let next = next_position::<partner::Entity>(&tx, partner::Column::Position).await?;
        let partners: Vec<_> = directory.partners.iter().zip(next..).map(partner_row).collect();
        upsert::<partner::Entity, _>(&tx, partners, |column| !matches!(column, partner::Column::Position)).await?;
        tx.commit().await.map_err(store_error)
    }

    async fn save_codes(&self, codes: &[PlaceCode]) -> Result<(), StoreError> {
        let row =
            |c: &PlaceCode| place_code::Model { place_id: c.place.0, edition: c.edition.clone(), code: c.code.clone() };
        let tx = self.db.begin_write().await?;
        upsert::<place_code::Entity, _>(&tx, codes.iter().map(row).collect(), |_| true).await?;
        tx.commit().await.map_err(store_error)
    }

    async fn codes_of(&self, places: &[PlaceId]) -> Result<Vec<PlaceCode>, StoreError> {
        let rows = place_code::Entity::find()
            .filter(place_code::Column::PlaceId.is_in(places.iter().map(|place| place.0)))
            .order_by_asc(place_code::Column::Edition)
            .order_by_asc(place_code::Column::PlaceId)
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        let code =
            |row: place_code::Model| PlaceCode { place: row.place_id.into(), edition: row.edition, code: row.code };
        Ok(rows.into_iter().map(code).collect())
    }
}

async fn next_position<E: EntityTrait>(tx: &DatabaseTransaction, position: E::Column) -> Result<i64, StoreError> {
    let last = E::find().select_only().column_as(position.max(), "last").into_tuple::<Option<i64>>().one(tx).await;
    Ok(last.map_err(store_error)?.flatten().map_or(0, |last| last + 1))
}

/// One partner, in the transaction of somebody else. A constraint that it breaks is for the caller to name.
pub(super) async fn upsert_partner(tx: &DatabaseTransaction, saved: &Partner) -> Result<(), DbErr> {
    use partner::{Column, Entity};
    let last = Entity::find().select_only().column_as(Column::Position.max(), "last");
    let last = last.into_tuple::<Option<i64>>().one(tx).await?.flatten();
    let row = partner_row((saved, last.map_or(0, |last| last + 1)));
    let overwrite = OnConflict::column(Column::Id)
        .update_columns([Column::PlaceId, Column::Kind, Column::Name, Column::Uscc, Column::Closed])
        .to_owned();
    Entity::insert(row.into_active_model()).on_conflict(overwrite).exec_without_returning(tx).await.map(drop)
}

/// Inserts the rows, or overwrites these columns of those that are there already.
async fn upsert<E, M>(
    tx: &DatabaseTransaction,
    rows: Vec<M>,
    overwritten: fn(&E::Column) -> bool,
) -> Result<(), StoreError>
where
    E: EntityTrait<Model = M>,
    M: IntoActiveModel<E::ActiveModel> + Clone,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let overwrite = E::Column::iter().filter(overwritten);
        let overwrite = OnConflict::columns(E::PrimaryKey::iter()).update_columns(overwrite).to_owned();
        let rows = chunk.iter().cloned().map(IntoActiveModel::into_active_model);
        E::insert_many(rows).on_conflict(overwrite).exec_without_returning(tx).await.map_err(store_error)?;
    }
    Ok(())
}

fn place_row((p, position): (&Place, i64)) -> place::Model {
    let parent_id = p.parent.map(Into::into);
    place::Model { id: p.id.0, parent_id, level: p.level.to_string(), name: p.name.clone(), position }
}

fn to_place(row: place::Model) -> Result<Place, StoreError> {
    Ok(Place {
        id: row.id.into(),
        parent: row.parent_id.map(Into::into),
        level: cell::named("place", &row.level)?,
        name: row.name,
    })
}

fn community_row((c, position): (&Community, i64)) -> community::Model {
    community::Model { id: c.id.0, position, prefix: c.prefix.clone() }
}

fn to_community(row: community::Model) -> Community {
    Community { id: row.id.into(), prefix: row.prefix }
}

fn partner_row((p, position): (&Partner, i64)) -> partner::Model {
    let (place_id, kind, name) = (p.place_id.0, p.kind.to_string(), p.name.clone());
    partner::Model { id: p.id.0, position, place_id, kind, name, uscc: p.uscc.clone(), closed: p.closed }
}

fn to_partner(row: partner::Model) -> Result<Partner, StoreError> {
    let (id, place_id, kind) = (row.id.into(), row.place_id.into(), cell::named("partner", &row.kind)?);
    Ok(Partner { id, place_id, kind, name: row.name, uscc: row.uscc, closed: row.closed })
}
