//! Opening hours as people write them: 「08:30」, and 「24:00」 for midnight.

use domain::place::{DAY_MINUTES, Span, Week};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Spans of each day. A day that is left out is closed; whoever is open past midnight has a span on both days.
#[derive(Clone, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WeekBody {
    #[garde(skip)]
    #[schema(example = json!([{ "opens": "08:30", "closes": "12:00" }, { "opens": "14:00", "closes": "20:00" }]))]
    mon: Vec<SpanBody>,
    #[garde(skip)]
    tue: Vec<SpanBody>,
    #[garde(skip)]
    wed: Vec<SpanBody>,
    #[garde(skip)]
    thu: Vec<SpanBody>,
    #[garde(skip)]
    fri: Vec<SpanBody>,
    #[garde(skip)]
    sat: Vec<SpanBody>,
    #[garde(skip)]
    sun: Vec<SpanBody>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SpanBody {
    #[schema(example = "08:30")]
    opens: String,
    /// `24:00` where it ends at midnight.
    #[schema(example = "20:00")]
    closes: String,
}

impl WeekBody {
    /// `at`: where the week stands in the body.
    pub(super) fn week(self, at: &str) -> Result<Week, Problem> {
        let Self { mon, tue, wed, thu, fri, sat, sun } = self;
        let mut days = <[Vec<Span>; 7]>::default();
        let written = [mon, tue, wed, thu, fri, sat, sun];
        for ((day, spans), name) in days.iter_mut().zip(written).zip(DAYS) {
            for (n, SpanBody { opens, closes }) in spans.into_iter().enumerate() {
                let read = |text: &str, field: &str| {
                    let wrong = || Problem::field(format!("{at}/{name}/{n}/{field}"), "时间请写成 08:30 这样的格式");
                    minutes(text).ok_or_else(wrong)
                };
                day.push(Span { opens: read(&opens, "opens")?, closes: read(&closes, "closes")? });
            }
        }
        Week::new(days).map_err(|fault| {
            let day = DAYS.get(fault.day).copied().unwrap_or_default();
            Problem::field(format!("{at}/{day}/{}", fault.span), fault.to_string())
        })
    }
}

impl From<&Week> for WeekBody {
    fn from(week: &Week) -> Self {
        let [mon, tue, wed, thu, fri, sat, sun] = week.days().each_ref().map(|spans| {
            let span = |span: &Span| SpanBody { opens: clock(span.opens), closes: clock(span.closes) };
            spans.iter().map(span).collect()
        });
        Self { mon, tue, wed, thu, fri, sat, sun }
    }
}

fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':').filter(|(hours, minutes)| hours.len() == 2 && minutes.len() == 2)?;
    let is_digits = |part: &str| part.bytes().all(|c| c.is_ascii_digit());
    if !is_digits(hours) || !is_digits(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let all = hours * 60 + minutes;
    (minutes < 60 && all <= DAY_MINUTES).then_some(all)
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_read_as_it_is_written() {
        for (text, all) in [("00:00", 0), ("08:30", 510), ("23:59", 1_439), ("24:00", DAY_MINUTES)] {
            assert_eq!(minutes(text), Some(all), "{text}");
            assert_eq!(clock(all), text);
        }
        for wrong in ["8:30", "08:60", "24:01", "25:00", "+8:30", "08:3", "", "08.30", "八点"] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
    }
}
