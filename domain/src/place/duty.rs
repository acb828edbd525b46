//! 连线社区: who is on duty, and which number to call.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use thiserror::Error;

use crate::deadline::{WorkCalendar, in_shanghai};
use crate::ids::{CommunityId, DutyId, PersonId};

/// Nobody is on duty longer without a break between two rows: a mistyped year would name the wrong person for months.
const LONGEST_DAYS: i64 = 31;

/// One row of the rota (值班表).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    pub id: DutyId,
    pub community: CommunityId,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    /// As residents shall read it: 「接访员小赵」.
    pub name: String,
    /// Which number is called.
    pub phone: String,
    /// For the desk.
    pub note: Option<String>,
    /// Where it is somebody known here.
    pub person: Option<PersonId>,
}

/// What a community says of its desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DutyDesk {
    /// The number where nobody is on duty.
    pub phone: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DutyFault {
    #[error("值班结束时间应晚于开始时间")]
    EndsBeforeItStarts,
    #[error("一条值班最长 31 天，请分开填写")]
    TooLong,
}

/// Whether somebody sits in the office now, as the calendar says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeNow {
    /// `None` where the working days of this year are not announced yet.
    pub is_open: Option<bool>,
    /// Spans of a working day.
    pub hours: Vec<(NaiveTime, NaiveTime)>,
}

impl Duty {
    pub fn check(&self) -> Result<(), DutyFault> {
        if self.ends_at <= self.starts_at {
            return Err(DutyFault::EndsBeforeItStarts);
        }
        if self.ends_at - self.starts_at > TimeDelta::days(LONGEST_DAYS) { Err(DutyFault::TooLong) } else { Ok(()) }
    }
}

pub fn office_now(calendar: &WorkCalendar, now: DateTime<Utc>) -> OfficeNow {
    let here = in_shanghai(now);
    let is_in_hours = calendar.hours().iter().any(|(open, close)| (*open..*close).contains(&here.time()));
    let is_open = calendar.is_working_day(here.date_naive()).ok().map(|is_worked| is_worked && is_in_hours);
    OfficeNow { is_open, hours: calendar.hours().to_vec() }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_office_is_open_on_working_days() {
        let calendar = WorkCalendar::announced();
        let open = |at: &str| office_now(&calendar, at.parse().expect("an instant")).is_open;
        assert_eq!(open("2026-11-23T08:30:00+08:00"), Some(true));
        assert_eq!(open("2026-11-23T12:00:00+08:00"), Some(false), "lunch");
        assert_eq!(open("2026-11-22T10:00:00+08:00"), Some(false), "a Sunday");
        assert_eq!(open("2026-09-20T10:00:00+08:00"), Some(true), "a Sunday that is worked");
        assert_eq!(open("2027-01-04T10:00:00+08:00"), None, "nobody announced 2027 yet");
    }

    #[test]
    fn a_row_has_a_length() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        let duty = |start: &str, end: &str| Duty {
            id: DutyId(Uuid::nil()),
            community: CommunityId(Uuid::nil()),
            starts_at: at(start),
            ends_at: at(end),
            name: "接访员小赵".into(),
            phone: "0311-85551234".into(),
            note: None,
            person: None,
        };
        let start = "2026-11-23T08:30:00+08:00";
        assert_eq!(duty(start, "2026-11-24T08:30:00+08:00").check(), Ok(()));
        assert_eq!(duty(start, start).check(), Err(DutyFault::EndsBeforeItStarts));
        assert_eq!(duty(start, "2027-11-24T08:30:00+08:00").check(), Err(DutyFault::TooLong));
    }
}
