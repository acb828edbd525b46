//! One stored value ↔ one value of the domain. Whatever does not fit is [`StoreError::Corrupt`], never a guess.

use std::fmt::Display;
use std::str::FromStr;

use sea_orm::JsonValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use domain::ports::StoreError;

use crate::vault::{Cell, Vault};

/// A status, role or kind by its stored name.
pub(super) fn named<T>(what: &'static str, name: &str) -> Result<T, StoreError>
where
    T: FromStr<Err: Display>,
{
    name.parse().map_err(|e: T::Err| StoreError::corrupt(what, format!("{name:?}: {e}")))
}

pub(super) fn to_json<T: Serialize + ?Sized>(what: &'static str, value: &T) -> Result<JsonValue, StoreError> {
    serde_json::to_value(value).map_err(|e| StoreError::corrupt(what, e))
}

pub(super) fn from_json<T: DeserializeOwned>(what: &'static str, value: JsonValue) -> Result<T, StoreError> {
    serde_json::from_value(value).map_err(|e| StoreError::corrupt(what, e))
}

/// As JSON, locked for its place.
pub(super) fn lock<T: Serialize + ?Sized>(vault: &Vault, cell: Cell<'_>, value: &T) -> Result<Vec<u8>, StoreError> {
    let json = serde_json::to_vec(value).map_err(|e| StoreError::corrupt(cell.column, e))?;
    vault.lock(cell, &json)
}

pub(super) fn unlock<T: DeserializeOwned>(vault: &Vault, cell: Cell<'_>, locked: &[u8]) -> Result<T, StoreError> {
    let json = vault.unlock(cell, locked)?;
    serde_json::from_slice(&json).map_err(|e| StoreError::corrupt(cell.column, e))
}

/// Hashes and salts, whose length is their type's.
pub(super) fn bytes<const N: usize>(what: &'static str, stored: Vec<u8>) -> Result<[u8; N], StoreError> {
    stored.try_into().map_err(|wrong: Vec<u8>| StoreError::corrupt(what, format!("{} bytes", wrong.len())))
}

/// A number that was smaller when it was written.
pub(super) fn number<T, W>(what: &'static str, stored: W) -> Result<T, StoreError>
where
    T: TryFrom<W, Error: std::error::Error + Send + Sync + 'static>,
{
    T::try_from(stored).map_err(|e| StoreError::corrupt(what, e))
}

/// What stands twice in a row, as a column and inside its JSON, must agree.
pub(super) fn agree<T: PartialEq>(what: &'static str, column: T, inside: T) -> Result<(), StoreError> {
    if column == inside { Ok(()) } else { Err(StoreError::corrupt(what, "its column and its JSON differ")) }
}
