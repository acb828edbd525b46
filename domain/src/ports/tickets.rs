use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{PersonId, TicketId};
use crate::people::{Ticket, TicketState};
use crate::ports::{NewSession, StoreError, TokenHash};

/// Tickets for signing in at a desk; every process knows them. Of a ticket's secret only the SHA-256 is stored.
#[async_trait]
pub trait TicketStore: Send + Sync {
    async fn insert_ticket(&self, ticket: &Ticket, secret: TokenHash) -> Result<(), StoreError>;

    /// A ticket that nobody or this person scanned; `None` for all others.
    async fn find_for_scanner(&self, id: TicketId, person: PersonId) -> Result<Option<Ticket>, StoreError>;

    /// The ticket of the browser that knows its secret; `None` with another secret.
    async fn find_for_browser(&self, id: TicketId, secret: TokenHash) -> Result<Option<Ticket>, StoreError>;

    /// The ticket goes from one state to another; `false` where it is no longer in the first one.
    async fn apply_tap(&self, id: TicketId, from: TicketState, to: TicketState) -> Result<bool, StoreError>;

    /// Exchanges a confirmed ticket of `session.person` for the session, in one transaction; `false` where it was
    /// declined, claimed or ran out meanwhile. Of two at once one gets it.
    async fn claim_ticket(&self, id: TicketId, session: &NewSession) -> Result<bool, StoreError>;

    /// Deletes tickets opened before `before`; says how many.
    async fn sweep_tickets(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}
