use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::PersonId;
use crate::ports::{Commit, StoreError};

/// The answer once given under an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub person: PersonId,
    pub key: String,
    /// SHA-256 of method, path and body: the same key with another request is refused.
    pub fingerprint: [u8; 32],
    pub status: u16,
    pub body: String,
    pub at: DateTime<Utc>,
}

/// An answer that says what came of the request. Its place under the key is taken before anything is done, so that a second
/// request with the same key waits for the first; what it says is written in the same transaction.
pub struct Promised<'a, T> {
    /// Says nothing yet.
    pub blank: Answer,
    pub words: &'a (dyn Fn(&T) -> Result<String, StoreError> + Send + Sync),
}

/// How something that promised an answer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Fulfilled<T> {
    Done(T),
    /// The key of the answer was used by a request that committed first.
    KeyTaken,
}

#[async_trait]
pub trait AnswerStore: Send + Sync {
    async fn find_answer(&self, person: PersonId, key: &str) -> Result<Option<Answer>, StoreError>;

    /// Keeps an answer that changed no order; those that did are kept by [`OrderStore::commit`]. Ends as [`Commit::Done`]
    /// or [`Commit::KeyTaken`].
    ///
    /// [`OrderStore::commit`]: crate::ports::OrderStore::commit
    async fn keep_answer(&self, answer: &Answer) -> Result<Commit, StoreError>;

    /// Deletes answers given before `before`; says how many.
    async fn sweep_answers(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}
