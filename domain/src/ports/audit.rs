use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::audit::Line;
use crate::ids::{AuditId, PersonId, RunId};
use crate::order::ChainHash;
use crate::ports::{Slice, StoreError};

/// Which lines are wanted; nothing given is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    pub person: Option<PersonId>,
    pub action: Option<String>,
    pub result: Option<String>,
    /// At or after this instant.
    pub since: Option<DateTime<Utc>>,
    /// Before this instant.
    pub until: Option<DateTime<Utc>>,
}

/// The audit log. Lines are added and never changed; [`RetentionStore`](crate::ports::RetentionStore) takes them away from
/// the front when their time is over.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// The youngest line; `None` where there is none.
    async fn last_line(&self) -> Result<Option<(AuditId, ChainHash)>, StoreError>;

    /// Writes all lines or none.
    async fn append(&self, lines: &[Line]) -> Result<(), StoreError>;

    /// Newest first.
    async fn lines(&self, query: &AuditQuery, slice: Slice<AuditId>) -> Result<Vec<Line>, StoreError>;

    /// Run by run, each by its numbers: up to `limit` lines after this one.
    async fn walk_audit(&self, after: Option<(RunId, i64)>, limit: u16) -> Result<Vec<Line>, StoreError>;
}
