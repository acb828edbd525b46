//! WeChat's tokens in Redis, so that all processes speak with one.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use infra::redis::{Redis, SharedToken};
use secrecy::ExposeSecret;
use wechat_adapter::{AccessToken, Claim, ForcedRefreshes, MemoryTokenStore, TokenStore, TokenStoreError};

/// Keeps tokens in Redis, where they lie in the clear for two hours at most; in process while Redis is away, for WeChat
/// hands every process the same one.
pub struct RedisTokenStore {
    redis: Redis,
    local: MemoryTokenStore,
}

impl RedisTokenStore {
    pub fn new(redis: Redis) -> Self {
        Self { redis, local: MemoryTokenStore::default() }
    }
}

#[async_trait]
impl TokenStore for RedisTokenStore {
    async fn get(&self, app_id: &str) -> Result<Option<AccessToken>, TokenStoreError> {
        match self.redis.find_token(app_id).await {
            Ok(token) => Ok(token.map(|token| AccessToken::new(token.value.into(), token.expires_at))),
            Err(error) => {
                note(&error);
                self.local.get(app_id).await
            }
        }
    }

    async fn put(&self, app_id: &str, token: &AccessToken) -> Result<(), TokenStoreError> {
        let value = token.value().expose_secret().to_owned();
        let shared = SharedToken { value, expires_at: token.expires_at() };
        match self.redis.keep_token(app_id, &shared).await {
            Ok(()) => Ok(()),
            Err(error) => {
                note(&error);
                self.local.put(app_id, token).await
            }
        }
    }

    /// In both places: Redis may have been away when the token was put.
    async fn expire_if_still(&self, app_id: &str, token: &AccessToken) -> Result<(), TokenStoreError> {
        if let Err(error) = self.redis.forget_token(app_id, token.value().expose_secret()).await {
            note(&error);
        }
        self.local.expire_if_still(app_id, token).await
    }

    async fn claim(&self, app_id: &str, lease: Duration) -> Result<Option<Claim>, TokenStoreError> {
        match self.redis.take_turn(app_id, lease).await {
            Ok(turn) => Ok(turn.map(Claim)),
            Err(error) => {
                note(&error);
                self.local.claim(app_id, lease).await
            }
        }
    }

    async fn release(&self, app_id: &str, claim: Claim) -> Result<(), TokenStoreError> {
        if let Err(error) = self.redis.end_turn(app_id, claim.0).await {
            note(&error);
        }
        self.local.release(app_id, claim).await
    }

    /// Not while Redis is away: what cannot be counted together must not be done.
    async fn spend_forced_refresh(
        &self,
        app_id: &str,
        ration: ForcedRefreshes,
        now: DateTime<Utc>,
    ) -> Result<bool, TokenStoreError> {
        let apart = ration.apart.to_std().unwrap_or(Duration::MAX);
        match self.redis.spend_renewal(app_id, ForcedRefreshes::day(now), ration.per_day, apart).await {
            Ok(allowed) => Ok(allowed),
            Err(error) => {
                note(&error);
                Ok(false)
            }
        }
    }
}

fn note(error: &impl std::fmt::Display) {
    tracing::warn!(%error, "wechat.token: Redis is away");
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(60);

    /// Nobody listens on port 1.
    async fn away() -> RedisTokenStore {
        RedisTokenStore::new(Redis::connect("redis://127.0.0.1:1", "hgj:").await.unwrap())
    }

    #[tokio::test]
    async fn while_redis_is_away_this_process_has_a_token_and_turns_of_its_own() {
        let store = away().await;
        let token = AccessToken::new("token-1".into(), DateTime::UNIX_EPOCH);
        store.put("wx1", &token).await.unwrap();
        assert!(store.get("wx1").await.unwrap().is_some_and(|kept| kept.same_as(&token)));

        let turn = store.claim("wx1", LEASE).await.unwrap().unwrap();
        assert_eq!(store.claim("wx1", LEASE).await.unwrap(), None);
        store.release("wx1", turn).await.unwrap();
        assert!(store.claim("wx1", LEASE).await.unwrap().is_some());

        store.expire_if_still("wx1", &token).await.unwrap();
        assert!(store.get("wx1").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn while_redis_is_away_no_token_is_forced() {
        let ration = ForcedRefreshes::RATION;
        assert!(!away().await.spend_forced_refresh("wx1", ration, DateTime::UNIX_EPOCH).await.unwrap());
    }
}
