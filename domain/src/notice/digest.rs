use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc, Weekday};

use crate::deadline::{WorkCalendar, in_shanghai};

/// When a community's office opens in the morning.
const OPENING: (u32, u32) = (8, 30);
/// Nobody begins with what is to be done today any more.
const CLOSING: (u32, u32) = (18, 0);

/// The working day whose digest is due now, if there is one. In a year whose holidays nobody announced yet, Monday to
/// Friday count.
pub fn digest_due(calendar: &WorkCalendar, now: DateTime<Utc>) -> Option<NaiveDate> {
    let opening = NaiveTime::from_hms_opt(OPENING.0, OPENING.1, 0)?;
    let closing = NaiveTime::from_hms_opt(CLOSING.0, CLOSING.1, 0)?;
    let here = in_shanghai(now);
    let day = here.date_naive();
    let weekday = !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let is_worked = calendar.is_working_day(day).unwrap_or(weekday);
    (is_worked && (opening..closing).contains(&here.time())).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_comes_at_opening_time_of_a_working_day() {
        let calendar = WorkCalendar::announced();
        let day = |at: &str| digest_due(&calendar, at.parse().expect("an instant")).map(|day| day.to_string());
        assert_eq!(day("2026-11-23T08:29:00+08:00"), None);
        assert_eq!(day("2026-11-23T08:30:00+08:00"), Some("2026-11-23".into()));
        assert_eq!(day("2026-11-23T17:59:59+08:00"), Some("2026-11-23".into()), "a worker that was late");
        assert_eq!(day("2026-11-23T18:00:00+08:00"), None, "the day is over");
        assert_eq!(day("2026-11-22T09:00:00+08:00"), None, "a Sunday");
        assert_eq!(day("2026-09-20T09:00:00+08:00"), Some("2026-09-20".into()), "a Sunday that is worked");
        assert_eq!(day("2026-10-01T09:00:00+08:00"), None, "a holiday");
        assert_eq!(day("2027-01-04T09:00:00+08:00"), Some("2027-01-04".into()), "nobody announced 2027 yet");
    }
}
