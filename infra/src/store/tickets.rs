use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use domain::ids::{PersonId, TicketId};
use domain::people::{TICKET_LIFETIME, Ticket, TicketState};
use domain::ports::{NewSession, StoreError, TicketStore, TokenHash};

use super::cell;
use super::people::session;
use crate::database::{Database, store_error};
use crate::entity::desk_ticket::{self, Column, Entity};
use crate::vault::{Cell, Row, Vault};

/// [`TicketStore`] over the table `desk_tickets`.
pub struct TicketRows {
    db: Database,
    vault: Arc<Vault>,
}

/// What is stored locked.
#[derive(Serialize, Deserialize)]
struct Browser {
    device: String,
    address: String,
}

impl TicketRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }

    async fn find(&self, id: TicketId, scope: Condition) -> Result<Option<Ticket>, StoreError> {
        let found = Entity::find_by_id(id.0).filter(scope).one(self.db.reader()).await;
        found.map_err(store_error)?.map(|row| to_ticket(&self.vault, row)).transpose()
    }
}

#[async_trait]
impl TicketStore for TicketRows {
    async fn insert_ticket(&self, ticket: &Ticket, secret: TokenHash) -> Result<(), StoreError> {
        let browser = Browser { device: ticket.device.clone(), address: ticket.address.clone() };
        let row = desk_ticket::Model {
            id: ticket.id.0,
            secret: secret.to_vec(),
            state: name(ticket.state).to_owned(),
            scanned_by: ticket.state.scanner().map(Into::into),
            browser: cell::lock(&self.vault, browser_cell(ticket.id.0), &browser)?,
            opened_at: ticket.opened_at,
        };
        Entity::insert(row.into_active_model()).exec_without_returning(self.db.writer()).await.map_err(store_error)?;
        Ok(())
    }

    async fn find_for_scanner(&self, id: TicketId, person: PersonId) -> Result<Option<Ticket>, StoreError> {
        let scope = Condition::any().add(Column::ScannedBy.is_null()).add(Column::ScannedBy.eq(person.0));
        self.find(id, scope).await
    }

    async fn find_for_browser(&self, id: TicketId, secret: TokenHash) -> Result<Option<Ticket>, StoreError> {
        self.find(id, Condition::all().add(Column::Secret.eq(secret.to_vec()))).await
    }

    async fn apply_tap(&self, id: TicketId, from: TicketState, to: TicketState) -> Result<bool, StoreError> {
        let applied = Entity::update_many()
            .col_expr(Column::State, name(to).into())
            .col_expr(Column::ScannedBy, to.scanner().map(|person| person.0).into())
            .filter(Column::Id.eq(id.0))
            .filter(is(from))
            .exec(self.db.writer())
            .await
            .map_err(store_error)?;
        Ok(applied.rows_affected == 1)
    }

    async fn claim_ticket(&self, id: TicketId, opening: &NewSession) -> Result<bool, StoreError> {
        let tx = self.db.begin_write().await?;
        let claimed = Entity::update_many()
            .col_expr(Column::State, name(TicketState::Claimed(opening.person)).into())
            .filter(Column::Id.eq(id.0))
            .filter(is(TicketState::Confirmed(opening.person)))
            .filter(Column::OpenedAt.gt(opening.first.issued_at - TICKET_LIFETIME))
            .exec(&tx)
            .await
            .map_err(store_error)?;
        if claimed.rows_affected != 1 {
            return Ok(false);
        }
        session::open(&tx, &self.vault, opening).await?;
        tx.commit().await.map_err(store_error)?;
        Ok(true)
    }

    async fn sweep_tickets(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let swept = Entity::delete_many().filter(Column::OpenedAt.lt(before)).exec(self.db.writer()).await;
        swept.map(|done| done.rows_affected).map_err(store_error)
    }
}

fn name(state: TicketState) -> &'static str {
    match state {
        TicketState::Waiting => "waiting",
        TicketState::Scanned(_) => "scanned",
        TicketState::Confirmed(_) => "confirmed",
        TicketState::Declined(_) => "declined",
        TicketState::Claimed(_) => "claimed",
    }
}

/// The row is in this state, and its scanner's.
fn is(state: TicketState) -> Condition {
    let scanner = match state.scanner() {
        None => Column::ScannedBy.is_null(),
        Some(person) => Column::ScannedBy.eq(person.0),
    };
    Condition::all().add(Column::State.eq(name(state))).add(scanner)
}

fn browser_cell(id: Uuid) -> Cell<'static> {
    Cell::new("desk_tickets.browser", Row::Id(id))
}

fn to_ticket(vault: &Vault, row: desk_ticket::Model) -> Result<Ticket, StoreError> {
    let scanner = row.scanned_by.map(PersonId);
    let state = match (row.state.as_str(), scanner) {
        ("waiting", None) => TicketState::Waiting,
        ("scanned", Some(by)) => TicketState::Scanned(by),
        ("confirmed", Some(by)) => TicketState::Confirmed(by),
        ("declined", Some(by)) => TicketState::Declined(by),
        ("claimed", Some(by)) => TicketState::Claimed(by),
        (other, _) => return Err(StoreError::corrupt("ticket", format!("{other:?} and its scanner do not fit"))),
    };
    let Browser { device, address } = cell::unlock(vault, browser_cell(row.id), &row.browser)?;
    Ok(Ticket { id: row.id.into(), state, device, address, opened_at: row.opened_at })
}
