//! Opening hours: a rule for each day of the week.

use chrono::{Datelike, NaiveDateTime, Timelike};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Minutes of a day; a span that ends at midnight ends here.
pub const DAY_MINUTES: u16 = 24 * 60;
/// Spans of one day.
pub const MOST_SPANS: usize = 4;

/// Spans of each day, Monday first, in order and not overlapping. Whoever is open past midnight has a span on both days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week([Vec<Span>; 7]);

/// From the minute of the day that it opens to the one at which it has closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    pub opens: u16,
    pub closes: u16,
}

/// Where a week is wrong: the day from Monday = 0, and the span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{}", .why.text())]
pub struct WeekFault {
    pub day: usize,
    pub span: usize,
    pub why: SpanFault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanFault {
    TooMany,
    EndsBeforeItBegins,
    Overlaps,
}

impl SpanFault {
    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Self::TooMany => "一天最多填 4 段时间",
            Self::EndsBeforeItBegins => "结束时间应晚于开始时间；过了零点的，请写在第二天",
            Self::Overlaps => "同一天的时间段不能重叠，请按先后填写",
        }
    }
}

impl Week {
    pub fn new(days: [Vec<Span>; 7]) -> Result<Self, WeekFault> {
        for (day, spans) in days.iter().enumerate() {
            let fault = |span, why| Err(WeekFault { day, span, why });
            if spans.len() > MOST_SPANS {
                return fault(MOST_SPANS, SpanFault::TooMany);
            }
            let mut free_from = 0;
            for (n, span) in spans.iter().enumerate() {
                if span.opens >= span.closes || span.closes > DAY_MINUTES {
                    return fault(n, SpanFault::EndsBeforeItBegins);
                }
                if span.opens < free_from {
                    return fault(n, SpanFault::Overlaps);
                }
                free_from = span.closes;
            }
        }
        Ok(Self(days))
    }

    /// Monday first.
    pub fn days(&self) -> &[Vec<Span>; 7] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// Whether it is open at this time on the clock.
    pub fn covers(&self, at: NaiveDateTime) -> bool {
        let day = at.weekday().num_days_from_monday();
        let minute = at.hour() * 60 + at.minute();
        let spans = usize::try_from(day).ok().and_then(|day| self.0.get(day));
        let covers = |span: &Span| u32::from(span.opens) <= minute && minute < u32::from(span.closes);
        spans.is_some_and(|spans| spans.iter().any(covers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monday(spans: &[(u16, u16)]) -> Result<Week, WeekFault> {
        let mut days = <[Vec<Span>; 7]>::default();
        days[0] = spans.iter().map(|(opens, closes)| Span { opens: *opens, closes: *closes }).collect();
        Week::new(days)
    }

    #[test]
    fn spans_stand_in_order_and_apart() {
        assert!(monday(&[(0, 720), (720, DAY_MINUTES)]).is_ok());
        let fault = |spans: &[(u16, u16)]| monday(spans).map_err(|fault| (fault.span, fault.why)).err();
        assert_eq!(fault(&[(600, 600)]), Some((0, SpanFault::EndsBeforeItBegins)));
        assert_eq!(fault(&[(600, 720), (1_320, DAY_MINUTES + 1)]), Some((1, SpanFault::EndsBeforeItBegins)));
        assert_eq!(fault(&[(600, 720), (719, 800)]), Some((1, SpanFault::Overlaps)));
        assert_eq!(fault(&[(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]), Some((4, SpanFault::TooMany)));
    }

    #[test]
    fn it_is_open_until_the_minute_at_which_it_closes() {
        let week = monday(&[(510, 720), (840, DAY_MINUTES)]).expect("a week");
        let at = |text: &str| week.covers(text.parse().expect("a time"));
        assert!(at("2026-11-23T08:30:00") && at("2026-11-23T11:59:59") && at("2026-11-23T23:59:59"));
        assert!(!at("2026-11-23T08:29:59") && !at("2026-11-23T12:00:00") && !at("2026-11-24T09:00:00"));
    }
}
