//! Secrets that we make, hand out once, and keep as a hash.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ports::TokenHash;
use rand::RngExt;
use sha2::{Digest, Sha256};

pub fn fresh() -> String {
    let secret: [u8; 32] = rand::rng().random();
    URL_SAFE_NO_PAD.encode(secret)
}

/// 32 random bytes need no salt and no slow hash.
pub fn hash(text: &str) -> TokenHash {
    Sha256::digest(text.as_bytes()).into()
}
