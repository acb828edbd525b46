use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::SessionId;
use domain::ports::{RefreshToken, TokenHash};

use super::secret;

/// A refresh token as the client gets it, and what is stored of it.
pub struct FreshToken {
    pub text: String,
    pub stored: RefreshToken,
}

impl FreshToken {
    pub fn issue(session: SessionId, now: DateTime<Utc>, lifetime: TimeDelta) -> Self {
        let text = secret::fresh();
        let stored = RefreshToken { hash: Self::hash(&text), session, issued_at: now, expires_at: now + lifetime };
        Self { text, stored }
    }

    pub fn hash(text: &str) -> TokenHash {
        secret::hash(text)
    }
}
