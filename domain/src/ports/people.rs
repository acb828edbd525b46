use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{PersonId, SessionId};
use crate::people::{AgeBand, Person, Session, SessionKind};
use crate::ports::{Slice, StoreError};

/// SHA-256 of a refresh token; the token itself is never stored.
pub type TokenHash = [u8; 32];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    pub hash: TokenHash,
    pub session: SessionId,
    pub issued_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// A session that begins, with its first refresh token, whose id and time are the session's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    pub person: PersonId,
    pub kind: SessionKind,
    /// What the device calls itself.
    pub device: Option<String>,
    pub first: RefreshToken,
}

/// The person behind an open session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub person: Person,
    pub kind: SessionKind,
    /// When the session was last noted as seen.
    pub last_seen_at: DateTime<Utc>,
}

/// What became of a refresh token that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The old one is spent, the new one stands in its place.
    Rotated { person: PersonId, session: SessionId },
    /// It was spent before: somebody has a copy, so the whole session is closed.
    Reused,
    /// Never issued, expired, or its session was closed, or nobody used it for too long.
    Invalid,
}

/// What an account says of its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub person: PersonId,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub age_band: Option<AgeBand>,
}

/// What a person may change about themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileChange {
    Nickname(Option<String>),
    Phone(String),
    AgeBand(Option<AgeBand>),
}

/// Whom WeChat says that somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WechatIdentity {
    /// The mini-program; an openid means nothing outside its own.
    pub app_id: String,
    pub openid: String,
    /// The same in all mini-programs of one operator; WeChat does not always tell it.
    pub unionid: Option<String>,
}

/// Somebody of another system: a name, and no WeChat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    pub id: PersonId,
    pub nickname: String,
    /// Since when they are known there.
    pub created_at: DateTime<Utc>,
}

/// People who come with letters of another system.
#[async_trait]
pub trait NewcomerStore: Send + Sync {
    /// Adds those whose id is not there yet, once each; whoever is there stays as they are.
    async fn insert_missing(&self, newcomers: &[Newcomer]) -> Result<(), StoreError>;
}

#[async_trait]
pub trait PeopleStore: Send + Sync {
    /// The person with this openid; whoever else has this unionid, under another mini-program; or somebody made now with
    /// id `new_id`. One round trip for whoever was here before.
    async fn sign_in(
        &self,
        identity: &WechatIdentity,
        new_id: PersonId,
        now: DateTime<Utc>,
    ) -> Result<Person, StoreError>;

    /// The person behind an open session with the roles held now; `None` where the session was closed, or nobody used
    /// it for too long. One round trip.
    async fn find_by_session(&self, session: SessionId, now: DateTime<Utc>) -> Result<Option<SignedIn>, StoreError>;

    /// The person with the roles held now.
    async fn find_person(&self, person: PersonId, now: DateTime<Utc>) -> Result<Option<Person>, StoreError>;

    /// Those who verified this phone number; accounts that staff keep are not among them.
    async fn find_by_phone(&self, phone: &str, now: DateTime<Utc>) -> Result<Vec<Person>, StoreError>;

    /// What these people call themselves; whoever is not there or has no name is left out.
    async fn nicknames(&self, people: &[PersonId]) -> Result<Vec<(PersonId, String)>, StoreError>;

    /// What these accounts say now, for a look that is written down; whoever is not there is left out.
    async fn holders(&self, people: &[PersonId]) -> Result<Vec<Holder>, StoreError>;

    /// Changes nothing of a person who closed the account.
    async fn save_profile(&self, person: PersonId, change: &ProfileChange) -> Result<(), StoreError>;

    async fn open_session(&self, session: &NewSession) -> Result<(), StoreError>;

    /// Notes that the session was seen now; an earlier time than the noted one changes nothing.
    async fn note_seen(&self, session: SessionId, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Sessions of the person that were not closed and can still be refreshed, newest first; those that nobody used for
    /// too long are among them.
    async fn sessions_of(
        &self,
        person: PersonId,
        slice: Slice<SessionId>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Session>, StoreError>;

    /// Spends the token with hash `old`. `next.session` is ignored: the new token joins the old one's session.
    async fn rotate(&self, old: TokenHash, next: &RefreshToken, now: DateTime<Utc>) -> Result<Rotation, StoreError>;

    /// Closes the session if it is the person's; `false` where it is not, or was closed before.
    async fn close_session(&self, person: PersonId, session: SessionId, now: DateTime<Utc>)
    -> Result<bool, StoreError>;

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
