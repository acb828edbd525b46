//! The hash chain over an order's history.
//!
//! Each event carries the SHA-256 of the event before it, of its own facts, and of a *salted digest of its body*.
//! The digest rather than the body goes into the chain, so that personal words can be erased (with their salt) without
//! breaking the chain; the salt keeps an erased body from being guessed.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::ids::OrderId;
use crate::order::{Event, Happening};

/// SHA-256, 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChainHash(pub [u8; 32]);

/// 16 random bytes, from the [`Ids`](crate::ports::Ids) port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

impl ChainHash {
    /// What the first event of every order follows.
    pub const START: Self = Self([0; 32]);
}

impl std::fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// An event ready to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Chained {
    pub event: Event,
    /// JSON of the event's [`Happening`], byte for byte as hashed.
    pub body: String,
    pub salt: Salt,
    pub body_hash: ChainHash,
    pub hash: ChainHash,
}

/// An event as stored, for verification.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainRow {
    pub event: Event,
    /// Byte for byte as hashed; what is left of it where it was erased.
    pub body: String,
    /// Gone with the words of an erased event, so that nobody can guess them from the digest that stays.
    pub salt: Option<Salt>,
    /// Words were taken out of the event, on purpose.
    pub is_erased: bool,
    pub body_hash: ChainHash,
    pub hash: ChainHash,
}

/// Where a stored history is not what was once written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("order {order}: expected event {expected}, found {found}")]
    Gap { order: OrderId, expected: i64, found: i64 },
    #[error("order {order}: the body of event {seq} was changed")]
    Body { order: OrderId, seq: i64 },
    #[error("order {order}: the body of event {seq} is gone, and nobody erased it")]
    Missing { order: OrderId, seq: i64 },
    #[error("order {order}: event {seq} does not follow from the one before it")]
    Link { order: OrderId, seq: i64 },
    #[error("order {order}: the order's row says version {version}, its history ends at {seq}")]
    Head { order: OrderId, version: i64, seq: i64 },
    #[error("order {order}: the order's row does not match what its history makes")]
    Drift { order: OrderId },
}

impl Chained {
    pub fn new(event: Event, previous: ChainHash, salt: Salt) -> Result<Self, serde_json::Error> {
        let body = serde_json::to_string(&event.what)?;
        let body_hash = hash_body(&body, salt);
        let hash = hash_link(&event, previous, body_hash);
        Ok(Self { event, body, salt, body_hash, hash })
    }
}

/// Checks the whole history of one order, oldest first; answers the hash of its last event.
pub fn verify(rows: &[ChainRow]) -> Result<ChainHash, Fault> {
    rows.iter().zip(1..).try_fold(ChainHash::START, |previous, (row, expected)| {
        let (order, seq) = (row.event.order, row.event.seq);
        if seq != expected {
            return Err(Fault::Gap { order, expected, found: seq });
        }
        let parsed: Option<Happening> = serde_json::from_str(&row.body).ok();
        if parsed.as_ref() != Some(&row.event.what) {
            return Err(Fault::Body { order, seq });
        }
        match (row.salt, row.is_erased) {
            (Some(salt), false) if hash_body(&row.body, salt) == row.body_hash => {}
            // The digest of what was once written still stands in the chain; what is left of the body is not proven.
            (None, true) => {}
            (Some(_), _) => return Err(Fault::Body { order, seq }),
            (None, false) => return Err(Fault::Missing { order, seq }),
        }
        if hash_link(&row.event, previous, row.body_hash) != row.hash {
            return Err(Fault::Link { order, seq });
        }
        Ok(row.hash)
    })
}

fn hash_body(body: &str, salt: Salt) -> ChainHash {
    ChainHash(Sha256::new().chain_update(salt.0).chain_update(body).finalize().into())
}

/// Every part has a fixed length but the two names, which end with a zero byte.
fn hash_link(event: &Event, previous: ChainHash, body_hash: ChainHash) -> ChainHash {
    let kind: &'static str = crate::order::EventKind::from(&event.what).into();
    let hat: &'static str = event.hat.into();
    let hash = Sha256::new()
        .chain_update(previous.0)
        .chain_update(event.order.0.as_bytes())
        .chain_update(event.seq.to_be_bytes())
        .chain_update(event.at.timestamp_millis().to_be_bytes())
        .chain_update(event.by.0.as_bytes())
        .chain_update(hat)
        .chain_update([0])
        .chain_update(kind)
        .chain_update([0])
        .chain_update(body_hash.0)
        .finalize();
    ChainHash(hash.into())
}
