//! A partner's track record: what each move adds to it. Rows of counts are kept with the moves; the same counts come out
//! of the orders themselves, which [`recount`] shows.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::deadline::{WorkCalendar, day_in_shanghai};
use crate::ids::PartnerId;
use crate::order::{Dispatch, DispatchStatus, Event, HandlerRole, Happening, Order};

/// How a partner did with the dispatches that were sent to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub dispatches: i64,
    /// The resident took the order back while it was open: no fault of the partner's.
    pub withdrawn: i64,
    pub signed: i64,
    /// Within one working day, or before the day that the desk set.
    pub signed_in_time: i64,
    pub returns: i64,
    /// How often the desk sent work back.
    pub reworks: i64,
    /// Finished, and not sent back since.
    pub completed: i64,
    /// Ratings of rounds in which it led and finished, complaints about it too.
    pub ratings: i64,
    /// The sum of their points, 1 to 5 each.
    pub points: i64,
    /// Ratings that said the matter was solved.
    pub solved: i64,
}

/// What one move changes for one partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    pub partner: PartnerId,
    /// The first day of the month in Shanghai in which the dispatch was sent: what comes of a dispatch counts where the
    /// dispatch counts, so that shares add up.
    pub month: NaiveDate,
    pub counts: Counts,
    /// Jobs that it holds open now, more or fewer.
    pub open_jobs: i64,
    /// Counts only where the partner's limit leaves room.
    pub needs_room: bool,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.dispatches += more.dispatches;
        self.withdrawn += more.withdrawn;
        self.signed += more.signed;
        self.signed_in_time += more.signed_in_time;
        self.returns += more.returns;
        self.reworks += more.reworks;
        self.completed += more.completed;
        self.ratings += more.ratings;
        self.points += more.points;
        self.solved += more.solved;
    }
}

/// What `event` adds to the records of partners; `before` is the order as it stood before it.
pub fn tallies(before: &Order, event: &Event, calendar: &WorkCalendar) -> Vec<Tally> {
    let none = Counts::default();
    let on = |id| before.dispatch(id);
    match &event.what {
        Happening::Dispatched { dispatch } => {
            let counts = Counts { dispatches: 1, ..none };
            vec![Tally { needs_room: !dispatch.despite_off_duty, ..tally(dispatch, counts, 1) }]
        }
        Happening::Signed { dispatch, .. } => {
            // Another time for the visit is no other signature.
            let first = on(*dispatch).filter(|d| d.signed_at.is_none());
            let signed = |d: &Dispatch| {
                let signed_in_time = i64::from(is_in_time(d, event.at, calendar));
                tally(d, Counts { signed: 1, signed_in_time, ..none }, 0)
            };
            first.map(signed).into_iter().collect()
        }
        Happening::Returned { dispatch, .. } => {
            on(*dispatch).map(|d| tally(d, Counts { returns: 1, ..none }, -1)).into_iter().collect()
        }
        Happening::Completed { dispatch, .. } => {
            on(*dispatch).map(|d| tally(d, Counts { completed: 1, ..none }, -1)).into_iter().collect()
        }
        Happening::Reworked { dispatch, .. } => {
            on(*dispatch).map(|d| tally(d, Counts { reworks: 1, completed: -1, ..none }, 1)).into_iter().collect()
        }
        Happening::Recalled { dispatch, .. } => on(*dispatch).map(|d| tally(d, none, -1)).into_iter().collect(),
        Happening::Withdrawn { .. } => open(before).map(|d| tally(d, Counts { withdrawn: 1, ..none }, -1)).collect(),
        Happening::Resolved { .. } => open(before).map(|d| tally(d, none, -1)).collect(),
        Happening::Rated { solved, satisfaction, .. } => {
            let (points, solved) = (i64::from(*satisfaction), i64::from(*solved));
            let lead = before.lead().filter(|d| d.status() == DispatchStatus::Completed);
            lead.map(|d| tally(d, Counts { ratings: 1, points, solved, ..none }, 0)).into_iter().collect()
        }
        Happening::Submitted { .. }
        | Happening::Accepted { .. }
        | Happening::Checked { .. }
        | Happening::Refused { .. }
        | Happening::Merged { .. }
        | Happening::Absorbed { .. }
        | Happening::Located { .. }
        | Happening::Visited { .. }
        | Happening::Quoted { .. }
        | Happening::QuoteAnswered { .. }
        | Happening::Mediated { .. }
        | Happening::Reopened { .. }
        | Happening::Urged
        | Happening::Commented { .. }
        | Happening::Unshared => Vec::new(),
    }
}

/// The same counts, from an order as it stands and its events: by partner and month.
pub fn recount(order: &Order, events: &[Event], calendar: &WorkCalendar) -> BTreeMap<(PartnerId, NaiveDate), Counts> {
    let mut all: BTreeMap<_, Counts> = BTreeMap::new();
    let withdrawn_at = events.iter().find(|e| matches!(e.what, Happening::Withdrawn { .. })).map(|e| e.at);
    let taken_back = |d: &Dispatch| {
        let named = |e: &Event| matches!(&e.what, Happening::Recalled { dispatch, .. } if *dispatch == d.id);
        events.iter().any(named)
    };
    for d in &order.dispatches {
        let is = |status| i64::from(d.status() == status);
        let rating = order
            .ratings
            .iter()
            .find(|r| r.round == d.round && d.role == HandlerRole::Lead && d.status() == DispatchStatus::Completed);
        let counts = Counts {
            dispatches: 1,
            withdrawn: i64::from(withdrawn_at.is_some_and(|at| d.was_recalled_at(at)) && !taken_back(d)),
            signed: i64::from(d.signed_at.is_some()),
            signed_in_time: i64::from(d.signed_at.is_some_and(|at| is_in_time(d, at, calendar))),
            returns: is(DispatchStatus::Returned),
            reworks: d.reworks.into(),
            completed: is(DispatchStatus::Completed),
            ratings: i64::from(rating.is_some()),
            points: rating.map_or(0, |r| r.satisfaction.into()),
            solved: rating.map_or(0, |r| r.solved.into()),
        };
        *all.entry((d.partner, month_of(d.sent_at))).or_default() += counts;
    }
    all
}

/// The first day of the month in Shanghai.
pub fn month_of(at: DateTime<Utc>) -> NaiveDate {
    let day = day_in_shanghai(at);
    day.with_day(1).unwrap_or(day)
}

fn tally(dispatch: &Dispatch, counts: Counts, open_jobs: i64) -> Tally {
    Tally { partner: dispatch.partner, month: month_of(dispatch.sent_at), counts, open_jobs, needs_room: false }
}

fn open(order: &Order) -> impl Iterator<Item = &Dispatch> {
    order.dispatches.iter().filter(|d| d.status().is_open())
}

/// Where nobody announced the working days yet, there is no limit that could have been missed.
fn is_in_time(dispatch: &Dispatch, signed_at: DateTime<Utc>, calendar: &WorkCalendar) -> bool {
    let is_before_due = dispatch.due_at.is_some_and(|due| signed_at <= due);
    is_before_due || calendar.close_after_working_days(dispatch.sent_at, 1).map_or(true, |end| signed_at <= end)
}
