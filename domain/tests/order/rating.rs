//! What comes after "done": the resident's word, reopening, urging.

use chrono::TimeDelta;
use domain::order::{Command, HandlerRole, OrderStatus, Rating};

use crate::given::Who::{Co, GridWorker, IntakeClerk, Lead, Requester, Secretary, Stranger, System};
use crate::given::{
    LEAD_TASK, NEXT_TASK, PROPERTY, accept, complete, give_back, monday_morning, rate, reopen, resolve, rework, send,
    sign, to_lead,
};
use crate::story::Story;

fn resolved() -> Story {
    Story::begins()
        .then(IntakeClerk, accept())
        .then(IntakeClerk, to_lead())
        .then(Lead, sign(LEAD_TASK))
        .then(Lead, complete(LEAD_TASK))
        .then(IntakeClerk, resolve())
}

#[test]
fn a_round_is_rated_once() {
    let story = resolved()
        .then(Requester, rate(1))
        .but_refused(Requester, rate(5), "already_rated")
        .then(Requester, reopen())
        .but_refused(Requester, rate(5), "wrong_state")
        .then(IntakeClerk, resolve())
        .later(TimeDelta::hours(1))
        .then(Requester, rate(4));
    let rating =
        |round, solved, satisfaction, at| Rating { round, solved, satisfaction, comment: None, by_proxy: false, at };
    let hour_later = monday_morning() + TimeDelta::hours(1);
    assert_eq!(story.order.ratings, [rating(1, false, 1, monday_morning()), rating(2, true, 4, hour_later)]);
    assert_eq!(story.order.rating().map(|r| r.satisfaction), Some(4));
}

#[test]
fn silence_is_not_satisfaction() {
    let story = resolved().later(TimeDelta::days(400));
    assert_eq!((story.order.status(), story.order.rating()), (OrderStatus::Resolved, None));
    let others = [GridWorker, IntakeClerk, Secretary, Lead, Co, Stranger, System];
    let story = others.into_iter().fold(story, |s, who| s.but_refused(who, rate(5), "not_permitted"));
    let story = story.then(Requester, rate(2));
    assert_eq!(story.order.ratings.len(), 1);
}

#[test]
fn a_reopened_order_forgets_its_result_but_not_its_rating() {
    let story = resolved().then(Requester, rate(1)).then(Requester, reopen()).is(OrderStatus::Accepted);
    assert_eq!((story.order.round, story.order.resolution(), story.order.rating()), (2, None, None));
    assert_eq!(story.order.ratings.len(), 1);
    assert_eq!(story.order.accepted_at, Some(monday_morning()));
}

#[test]
fn the_fifteenth_day_counts_and_the_next_millisecond_does_not() {
    let last_moment = resolved().later(TimeDelta::days(15));
    last_moment.clone().then(Requester, reopen()).is(OrderStatus::Accepted);
    last_moment.clone().then(Secretary, reopen()).is(OrderStatus::Accepted);
    let too_late = last_moment.later(TimeDelta::milliseconds(1));
    too_late.but_refused(Requester, reopen(), "reopen_too_late").but_refused(Secretary, reopen(), "reopen_too_late");
}

#[test]
fn the_fifteen_days_run_from_the_result_and_not_from_the_rating() {
    resolved().later(TimeDelta::days(10)).then(Requester, rate(1)).later(TimeDelta::days(6)).but_refused(
        Requester,
        reopen(),
        "reopen_too_late",
    );
}

#[test]
fn they_start_anew_with_each_result() {
    resolved()
        .later(TimeDelta::days(14))
        .then(Requester, reopen())
        .later(TimeDelta::days(14))
        .then(IntakeClerk, resolve())
        .later(TimeDelta::days(14))
        .then(Requester, reopen());
}

#[test]
fn the_second_reopening_is_supervised_and_there_is_no_third() {
    let once = resolved().then(Requester, reopen());
    assert!(!once.order.supervised);
    let twice = once.then(IntakeClerk, resolve()).then(Secretary, reopen());
    assert_eq!((twice.order.reopens(), twice.order.supervised), (2, true));
    let thrice = twice.then(IntakeClerk, resolve()).but_refused(Requester, reopen(), "reopen_limit");
    assert!(thrice.order.supervised, "it stays so after the third result");
}

#[test]
fn the_clerk_who_closed_an_order_does_not_reopen_it() {
    resolved().but_refused(IntakeClerk, reopen(), "not_permitted").but_refused(Lead, reopen(), "not_permitted");
}

#[test]
fn dispatches_of_an_earlier_round_are_history() {
    let story = resolved()
        .then(Requester, reopen())
        .but_refused(IntakeClerk, rework(LEAD_TASK), "wrong_state")
        .then(IntakeClerk, send(NEXT_TASK, PROPERTY, HandlerRole::Lead))
        .but_refused(IntakeClerk, rework(LEAD_TASK), "wrong_dispatch_state")
        .but_refused(Lead, give_back(LEAD_TASK), "wrong_dispatch_state")
        .but_refused(IntakeClerk, resolve(), "lead_not_completed");
    assert_eq!(story.order.lead().map(|d| d.id), Some(NEXT_TASK));
}

#[test]
fn urging_again_within_four_hours_writes_nothing() {
    let story = Story::begins()
        .then(Requester, Command::Urge)
        .but_unchanged(Requester, Command::Urge)
        .later(TimeDelta::hours(4) - TimeDelta::milliseconds(1))
        .but_unchanged(Requester, Command::Urge)
        .later(TimeDelta::milliseconds(1))
        .then(Requester, Command::Urge);
    assert_eq!((story.order.urges, story.order.version), (2, 3));
}

#[test]
fn only_the_requester_urges_and_only_while_an_answer_is_owed() {
    Story::begins().but_refused(Stranger, Command::Urge, "not_permitted");
    resolved().but_refused(Requester, Command::Urge, "wrong_state");
}
