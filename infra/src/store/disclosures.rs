use std::collections::HashMap;

use async_trait::async_trait;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use domain::ids::{DisclosureId, MediationId, PersonId};
use domain::people::{Disclosure, Hat, Look};
use domain::ports::{DisclosureStore, Slice, StoreError};

use super::{cell, mediations};
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
        note(self.db.writer(), rows).await
    }

    async fn disclosures_of(&self, subjects: &[PersonId], slice: Slice<DisclosureId>) -> Result<Vec<Look>, StoreError> {
        let rows = Entity::find()
            .filter(Column::SubjectId.is_in(subjects.iter().map(|subject| subject.0)))
            .apply_if(slice.before, |rows, before| rows.filter(Column::Id.lt(before.0)))
            .order_by_desc(Column::Id)
            .limit(u64::from(slice.limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        let looks: Vec<_> = rows.into_iter().map(to_disclosure).collect::<Result<_, _>>()?;
        let by_mediators = looks.iter().filter(|look| look.hat == Hat::Mediator);
        let orders: Vec<Uuid> = by_mediators.map(|look| look.order.0).collect();
        let cases: HashMap<Uuid, MediationId> =
            mediations::cases_of_other_parties(self.db.reader(), subjects, &orders).await?;
        let look = |disclosure: Disclosure| {
            let mediation = cases.get(&disclosure.order.0).copied();
            Look { disclosure, mediation }
        };
        Ok(looks.into_iter().map(look).collect())
    }
}

/// Inside whatever is written with them.
pub(super) async fn note(db: &impl ConnectionTrait, rows: &[Disclosure]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.iter().map(|row| to_row(row).into_active_model());
    Entity::insert_many(rows).exec_without_returning(db).await.map(drop).map_err(store_error)
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
