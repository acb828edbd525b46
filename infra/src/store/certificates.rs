//! [`CertificateStore`] over the table `certificates`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder, QuerySelect};

use domain::certificate::{Certificate, Line};
use domain::ids::{PersonId, PlaceId};
use domain::ports::{CertificateStore, StoreError};

use super::cell;
use crate::database::{Database, store_error};
use crate::entity::certificate::{Column, Entity, Model};

const WHAT: &str = "certificate";

pub struct CertificateRows {
    db: Database,
}

impl CertificateRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl CertificateStore for CertificateRows {
    async fn save(
        &self,
        place: PlaceId,
        key: &str,
        line: &Line,
        by: Option<PersonId>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        let last = Entity::find().select_only().column_as(Column::Position.max(), "last");
        let last = last.into_tuple::<Option<i64>>().one(&tx).await.map_err(store_error)?.flatten();
        let row = Model {
            place_id: place.0,
            key: key.to_owned(),
            position: last.map_or(0, |last| last + 1),
            line: cell::to_json(WHAT, line)?,
            made_at: at,
            made_by: by.map(Into::into),
        };
        let overwrite = OnConflict::columns([Column::PlaceId, Column::Key])
            .update_columns([Column::Line, Column::MadeAt, Column::MadeBy])
            .to_owned();
        Entity::insert(row.into_active_model())
            .on_conflict(overwrite)
            .exec_without_returning(&tx)
            .await
            .map_err(store_error)?;
        tx.commit().await.map_err(store_error)
    }

    async fn drop_line(&self, place: PlaceId, key: &str) -> Result<bool, StoreError> {
        let dropped = Entity::delete_by_id((place.0, key.to_owned())).exec(self.db.writer()).await;
        dropped.map(|done| done.rows_affected == 1).map_err(store_error)
    }
}

/// What every place says, in the order in which it was first said.
pub(super) async fn all(db: &impl ConnectionTrait) -> Result<Vec<Certificate>, StoreError> {
    let rows = Entity::find()
        .order_by_asc(Column::Position)
        .order_by_asc(Column::PlaceId)
        .order_by_asc(Column::Key)
        .all(db)
        .await
        .map_err(store_error)?;
    let certificate = |row: Model| {
        Ok(Certificate { place: Some(row.place_id.into()), key: row.key, line: cell::from_json(WHAT, row.line)? })
    };
    rows.into_iter().map(certificate).collect()
}
