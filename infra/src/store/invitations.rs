use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

use domain::ids::{InvitationId, PersonId, PlaceId};
use domain::people::{Invitation, Membership, Role};
use domain::ports::{Answer, Commit, Grant, InvitationStore, StoreError};

use super::cell;
use super::memberships::{at_places, give, held_at_instant};
use super::write::{Halt, finish, insert_answer};
use crate::database::{Database, store_error};
use crate::entity::invitation::{self, Column, Entity};
use crate::entity::membership;
use crate::vault::Vault;

/// [`InvitationStore`] over the table `invitations`.
pub struct InvitationRows {
    db: Database,
    vault: Arc<Vault>,
}

impl InvitationRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }

    fn blind(&self, code: &str) -> Vec<u8> {
        self.vault.blind("invitation", code).to_vec()
    }

    async fn write(
        &self,
        tx: &DatabaseTransaction,
        invitation: &Invitation,
        code: &str,
        answer: Option<&Answer>,
    ) -> Result<(), Halt> {
        if let Some(answer) = answer {
            insert_answer(tx, &self.vault, answer, None).await?;
        }
        Ok(insert(tx, invitation, self.blind(code)).await?)
    }
}

#[async_trait]
impl InvitationStore for InvitationRows {
    async fn invite(&self, invitation: &Invitation, code: &str, answer: Option<&Answer>) -> Result<Commit, StoreError> {
        let tx = self.db.begin_write().await?;
        let written = self.write(&tx, invitation, code, answer).await;
        finish(tx, written).await
    }

    async fn find_waiting(&self, code: &str, now: DateTime<Utc>) -> Result<Option<Invitation>, StoreError> {
        let waiting = Entity::find().filter(Column::CodeIndex.eq(self.blind(code))).filter(waits(now));
        let found = waiting.one(self.db.reader()).await.map_err(store_error)?;
        found.map(to_invitation).transpose()
    }

    async fn accept_invitation(
        &self,
        invitation: &Invitation,
        person: PersonId,
        answer: Option<&Answer>,
        now: DateTime<Utc>,
    ) -> Result<Option<Commit>, StoreError> {
        let tx = self.db.begin_write().await?;
        if let Some(answer) = answer {
            match insert_answer(&tx, &self.vault, answer, None).await {
                Ok(()) => {}
                Err(Halt::Ended(end)) => return Ok(Some(end)),
                Err(Halt::Failed(error)) => return Err(error),
            }
        }
        if !close(&tx, invitation.id, Some(person), now).await? {
            return Ok(None);
        }
        let membership = invitation.membership.clone();
        let (by, until) = (invitation.issued_by, invitation.role_ends_at);
        give(&tx, &Grant { person, membership, by, at: now, until }).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(Some(Commit::Done))
    }

    async fn find_invitation(&self, id: InvitationId, now: DateTime<Utc>) -> Result<Option<Invitation>, StoreError> {
        let found = Entity::find_by_id(id.0).filter(waits(now)).one(self.db.reader()).await.map_err(store_error)?;
        found.map(to_invitation).transpose()
    }

    async fn invitations_at(
        &self,
        places: &[PlaceId],
        after: Option<InvitationId>,
        limit: u16,
        now: DateTime<Utc>,
    ) -> Result<Vec<Invitation>, StoreError> {
        let rows = Entity::find()
            .filter(at_places(Column::PlaceId, places))
            .filter(waits(now))
            .apply_if(after, |rows, after| rows.filter(Column::Id.gt(after.0)))
            .order_by_asc(Column::Id)
            .limit(u64::from(limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(to_invitation).collect()
    }

    async fn withdraw_invitation(&self, id: InvitationId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        close(self.db.writer(), id, None, now).await
    }

    async fn invite_first_administrator(&self, invitation: &Invitation, code: &str) -> Result<bool, StoreError> {
        let tx = self.db.begin_write().await?;
        if has_administrator(&tx, invitation.issued_at).await? {
            return Ok(false);
        }
        Entity::update_many()
            .col_expr(Column::ClosedAt, invitation.issued_at.into())
            .filter(Column::IssuedBy.is_null())
            .filter(Column::ClosedAt.is_null())
            .exec(&tx)
            .await
            .map_err(store_error)?;
        insert(&tx, invitation, self.blind(code)).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(true)
    }
}

async fn insert(db: &impl ConnectionTrait, invitation: &Invitation, code_index: Vec<u8>) -> Result<(), StoreError> {
    let Invitation { id, membership, issued_by, issued_at, expires_at, role_ends_at } = invitation;
    let row = invitation::Model {
        id: id.0,
        code_index,
        place_id: membership.place.map(Into::into),
        role: membership.role.to_string(),
        partner_id: membership.partner_id.map(Into::into),
        issued_by: issued_by.map(Into::into),
        issued_at: *issued_at,
        expires_at: *expires_at,
        role_ends_at: *role_ends_at,
        closed_at: None,
        accepted_by: None,
    };
    Entity::insert(row.into_active_model()).exec_without_returning(db).await.map_err(store_error)?;
    Ok(())
}

async fn has_administrator(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let found = membership::Entity::find()
        .filter(membership::Column::Role.eq(Role::Administrator.to_string()))
        .filter(membership::Column::PlaceId.is_null())
        .filter(held_at_instant(now))
        .one(tx)
        .await
        .map_err(store_error)?;
    Ok(found.is_some())
}

/// Of two at once, one closes it.
async fn close(
    db: &impl ConnectionTrait,
    id: InvitationId,
    accepted_by: Option<PersonId>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let closed = Entity::update_many()
        .col_expr(Column::ClosedAt, now.into())
        .col_expr(Column::AcceptedBy, accepted_by.map(|person| person.0).into())
        .filter(Column::Id.eq(id.0))
        .filter(waits(now))
        .exec(db)
        .await
        .map_err(store_error)?;
    Ok(closed.rows_affected == 1)
}

fn waits(now: DateTime<Utc>) -> Condition {
    Condition::all().add(Column::ClosedAt.is_null()).add(Column::ExpiresAt.gt(now))
}

fn to_invitation(row: invitation::Model) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        id: row.id.into(),
        membership: Membership {
            role: cell::named("invitation", &row.role)?,
            place: row.place_id.map(Into::into),
            partner_id: row.partner_id.map(Into::into),
        },
        issued_by: row.issued_by.map(Into::into),
        issued_at: row.issued_at,
        expires_at: row.expires_at,
        role_ends_at: row.role_ends_at,
    })
}
