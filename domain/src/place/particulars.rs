//! What is kept of a partner beside its name: what the directory tells everybody, and the terms on which it works here.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Week;
use crate::deadline::{day_in_shanghai, in_shanghai};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Particulars {
    pub listing: Listing,
    pub terms: Terms,
    /// Takes dispatches now; its own staff and the desk switch it.
    pub on_duty: bool,
}

/// Nobody wrote anything down yet: it takes dispatches, as everybody did before there were terms.
impl Default for Particulars {
    fn default() -> Self {
        Self { listing: Listing::default(), terms: Terms::default(), on_duty: true }
    }
}

/// What the directory tells everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    pub description: Option<String>,
    /// In words: 「西苑小区东门南侧 20 米」.
    pub address: Option<String>,
    /// For the public; of a business, not of a person.
    pub phone: Option<String>,
    pub hours: Week,
    /// Days on which it is closed whatever the week says.
    pub closed_days: Vec<NaiveDate>,
    pub offers: Vec<Ware>,
}

/// One thing that it offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ware {
    pub name: String,
    pub price: Price,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Price {
    Free,
    /// 「20 元起」
    Words(String),
}

/// On which terms it works in the community.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    pub agreement: Option<Agreement>,
    pub licences: Vec<Licence>,
    /// Belongs to the 红色联盟 (共建单位).
    pub alliance: bool,
    /// Taken out of the work for a while. It is not closed: its people stay, and what it holds goes on.
    pub suspended: Option<Suspension>,
    /// Dispatches that it may hold open at the same time; `None` where there is no limit.
    pub open_job_limit: Option<u16>,
}

/// 共建协议. Both days belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    pub number: Option<String>,
    pub from: NaiveDate,
    pub until: NaiveDate,
}

/// 证照: a business licence, a qualification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// 「营业执照」
    pub kind: String,
    pub number: String,
    /// The last day on which it is valid; `None` where it has no end (长期).
    pub valid_until: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    pub since: DateTime<Utc>,
    pub reason: String,
}

/// What keeps a partner from any work, whoever asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bar {
    Suspended { since: NaiveDate, reason: String },
    LicenceExpired { kind: String, until: NaiveDate },
    AgreementEnded { until: NaiveDate },
    AgreementNotBegun { from: NaiveDate },
}

impl Listing {
    /// `None` where nobody said when it opens.
    pub fn is_open(&self, now: DateTime<Utc>) -> Option<bool> {
        if self.hours.is_empty() {
            return None;
        }
        let here = in_shanghai(now);
        Some(!self.closed_days.contains(&here.date_naive()) && self.hours.covers(here.naive_local()))
    }
}

impl Terms {
    /// What bars it on this day in Shanghai.
    pub fn bar(&self, day: NaiveDate) -> Option<Bar> {
        let suspended = self.suspended.as_ref().map(|suspension| Bar::Suspended {
            since: day_in_shanghai(suspension.since),
            reason: suspension.reason.clone(),
        });
        let expired = || {
            let ends = self.licences.iter().filter_map(|licence| licence.valid_until.map(|until| (licence, until)));
            // The one that ran out first is the one to renew first.
            let first = ends.filter(|(_, until)| *until < day).min_by_key(|(_, until)| *until);
            first.map(|(licence, until)| Bar::LicenceExpired { kind: licence.kind.clone(), until })
        };
        let agreement = || match self.agreement {
            Some(Agreement { until, .. }) if until < day => Some(Bar::AgreementEnded { until }),
            Some(Agreement { from, .. }) if day < from => Some(Bar::AgreementNotBegun { from }),
            Some(_) | None => None,
        };
        suspended.or_else(expired).or_else(agreement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Span;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn licence(kind: &str, until: Option<&str>) -> Licence {
        Licence { kind: kind.into(), number: "1".into(), valid_until: until.map(day) }
    }

    #[test]
    fn the_last_day_still_counts() {
        let terms = Terms {
            licences: vec![licence("营业执照", None), licence("消防资质", Some("2026-11-23"))],
            agreement: Some(Agreement { number: None, from: day("2026-01-01"), until: day("2026-12-31") }),
            ..Terms::default()
        };
        assert_eq!(terms.bar(day("2026-11-23")), None);
        let expired = Bar::LicenceExpired { kind: "消防资质".into(), until: day("2026-11-23") };
        assert_eq!(terms.bar(day("2026-11-24")), Some(expired));
        let renewed = Terms { licences: vec![licence("消防资质", None)], ..terms };
        assert_eq!(renewed.bar(day("2026-12-31")), None);
        assert_eq!(renewed.bar(day("2027-01-01")), Some(Bar::AgreementEnded { until: day("2026-12-31") }));
        assert_eq!(renewed.bar(day("2026-01-01")), None, "both days belong to it");
        assert_eq!(renewed.bar(day("2025-12-31")), Some(Bar::AgreementNotBegun { from: day("2026-01-01") }));
    }

    #[test]
    fn a_suspension_is_told_first_and_by_its_day_here() {
        let since = "2026-11-22T16:30:00Z".parse().expect("an instant");
        let suspended = Some(Suspension { since, reason: "多次未按时签收".into() });
        let terms =
            Terms { suspended, licences: vec![licence("营业执照", Some("2020-01-01"))], ..Terms::default() };
        let bar = Bar::Suspended { since: day("2026-11-23"), reason: "多次未按时签收".into() };
        assert_eq!(terms.bar(day("2026-11-23")), Some(bar));
    }

    #[test]
    fn a_closed_day_closes_and_no_hours_say_nothing() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        assert_eq!(Listing::default().is_open(at("2026-11-23T10:00:00+08:00")), None);
        let mut days = <[Vec<Span>; 7]>::default();
        days[0] = vec![Span { opens: 8 * 60 + 30, closes: 12 * 60 }];
        let listing = Listing { hours: Week::new(days).expect("hours"), ..Listing::default() };
        assert_eq!(listing.is_open(at("2026-11-23T08:30:00+08:00")), Some(true), "a Monday");
        assert_eq!(listing.is_open(at("2026-11-23T12:00:00+08:00")), Some(false));
        assert_eq!(listing.is_open(at("2026-11-24T10:00:00+08:00")), Some(false), "a Tuesday");
        let closed = Listing { closed_days: vec![day("2026-11-23")], ..listing };
        assert_eq!(closed.is_open(at("2026-11-23T10:00:00+08:00")), Some(false));
    }
}
