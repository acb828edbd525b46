use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{MembershipId, PersonId, PlaceId};
use crate::people::{Held, Membership};
use crate::ports::StoreError;

/// A role that is given to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub person: PersonId,
    pub membership: Membership,
    /// `None` where the program itself gives it: the first administrator, the demo.
    pub by: Option<PersonId>,
    pub at: DateTime<Utc>,
    /// When it ends by itself.
    pub until: Option<DateTime<Utc>>,
}

/// Who is what, where, since when and until when. Ended memberships stay as rows.
#[async_trait]
pub trait MembershipStore: Send + Sync {
    /// Adds the membership; one that the person holds already gets the new end. One that has run out is ended first.
    async fn grant(&self, grant: &Grant) -> Result<(), StoreError>;

    /// Ends the membership (`by` is `None` where the operator does), and closes every session of the person in the same transaction,
    /// takes back the invitations that the person issued and forgets the answers saved for the person; `None` where it is not held
    /// (any more).
    async fn end(&self, id: MembershipId, by: Option<PersonId>, now: DateTime<Utc>)
    -> Result<Option<Held>, StoreError>;

    async fn find_membership(&self, id: MembershipId, now: DateTime<Utc>) -> Result<Option<Held>, StoreError>;

    /// Those held at any of these places now, or everywhere where none is named, oldest first, up to `limit` after `after`.
    async fn held_at(
        &self,
        places: &[PlaceId],
        after: Option<MembershipId>,
        limit: u16,
        now: DateTime<Utc>,
    ) -> Result<Vec<Held>, StoreError>;
}
