use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use domain::ids::{CommunityId, EntranceId};
use domain::place::{Entrance, Scene};
use domain::ports::{Answer, Commit, EntranceStore, Slice, StoreError};

use super::write::{Halt, finish, insert_answer};
use crate::database::{Database, store_error};
use crate::entity::entrance::{self, Column, Entity};
use crate::vault::Vault;

/// [`EntranceStore`] over the table `entrances`.
pub struct EntranceRows {
    db: Database,
    vault: Arc<Vault>,
}

impl EntranceRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }
}

#[async_trait]
impl EntranceStore for EntranceRows {
    async fn add(&self, entrance: &Entrance, answer: Option<&Answer>) -> Result<Commit, StoreError> {
        let tx = self.db.begin_write().await?;
        let written = async {
            if let Some(answer) = answer {
                insert_answer(&tx, &self.vault, answer, None).await?;
            }
            let row = to_row(entrance).into_active_model();
            let inserted = Entity::insert(row).exec_without_returning(&tx).await;
            inserted.map(drop).map_err(|e| Halt::Failed(store_error(e)))
        };
        let written = written.await;
        finish(tx, written).await
    }

    async fn entrances_of(
        &self,
        community: CommunityId,
        slice: Slice<EntranceId>,
    ) -> Result<Vec<Entrance>, StoreError> {
        let rows = Entity::find()
            .filter(Column::CommunityId.eq(community.0))
            .filter(Column::EndedAt.is_null())
            .apply_if(slice.before, |rows, before| rows.filter(Column::Id.lt(before.0)))
            .order_by_desc(Column::Id)
            .limit(u64::from(slice.limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(to_entrance).collect()
    }

    async fn find_entrance(&self, id: EntranceId) -> Result<Option<Entrance>, StoreError> {
        let up = Entity::find_by_id(id.0).filter(Column::EndedAt.is_null());
        up.one(self.db.reader()).await.map_err(store_error)?.map(to_entrance).transpose()
    }

    async fn find_by_scene(&self, scene: &Scene) -> Result<Option<Entrance>, StoreError> {
        let up = Entity::find().filter(Column::Scene.eq(scene.as_str())).filter(Column::EndedAt.is_null());
        up.one(self.db.reader()).await.map_err(store_error)?.map(to_entrance).transpose()
    }

    async fn take_down(&self, id: EntranceId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let down = Entity::update_many()
            .col_expr(Column::EndedAt, now.into())
            .filter(Column::Id.eq(id.0))
            .filter(Column::EndedAt.is_null());
        down.exec(self.db.writer()).await.map(|done| done.rows_affected == 1).map_err(store_error)
    }
}

fn to_row(entrance: &Entrance) -> entrance::Model {
    entrance::Model {
        id: entrance.id.0,
        scene: entrance.scene.as_str().to_owned(),
        community_id: entrance.community.0,
        compound_id: entrance.compound.map(Into::into),
        building: entrance.building.clone(),
        service_key: entrance.service_key.clone(),
        made_by: entrance.made_by.0,
        made_at: entrance.made_at,
        ended_at: None,
    }
}

fn to_entrance(row: entrance::Model) -> Result<Entrance, StoreError> {
    let scene = Scene::read(&row.scene).ok_or_else(|| StoreError::corrupt("entrance", "its scene is none"))?;
    Ok(Entrance {
        id: row.id.into(),
        scene,
        community: row.community_id.into(),
        compound: row.compound_id.map(Into::into),
        building: row.building,
        service_key: row.service_key,
        made_by: row.made_by.into(),
        made_at: row.made_at,
    })
}
