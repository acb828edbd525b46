use async_trait::async_trait;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable, QueryOrder};

use domain::place::{Community, Partner};
use domain::ports::{Directory, DirectoryStore, StoreError};
use domain::service::Service;

use super::cell;
use super::write::ROWS_PER_STATEMENT;
use crate::database::{Database, store_error};
use crate::entity::{community, partner, service};

/// [`DirectoryStore`] over the tables `communities`, `services` and `partners`.
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
        let communities = community::Entity::find()
            .order_by_asc(community::Column::Position)
            .order_by_asc(community::Column::Id)
            .all(db)
            .await
            .map_err(store_error)?;
        let services = service::Entity::find()
            .order_by_asc(service::Column::Position)
            .order_by_asc(service::Column::CommunityId)
            .order_by_asc(service::Column::Key)
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
            communities: communities.into_iter().map(to_community).collect::<Result<_, _>>()?,
            services: services.into_iter().map(to_service).collect::<Result<_, _>>()?,
            partners: partners.into_iter().map(to_partner).collect(),
        })
    }

    async fn save_directory(&self, directory: &Directory) -> Result<(), StoreError> {
        let communities = directory.communities.iter().zip(0..).map(community_row).collect::<Result<Vec<_>, _>>()?;
        let services: Vec<_> = directory.services.iter().zip(0..).map(service_row).collect();
        let partners: Vec<_> = directory.partners.iter().zip(0..).map(partner_row).collect();

        let tx = self.db.begin_write().await?;
        upsert::<community::Entity, _>(&tx, communities).await?;
        upsert::<service::Entity, _>(&tx, services).await?;
        upsert::<partner::Entity, _>(&tx, partners).await?;
        tx.commit().await.map_err(store_error)
    }
}

/// Inserts the rows, or overwrites those that are there already.
async fn upsert<E, M>(tx: &DatabaseTransaction, rows: Vec<M>) -> Result<(), StoreError>
where
    E: EntityTrait<Model = M>,
    M: IntoActiveModel<E::ActiveModel> + Clone,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let overwrite = OnConflict::columns(E::PrimaryKey::iter()).update_columns(E::Column::iter()).to_owned();
        let rows = chunk.iter().cloned().map(IntoActiveModel::into_active_model);
        E::insert_many(rows).on_conflict(overwrite).exec_without_returning(tx).await.map_err(store_error)?;
    }
    Ok(())
}

fn community_row((c, position): (&Community, i64)) -> Result<community::Model, StoreError> {
    Ok(community::Model {
        id: c.id.0,
        position,
        name: c.name.clone(),
        street: c.street.clone(),
        prefix: c.prefix.clone(),
        compounds: cell::to_json("community", &c.compounds)?,
    })
}

fn to_community(row: community::Model) -> Result<Community, StoreError> {
    Ok(Community {
        id: row.id.into(),
        name: row.name,
        street: row.street,
        prefix: row.prefix,
        compounds: cell::from_json("community", row.compounds)?,
    })
}

fn service_row((s, position): (&Service, i64)) -> service::Model {
    service::Model {
        community_id: s.community_id.0,
        key: s.key.clone(),
        position,
        name: s.name.clone(),
        category: s.category.clone(),
        description: s.description.clone(),
        urgency: s.urgency.to_string(),
    }
}

fn to_service(row: service::Model) -> Result<Service, StoreError> {
    Ok(Service {
        community_id: row.community_id.into(),
        key: row.key,
        name: row.name,
        category: row.category,
        description: row.description,
        urgency: cell::named("service", &row.urgency)?,
    })
}

fn partner_row((p, position): (&Partner, i64)) -> partner::Model {
    partner::Model { id: p.id.0, position, community_id: p.community_id.0, name: p.name.clone() }
}

fn to_partner(row: partner::Model) -> Partner {
    Partner { id: row.id.into(), community_id: row.community_id.into(), name: row.name }
}
