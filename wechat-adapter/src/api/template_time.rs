//! The `time` and `date` keywords: `2026年1月30日 09:15`, `09:15~10:00`,
//! `2026-01-30`.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Utc};

use crate::clock::BEIJING;

/// An instant as a `time` keyword shows it, in Beijing time.
#[must_use]
pub fn time_value(at: DateTime<Utc>) -> String {
    let at = at.with_timezone(&BEIJING);
    let clock = at.format("%H:%M");
    format!("{}年{}月{}日 {clock}", at.year(), at.month(), at.day())
}

/// A clock, which a date may precede; two of them joined by `~` are a range.
pub(super) fn is_time_value(value: &str) -> bool {
    ends(value).all(|end| match end.rsplit_once(' ') {
        Some((date, clock)) => is_date(date) && is_clock(clock),
        None => is_clock(end),
    })
}

/// A date, which a clock may follow; two of them joined by `~` are a range.
pub(super) fn is_date_value(value: &str) -> bool {
    ends(value).all(|end| match end.rsplit_once(' ') {
        Some((date, clock)) => is_date(date) && is_clock(clock),
        None => is_date(end),
    })
}

fn ends(value: &str) -> impl Iterator<Item = &str> {
    value.splitn(2, '~').map(str::trim)
}

/// `15:01` or `15:01:30`, by the 24-hour clock.
fn is_clock(text: &str) -> bool {
    match *text.split(':').collect::<Vec<_>>() {
        [h, m] => number(h, 0..=23) && number(m, 0..=59),
        [h, m, s] => number(h, 0..=23) && number(m, 0..=59) && number(s, 0..=59),
        _ => false,
    }
}

/// Year, month and day, or two neighbours of the three.
fn is_date(text: &str) -> bool {
    ['-', '/', '.'].iter().any(|mark| is_marked_date(text, *mark)) || is_chinese_date(text)
}

fn is_marked_date(text: &str, mark: char) -> bool {
    match *text.split(mark).collect::<Vec<_>>() {
        [y, m, d] => is_year(y) && is_month(m) && is_day(d),
        [first, second] => (is_year(first) && is_month(second)) || (is_month(first) && is_day(second)),
        _ => false,
    }
}

fn is_chinese_date(text: &str) -> bool {
    let (year, rest) = match text.split_once('年') {
        Some((year, rest)) => (Some(year), rest),
        None => (None, text),
    };
    let Some((month, day)) = rest.split_once('月') else {
        return false;
    };
    let day_fits = match day.strip_suffix('日') {
        Some(day) => is_day(day),
        // Only a year can make a month without its day a date.
        None => day.is_empty() && year.is_some(),
    };
    year.is_none_or(is_year) && is_month(month) && day_fits
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && number(text, 1000..=9999)
}

fn is_month(text: &str) -> bool {
    text.len() <= 2 && number(text, 1..=12)
}

fn is_day(text: &str) -> bool {
    text.len() <= 2 && number(text, 1..=31)
}

fn number(text: &str, range: RangeInclusive<u16>) -> bool {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    digits && text.parse().is_ok_and(|number| range.contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_shown_in_beijing_time() {
        let at = "2026-11-23T16:05:59Z".parse().unwrap();
        assert_eq!(time_value(at), "2026年11月24日 00:05");
        assert!(is_time_value(&time_value(at)));
    }

    #[test]
    fn times_have_a_clock() {
        for good in ["15:01", "9:05:30", "2019年10月1日 15:01", "2019-10-01 15:01~16:00", "15:01 ~ 16:00"] {
            assert!(is_time_value(good), "{good}");
        }
        for bad in ["24:00", "15时", "2019年10月1日", "15:01~", "1:2:3:4", "+9:05"] {
            assert!(!is_time_value(bad), "{bad}");
        }
    }

    #[test]
    fn dates_need_none() {
        for good in [
            "2019年10月1日",
            "2019年10月",
            "10月1日",
            "2019/10/01",
            "10.01",
            "2019-10",
            "2019年10月1日 15:01~2019年10月2日 09:00",
        ] {
            assert!(is_date_value(good), "{good}");
        }
        for bad in ["15:01", "10月", "2019年13月1日", "明天", "2019-10-01-02"] {
            assert!(!is_date_value(bad), "{bad}");
        }
    }
}
