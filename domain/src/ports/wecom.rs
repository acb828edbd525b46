use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{PersonId, PlaceId};
use crate::ports::StoreError;

/// How the corporation in WeCom (企业微信) calls somebody who works here.
#[derive(Clone, PartialEq, Eq)]
pub struct WecomMember {
    pub person: PersonId,
    pub user_id: String,
}

impl std::fmt::Debug for WecomMember {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WecomMember").field("person", &self.person).finish_non_exhaustive()
    }
}

#[async_trait]
pub trait WecomMemberStore: Send + Sync {
    /// A new name takes the place of the old one. `false` where somebody else who works here has the name: what one is told
    /// would be read by the other.
    async fn save_member(&self, member: &WecomMember, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// `false` where there was none.
    async fn remove_member(&self, person: PersonId) -> Result<bool, StoreError>;

    /// Those who hold a role at any of these places now, or everywhere where none is named, in the order of their ids, up to
    /// `limit` after `after`.
    async fn members_at(
        &self,
        places: &[PlaceId],
        after: Option<PersonId>,
        limit: u16,
        now: DateTime<Utc>,
    ) -> Result<Vec<WecomMember>, StoreError>;
}
