use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use rand::RngExt;

use super::VaultError;

/// Locks data keys, and nothing else.
#[derive(Clone)]
pub struct MasterKey {
    /// Names the key beside what it locked.
    pub id: String,
    pub secret: [u8; 32],
}

/// The first one locks, all of them unlock. To change the master key, put a new one first, re-wrap, and remove the
/// old one.
#[derive(Clone)]
pub struct MasterKeys(Vec<MasterKey>);

impl MasterKeys {
    pub fn new(keys: Vec<MasterKey>) -> Result<Self, VaultError> {
        if keys.is_empty() { Err(VaultError::NoMaster) } else { Ok(Self(keys)) }
    }

    pub(super) fn first(&self) -> Result<&MasterKey, VaultError> {
        self.0.first().ok_or(VaultError::NoMaster)
    }

    /// The data key `key`, which the master key `master` locked.
    pub(super) fn unwrap(&self, key: i64, master: &str, wrapped: &[u8]) -> Result<[u8; 32], VaultError> {
        let master = self
            .0
            .iter()
            .find(|known| known.id == master)
            .ok_or_else(|| VaultError::MasterMissing { key, master: master.to_owned() })?;
        master.unwrap(key, wrapped).ok_or_else(|| VaultError::MasterWrong { key, master: master.id.clone() })
    }
}

impl MasterKey {
    pub(super) fn wrap(&self, key: i64, secret: &[u8; 32]) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; NONCE_LEN] = rand::rng().random();
        let mut body = secret.to_vec();
        let cipher = self.cipher().ok_or(VaultError::Crypto)?;
        cipher
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad(key), &mut body)
            .map_err(|_| VaultError::Crypto)?;
        Ok([nonce.as_slice(), &body].concat())
    }

    fn unwrap(&self, key: i64, wrapped: &[u8]) -> Option<[u8; 32]> {
        let (nonce, body) = wrapped.split_at_checked(NONCE_LEN)?;
        let mut body = body.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let secret = self.cipher()?.open_in_place(nonce, aad(key), &mut body).ok()?;
        secret.try_into().ok()
    }

    fn cipher(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, &self.secret).ok().map(LessSafeKey::new)
    }
}

impl std::fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}

fn aad(key: i64) -> Aad<[u8; 8]> {
    Aad::from(key.to_be_bytes())
}
