//! [`DutyStore`] over the tables `duty_rota` and `duty_desks`.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use domain::ids::{CommunityId, DutyId};
use domain::place::{Duty, DutyDesk};
use domain::ports::{Answer, Commit, DutyStore, RotaQuery, StoreError};

use super::cell;
use super::write::{Halt, finish, insert_answer};
use crate::database::{Database, store_error};
use crate::entity::duty_desk;
use crate::entity::duty_rota::{self, Column, Entity};
use crate::vault::{Cell, Row, Vault};

/// More people than share one turn anywhere.
const MOST_AT_ONCE: u64 = 10;

pub struct DutyRows {
    db: Database,
    vault: Arc<Vault>,
}

/// What is stored locked.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    phone: String,
    note: Option<String>,
}

impl DutyRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }

    fn to_row(&self, duty: &Duty) -> Result<duty_rota::Model, StoreError> {
        let body = Body { name: duty.name.clone(), phone: duty.phone.clone(), note: duty.note.clone() };
        Ok(duty_rota::Model {
            id: duty.id.0,
            community_id: duty.community.0,
            starts_at: duty.starts_at,
            ends_at: duty.ends_at,
            person_id: duty.person.map(Into::into),
            body: cell::lock(&self.vault, body_cell(duty.id.0), &body)?,
        })
    }

    fn to_duty(&self, row: duty_rota::Model) -> Result<Duty, StoreError> {
        let Body { name, phone, note } = cell::unlock(&self.vault, body_cell(row.id), &row.body)?;
        let (id, community, person) = (row.id.into(), row.community_id.into(), row.person_id.map(Into::into));
        Ok(Duty { id, community, starts_at: row.starts_at, ends_at: row.ends_at, name, phone, note, person })
    }
}

#[async_trait]
impl DutyStore for DutyRows {
    async fn save_duty(&self, duty: &Duty, answer: Option<&Answer>) -> Result<Commit, StoreError> {
        let row = self.to_row(duty)?.into_active_model();
        let overwrite = OnConflict::column(Column::Id)
            .update_columns([Column::StartsAt, Column::EndsAt, Column::PersonId, Column::Body])
            .to_owned();
        let tx = self.db.begin_write().await?;
        let written = async {
            if let Some(answer) = answer {
                insert_answer(&tx, &self.vault, answer, None).await?;
            }
            let saved = Entity::insert(row).on_conflict(overwrite).exec_without_returning(&tx).await;
            saved.map(drop).map_err(|e| Halt::Failed(store_error(e)))
        };
        let written = written.await;
        finish(tx, written).await
    }

    async fn find_duty(&self, id: DutyId) -> Result<Option<Duty>, StoreError> {
        let row = Entity::find_by_id(id.0).one(self.db.reader()).await.map_err(store_error)?;
        row.map(|row| self.to_duty(row)).transpose()
    }

    async fn remove_duty(&self, id: DutyId) -> Result<bool, StoreError> {
        let removed = Entity::delete_by_id(id.0).exec(self.db.writer()).await.map_err(store_error)?;
        Ok(removed.rows_affected == 1)
    }

    async fn rota(&self, query: RotaQuery) -> Result<Vec<Duty>, StoreError> {
        let db = self.db.reader();
        let after = match query.after {
            Some(after) => Entity::find_by_id(after.0).one(db).await.map_err(store_error)?,
            None => None,
        };
        let mut rows =
            Entity::find().filter(Column::CommunityId.eq(query.community.0)).filter(Column::EndsAt.gt(query.now));
        if let Some(after) = after {
            let same_end = Condition::all().add(Column::EndsAt.eq(after.ends_at)).add(Column::Id.gt(after.id));
            rows = rows.filter(Condition::any().add(Column::EndsAt.gt(after.ends_at)).add(same_end));
        }
        let rows = rows
            .order_by_asc(Column::EndsAt)
            .order_by_asc(Column::Id)
            .limit(u64::from(query.limit))
            .all(db)
            .await
            .map_err(store_error)?;
        rows.into_iter().map(|row| self.to_duty(row)).collect()
    }

    async fn on_duty(&self, community: CommunityId, now: DateTime<Utc>) -> Result<Vec<Duty>, StoreError> {
        let rows = Entity::find()
            .filter(Column::CommunityId.eq(community.0))
            .filter(Column::StartsAt.lte(now))
            .filter(Column::EndsAt.gt(now))
            .order_by_desc(Column::StartsAt)
            .order_by_desc(Column::Id)
            .limit(MOST_AT_ONCE)
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(|row| self.to_duty(row)).collect()
    }

    async fn duty_desk(&self, community: CommunityId) -> Result<DutyDesk, StoreError> {
        let row = duty_desk::Entity::find_by_id(community.0).one(self.db.reader()).await.map_err(store_error)?;
        Ok(row.map(|row| DutyDesk { phone: row.phone }).unwrap_or_default())
    }

    async fn save_duty_desk(&self, community: CommunityId, desk: &DutyDesk) -> Result<(), StoreError> {
        use duty_desk::Column::{CommunityId as Of, Phone};
        let row = duty_desk::Model { community_id: community.0, phone: desk.phone.clone() };
        duty_desk::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::column(Of).update_column(Phone).to_owned())
            .exec_without_returning(self.db.writer())
            .await
            .map(drop)
            .map_err(store_error)
    }
}

fn body_cell(id: Uuid) -> Cell<'static> {
    Cell::new("duty_rota.body", Row::Id(id))
}
