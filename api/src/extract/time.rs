//! Days and instants from outside.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, NaiveDate, TimeZone};
use serde::de::{Deserialize, Deserializer, Error};

/// What lies outside is a slip of the hand, and sums over it need not exist.
const YEARS: RangeInclusive<i32> = 2000..=2100;

/// For `#[serde(deserialize_with)]`: stands on every day and instant that somebody sends, alone, optional or in a list.
pub fn timely<'de, D: Deserializer<'de>, T: Deserialize<'de> + Timely>(from: D) -> Result<T, D::Error> {
    let value = T::deserialize(from)?;
    let fault = || D::Error::custom(format!("年份应在 {} 至 {} 之间，请检查", YEARS.start(), YEARS.end()));
    if value.is_timely() { Ok(value) } else { Err(fault()) }
}

/// Lies in the years that people here speak of.
pub trait Timely {
    fn is_timely(&self) -> bool;
}

impl Timely for NaiveDate {
    fn is_timely(&self) -> bool {
        YEARS.contains(&self.year())
    }
}

impl<Z: TimeZone> Timely for DateTime<Z> {
    fn is_timely(&self) -> bool {
        // At the ends of all time there is no local year.
        self.naive_utc().date().is_timely()
    }
}

impl<T: Timely> Timely for Option<T> {
    fn is_timely(&self) -> bool {
        self.as_ref().is_none_or(T::is_timely)
    }
}

impl<T: Timely> Timely for Vec<T> {
    fn is_timely(&self) -> bool {
        self.iter().all(T::is_timely)
    }
}
