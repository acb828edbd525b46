//! The track record of partners: what the moves add up to is what the orders themselves say.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::deadline::WorkCalendar;
use domain::ids::PartnerId;
use domain::order::{Command, Counts, Decision, Event, Order, recount, tallies};
use proptest::prelude::*;

use crate::given::Who::{Co, IntakeClerk, Lead, Requester};
use crate::given::{
    CO_TASK, FIRE_BRIGADE, LEAD_TASK, PROPERTY, accept, complete, give_back, rate, recall, reopen, resolve,
    resolve_anyway, rework, sign, sign_and_come, to_co, to_lead, withdraw,
};
use crate::histories::{content, live, tries};
use crate::story::Story;

type Records = BTreeMap<(PartnerId, NaiveDate), Counts>;

/// What all events add up to, and the jobs that are open in the end.
fn added_up(first: &Order, events: &[Event]) -> (Records, BTreeMap<PartnerId, i64>) {
    let calendar = WorkCalendar::announced();
    let mut order = first.clone();
    let (mut records, mut jobs): (Records, BTreeMap<_, _>) = Default::default();
    for event in events {
        for tally in tallies(&order, event, &calendar) {
            *records.entry((tally.partner, tally.month)).or_default() += tally.counts;
            *jobs.entry(tally.partner).or_default() += tally.open_jobs;
        }
        order.apply(event).expect("the next event");
    }
    (records, jobs)
}

fn of(story: &Story) -> (Records, BTreeMap<PartnerId, i64>) {
    let first = Order::replay(&story.events[..1]).expect("a submission");
    added_up(&first, &story.events[1..])
}

fn counts(story: &Story, partner: PartnerId) -> Counts {
    let (records, _) = of(story);
    records.iter().filter(|((of, _), _)| *of == partner).fold(Counts::default(), |mut all, (_, counts)| {
        all += *counts;
        all
    })
}

fn dispatched() -> Story {
    Story::begins().then(IntakeClerk, accept()).then(IntakeClerk, to_lead())
}

/// Sent on Monday at nine, to be signed by the end of Tuesday unless the desk set a later day.
fn signed_after(wait: TimeDelta, due_at: Option<DateTime<Utc>>) -> Counts {
    let mut task = to_lead();
    if let Command::Dispatch { due_at: until, .. } = &mut task {
        *until = due_at;
    }
    let story = Story::begins().then(IntakeClerk, accept()).then(IntakeClerk, task);
    counts(&story.later(wait).then(Lead, sign(LEAD_TASK)), PROPERTY)
}

#[test]
fn a_signature_is_in_time_within_one_working_day_or_before_the_day_that_was_set() {
    let in_time = |wait, due| signed_after(wait, due).signed_in_time;
    let tuesday_evening = TimeDelta::hours(24 + 8) + TimeDelta::minutes(30);
    assert_eq!(in_time(tuesday_evening, None), 1);
    assert_eq!(in_time(tuesday_evening + TimeDelta::seconds(1), None), 0);
    let friday = "2026-11-27T18:00:00+08:00".parse().expect("an instant");
    assert_eq!(in_time(TimeDelta::days(3), Some(friday)), 1);
    assert_eq!(in_time(TimeDelta::days(5), Some(friday)), 0);
    let at_once = "2026-11-23T09:05:00+08:00".parse().expect("an instant");
    assert_eq!(in_time(TimeDelta::hours(1), Some(at_once)), 1, "a working day is left in any case");
}

#[test]
fn another_time_for_the_visit_is_no_second_signature() {
    let story = dispatched().then(Lead, sign(LEAD_TASK)).then(Lead, sign_and_come(LEAD_TASK));
    assert_eq!(counts(&story, PROPERTY), Counts { dispatches: 1, signed: 1, signed_in_time: 1, ..Counts::default() });
}

#[test]
fn the_rating_is_the_leads_alone() {
    let story = dispatched()
        .then(IntakeClerk, to_co())
        .then(Lead, sign(LEAD_TASK))
        .then(Co, sign(CO_TASK))
        .then(Co, complete(CO_TASK))
        .then(Lead, complete(LEAD_TASK))
        .then(IntakeClerk, rework(LEAD_TASK))
        .then(Lead, complete(LEAD_TASK))
        .then(IntakeClerk, resolve())
        .then(Requester, rate(4));
    let lead = counts(&story, PROPERTY);
    assert_eq!((lead.completed, lead.reworks, lead.ratings, lead.points, lead.solved), (1, 1, 1, 4, 1));
    let co = counts(&story, FIRE_BRIGADE);
    assert_eq!((co.completed, co.reworks, co.ratings), (1, 0, 0));
    // Reopened: the next round has another lead, or none.
    let story = story.then(Requester, reopen()).then(IntakeClerk, resolve()).then(Requester, rate(1));
    assert_eq!((counts(&story, PROPERTY).ratings, counts(&story, PROPERTY).points), (1, 4), "of its own round only");
}

#[test]
fn work_that_was_taken_away_is_no_failure_and_no_praise() {
    let withdrawn = dispatched().then(Lead, sign(LEAD_TASK)).then(Requester, withdraw());
    let all = counts(&withdrawn, PROPERTY);
    assert_eq!((all.dispatches, all.withdrawn, all.returns, all.completed), (1, 1, 0, 0));
    // The desk did it itself.
    let without = dispatched().then(IntakeClerk, resolve_anyway()).then(Requester, rate(5));
    let all = counts(&without, PROPERTY);
    assert_eq!((all.dispatches, all.withdrawn, all.ratings), (1, 0, 0));
    let returned = dispatched().then(Lead, give_back(LEAD_TASK));
    assert_eq!(counts(&returned, PROPERTY).returns, 1);
    for story in [withdrawn, without, returned, dispatched().then(IntakeClerk, recall(LEAD_TASK))] {
        assert_eq!(of(&story).1[&PROPERTY], 0, "nothing is open");
    }
    assert_eq!(of(&dispatched()).1[&PROPERTY], 1);
}

#[test]
fn what_comes_of_a_dispatch_counts_in_the_month_of_the_dispatch() {
    let story = dispatched().later(TimeDelta::days(10)).then(Lead, sign(LEAD_TASK));
    let months: Vec<_> = of(&story).0.into_keys().map(|(_, month)| month.to_string()).collect();
    assert_eq!(months, ["2026-11-01"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_moves_add_up_to_what_the_orders_say(content in content(), tries in tries()) {
        let (story, tried) = live(content, tries);
        let moved = tried.iter().filter(|t| matches!(t.result, Ok(Decision::Apply { .. }))).count();
        prop_assert_eq!(moved + 1, story.events.len());
        let (records, jobs) = of(&story);
        let counted: Records = records.into_iter().filter(|(_, counts)| *counts != Counts::default()).collect();
        prop_assert_eq!(counted, recount(&story.order, &story.events, &WorkCalendar::announced()));
        for (partner, open) in jobs {
            let held = story.order.dispatches.iter().filter(|d| d.partner == partner && d.status().is_open()).count();
            prop_assert_eq!(i64::try_from(held), Ok(open));
        }
    }
}
