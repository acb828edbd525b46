use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{PersonId, SessionId};
use crate::people::{AgeBand, Person, Residence};
use crate::ports::StoreError;

/// SHA-256 of a refresh token; the token itself is never stored.
pub type TokenHash = [u8; 32];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    pub hash: TokenHash,
    pub session: SessionId,
    pub issued_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// What became of a refresh token that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The old one is spent, the new one stands in its place.
    Rotated { person: PersonId, session: SessionId },
    /// It was spent before: somebody has a copy, so the whole session is closed.
    Reused,
    /// Never issued, expired, or its session was closed.
    Invalid,
}

/// What a person may change about themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileChange {
    Nickname(Option<String>),
    Phone(String),
    /// `None` takes it away.
    Residence(Option<Residence>),
    AgeBand(Option<AgeBand>),
}

/// Somebody of another system: a name, and no WeChat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    pub id: PersonId,
    pub nickname: String,
    /// Since when they are known there.
    pub created_at: DateTime<Utc>,
}

#[async_trait]
pub trait PeopleStore: Send + Sync {
    /// The person with this openid, made now with id `new_id` if there is none.
    async fn sign_in(
        &self,
        openid: &str,
        unionid: Option<&str>,
        new_id: PersonId,
        now: DateTime<Utc>,
    ) -> Result<Person, StoreError>;

    /// Adds those whose id is not there yet, once each; whoever is there stays as they are.
    async fn insert_missing(&self, newcomers: &[Newcomer]) -> Result<(), StoreError>;

    /// The person behind an open session with the roles held now; `None` where the session was closed. One round trip.
    async fn find_by_session(&self, session: SessionId, now: DateTime<Utc>) -> Result<Option<Person>, StoreError>;

    /// The person with the roles held now.
    async fn find_person(&self, person: PersonId, now: DateTime<Utc>) -> Result<Option<Person>, StoreError>;

    /// Those who verified this phone number.
    async fn find_by_phone(&self, phone: &str, now: DateTime<Utc>) -> Result<Vec<Person>, StoreError>;

    /// Changes nothing of a person who closed the account.
    async fn save_profile(&self, person: PersonId, change: &ProfileChange) -> Result<(), StoreError>;

    async fn open_session(&self, person: PersonId, first: &RefreshToken) -> Result<(), StoreError>;

    /// Spends the token with hash `old`. `next.session` is ignored: the new token joins the old one's session.
    async fn rotate(&self, old: TokenHash, next: &RefreshToken, now: DateTime<Utc>) -> Result<Rotation, StoreError>;

    async fn close_session(&self, session: SessionId, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// What the person answered when asked for messages by this template. A hint: WeChat knows better.
    async fn note_subscription(
        &self,
        person: PersonId,
        template_id: &str,
        accepted: bool,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError>;

    /// Deletes refresh tokens that expired before `before`; says how many.
    async fn sweep_tokens(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}
