use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{PersonId, SessionId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::keyring::KeyRing;
use crate::problem::{Code, Problem};

const ISSUER: &str = "hongguanjia";

/// What an access token says. Roles are not in it: they are read at each request and may end at any time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub sub: PersonId,
    pub sid: SessionId,
    /// Seconds since 1970.
    pub iat: i64,
    pub exp: i64,
}

impl Claims {
    pub fn expires_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.exp, 0).unwrap_or_default()
    }
}

/// Issues and verifies access tokens (JWT, HS256).
pub struct Tokens {
    keys: KeyRing,
    lifetime: TimeDelta,
    rules: Validation,
}

impl Tokens {
    pub fn new(keys: KeyRing, lifetime: TimeDelta) -> Self {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&[ISSUER]);
        rules.set_required_spec_claims(&["exp", "iss", "sub"]);
        // Expiry is checked below against our own clock.
        rules.validate_exp = false;
        Self { keys, lifetime, rules }
    }

    pub fn lifetime_seconds(&self) -> i64 {
        self.lifetime.num_seconds()
    }

    pub fn issue(&self, person: PersonId, session: SessionId, now: DateTime<Utc>) -> Result<String, Problem> {
        let key = self.keys.first().ok_or_else(|| Problem::internal(anyhow::anyhow!("no signing key")))?;
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
        let (iat, exp) = (now.timestamp(), (now + self.lifetime).timestamp());
        let claims = Claims { iss: ISSUER.to_owned(), sub: person, sid: session, iat, exp };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&key.secret)).map_err(Problem::internal)
    }

    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, Problem> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
        let key = header.kid.as_deref().and_then(|id| self.keys.find(id)).ok_or_else(invalid)?;
        let key = DecodingKey::from_secret(&key.secret);
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &self.rules).map_err(|_| invalid())?.claims;
        if claims.exp <= now.timestamp() { Err(expired()) } else { Ok(claims) }
    }
}

fn invalid() -> Problem {
    Problem::new(Code::Unauthenticated, "登录凭证无效，请重新登录")
}

fn expired() -> Problem {
    Problem::new(Code::Unauthenticated, "登录已过期，请刷新或重新登录")
}
