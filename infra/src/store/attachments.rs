use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use domain::attachment::Attachment;
use domain::ids::AttachmentId;
use domain::ports::{AttachmentStore, StoreError};
use domain::safety::CheckState;

use super::cell;
use crate::database::{Database, store_error};
use crate::entity::attachment::{self, Column};

/// [`AttachmentStore`] over the table `attachments`.
pub struct AttachmentRows {
    db: Database,
}

impl AttachmentRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl AttachmentStore for AttachmentRows {
    async fn insert(&self, attachment: &Attachment) -> Result<(), StoreError> {
        let row = to_row(attachment)?.into_active_model();
        attachment::Entity::insert(row).exec_without_returning(self.db.writer()).await.map_err(store_error)?;
        Ok(())
    }

    async fn find_many(&self, ids: &[AttachmentId]) -> Result<Vec<Attachment>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = attachment::Entity::find()
            .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(Column::Id)
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(to_attachment).collect()
    }

    async fn unattached_before(&self, instant: DateTime<Utc>, limit: u16) -> Result<Vec<AttachmentId>, StoreError> {
        let ids: Vec<Uuid> = attachment::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::OrderId.is_null())
            .filter(Column::VisitId.is_null())
            .filter(Column::CreatedAt.lt(instant))
            .order_by_asc(Column::CreatedAt)
            .limit(u64::from(limit))
            .into_tuple()
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        Ok(ids.into_iter().map(AttachmentId).collect())
    }

    async fn delete(&self, ids: &[AttachmentId]) -> Result<u64, StoreError> {
        if ids.is_empty() {
            return Ok(0);
        }
        let deleted = attachment::Entity::delete_many()
            .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
            .filter(Column::OrderId.is_null())
            .filter(Column::VisitId.is_null())
            .exec(self.db.writer())
            .await
            .map_err(store_error)?;
        Ok(deleted.rows_affected)
    }
}

fn to_row(photo: &Attachment) -> Result<attachment::Model, StoreError> {
    Ok(attachment::Model {
        id: photo.id.0,
        uploader_id: photo.uploader.0,
        media_type: photo.media_type.clone(),
        width: photo.width.into(),
        height: photo.height.into(),
        bytes: cell::number("attachment", photo.bytes)?,
        order_id: photo.order_id.map(Uuid::from),
        visit_id: None,
        created_at: photo.created_at,
        check_state: photo.check.to_string(),
        check_due_at: (photo.check == CheckState::Waiting).then_some(photo.created_at),
        check_tries: 0,
        check_trace: None,
    })
}

fn to_attachment(row: attachment::Model) -> Result<Attachment, StoreError> {
    Ok(Attachment {
        id: row.id.into(),
        uploader: row.uploader_id.into(),
        media_type: row.media_type,
        width: cell::number("attachment", row.width)?,
        height: cell::number("attachment", row.height)?,
        bytes: cell::number("attachment", row.bytes)?,
        order_id: row.order_id.map(Into::into),
        created_at: row.created_at,
        check: cell::named("attachment", &row.check_state)?,
    })
}
