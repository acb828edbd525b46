use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use domain::ids::{DisclosureId, PersonId};
use domain::people::Disclosure;
use domain::ports::{DisclosureStore, Slice, StoreError};

use super::cell;
use crate::database::{Database, store_error};
use crate::entity::disclosure::{self, Column, Entity};

/// [`DisclosureStore`] over the table `disclosures`.
pub struct DisclosureRows {
    db: Database,
}

impl DisclosureRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl DisclosureStore for DisclosureRows {
    async fn record(&self, rows: &[Disclosure]) -> Result<(), StoreError> {
        let rows = rows.iter().map(|row| to_row(row).into_active_model());
        Entity::insert_many(rows).exec_without_returning(self.db.writer()).await.map_err(store_error)?;
        Ok(())
    }

    async fn disclosures_of(
        &self,
        subjects: &[PersonId],
        slice: Slice<DisclosureId>,
    ) -> Result<Vec<Disclosure>, StoreError> {
        let rows = Entity::find()
            .filter(Column::SubjectId.is_in(subjects.iter().map(|subject| subject.0)))
            .apply_if(slice.before, |rows, before| rows.filter(Column::Id.lt(before.0)))
            .order_by_desc(Column::Id)
            .limit(u64::from(slice.limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(to_disclosure).collect()
    }
}

pub(super) fn to_row(d: &Disclosure) -> disclosure::Model {
    disclosure::Model {
        id: d.id.0,
        subject_id: d.subject.0,
        order_id: d.order.0,
        viewer_id: d.viewer.0,
        hat: d.hat.to_string(),
        partner_id: d.partner.map(Into::into),
        purpose: d.purpose.to_string(),
        at: d.at,
    }
}

fn to_disclosure(row: disclosure::Model) -> Result<Disclosure, StoreError> {
    Ok(Disclosure {
        id: row.id.into(),
        subject: row.subject_id.into(),
        order: row.order_id.into(),
        viewer: row.viewer_id.into(),
        hat: cell::named("disclosure", &row.hat)?,
        partner: row.partner_id.map(Into::into),
        purpose: cell::named("disclosure", &row.purpose)?,
        at: row.at,
    })
}
