use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use thiserror::Error;

use super::{SHANGHAI_SECONDS, in_shanghai};

/// Nobody announced the working days of this year to us yet: no due time may be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{year} 年的节假日安排尚未录入")]
pub struct CalendarMissing {
    pub year: i32,
}

/// Working days and office hours in Asia/Shanghai. The announced table first, then Monday to Friday.
#[derive(Clone, Debug)]
pub struct WorkCalendar {
    years: BTreeSet<i32>,
    /// `true` = a working day although it is a weekend; `false` = off although it is not.
    exceptions: BTreeMap<NaiveDate, bool>,
    /// Office hours of a working day, in order, not overlapping.
    hours: Vec<(NaiveTime, NaiveTime)>,
}

/// 国办发明电〔2024〕12号 for 2025 and the notice of 2025-11-04 for 2026: first and last day off.
const HOLIDAYS: &[((i32, u32, u32), (i32, u32, u32))] = &[
    ((2025, 1, 1), (2025, 1, 1)),
    ((2025, 1, 28), (2025, 2, 4)),
    ((2025, 4, 4), (2025, 4, 6)),
    ((2025, 5, 1), (2025, 5, 5)),
    ((2025, 5, 31), (2025, 6, 2)),
    ((2025, 10, 1), (2025, 10, 8)),
    ((2026, 1, 1), (2026, 1, 3)),
    ((2026, 2, 15), (2026, 2, 23)),
    ((2026, 4, 4), (2026, 4, 6)),
    ((2026, 5, 1), (2026, 5, 5)),
    ((2026, 6, 19), (2026, 6, 21)),
    ((2026, 9, 25), (2026, 9, 27)),
    ((2026, 10, 1), (2026, 10, 7)),
];

/// Weekend days that are worked in exchange (调休).
const MAKE_UP_DAYS: &[(i32, u32, u32)] = &[
    (2025, 1, 26),
    (2025, 2, 8),
    (2025, 4, 27),
    (2025, 9, 28),
    (2025, 10, 11),
    (2026, 1, 4),
    (2026, 2, 14),
    (2026, 2, 28),
    (2026, 5, 9),
    (2026, 9, 20),
    (2026, 10, 10),
];

impl WorkCalendar {
    /// The years whose notices are out: 2025 and 2026. Hours 8:30–12:00 and 14:00–17:30.
    pub fn announced() -> Self {
        let date = |(y, m, d): (i32, u32, u32)| NaiveDate::from_ymd_opt(y, m, d);
        let mut exceptions = BTreeMap::new();
        for (first, last) in HOLIDAYS {
            if let (Some(first), Some(last)) = (date(*first), date(*last)) {
                exceptions.extend(first.iter_days().take_while(|day| *day <= last).map(|day| (day, false)));
            }
        }
        exceptions.extend(MAKE_UP_DAYS.iter().filter_map(|day| date(*day)).map(|day| (day, true)));
        let time = |h, m| NaiveTime::from_hms_opt(h, m, 0).unwrap_or_default();
        let hours = vec![(time(8, 30), time(12, 0)), (time(14, 0), time(17, 30))];
        Self { years: BTreeSet::from([2025, 2026]), exceptions, hours }
    }

    /// Office hours of a working day.
    pub fn hours(&self) -> &[(NaiveTime, NaiveTime)] {
        &self.hours
    }

    pub fn is_working_day(&self, day: NaiveDate) -> Result<bool, CalendarMissing> {
        if !self.years.contains(&day.year()) {
            return Err(CalendarMissing { year: day.year() });
        }
        let weekday = !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        Ok(self.exceptions.get(&day).copied().unwrap_or(weekday))
    }

    /// The `n`th working day after `day`; `day` itself does not count.
    pub fn add_working_days(&self, day: NaiveDate, n: u32) -> Result<NaiveDate, CalendarMissing> {
        let mut day = day;
        for _ in 0..n {
            day = self.next_working_day(day)?;
        }
        Ok(day)
    }

    /// The instant `minutes` of office time after `start`. Outside office hours the clock starts at the next opening.
    pub fn add_office_minutes(&self, start: DateTime<Utc>, minutes: u32) -> Result<DateTime<Utc>, CalendarMissing> {
        let start = in_shanghai(start).naive_local();
        let mut left = TimeDelta::minutes(minutes.into());
        let mut day = start.date();
        loop {
            if self.is_working_day(day)? {
                for (open, close) in &self.hours {
                    let from = day.and_time(*open).max(start);
                    let room = day.and_time(*close) - from;
                    if room >= left {
                        return Ok(to_utc(from + left));
                    }
                    left -= room.max(TimeDelta::zero());
                }
            }
            day = day + Days::new(1);
        }
    }

    /// The end of office hours on the `n`th working day after the day of `start`.
    pub fn close_after_working_days(&self, start: DateTime<Utc>, n: u32) -> Result<DateTime<Utc>, CalendarMissing> {
        let day = self.add_working_days(in_shanghai(start).date_naive(), n)?;
        let close = self.hours.last().map(|(_, close)| *close).unwrap_or(NaiveTime::MIN);
        Ok(to_utc(day.and_time(close)))
    }

    fn next_working_day(&self, day: NaiveDate) -> Result<NaiveDate, CalendarMissing> {
        let mut next = day + Days::new(1);
        while !self.is_working_day(next)? {
            next = next + Days::new(1);
        }
        Ok(next)
    }
}

fn to_utc(local: NaiveDateTime) -> DateTime<Utc> {
    (local - TimeDelta::seconds(SHANGHAI_SECONDS.into())).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn both_years_have_248_working_days() {
        let calendar = WorkCalendar::announced();
        for year in [2025, 2026] {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("a date");
            let worked = first.iter_days().take_while(|d| d.year() == year);
            assert_eq!(worked.filter(|d| calendar.is_working_day(*d) == Ok(true)).count(), 248, "{year}");
        }
    }

    #[test]
    fn make_up_days_are_worked_and_holidays_are_not() {
        let calendar = WorkCalendar::announced();
        let vectors = [
            ("2026-02-12", 5, "2026-02-26"),
            ("2026-02-13", 1, "2026-02-14"),
            ("2026-02-14", 1, "2026-02-24"),
            ("2026-09-18", 1, "2026-09-20"),
            ("2026-09-30", 1, "2026-10-08"),
            ("2026-04-30", 2, "2026-05-07"),
            ("2025-01-27", 5, "2025-02-10"),
            ("2025-09-30", 1, "2025-10-09"),
        ];
        for (from, n, to) in vectors {
            assert_eq!(calendar.add_working_days(day(from), n), Ok(day(to)), "{from} + {n}");
        }
    }

    #[test]
    fn a_year_without_a_notice_is_an_error() {
        let calendar = WorkCalendar::announced();
        assert_eq!(calendar.add_working_days(day("2026-12-31"), 1), Err(CalendarMissing { year: 2027 }));
    }

    #[test]
    fn office_minutes_skip_lunch_nights_and_weekends() {
        let calendar = WorkCalendar::announced();
        let four_hours = |from: &str| calendar.add_office_minutes(instant(from), 240).map(|at| at.to_rfc3339());
        // Monday 9:00: three hours till noon, the fourth from 14:00.
        assert_eq!(four_hours("2026-11-23T09:00:00+08:00"), Ok("2026-11-23T07:00:00+00:00".into()));
        // Monday 17:00: half an hour today, the rest from 8:30 tomorrow.
        assert_eq!(four_hours("2026-11-23T17:00:00+08:00"), Ok("2026-11-24T04:00:00+00:00".into()));
        // Saturday night: starts on Monday 8:30; noon is reached with half an hour left.
        assert_eq!(four_hours("2026-11-21T23:00:00+08:00"), Ok("2026-11-23T06:30:00+00:00".into()));
    }
}
