use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use domain::attachment::Variant;
use domain::ids::AttachmentId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::keyring::KeyRing;

/// Links that open a photo for a short time without a token, because `<image>` sends none.
#[derive(Clone)]
pub struct PhotoLinks {
    keys: KeyRing,
    /// `https://…` without a slash at the end.
    base: String,
    /// A link lives between one and two of these.
    step: TimeDelta,
}

impl PhotoLinks {
    pub fn new(keys: KeyRing, base: String, step: TimeDelta) -> Self {
        Self { keys, base, step }
    }

    /// The same link for the length of a step, so that phones may keep the picture.
    pub fn sign(&self, id: AttachmentId, variant: Variant, now: DateTime<Utc>) -> String {
        let step_start = now.duration_trunc(self.step).unwrap_or(now);
        let expires = (step_start + self.step * 2).timestamp();
        let signature = self.keys.first().and_then(|key| mac(&key.secret, id, variant, expires));
        let signature = signature.map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())).unwrap_or_default();
        format!("{}/v1/attachments/{id}/{variant}?expires={expires}&signature={signature}", self.base)
    }

    pub fn verify(
        &self,
        id: AttachmentId,
        variant: Variant,
        expires: i64,
        signature: &str,
        now: DateTime<Utc>,
    ) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        let genuine = self
            .keys
            .all()
            .any(|key| mac(&key.secret, id, variant, expires).is_some_and(|mac| mac.verify_slice(&signature).is_ok()));
        genuine && now.timestamp() < expires
    }
}

fn mac(secret: &[u8], id: AttachmentId, variant: Variant, expires: i64) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(format!("photo-link\n{id}\n{variant}\n{expires}").as_bytes());
    Some(mac)
}
