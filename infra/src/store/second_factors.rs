use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::people::{SecondFactor, SharedSecret};
use domain::ports::{SecondFactorStore, StoreError};

use super::cell;
use crate::database::{Database, store_error};
use crate::entity::recovery_code;
use crate::entity::second_factor::{self, Column, Entity};
use crate::vault::{Cell, Row, Vault};

/// What the blind index of recovery codes is made for.
const RECOVERY: &str = "recovery_code";

/// [`SecondFactorStore`] over the tables `second_factors` and `recovery_codes`.
pub struct SecondFactorRows {
    db: Database,
    vault: Arc<Vault>,
}

impl SecondFactorRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }

    /// The same code of two people looks different.
    fn blind(&self, person: PersonId, code: &str) -> Vec<u8> {
        self.vault.blind(RECOVERY, &format!("{person} {code}")).to_vec()
    }

    async fn keep(&self, tx: &DatabaseTransaction, person: PersonId, codes: &[String]) -> Result<(), StoreError> {
        let rows = codes.iter().map(|code| {
            let row = recovery_code::Model { person_id: person.0, code: self.blind(person, code) };
            row.into_active_model()
        });
        recovery_code::Entity::insert_many(rows).exec_without_returning(tx).await.map_err(store_error)?;
        Ok(())
    }
}

#[async_trait]
impl SecondFactorStore for SecondFactorRows {
    async fn find_second_factor(&self, person: PersonId) -> Result<Option<SecondFactor>, StoreError> {
        let found = Entity::find_by_id(person.0).one(self.db.reader()).await;
        found.map_err(store_error)?.map(|row| to_second_factor(&self.vault, row)).transpose()
    }

    async fn begin_second_factor(
        &self,
        person: PersonId,
        secret: &SharedSecret,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let row = second_factor::Model {
            person_id: person.0,
            secret: self.vault.lock(secret_cell(person.0), &secret.0)?,
            last_step: 0,
            begun_at: now,
            on_since: None,
        };
        let anew = OnConflict::column(Column::PersonId)
            .update_columns([Column::Secret, Column::LastStep, Column::BegunAt])
            .action_and_where(Column::OnSince.is_null())
            .to_owned();
        let begun = Entity::insert(row.into_active_model())
            .on_conflict(anew)
            .exec_without_returning(self.db.writer())
            .await
            .map_err(store_error)?;
        Ok(begun == 1)
    }

    async fn turn_on(
        &self,
        begun: &SecondFactor,
        step: i64,
        recovery: &[String],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let tx = self.db.begin_write().await?;
        let turned = Entity::update_many()
            .col_expr(Column::OnSince, now.into())
            .col_expr(Column::LastStep, step.into())
            .filter(Column::PersonId.eq(begun.person.0))
            .filter(Column::OnSince.is_null())
            .filter(Column::BegunAt.eq(begun.begun_at))
            .exec(&tx)
            .await
            .map_err(store_error)?;
        if turned.rows_affected != 1 {
            return Ok(false);
        }
        self.keep(&tx, begun.person, recovery).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(true)
    }

    async fn take_step(&self, person: PersonId, step: i64) -> Result<bool, StoreError> {
        let taken = Entity::update_many()
            .col_expr(Column::LastStep, step.into())
            .filter(Column::PersonId.eq(person.0))
            .filter(Column::LastStep.lt(step))
            .exec(self.db.writer())
            .await
            .map_err(store_error)?;
        Ok(taken.rows_affected == 1)
    }

    async fn take_recovery_code(&self, person: PersonId, code: &str) -> Result<bool, StoreError> {
        let key = (person.0, self.blind(person, code));
        let taken = recovery_code::Entity::delete_by_id(key).exec(self.db.writer()).await.map_err(store_error)?;
        Ok(taken.rows_affected == 1)
    }

    async fn remove_second_factor(&self, person: PersonId) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        recovery_code::Entity::delete_many()
            .filter(recovery_code::Column::PersonId.eq(person.0))
            .exec(&tx)
            .await
            .map_err(store_error)?;
        Entity::delete_by_id(person.0).exec(&tx).await.map_err(store_error)?;
        tx.commit().await.map_err(store_error)
    }
}

fn secret_cell(person: Uuid) -> Cell<'static> {
    Cell::new("second_factors.secret", Row::Id(person))
}

fn to_second_factor(vault: &Vault, row: second_factor::Model) -> Result<SecondFactor, StoreError> {
    let secret = vault.unlock(secret_cell(row.person_id), &row.secret)?;
    Ok(SecondFactor {
        person: row.person_id.into(),
        secret: SharedSecret(cell::bytes("second factor", secret)?),
        last_step: row.last_step,
        begun_at: row.begun_at,
        on_since: row.on_since,
    })
}
