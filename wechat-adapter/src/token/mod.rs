//! Access tokens: one per mini-program, shared by every process that uses it.

mod memory;
mod source;

pub use memory::MemoryTokenStore;
pub(crate) use source::TokenSource;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};

/// A token and the moment WeChat stops taking it. `Debug` hides the value.
#[derive(Clone, Debug)]
pub struct AccessToken {
    value: SecretString,
    expires_at: DateTime<Utc>,
}

impl AccessToken {
    #[must_use]
    pub const fn new(value: SecretString, expires_at: DateTime<Utc>) -> Self {
        Self { value, expires_at }
    }

    /// At least 512 characters of room are needed to store one.
    #[must_use]
    pub const fn value(&self) -> &SecretString {
        &self.value
    }

    #[must_use]
    pub const fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// Whether both are the same token, whatever their expiry.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.value.expose_secret() == other.value.expose_secret()
    }

    /// WeChat makes the next token in the last five minutes of this one and
    /// takes both meanwhile, so that is the time to change over.
    fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        self.expires_at - now > TimeDelta::minutes(5)
    }
}

/// Where tokens are kept between calls, and between processes if there are
/// several. Implementations keep one token per app id.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// The token last put, expired or not, or none.
    async fn get(&self, app_id: &str) -> Result<Option<AccessToken>, TokenStoreError>;

    /// Replaces the token of `app_id`.
    async fn put(&self, app_id: &str, token: &AccessToken) -> Result<(), TokenStoreError>;

    /// Forgets `token`, but only if it is still the one kept, as one atomic
    /// step: another process may have put a good one meanwhile.
    async fn expire_if_still(&self, app_id: &str, token: &AccessToken) -> Result<(), TokenStoreError>;
}

/// A store that could not do its work. The source must not name tokens.
#[derive(Debug, thiserror::Error)]
#[error("token store unavailable")]
pub struct TokenStoreError(#[source] pub Box<dyn std::error::Error + Send + Sync>);
