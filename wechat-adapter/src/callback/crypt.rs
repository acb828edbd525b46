//! The envelope of an encrypted push: AES-256-CBC over 16 random bytes, the
//! message's length, the message and the app id.
//!
//! Whoever opens one has checked its signature before, so the different
//! errors tell nothing to a stranger who tries out ciphertexts.

use aes::Aes256;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD, STANDARD};
use secrecy::{ExposeSecret, SecretBox, SecretString};

use super::error::{CallbackConfigError, CallbackError};

/// WeChat pads to whole blocks of 32 bytes, twice what the cipher needs, so
/// that PKCS#7 as libraries have it refuses half of all pushes.
const PADDING_BLOCK: u8 = 32;

/// The console makes keys whose last character carries bits that no byte
/// needs; strict decoders refuse those.
const KEY_ENGINE: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, NO_PAD.with_decode_allow_trailing_bits(true));

/// The console's EncodingAESKey, decoded.
pub(super) struct MessageKey(SecretBox<[u8; 32]>);

impl MessageKey {
    pub(super) fn read(encoding_aes_key: &SecretString) -> Result<Self, CallbackConfigError> {
        let decoded = KEY_ENGINE.decode(encoding_aes_key.expose_secret()).map_err(|_| CallbackConfigError::Key)?;
        let key = decoded.try_into().map_err(|_| CallbackConfigError::Key)?;
        Ok(Self(SecretBox::new(Box::new(key))))
    }

    /// The message inside `sealed`, which has to be for `app_id`.
    pub(super) fn open(&self, sealed: &str, app_id: &str) -> Result<String, CallbackError> {
        let mut bytes = STANDARD.decode(sealed).map_err(|_| CallbackError::Ciphertext)?;
        let (blocks, rest) = aes::Block::slice_as_chunks_mut(&mut bytes);
        if blocks.is_empty() || !rest.is_empty() {
            return Err(CallbackError::Ciphertext);
        }
        let (key, iv) = self.key_and_iv();
        cbc::Decryptor::<Aes256>::new(&key, &iv).decrypt_blocks(blocks);

        let content = unpad(&bytes).ok_or(CallbackError::Padding)?;
        let (message, recipient) = split(content).ok_or(CallbackError::Length)?;
        if recipient != app_id.as_bytes() {
            return Err(CallbackError::OtherApp);
        }
        String::from_utf8(message.to_vec()).map_err(|_| CallbackError::Encoding)
    }

    /// The first half of the key is the initialisation vector, too.
    fn key_and_iv(&self) -> (aes::cipher::Key<Aes256>, aes::Block) {
        let key = *self.0.expose_secret();
        let (iv, _) = aes::Block::slice_as_chunks(&key);
        (key.into(), iv.first().copied().unwrap_or_default())
    }
}

fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let count = *padded.last()?;
    let length = padded.len().checked_sub(count.into())?;
    let (content, padding) = padded.split_at_checked(length)?;
    let right = (1..=PADDING_BLOCK).contains(&count) && padding.iter().all(|byte| *byte == count);
    right.then_some(content)
}

/// The message and the app id behind it.
fn split(content: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_random, rest) = content.split_first_chunk::<16>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_be_bytes(*length).try_into().ok()?)
}

/// What WeChat does.
#[cfg(any(test, feature = "sandbox"))]
mod sealing {
    use aes::cipher::BlockModeEncrypt;

    use super::*;

    impl MessageKey {
        /// Seals `message` for `app_id`; `random` hides that two are the same.
        pub(in crate::callback) fn seal(&self, message: &str, app_id: &str, random: [u8; 16]) -> String {
            let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
            let parts = [&random[..], &length.to_be_bytes(), message.as_bytes(), app_id.as_bytes()];
            self.encrypt(pad(parts.concat()))
        }

        /// Encrypts whole blocks.
        pub(super) fn encrypt(&self, mut bytes: Vec<u8>) -> String {
            let (blocks, _) = aes::Block::slice_as_chunks_mut(&mut bytes);
            let (key, iv) = self.key_and_iv();
            cbc::Encryptor::<Aes256>::new(&key, &iv).encrypt_blocks(blocks);
            STANDARD.encode(bytes)
        }
    }

    /// A full block of padding where nothing needs to be filled.
    fn pad(mut content: Vec<u8>) -> Vec<u8> {
        let block = usize::from(PADDING_BLOCK);
        let count = block - content.len() % block;
        let byte = u8::try_from(count).unwrap_or(PADDING_BLOCK);
        content.resize(content.len() + count, byte);
        content
    }
}

#[cfg(test)]
#[path = "crypt_tests.rs"]
mod tests;
