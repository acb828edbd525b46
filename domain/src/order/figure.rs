//! The figures that communities publish (办结件数；办实事、帮办、化解纠纷、义务维修): what each move adds to them. Rows of counts are
//! kept with the moves; nobody counts orders when somebody asks.

use chrono::{DateTime, NaiveDate, Utc};
use strum::IntoStaticStr;

use crate::deadline::day_in_shanghai;
use crate::ids::{CommunityId, PlaceId};
use crate::order::{Event, Happening, Order, Source, month_of};
use crate::service::Figure;

/// By which way a matter came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Channel {
    /// From the phone of whoever it concerns.
    MiniProgram,
    /// Somebody else ordered for them (代下单).
    OnBehalf,
    /// Brought over from another system, or from a paper book.
    Import,
}

/// What one move adds to one figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureCount {
    pub community: CommunityId,
    /// None where the service counts in none of the four: it is a matter that was resolved (办结).
    pub figure: Option<Figure>,
    /// In Shanghai. Of sealed matters the first day of the month: nobody shall read on which day neighbours made peace.
    pub day: NaiveDate,
    pub service_key: String,
    /// Where it was; nothing of sealed matters, whose compound is nobody's business.
    pub compound: Option<PlaceId>,
    pub channel: Channel,
    /// Hours from the order to its result, see [`hours_counted`]. Not known of what was brought over, and of sealed matters
    /// nobody's business.
    pub hours: Option<u32>,
    /// 1, or -1 where what was counted is open again.
    pub more: i64,
}

/// What `event` adds; `before` is the order as it stood before it.
///
/// A matter counts on the day on which it was resolved, and no longer when it is reopened. A quarrel for which a mediator was
/// appointed counts when its case ends settled, which the order does not know: see [`settled`].
pub fn figures(before: &Order, event: &Event) -> Option<FigureCount> {
    if before.is_mediated() {
        return None;
    }
    let (at, more) = match &event.what {
        Happening::Resolved { .. } => (event.at, 1),
        Happening::Reopened { .. } => (before.resolution()?.at, -1),
        Happening::Submitted { .. }
        | Happening::Accepted { .. }
        | Happening::Refused { .. }
        | Happening::Withdrawn { .. }
        | Happening::Merged { .. }
        | Happening::Absorbed { .. }
        | Happening::Checked { .. }
        | Happening::Located { .. }
        | Happening::Quoted { .. }
        | Happening::QuoteAnswered { .. }
        | Happening::Dispatched { .. }
        | Happening::Signed { .. }
        | Happening::Returned { .. }
        | Happening::Visited { .. }
        | Happening::Completed { .. }
        | Happening::Recalled { .. }
        | Happening::Reworked { .. }
        | Happening::Rated { .. }
        | Happening::Urged
        | Happening::Commented { .. }
        | Happening::Unshared
        | Happening::Mediated { .. } => return None,
    };
    count(before, at, more)
}

/// The quarrel that the order brought was settled.
pub fn settled(order: &Order, at: DateTime<Utc>) -> Option<FigureCount> {
    count(order, at, 1)
}

fn count(order: &Order, at: DateTime<Utc>, more: i64) -> Option<FigureCount> {
    let compound = order.content.place.as_ref().and_then(|place| place.compound_id);
    let channel = channel(order);
    let hours = (channel != Channel::Import).then(|| hours_counted(order.submitted_at, at));
    let (day, compound, hours) =
        if order.sealed { (month_of(at), None, None) } else { (day_in_shanghai(at), compound, hours) };
    let (community, service_key) = (order.community, order.service_key.clone());
    Some(FigureCount { community, figure: order.terms.figure, day, service_key, compound, channel, hours, more })
}

fn channel(order: &Order) -> Channel {
    match &order.content.source {
        Source::Import { .. } => Channel::Import,
        Source::MiniProgram if order.content.on_behalf_of.is_some() => Channel::OnBehalf,
        Source::MiniProgram => Channel::MiniProgram,
    }
}

/// Beyond, only days are told apart.
const HOURS_TOLD: i64 = 72;
/// Beyond, nothing is: who waits for a year is not helped by knowing how long exactly.
const MOST_HOURS: i64 = 366 * 24;

/// Begun hours within three days, whole days after them: so that matters that took about as long share one count.
pub fn hours_counted(from: DateTime<Utc>, until: DateTime<Utc>) -> u32 {
    let hours = ((until - from).num_seconds() + 3599).div_euclid(3600).clamp(0, MOST_HOURS);
    let told = if hours <= HOURS_TOLD { hours } else { (hours + 23).div_euclid(24) * 24 };
    u32::try_from(told).unwrap_or(0)
}

/// Half of what is counted took at most so many hours; `counts` are hours with how many took so long. Sums may be negative
/// for a period in which more was opened again than resolved: that is none.
pub fn median_hours(counts: impl IntoIterator<Item = (u32, i64)>) -> Option<u32> {
    let mut counts: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
    counts.sort_unstable();
    let all: i64 = counts.iter().map(|(_, count)| count).sum();
    let mut seen = 0;
    counts.into_iter().find_map(|(hours, count)| {
        seen += count;
        (2 * seen >= all).then_some(hours)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_by_the_hour_and_later_by_the_day() {
        let from: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().expect("an instant");
        let table = [(0, 0), (1, 1), (3600, 1), (3601, 2), (72 * 3600, 72), (72 * 3600 + 1, 96), (97 * 3600, 120)];
        for (seconds, hours) in table {
            assert_eq!(hours_counted(from, from + chrono::TimeDelta::seconds(seconds)), hours, "{seconds} s");
        }
        assert_eq!(hours_counted(from, from - chrono::TimeDelta::days(1)), 0);
        assert_eq!(hours_counted(from, from + chrono::TimeDelta::days(4000)), 8784);
    }

    #[test]
    fn half_of_them_took_at_most_so_long() {
        for (counts, median) in [
            (vec![], None),
            (vec![(5, 1)], Some(5)),
            (vec![(30, 1), (2, 1)], Some(2)),
            (vec![(30, 2), (2, 1)], Some(30)),
            (vec![(1, 5), (48, 4)], Some(1)),
            (vec![(1, -1), (7, 1)], Some(7)),
        ] {
            assert_eq!(median_hours(counts.clone()), median, "{counts:?}");
        }
    }
}
