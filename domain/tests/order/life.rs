//! The life of an order, from the request to the handlers and to its end.

use chrono::TimeDelta;
use domain::order::{
    DispatchState, DispatchStatus, Event, EventKind, HandlerRole, MergeTarget, Order, OrderStatus, RefuseReason, State,
};

use crate::given::Who::{Co, IntakeClerk, Lead, Other, Requester, Secretary};
use crate::given::{
    CO_TASK, ELSEWHERE, LEAD_TASK, LOCKSMITH, NEXT_TASK, PROPERTY, absorb, accept, comment, complete, give_back,
    merge_into, monday_morning, person, rate, recall, refuse, reopen, resolve, resolve_anyway, rework, send, sign,
    to_co, to_lead, twin, visit, withdraw,
};
use crate::story::Story;

fn dispatched() -> Story {
    Story::begins().then(IntakeClerk, accept()).then(IntakeClerk, to_lead())
}

fn signed() -> Story {
    dispatched().then(Lead, sign(LEAD_TASK))
}

#[test]
fn a_kerb_is_mended_within_a_day() {
    let story = Story::begins()
        .is(OrderStatus::Submitted)
        .later(TimeDelta::minutes(20))
        .then(IntakeClerk, accept())
        .is(OrderStatus::Accepted)
        .then(IntakeClerk, to_lead())
        .is(OrderStatus::Dispatched)
        .later(TimeDelta::minutes(10))
        .then(Lead, sign(LEAD_TASK))
        .later(TimeDelta::hours(2))
        .then(Lead, visit(LEAD_TASK))
        .later(TimeDelta::hours(20))
        .then(Lead, complete(LEAD_TASK))
        .is(OrderStatus::Dispatched)
        .then(IntakeClerk, resolve())
        .is(OrderStatus::Resolved)
        .then(Requester, rate(5))
        .is(OrderStatus::Rated);

    let Order { accepted_at, version, round, supervised, .. } = story.order.clone();
    assert_eq!(accepted_at, Some(monday_morning() + TimeDelta::minutes(20)));
    assert_eq!((version, round, supervised), (8, 1, false));
    let kinds: Vec<&str> = story.events.iter().map(|Event { what, .. }| EventKind::from(what).into()).collect();
    let told = ["submitted", "accepted", "dispatched", "signed", "visited", "completed", "resolved", "rated"];
    assert_eq!(kinds, told);
    let resolution = story.order.resolution().expect("a resolution");
    assert_eq!((resolution.by, resolution.override_reason.as_deref()), (IntakeClerk.person(), None));
    assert!(resolution.at - story.order.submitted_at < TimeDelta::days(1));
}

#[test]
fn a_refusal_says_why_and_where_to_go_instead() {
    let story = Story::begins().then(Secretary, refuse()).is(OrderStatus::Refused);
    let State::Refused { reason, redirect_to, at } = &story.order.state else { panic!("not refused") };
    assert_eq!((*reason, *at), (RefuseReason::DepartmentDuty, monday_morning()));
    assert_eq!(redirect_to.as_deref(), Some("区住建局 0311-12345"));
    story.but_refused(Requester, withdraw(), "wrong_state").but_refused(IntakeClerk, accept(), "wrong_state");
}

#[test]
fn what_was_accepted_is_not_refused_any_more() {
    Story::begins().then(IntakeClerk, accept()).but_refused(Secretary, refuse(), "wrong_state");
}

#[test]
fn of_two_who_accept_the_second_is_told_that_it_is_done() {
    let story = Story::begins().then(IntakeClerk, accept()).later(TimeDelta::seconds(1));
    let first = story.order.accepted_at;
    let story = story.but_refused(Secretary, accept(), "wrong_state");
    assert_eq!((story.order.accepted_at, story.order.version), (first, 2));
}

#[test]
fn returning_the_last_dispatch_puts_the_order_back_on_the_desk() {
    dispatched()
        .then(Lead, give_back(LEAD_TASK))
        .is(OrderStatus::Accepted)
        .task_is(LEAD_TASK, DispatchStatus::Returned)
        .then(IntakeClerk, send(NEXT_TASK, PROPERTY, HandlerRole::Lead))
        .is(OrderStatus::Dispatched)
        .task_is(LEAD_TASK, DispatchStatus::Returned);
}

#[test]
fn recalling_the_last_dispatch_does_too() {
    signed().then(IntakeClerk, recall(LEAD_TASK)).is(OrderStatus::Accepted).but_refused(
        IntakeClerk,
        recall(LEAD_TASK),
        "wrong_state",
    );
}

#[test]
fn while_a_helper_is_left_the_order_stays_out_and_wants_a_new_lead() {
    let story = dispatched()
        .then(IntakeClerk, to_co())
        .then(Lead, give_back(LEAD_TASK))
        .is(OrderStatus::Dispatched)
        .task_is(CO_TASK, DispatchStatus::Sent);
    assert_eq!(story.order.lead(), None);
    story
        .but_refused(IntakeClerk, resolve(), "lead_not_completed")
        .but_refused(IntakeClerk, send(NEXT_TASK, LOCKSMITH, HandlerRole::Co), "lead_missing")
        .then(IntakeClerk, send(NEXT_TASK, LOCKSMITH, HandlerRole::Lead))
        .then(Other, sign(NEXT_TASK))
        .then(Other, complete(NEXT_TASK))
        .then(IntakeClerk, resolve())
        .is(OrderStatus::Resolved);
}

#[test]
fn there_is_one_lead_and_it_comes_first() {
    let story = Story::begins().then(IntakeClerk, accept()).but_refused(IntakeClerk, to_co(), "lead_missing");
    story
        .then(IntakeClerk, to_lead())
        .but_refused(IntakeClerk, send(NEXT_TASK, LOCKSMITH, HandlerRole::Lead), "lead_exists")
        .but_refused(IntakeClerk, send(NEXT_TASK, PROPERTY, HandlerRole::Co), "partner_busy")
        .then(IntakeClerk, to_co());
}

#[test]
fn signing_twice_is_signing_once() {
    let story = signed().later(TimeDelta::minutes(1)).but_unchanged(Lead, sign(LEAD_TASK));
    assert_eq!(story.order.dispatch(LEAD_TASK).and_then(|d| d.signed_at), Some(monday_morning()));
}

#[test]
fn work_is_signed_before_it_is_done() {
    dispatched()
        .but_refused(Lead, visit(LEAD_TASK), "wrong_dispatch_state")
        .but_refused(Lead, complete(LEAD_TASK), "wrong_dispatch_state")
        .then(Lead, sign(LEAD_TASK))
        .then(Lead, complete(LEAD_TASK))
        .but_refused(Lead, complete(LEAD_TASK), "wrong_dispatch_state");
}

#[test]
fn poor_work_goes_back_to_the_same_handler() {
    let story = signed()
        .but_refused(IntakeClerk, rework(LEAD_TASK), "wrong_dispatch_state")
        .then(Lead, complete(LEAD_TASK))
        .then(Secretary, rework(LEAD_TASK))
        .task_is(LEAD_TASK, DispatchStatus::Signed)
        .but_refused(IntakeClerk, resolve(), "lead_not_completed")
        .then(Lead, complete(LEAD_TASK))
        .then(IntakeClerk, resolve());
    assert_eq!(story.order.dispatch(LEAD_TASK).map(|d| d.reworks), Some(1));
}

#[test]
fn finished_work_is_sent_back_before_somebody_else_takes_it_over() {
    signed()
        .then(Lead, complete(LEAD_TASK))
        .but_refused(IntakeClerk, send(NEXT_TASK, LOCKSMITH, HandlerRole::Lead), "lead_exists")
        .but_refused(IntakeClerk, recall(LEAD_TASK), "wrong_dispatch_state")
        .then(IntakeClerk, rework(LEAD_TASK))
        .then(IntakeClerk, recall(LEAD_TASK))
        .then(IntakeClerk, send(NEXT_TASK, LOCKSMITH, HandlerRole::Lead));
}

#[test]
fn patience_has_no_largest_number() {
    let done = signed().then(Lead, complete(LEAD_TASK));
    let story = (0..300).fold(done, |s, _| s.then(IntakeClerk, rework(LEAD_TASK)).then(Lead, complete(LEAD_TASK)));
    assert_eq!(story.order.dispatch(LEAD_TASK).map(|d| d.reworks), Some(u8::MAX));
}

#[test]
fn closing_over_an_unfinished_lead_needs_a_reason_and_recalls_whoever_still_works() {
    let story = signed()
        .then(IntakeClerk, to_co())
        .but_refused(IntakeClerk, resolve(), "lead_not_completed")
        .then(IntakeClerk, resolve_anyway())
        .task_is(LEAD_TASK, DispatchStatus::Recalled)
        .task_is(CO_TASK, DispatchStatus::Recalled);
    let reason = story.order.resolution().and_then(|r| r.override_reason.as_deref());
    assert_eq!(reason, Some("居民电话确认已解决"));
}

#[test]
fn an_accepted_order_may_be_answered_without_any_handler() {
    Story::begins()
        .but_refused(IntakeClerk, resolve(), "wrong_state")
        .then(IntakeClerk, accept())
        .then(IntakeClerk, resolve());
}

#[test]
fn withdrawing_recalls_who_still_works_and_keeps_what_was_done() {
    let story = signed()
        .then(IntakeClerk, to_co())
        .then(Lead, complete(LEAD_TASK))
        .then(Requester, withdraw())
        .is(OrderStatus::Withdrawn)
        .task_is(LEAD_TASK, DispatchStatus::Completed)
        .task_is(CO_TASK, DispatchStatus::Recalled)
        .but_unchanged(Requester, withdraw())
        .but_refused(Requester, comment(), "wrong_state")
        .but_refused(Requester, reopen(), "wrong_state");
    let co = story.order.dispatch(CO_TASK).map(|d| d.state.clone());
    assert_eq!(co, Some(DispatchState::Recalled { at: monday_morning(), reason: "居民已撤单".into() }));
    story.but_refused(Co, sign(CO_TASK), "not_permitted");
}

#[test]
fn a_resolved_order_is_not_withdrawn() {
    Story::begins().then(IntakeClerk, accept()).then(IntakeClerk, resolve()).but_refused(
        Requester,
        withdraw(),
        "wrong_state",
    );
}

#[test]
fn of_two_orders_about_one_kerb_one_lives_on_for_both() {
    let child = Story::begins().then(IntakeClerk, merge_into(twin())).is(OrderStatus::Merged);
    let State::Merged { into, into_number, .. } = &child.order.state else { panic!("not merged") };
    assert_eq!((*into, into_number.as_str()), (twin().id, "XY-20261123-0007"));
    child.but_unchanged(IntakeClerk, merge_into(twin())).but_refused(Requester, comment(), "wrong_state");

    let elsewhere = MergeTarget { community: ELSEWHERE, ..twin() };
    Story::begins().but_refused(IntakeClerk, merge_into(elsewhere), "merge_across_communities");

    let (ann, bob) = (person(51), person(52));
    let target = dispatched()
        .then(IntakeClerk, absorb(vec![bob, ann, Requester.person()]))
        .then(IntakeClerk, absorb(vec![ann]))
        .is(OrderStatus::Dispatched);
    assert_eq!(target.order.followers, [ann, bob], "each once, and never the requester");
}
