//! [`ServiceStore`] over the tables `services` and `service_versions`.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use domain::ids::{PersonId, PlaceId};
use domain::ports::{SavedService, ServiceStore, ServiceVersion, StoreError};
use domain::service::{Edition, Offer, Service};

use super::cell;
use super::write::ROWS_PER_STATEMENT;
use crate::database::{Database, store_error};
use crate::entity::{service, service_version};

const WHAT: &str = "service";

pub struct ServiceRows {
    db: Database,
}

impl ServiceRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl ServiceStore for ServiceRows {
    async fn save_all(&self, services: &[Service], by: Option<PersonId>, at: DateTime<Utc>) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        let standing = standing(&tx, services).await?;
        write(&tx, services, &standing, by, at).await?;
        tx.commit().await.map_err(store_error)
    }

    async fn save(&self, wanted: &Service, by: PersonId, at: DateTime<Utc>) -> Result<SavedService, StoreError> {
        let tx = self.db.begin_write().await?;
        let standing = standing(&tx, std::slice::from_ref(wanted)).await?;
        let version = standing.get(&key(wanted)).map_or(0, |line| line.version);
        if version != wanted.version {
            return Ok(SavedService::Changed(version));
        }
        let version = write(&tx, std::slice::from_ref(wanted), &standing, Some(by), at).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(SavedService::Saved(cell::number(WHAT, version)?))
    }

    async fn drop_line(&self, place: PlaceId, key: &str) -> Result<bool, StoreError> {
        let dropped = service::Entity::delete_by_id((place.0, key.to_owned())).exec(self.db.writer()).await;
        dropped.map(|done| done.rows_affected == 1).map_err(store_error)
    }

    async fn versions(
        &self,
        place: PlaceId,
        key: &str,
        before: Option<u32>,
        limit: u16,
    ) -> Result<Vec<ServiceVersion>, StoreError> {
        let mut wanted = service_version::Entity::find()
            .filter(service_version::Column::PlaceId.eq(place.0))
            .filter(service_version::Column::Key.eq(key));
        if let Some(before) = before {
            wanted = wanted.filter(service_version::Column::Version.lt(before));
        }
        let newest = wanted.order_by_desc(service_version::Column::Version).limit(u64::from(limit));
        let rows = newest.all(self.db.reader()).await.map_err(store_error)?;
        rows.into_iter().map(to_version).collect()
    }

    async fn version(&self, edition: Edition, key: &str) -> Result<Option<ServiceVersion>, StoreError> {
        let id = (edition.place.0, key.to_owned(), cell::number(WHAT, edition.version)?);
        let row = service_version::Entity::find_by_id(id).one(self.db.reader()).await.map_err(store_error)?;
        row.map(to_version).transpose()
    }
}

/// Every line of every list, in the order in which people see them.
pub(super) async fn all(db: &impl ConnectionTrait) -> Result<Vec<Service>, StoreError> {
    let rows = service::Entity::find()
        .find_also_related(service_version::Entity)
        .order_by_asc(service::Column::Position)
        .order_by_asc(service::Column::PlaceId)
        .order_by_asc(service::Column::Key)
        .all(db)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(to_service).collect()
}

fn to_service((line, version): (service::Model, Option<service_version::Model>)) -> Result<Service, StoreError> {
    let version = version.ok_or_else(|| StoreError::corrupt(WHAT, "its version is missing"))?;
    Ok(Service {
        place: line.place_id.into(),
        key: line.key,
        version: cell::number(WHAT, line.version)?,
        offer: cell::from_json(WHAT, version.offer)?,
        closed: line.closed,
    })
}

fn to_version(row: service_version::Model) -> Result<ServiceVersion, StoreError> {
    Ok(ServiceVersion {
        version: cell::number(WHAT, row.version)?,
        offer: cell::from_json(WHAT, row.offer)?,
        made_at: row.made_at,
        made_by: row.made_by.map(Into::into),
    })
}

/// A line as it stands before it is written.
struct Standing {
    position: i64,
    version: u32,
    offer: Offer,
}

type Key = (Uuid, String);

fn key(service: &Service) -> Key {
    (service.place.0, service.key.clone())
}

/// Of the lines that are to be written, those that are there; locked, so that two writers follow each other. Versions of a
/// line that was dropped are counted on.
async fn standing(tx: &DatabaseTransaction, wanted: &[Service]) -> Result<HashMap<Key, Standing>, StoreError> {
    let mut found = HashMap::new();
    let places: Vec<Uuid> = wanted.iter().map(|service| service.place.0).collect();
    let keys: Vec<&str> = wanted.iter().map(|service| service.key.as_str()).collect();
    let lines =
        service::Entity::find().filter(service::Column::PlaceId.is_in(places)).filter(service::Column::Key.is_in(keys));
    lines.clone().lock(LockType::Update).all(tx).await.map_err(store_error)?;
    // PostgreSQL locks no outer join.
    let lines = lines.find_also_related(service_version::Entity).all(tx).await.map_err(store_error)?;
    for (line, version) in lines {
        let (key, position) = ((line.place_id, line.key.clone()), line.position);
        let Service { version, offer, .. } = to_service((line, version))?;
        found.insert(key, Standing { position, version, offer });
    }
    Ok(found)
}

/// Answers the version of the last line: the same as before where its offer is.
async fn write(
    tx: &DatabaseTransaction,
    services: &[Service],
    standing: &HashMap<Key, Standing>,
    by: Option<PersonId>,
    at: DateTime<Utc>,
) -> Result<i32, StoreError> {
    let mut free = next_position(tx).await?..;
    let mut version = 0;
    let (mut lines, mut versions) = (Vec::new(), Vec::new());
    for service in services {
        let known = standing.get(&key(service));
        version = match known {
            Some(line) if line.offer == service.offer => cell::number(WHAT, line.version)?,
            Some(line) => cell::number(WHAT, line.version + 1)?,
            // A line that was dropped once goes on counting.
            None => last_version(tx, service).await? + 1,
        };
        let place = known.map(|line| line.position).or_else(|| free.next()).unwrap_or(i64::MAX);
        let (place_id, key, closed) = (service.place.0, service.key.clone(), service.closed);
        lines.push(service::Model { place_id, key: key.clone(), position: place, version, closed });
        if known.is_none_or(|line| line.offer != service.offer) {
            versions.push(service_version::Model {
                place_id,
                key,
                version,
                name: service.offer.name.clone(),
                offer: cell::to_json(WHAT, &service.offer)?,
                made_at: at,
                made_by: by.map(Into::into),
            });
        }
    }
    for chunk in versions.chunks(ROWS_PER_STATEMENT) {
        service_version::Entity::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model))
            .exec_without_returning(tx)
            .await
            .map_err(store_error)?;
    }
    use service::Column::{Closed, Key as Named, PlaceId as Place, Version};
    for chunk in lines.chunks(ROWS_PER_STATEMENT) {
        service::Entity::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model))
            .on_conflict(OnConflict::columns([Place, Named]).update_columns([Version, Closed]).to_owned())
            .exec_without_returning(tx)
            .await
            .map_err(store_error)?;
    }
    Ok(version)
}

async fn next_position(tx: &DatabaseTransaction) -> Result<i64, StoreError> {
    let last = service::Entity::find().select_only().column_as(service::Column::Position.max(), "last");
    let last = last.into_tuple::<Option<i64>>().one(tx).await.map_err(store_error)?;
    Ok(last.flatten().map_or(0, |last| last + 1))
}

async fn last_version(tx: &DatabaseTransaction, service: &Service) -> Result<i32, StoreError> {
    let last = service_version::Entity::find()
        .select_only()
        .expr_as(Expr::col(service_version::Column::Version).max(), "last")
        .filter(service_version::Column::PlaceId.eq(service.place.0))
        .filter(service_version::Column::Key.eq(service.key.as_str()))
        .into_tuple::<Option<i32>>()
        .one(tx)
        .await
        .map_err(store_error)?;
    Ok(last.flatten().unwrap_or_default())
}
