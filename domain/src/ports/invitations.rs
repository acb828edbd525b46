use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{InvitationId, PersonId, PlaceId};
use crate::people::Invitation;
use crate::ports::{Answer, Commit, StoreError};

/// Invitations that wait. Their codes are stored blind: whoever reads the database learns none.
#[async_trait]
pub trait InvitationStore: Send + Sync {
    /// Ends as [`Commit::Done`] or [`Commit::KeyTaken`].
    async fn invite(&self, invitation: &Invitation, code: &str, answer: Option<&Answer>) -> Result<Commit, StoreError>;

    /// The invitation that waits under this code; `None` where none does: never issued, expired, withdrawn, or spent.
    async fn find_waiting(&self, code: &str, now: DateTime<Utc>) -> Result<Option<Invitation>, StoreError>;

    /// Gives the role to the person and spends the code, in one transaction; `None` where it does not wait any more. Else
    /// [`Commit::Done`] or [`Commit::KeyTaken`].
    async fn accept_invitation(
        &self,
        invitation: &Invitation,
        person: PersonId,
        answer: Option<&Answer>,
        now: DateTime<Utc>,
    ) -> Result<Option<Commit>, StoreError>;

    /// `None` where it does not wait (any more).
    async fn find_invitation(&self, id: InvitationId, now: DateTime<Utc>) -> Result<Option<Invitation>, StoreError>;

    /// Those that wait for roles at these places, or everywhere where none is named, oldest first, up to `limit` after `after`.
    async fn invitations_at(
        &self,
        places: &[PlaceId],
        after: Option<InvitationId>,
        limit: u16,
        now: DateTime<Utc>,
    ) -> Result<Vec<Invitation>, StoreError>;

    /// The code works no more; says whether it did until now.
    async fn withdraw_invitation(&self, id: InvitationId, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Puts `invitation` in the place of earlier ones by the program itself, unless somebody is administrator everywhere
    /// already; says whether it did.
    async fn invite_first_administrator(&self, invitation: &Invitation, code: &str) -> Result<bool, StoreError>;
}
