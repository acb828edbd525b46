use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::SessionId;
use domain::ports::{RefreshToken, TokenHash};
use rand::RngExt;
use sha2::{Digest, Sha256};

/// A refresh token as the client gets it, and what is stored of it.
pub struct FreshToken {
    pub text: String,
    pub stored: RefreshToken,
}

impl FreshToken {
    pub fn issue(session: SessionId, now: DateTime<Utc>, lifetime: TimeDelta) -> Self {
        let secret: [u8; 32] = rand::rng().random();
        let text = URL_SAFE_NO_PAD.encode(secret);
        let stored = RefreshToken { hash: Self::hash(&text), session, issued_at: now, expires_at: now + lifetime };
        Self { text, stored }
    }

    /// 32 random bytes need no salt and no slow hash.
    pub fn hash(text: &str) -> TokenHash {
        Sha256::digest(text.as_bytes()).into()
    }
}
