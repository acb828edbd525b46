use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::{AccessToken, Claim, ForcedRefreshes, TokenStore, TokenStoreError};

/// Tokens in this process alone. Enough for one server; several servers with a
/// store each get the same tokens from WeChat, but ration nothing together.
#[derive(Debug, Default)]
pub struct MemoryTokenStore {
    accounts: Mutex<HashMap<String, Kept>>,
}

/// What is known of one account.
#[derive(Debug, Default)]
struct Kept {
    token: Option<AccessToken>,
    turn: Option<(Claim, Instant)>,
    turns: u64,
    forced_at: Vec<DateTime<Utc>>,
}

impl Kept {
    fn claim(&mut self, lease: Duration) -> Option<Claim> {
        let now = Instant::now();
        if self.turn.is_some_and(|(_, ends_at)| now < ends_at) {
            return None;
        }
        self.turns += 1;
        let claim = Claim(self.turns);
        self.turn = Some((claim, now + lease));
        Some(claim)
    }

    fn spend_forced_refresh(&mut self, ration: ForcedRefreshes, now: DateTime<Utc>) -> bool {
        self.forced_at.retain(|at| ForcedRefreshes::day(*at) == ForcedRefreshes::day(now) || now - *at < ration.apart);
        let today = self.forced_at.iter().filter(|at| ForcedRefreshes::day(**at) == ForcedRefreshes::day(now)).count();
        let too_close = self.forced_at.iter().any(|at| now - *at < ration.apart);
        let allowed = !too_close && u32::try_from(today).is_ok_and(|today| today < ration.per_day);
        if allowed {
            self.forced_at.push(now);
        }
        allowed
    }
}

impl MemoryTokenStore {
    fn accounts(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        // No code panics between two writes to the map, so a poisoned lock
        // still guards a whole one.
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, app_id: &str, change: impl FnOnce(&mut Kept) -> T) -> T {
        change(self.accounts().entry(app_id.to_owned()).or_default())
    }
}

#[async_trait]
impl TokenStore for MemoryTokenStore {
    async fn get(&self, app_id: &str) -> Result<Option<AccessToken>, TokenStoreError> {
        Ok(self.accounts().get(app_id).and_then(|kept| kept.token.clone()))
    }

    async fn put(&self, app_id: &str, token: &AccessToken) -> Result<(), TokenStoreError> {
        self.with(app_id, |kept| kept.token = Some(token.clone()));
        Ok(())
    }

    async fn expire_if_still(&self, app_id: &str, token: &AccessToken) -> Result<(), TokenStoreError> {
        self.with(app_id, |kept| kept.token.take_if(|kept| kept.same_as(token)));
        Ok(())
    }

    async fn claim(&self, app_id: &str, lease: Duration) -> Result<Option<Claim>, TokenStoreError> {
        Ok(self.with(app_id, |kept| kept.claim(lease)))
    }

    async fn release(&self, app_id: &str, claim: Claim) -> Result<(), TokenStoreError> {
        self.with(app_id, |kept| kept.turn.take_if(|(turn, _)| *turn == claim));
        Ok(())
    }

    async fn spend_forced_refresh(
        &self,
        app_id: &str,
        ration: ForcedRefreshes,
        now: DateTime<Utc>,
    ) -> Result<bool, TokenStoreError> {
        Ok(self.with(app_id, |kept| kept.spend_forced_refresh(ration, now)))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const LEASE: Duration = Duration::from_secs(6);

    #[tokio::test]
    async fn somebody_elses_fresh_token_survives() {
        let store = MemoryTokenStore::default();
        let token = |value: &str| AccessToken::new(value.into(), DateTime::UNIX_EPOCH);
        store.put("wx1", &token("new")).await.unwrap();

        store.expire_if_still("wx1", &token("old")).await.unwrap();
        assert!(store.get("wx1").await.unwrap().is_some());

        store.expire_if_still("wx1", &token("new")).await.unwrap();
        assert!(store.get("wx1").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn one_account_has_one_turn_at_a_time() {
        let store = MemoryTokenStore::default();
        let turn = store.claim("wx1", LEASE).await.unwrap().unwrap();
        assert_eq!(store.claim("wx1", LEASE).await.unwrap(), None);
        assert!(store.claim("wx2", LEASE).await.unwrap().is_some());

        store.release("wx1", turn).await.unwrap();
        assert!(store.claim("wx1", LEASE).await.unwrap().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_runs_out_and_its_late_owner_cannot_end_the_next_one() {
        let store = MemoryTokenStore::default();
        let lost = store.claim("wx1", LEASE).await.unwrap().unwrap();
        tokio::time::advance(LEASE).await;
        assert!(store.claim("wx1", LEASE).await.unwrap().is_some());

        store.release("wx1", lost).await.unwrap();
        assert_eq!(store.claim("wx1", LEASE).await.unwrap(), None);
    }

    #[tokio::test]
    async fn forced_refreshes_are_rationed_by_distance_and_by_day() {
        let store = MemoryTokenStore::default();
        let spend = |seconds| {
            let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
            store.spend_forced_refresh("wx1", ForcedRefreshes::RATION, now)
        };
        assert!(spend(0).await.unwrap());
        assert!(!spend(29).await.unwrap());
        for turn in 1..10 {
            assert!(spend(turn * 30).await.unwrap(), "{turn}");
        }
        assert!(!spend(300).await.unwrap());
        // 1970-01-01 08:00 in Beijing was the start: the next day there begins sixteen hours on.
        assert!(!spend(16 * 3600 - 1).await.unwrap());
        assert!(spend(16 * 3600).await.unwrap());
    }

    #[tokio::test]
    async fn midnight_does_not_shorten_the_distance() {
        let store = MemoryTokenStore::default();
        let midnight: DateTime<Utc> = "2026-11-23T16:00:00Z".parse().unwrap();
        let spend = |now| store.spend_forced_refresh("wx1", ForcedRefreshes::RATION, now);
        assert!(spend(midnight - TimeDelta::seconds(10)).await.unwrap());
        assert!(!spend(midnight).await.unwrap());
        assert!(spend(midnight + TimeDelta::seconds(20)).await.unwrap());
    }
}
