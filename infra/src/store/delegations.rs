use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use domain::ids::{DelegationId, PersonId};
use domain::people::{Delegation, Offer};
use domain::ports::{Answer, Commit, DelegationStore, Named, Slice, StoreError};

use super::cell;
use super::people::person::to_profile;
use super::residents::take_over;
use super::write::{Halt, finish, insert_answer};
use crate::database::{Database, store_error};
use crate::entity::delegation::{self, Column, Entity};
use crate::entity::{delegation_offer, person};
use crate::vault::{Cell, Row, Vault};

const WHAT: &str = "delegation";
/// What the blind index of codes is made for.
const CODE: &str = "delegation code";

/// [`DelegationStore`] over the tables `delegations` and `delegation_offers`.
pub struct DelegationRows {
    db: Database,
    vault: Arc<Vault>,
}

impl DelegationRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }

    fn index(&self, code: &str) -> Vec<u8> {
        self.vault.blind(CODE, code).to_vec()
    }
}

#[async_trait]
impl DelegationStore for DelegationRows {
    async fn offer(&self, code: &str, offer: &Offer, answer: Option<&Answer>) -> Result<Commit, StoreError> {
        let row = delegation_offer::Model {
            code_index: self.index(code),
            principal_id: offer.principal.0,
            days: cell::number(WHAT, offer.days)?,
            made_at: offer.made_at,
            expires_at: offer.expires_at(),
        };
        let tx = self.db.begin_write().await?;
        let written = write_offer(&tx, &self.vault, row, answer).await;
        finish(tx, written).await
    }

    async fn find_offer(&self, code: &str, now: DateTime<Utc>) -> Result<Option<(Offer, Option<String>)>, StoreError> {
        let found = delegation_offer::Entity::find_by_id(self.index(code))
            .filter(delegation_offer::Column::ExpiresAt.gt(now))
            .find_also_related(person::Entity)
            .one(self.db.reader())
            .await
            .map_err(store_error)?;
        let Some((row, principal)) = found else { return Ok(None) };
        let name = principal.map(|person| to_profile(&self.vault, &person)).transpose()?.and_then(|p| p.nickname);
        let offer =
            Offer { principal: row.principal_id.into(), days: cell::number(WHAT, row.days)?, made_at: row.made_at };
        Ok(Some((offer, name)))
    }

    async fn accept(
        &self,
        code: &str,
        delegation: &Delegation,
        answer: Option<&Answer>,
    ) -> Result<Option<Commit>, StoreError> {
        let tx = self.db.begin_write().await?;
        if let Some(answer) = answer {
            match insert_answer(&tx, &self.vault, answer, None).await {
                Ok(()) => {}
                Err(Halt::Ended(end)) => return Ok(Some(end)),
                Err(Halt::Failed(error)) => return Err(error),
            }
        }
        // Of two who accept at once, one deletes the row.
        let spent = delegation_offer::Entity::delete_many()
            .filter(delegation_offer::Column::CodeIndex.eq(self.index(code)))
            .filter(delegation_offer::Column::PrincipalId.eq(delegation.principal.0))
            .filter(delegation_offer::Column::ExpiresAt.gt(delegation.given_at))
            .exec(&tx)
            .await
            .map_err(store_error)?;
        if spent.rows_affected == 0 {
            return Ok(None);
        }
        replace(&tx, to_row(&self.vault, delegation, None)?).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(Some(Commit::Done))
    }

    async fn record(&self, delegation: &Delegation, note: &str, answer: Option<&Answer>) -> Result<Commit, StoreError> {
        let row = to_row(&self.vault, delegation, Some(note))?;
        let tx = self.db.begin_write().await?;
        let written = write(&tx, &self.vault, row, answer).await;
        finish(tx, written).await
    }

    async fn find_active(
        &self,
        principal: PersonId,
        delegate: PersonId,
        now: DateTime<Utc>,
    ) -> Result<Option<Delegation>, StoreError> {
        let row = between(principal.0, delegate.0).add(Column::ExpiresAt.gt(now));
        let row = Entity::find().filter(row).one(self.db.reader()).await.map_err(store_error)?;
        row.map(to_delegation).transpose()
    }

    async fn delegations_of(&self, selves: &[PersonId], slice: Slice<DelegationId>) -> Result<Vec<Named>, StoreError> {
        let rows = Entity::find()
            .filter(is_of(selves))
            .apply_if(slice.before, |rows, before| rows.filter(Column::Id.lt(before.0)))
            .order_by_desc(Column::Id)
            .limit(u64::from(slice.limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        let both = rows.iter().flat_map(|row| [row.principal_id, row.delegate_id]).collect();
        let names = names_of(self.db.reader(), &self.vault, both).await?;
        let named = |row: delegation::Model| {
            let name = |id| names.get(&id).cloned();
            let (principal, delegate) = (name(row.principal_id), name(row.delegate_id));
            Ok(Named { delegation: to_delegation(row)?, principal, delegate })
        };
        rows.into_iter().map(named).collect()
    }

    async fn end_delegation(
        &self,
        id: DelegationId,
        selves: &[PersonId],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mine = Condition::all().add(Column::Id.eq(id.0)).add(is_of(selves));
        let tx = self.db.begin_write().await?;
        let found = Entity::find().filter(mine).one(&tx).await.map_err(store_error)?;
        Entity::update_many()
            .col_expr(Column::EndedAt, now.into())
            .filter(Column::Id.is_in(found.as_ref().map(|row| row.id)))
            .filter(Column::EndedAt.is_null())
            .exec(&tx)
            .await
            .map_err(store_error)?;
        tx.commit().await.map_err(store_error)?;
        Ok(found.is_some())
    }

    async fn sweep_offers(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let old = delegation_offer::Entity::delete_many().filter(delegation_offer::Column::ExpiresAt.lt(before));
        old.exec(self.db.writer()).await.map(|done| done.rows_affected).map_err(store_error)
    }
}

async fn write_offer(
    tx: &DatabaseTransaction,
    vault: &Vault,
    row: delegation_offer::Model,
    answer: Option<&Answer>,
) -> Result<(), Halt> {
    use delegation_offer::Column;
    if let Some(answer) = answer {
        insert_answer(tx, vault, answer, None).await?;
    }
    let newest = OnConflict::column(Column::PrincipalId)
        .update_columns([Column::CodeIndex, Column::Days, Column::MadeAt, Column::ExpiresAt])
        .to_owned();
    delegation_offer::Entity::insert(row.into_active_model())
        .on_conflict(newest)
        .exec_without_returning(tx)
        .await
        .map_err(store_error)?;
    Ok(())
}

async fn write(
    tx: &DatabaseTransaction,
    vault: &Vault,
    row: delegation::Model,
    answer: Option<&Answer>,
) -> Result<(), Halt> {
    if let Some(answer) = answer {
        insert_answer(tx, vault, answer, None).await?;
    }
    let delegate = row.delegate_id.into();
    replace(tx, row).await?;
    Ok(take_over::withhold_from(tx, delegate).await?)
}

/// Ends what stood between the two.
async fn replace(tx: &DatabaseTransaction, row: delegation::Model) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::EndedAt, row.given_at.into())
        .filter(between(row.principal_id, row.delegate_id))
        .exec(tx)
        .await
        .map_err(store_error)?;
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map_err(store_error)?;
    Ok(())
}

/// The one that nobody ended.
fn between(principal: Uuid, delegate: Uuid) -> Condition {
    Condition::all()
        .add(Column::PrincipalId.eq(principal))
        .add(Column::DelegateId.eq(delegate))
        .add(Column::EndedAt.is_null())
}

fn is_of(selves: &[PersonId]) -> Condition {
    let ids = || selves.iter().map(|own| own.0);
    Condition::any().add(Column::PrincipalId.is_in(ids())).add(Column::DelegateId.is_in(ids()))
}

async fn names_of(
    db: &impl ConnectionTrait,
    vault: &Vault,
    people: Vec<Uuid>,
) -> Result<HashMap<Uuid, String>, StoreError> {
    let rows = person::Entity::find().filter(person::Column::Id.is_in(people)).all(db).await.map_err(store_error)?;
    let named = rows.iter().map(|row| Ok(to_profile(vault, row)?.nickname.map(|name| (row.id, name))));
    named.filter_map(Result::transpose).collect()
}

fn to_row(vault: &Vault, d: &Delegation, note: Option<&str>) -> Result<delegation::Model, StoreError> {
    Ok(delegation::Model {
        id: d.id.0,
        principal_id: d.principal.0,
        delegate_id: d.delegate.0,
        evidence: d.evidence.to_string(),
        recorded_by: d.recorded_by.map(Into::into),
        note: note.map(|note| cell::lock(vault, note_cell(d.id.0), note)).transpose()?,
        given_at: d.given_at,
        expires_at: d.expires_at,
        ended_at: d.ended_at,
    })
}

fn to_delegation(row: delegation::Model) -> Result<Delegation, StoreError> {
    Ok(Delegation {
        id: row.id.into(),
        principal: row.principal_id.into(),
        delegate: row.delegate_id.into(),
        evidence: cell::named(WHAT, &row.evidence)?,
        recorded_by: row.recorded_by.map(Into::into),
        given_at: row.given_at,
        expires_at: row.expires_at,
        ended_at: row.ended_at,
    })
}

fn note_cell(id: Uuid) -> Cell<'static> {
    Cell::new("delegations.note", Row::Id(id))
}
