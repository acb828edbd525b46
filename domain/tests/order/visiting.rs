//! On-site records (现场勘查), on a dispatch and without one.

use chrono::TimeDelta;
use domain::order::{Command, Erased, Erasing, Visit, erase};

use crate::given::Who::{IntakeClerk, Lead, Requester, Stranger};
use crate::given::{LEAD_TASK, accept, look, monday_morning, on_the_spot, sign, to_lead, visit, withdraw};
use crate::story::Story;

fn at(minutes: i64) -> Command {
    let at = Some(monday_morning() + TimeDelta::minutes(minutes));
    Command::Visit { dispatch: None, at, report: on_the_spot() }
}

fn visits(story: &Story) -> Vec<&Visit> {
    let dispatched = story.order.dispatches.iter().flat_map(|dispatch| &dispatch.visits);
    story.order.visits.iter().chain(dispatched).collect()
}

#[test]
fn those_who_sent_nobody_write_on_the_order_and_handlers_on_their_dispatch() {
    let story = Story::begins()
        .then(IntakeClerk, look())
        .then(IntakeClerk, accept())
        .then(IntakeClerk, to_lead())
        .then(Lead, sign(LEAD_TASK))
        .then(Lead, visit(LEAD_TASK))
        .but_refused(Lead, look(), "not_permitted")
        .but_refused(Requester, look(), "not_permitted")
        .but_refused(Stranger, look(), "not_permitted");
    assert_eq!(visits(&story).len(), 2);
    assert_eq!(story.order.visits[0].report, on_the_spot());
    assert_eq!(story.order.dispatches[0].visits[0].by, Lead.person());
    Story::begins().then(Requester, withdraw()).but_refused(IntakeClerk, look(), "wrong_state");
}

#[test]
fn a_record_is_of_the_past_and_of_this_order() {
    let story = Story::begins().later(TimeDelta::hours(2));
    let now = story.now;
    story.clone().but_refused(IntakeClerk, at(126), "invalid_fields").but_refused(
        IntakeClerk,
        at(-6),
        "invalid_fields",
    );
    let recorded = |minutes| story.clone().then(IntakeClerk, at(minutes)).order.visits[0].at;
    assert_eq!(recorded(30), monday_morning() + TimeDelta::minutes(30));
    // Clocks go wrong by a little.
    assert_eq!(recorded(124), now);
    assert_eq!(recorded(-4), monday_morning());
    let unsaid = story.clone().then(IntakeClerk, look());
    assert_eq!(unsaid.order.visits[0].at, now);
}

#[test]
fn words_of_visits_go_with_the_others() {
    let story = Story::begins().then(IntakeClerk, look());
    let (order, events) = erase(&story.events, Erasing::Words(Erased::ByRequest)).expect("a history");
    let left = format!("{order:?}{events:?}");
    for gone in ["王桂兰", "碎石", "抹平", "需换两块"] {
        assert!(!left.contains(gone), "{left}");
    }
    assert_eq!(order.visits.len(), 1, "that somebody was there stays");
}
