use chrono::{DateTime, TimeDelta, Utc};
use strum::IntoStaticStr;

use crate::ids::{PersonId, SessionId};

/// How often it is noted that a session was seen: once a minute is enough to tell people when, and costs few writes.
const NOTE_EVERY: TimeDelta = TimeDelta::minutes(1);

/// At what somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum SessionKind {
    /// A phone in somebody's pocket: stays signed in.
    Phone,
    /// A browser at a desk, which others pass by: signs out by itself when nobody used it for so many minutes.
    Desk { idle_minutes: u32 },
}

/// One sign-in on one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub person: PersonId,
    pub kind: SessionKind,
    /// What the device calls itself.
    pub device: Option<String>,
    pub opened_at: DateTime<Utc>,
    /// To the minute.
    pub last_seen_at: DateTime<Utc>,
}

impl SessionKind {
    /// Whether nobody used it for too long.
    pub fn is_over(self, last_seen_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        match self {
            Self::Phone => false,
            Self::Desk { idle_minutes } => now - last_seen_at >= TimeDelta::minutes(idle_minutes.into()),
        }
    }
}

/// Whether it is time to note again that a session was seen.
pub fn is_worth_noting(last_seen_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - last_seen_at >= NOTE_EVERY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_signs_out_by_itself_and_a_phone_does_not() {
        let seen: DateTime<Utc> = "2026-11-23T02:00:00Z".parse().expect("an instant");
        let desk = SessionKind::Desk { idle_minutes: 30 };
        assert!(!desk.is_over(seen, seen + TimeDelta::minutes(30) - TimeDelta::milliseconds(1)));
        assert!(desk.is_over(seen, seen + TimeDelta::minutes(30)));
        assert!(!SessionKind::Phone.is_over(seen, seen + TimeDelta::days(300)));
        assert!(!is_worth_noting(seen, seen + TimeDelta::seconds(59)));
        assert!(is_worth_noting(seen, seen + TimeDelta::seconds(60)));
    }
}
