//! Clocks: until when the community owes an answer, in working days of the Chinese calendar (调休 included).

mod calendar;
mod due;

pub use calendar::{CalendarMissing, WorkCalendar};
pub use due::{Due, Urgency, due_for};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// +08:00 the whole year; Shanghai has had no daylight saving time since 1991.
pub const SHANGHAI_SECONDS: i32 = 8 * 3600;

/// The instant as people here write it.
pub fn in_shanghai(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    match FixedOffset::east_opt(SHANGHAI_SECONDS) {
        Some(offset) => at.with_timezone(&offset),
        None => at.fixed_offset(),
    }
}

/// The day in Shanghai.
pub fn day_in_shanghai(at: DateTime<Utc>) -> NaiveDate {
    in_shanghai(at).date_naive()
}

/// When a day begins in Shanghai; the first of all days begins with time itself.
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    midnight.checked_sub_signed(TimeDelta::seconds(SHANGHAI_SECONDS.into())).unwrap_or(NaiveDateTime::MIN).and_utc()
}
