//! People as the staff of their community know them.

use chrono::{DateTime, Utc};

use super::Residence;
use crate::ids::{CommunityId, PersonId};

/// Somebody without WeChat, whose account the staff of a community keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub by: CommunityId,
    pub name: String,
    /// As the person told it to the staff; nobody verified it.
    pub phone: Option<String>,
    pub note: Option<String>,
    /// The person's main one.
    pub home: Residence,
    pub at: DateTime<Utc>,
}

/// Somebody who lives in a community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    pub id: PersonId,
    pub name: Option<String>,
    pub phone: Option<String>,
    /// The community whose staff keep the account; `None` for whoever has WeChat.
    pub kept_by: Option<CommunityId>,
    /// Those homes that the reader may see.
    pub homes: Vec<Residence>,
}
