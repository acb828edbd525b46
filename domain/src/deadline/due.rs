use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use super::WorkCalendar;

/// Which clocks a service runs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Urgency {
    /// Danger to life or property: natural time, day and night.
    Urgent,
    #[default]
    Ordinary,
}

/// Until when the community promised to act. Stored with the order: a later change of presets never moves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    pub accept_by: Option<DateTime<Utc>>,
    pub resolve_by: Option<DateTime<Utc>>,
    /// Name and version of the preset that made the two.
    pub preset: String,
    /// For people: why a time is missing.
    pub note: Option<String>,
}

/// Working days of an ordinary order, unless its service promises another number.
const ORDINARY_DAYS: u32 = 5;

/// Urgent: taken up in 30 minutes, solved in 24 hours. Ordinary: 4 office hours, 5 working days or as many as promised.
pub fn due_for(
    urgency: Urgency,
    promised_days: Option<u32>,
    submitted_at: DateTime<Utc>,
    calendar: &WorkCalendar,
) -> Due {
    let (accept_by, resolve_by) = match urgency {
        Urgency::Urgent => (Ok(submitted_at + TimeDelta::minutes(30)), Ok(submitted_at + TimeDelta::hours(24))),
        Urgency::Ordinary => {
            let days = promised_days.unwrap_or(ORDINARY_DAYS);
            (calendar.add_office_minutes(submitted_at, 4 * 60), calendar.close_after_working_days(submitted_at, days))
        }
    };
    let missing = [&accept_by, &resolve_by].into_iter().find_map(|due| due.as_ref().err().copied());
    Due {
        accept_by: accept_by.ok(),
        resolve_by: resolve_by.ok(),
        preset: promised_days.map_or_else(|| format!("{urgency}-1"), |days| format!("{urgency}-1-{days}d")),
        note: missing.map(|year| format!("{year}，期限待定")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::day_in_shanghai;

    #[test]
    fn the_end_of_the_calendar_is_said_aloud() {
        let at = "2026-12-30T10:00:00+08:00".parse().expect("an instant");
        let due = due_for(Urgency::Ordinary, None, at, &WorkCalendar::announced());
        assert!(due.accept_by.is_some());
        assert_eq!(due.resolve_by, None);
        assert_eq!(due.note.as_deref(), Some("2027 年的节假日安排尚未录入，期限待定"));
    }

    #[test]
    fn a_service_may_promise_another_number_of_days() {
        let at = "2026-11-23T10:00:00+08:00".parse().expect("an instant");
        let due = |days| due_for(Urgency::Ordinary, days, at, &WorkCalendar::announced());
        let resolve_by = |days| due(days).resolve_by.map(|at| day_in_shanghai(at).to_string());
        assert_eq!(resolve_by(None).as_deref(), Some("2026-11-30"));
        assert_eq!(resolve_by(Some(1)).as_deref(), Some("2026-11-24"));
        assert_eq!((due(None).preset, due(Some(1)).preset), ("ordinary-1".into(), "ordinary-1-1d".into()));
    }

    #[test]
    fn danger_does_not_wait_for_monday() {
        let at = "2026-11-21T23:00:00+08:00".parse().expect("an instant");
        let due = due_for(Urgency::Urgent, None, at, &WorkCalendar::announced());
        assert_eq!(due.accept_by.map(|d| d.to_rfc3339()), Some("2026-11-21T15:30:00+00:00".into()));
    }
}
