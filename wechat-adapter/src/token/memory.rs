use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{AccessToken, TokenStore, TokenStoreError};

/// Tokens in this process alone: enough for one server, and safe for several,
/// because WeChat hands all of them the same stable token.
#[derive(Debug, Default)]
pub struct MemoryTokenStore {
    tokens: Mutex<HashMap<String, AccessToken>>,
}

impl MemoryTokenStore {
    fn tokens(&self) -> MutexGuard<'_, HashMap<String, AccessToken>> {
        // No code panics between two writes to the map, so a poisoned lock
        // still guards a whole one.
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl TokenStore for MemoryTokenStore {
    async fn get(&self, app_id: &str) -> Result<Option<AccessToken>, TokenStoreError> {
        Ok(self.tokens().get(app_id).cloned())
    }

    async fn put(&self, app_id: &str, token: &AccessToken) -> Result<(), TokenStoreError> {
        self.tokens().insert(app_id.to_owned(), token.clone());
        Ok(())
    }

    async fn expire_if_still(&self, app_id: &str, token: &AccessToken) -> Result<(), TokenStoreError> {
        let mut tokens = self.tokens();
        if tokens.get(app_id).is_some_and(|kept| kept.same_as(token)) {
            tokens.remove(app_id);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

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
}
