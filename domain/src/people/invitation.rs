use chrono::{DateTime, TimeDelta, Utc};

use super::Membership;
use crate::ids::{InvitationId, PersonId};

/// How long a code waits, where nobody says otherwise, and at most.
pub const CODE_LIVES_DAYS: i64 = 7;
pub const CODE_LIVES_AT_MOST_DAYS: i64 = 30;

/// A role that waits for whoever brings the code, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub membership: Membership,
    /// `None` where the program itself invites: the first administrator.
    pub issued_by: Option<PersonId>,
    pub issued_at: DateTime<Utc>,
    /// Until when the code works.
    pub expires_at: DateTime<Utc>,
    /// When the role shall end by itself.
    pub role_ends_at: Option<DateTime<Utc>>,
}

impl Invitation {
    pub fn expiry(issued_at: DateTime<Utc>, days: Option<i64>) -> DateTime<Utc> {
        issued_at + TimeDelta::days(days.unwrap_or(CODE_LIVES_DAYS).clamp(1, CODE_LIVES_AT_MOST_DAYS))
    }
}
