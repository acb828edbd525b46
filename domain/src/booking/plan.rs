use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use thiserror::Error;

use super::MAX_CAPACITY;
use crate::deadline::start_of_day;

/// Dates that are made at once.
pub const MAX_SLOTS: usize = 500;
/// A span is cut into dates no shorter than this.
const SHORTEST_MINUTES: u32 = 5;

/// A weekly rule, as a shop writes it: Mondays and Thursdays, 9:00 to 11:00, half an hour each, two people at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub from: NaiveDate,
    /// The last day, which is meant too.
    pub until: NaiveDate,
    pub weekdays: Vec<Weekday>,
    /// Days that are left out: holidays, inventory.
    pub except: Vec<NaiveDate>,
    pub spans: Vec<Span>,
    /// Length of one date; a whole span where nothing is said.
    pub minutes: Option<u32>,
    pub capacity: u32,
}

/// From one time of the day to another, in Shanghai.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: NaiveTime,
    pub until: NaiveTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PlanRefusal {
    #[error("结束日期不能早于开始日期")]
    DaysReversed,
    #[error("请至少选择一天")]
    NoWeekday,
    #[error("请写明时间段，结束时间要晚于开始时间")]
    NoSpan,
    #[error("每个时段至少 5 分钟，且不超过整段时间")]
    OddLength,
    #[error("每个时段可约 1 至 1000 人")]
    OddCapacity,
    #[error("按这个规则没有可以开放的时段，请检查日期")]
    Nothing,
    #[error("一次最多开放 500 个时段，请缩短日期范围")]
    TooMany,
}

impl PlanRefusal {
    /// Where in the plan.
    pub fn pointer(self) -> &'static str {
        match self {
            Self::DaysReversed | Self::TooMany | Self::Nothing => "/until",
            Self::NoWeekday => "/weekdays",
            Self::NoSpan => "/spans",
            Self::OddLength => "/minutes",
            Self::OddCapacity => "/capacity",
        }
    }
}

impl Plan {
    /// When the dates start and end, in their order; those that began before `now` are left out.
    pub fn dates(&self, now: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, DateTime<Utc>)>, PlanRefusal> {
        self.check()?;
        let mut dates = Vec::new();
        for day in self.from.iter_days().take_while(|day| *day <= self.until) {
            if !self.weekdays.contains(&day.weekday()) || self.except.contains(&day) {
                continue;
            }
            for span in &self.spans {
                dates.extend(self.cut(day, *span).filter(|(starts_at, _)| *starts_at > now));
                if dates.len() > MAX_SLOTS {
                    return Err(PlanRefusal::TooMany);
                }
            }
        }
        dates.sort_unstable();
        if dates.is_empty() { Err(PlanRefusal::Nothing) } else { Ok(dates) }
    }

    fn check(&self) -> Result<(), PlanRefusal> {
        let shortest = self.spans.iter().map(|span| span.minutes()).min().unwrap_or(0);
        if self.until < self.from {
            return Err(PlanRefusal::DaysReversed);
        }
        // Longer than ten years is a slip of the hand, and would be walked through day by day.
        if (self.until - self.from).num_days() > 3_660 {
            return Err(PlanRefusal::TooMany);
        }
        if self.weekdays.is_empty() {
            return Err(PlanRefusal::NoWeekday);
        }
        if shortest <= 0 {
            return Err(PlanRefusal::NoSpan);
        }
        if self.minutes.is_some_and(|minutes| minutes < SHORTEST_MINUTES || i64::from(minutes) > shortest) {
            return Err(PlanRefusal::OddLength);
        }
        if (1..=MAX_CAPACITY).contains(&self.capacity) { Ok(()) } else { Err(PlanRefusal::OddCapacity) }
    }

    /// What is left over at the end of a span and too short is no date.
    fn cut(&self, day: NaiveDate, span: Span) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        let midnight = start_of_day(day);
        let first = midnight + (span.from - NaiveTime::MIN);
        let length = TimeDelta::minutes(self.minutes.map_or(span.minutes(), i64::from));
        let last = midnight + (span.until - NaiveTime::MIN);
        let starts = std::iter::successors(Some(first), move |start| Some(*start + length));
        starts.map(move |start| (start, start + length)).take_while(move |(_, end)| *end <= last)
    }
}

impl Span {
    fn minutes(self) -> i64 {
        (self.until - self.from).num_minutes()
    }
}
