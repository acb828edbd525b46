//! Access tokens: one per account, shared by every process that uses it.

mod issuer;
mod memory;
mod source;
mod store;

pub(crate) use issuer::{Issuer, Mode, StableToken, TokenAnswer};
pub use memory::MemoryTokenStore;
pub(crate) use source::TokenSource;
pub use store::{Claim, ForcedRefreshes, TokenStore, TokenStoreError};

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

    fn lives_for(&self, time: TimeDelta, now: DateTime<Utc>) -> bool {
        self.expires_at - now > time
    }
}
