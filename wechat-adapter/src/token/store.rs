use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::AccessToken;
use crate::clock::BEIJING;

/// Where tokens are kept between calls, and between processes if there are
/// several. Implementations keep one token per app id, in the clear or locked,
/// out of reach of whoever may not speak for the account.
///
/// WeCom's tokens come with a key of their own shape in place of an app id:
/// `wecom:<corp id>:<agent id>`.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// The token last put, expired or not, or none.
    async fn get(&self, app_id: &str) -> Result<Option<AccessToken>, TokenStoreError>;

    /// Replaces the token of `app_id`.
    async fn put(&self, app_id: &str, token: &AccessToken) -> Result<(), TokenStoreError>;

    /// Forgets `token`, but only if it is still the one kept, as one atomic
    /// step: another process may have put a good one meanwhile.
    async fn expire_if_still(&self, app_id: &str, token: &AccessToken) -> Result<(), TokenStoreError>;

    /// Takes the turn to fetch the next token of `app_id`, or none while
    /// somebody else has it. A turn ends by itself after `lease`: whoever took
    /// it may have died.
    async fn claim(&self, app_id: &str, lease: Duration) -> Result<Option<Claim>, TokenStoreError>;

    /// Gives the turn back. Does nothing if `claim` has run out and the turn
    /// is somebody else's by now.
    async fn release(&self, app_id: &str, claim: Claim) -> Result<(), TokenStoreError>;

    /// Counts one forced refresh at `now` and says whether `ration` allowed it,
    /// as one atomic step. What was not allowed is not counted.
    async fn spend_forced_refresh(
        &self,
        app_id: &str,
        ration: ForcedRefreshes,
        now: DateTime<Utc>,
    ) -> Result<bool, TokenStoreError>;
}

/// A turn to fetch a token; the number tells one turn from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim(pub u64);

/// How often a token may be replaced by force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForcedRefreshes {
    /// WeChat ignores those that come closer.
    pub apart: TimeDelta,
    /// Counted by [`day`](Self::day).
    pub per_day: u32,
}

impl ForcedRefreshes {
    /// Half of WeChat's twenty a day: the other half stays for people, and it
    /// holds even if WeChat's day begins at another hour than ours.
    pub const RATION: Self = Self { apart: TimeDelta::seconds(30), per_day: 10 };

    /// The day that `now` counts for, in Beijing time.
    /// UNVERIFIED: that WeChat's day for tokens is Beijing's.
    #[must_use]
    pub fn day(now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&BEIJING).date_naive()
    }
}

/// A store that could not do its work. The source must not name tokens.
#[derive(Debug, thiserror::Error)]
#[error("token store unavailable")]
pub struct TokenStoreError(#[source] pub Box<dyn std::error::Error + Send + Sync>);
