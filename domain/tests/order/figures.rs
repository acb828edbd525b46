//! What communities publish: each matter counts where and when it was resolved, and not while it is open again.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use domain::deadline::day_in_shanghai;
use domain::ids::PlaceId;
use domain::order::{Beneficiary, Channel, Event, Order, Place, Source, figures, settled};
use domain::service::Figure;
use uuid::Uuid;

use crate::given::Who::{IntakeClerk, Requester};
use crate::given::{HERE, a_broken_kerb, accept, reopen, resolve};
use crate::story::Story;

const COMPOUND: PlaceId = PlaceId(Uuid::from_u128(0xC0));

type Key = (Option<PlaceId>, NaiveDate, Option<u32>);

fn counting(figure: Option<Figure>) -> Story {
    let (compound, compound_id) = (Some("西苑小区".into()), Some(COMPOUND));
    let place = Place { compound, compound_id, building: None, words: None, point: None };
    let mut story = Story::begins_with(domain::order::Content { place: Some(place), ..a_broken_kerb() });
    story.order.terms.figure = figure;
    story
}

fn added_up(first: &Order, events: &[Event]) -> BTreeMap<Key, i64> {
    let mut order = first.clone();
    let mut sums = BTreeMap::new();
    for event in events {
        if let Some(count) = figures(&order, event) {
            assert_eq!((count.community, count.service_key.as_str()), (HERE, "repair"));
            *sums.entry((count.compound, count.day, count.hours)).or_default() += count.more;
        }
        order.apply(event).expect("the next event");
    }
    sums
}

fn of(story: &Story, first: &Order) -> BTreeMap<Key, i64> {
    added_up(first, &story.events[1..])
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

#[test]
fn a_matter_counts_on_the_day_in_shanghai_on_which_it_was_resolved() {
    let begun = counting(Some(Figure::Matter));
    let first = begun.order.clone();
    let accepted = begun.then(IntakeClerk, accept());
    assert_eq!(of(&accepted, &first), BTreeMap::new());
    // Monday at nine and fifteen hours: midnight there, Monday afternoon in London.
    let resolved = accepted.later(TimeDelta::hours(15)).then(IntakeClerk, resolve());
    assert_eq!(of(&resolved, &first), BTreeMap::from([((Some(COMPOUND), day("2026-11-24"), Some(15)), 1)]));
    let reopened = resolved.later(TimeDelta::days(1)).then(Requester, reopen());
    assert!(of(&reopened, &first).values().all(|sum| *sum == 0), "open again, and its hours are gone as well");
    let again = reopened.later(TimeDelta::days(1)).then(IntakeClerk, resolve());
    let sums = of(&again, &first);
    assert_eq!(sums[&(Some(COMPOUND), day("2026-11-26"), Some(63))], 1);
    assert_eq!(sums.values().sum::<i64>(), 1, "one matter, however often");
}

#[test]
fn what_belongs_to_no_figure_counts_as_resolved() {
    let begun = counting(None);
    let (first, now) = (begun.order.clone(), begun.now);
    let resolved = begun.then(IntakeClerk, accept()).then(IntakeClerk, resolve());
    let count = resolved.events.iter().find_map(|event| figures(&first, event)).expect("a count");
    assert_eq!((count.figure, count.day, count.more), (None, day_in_shanghai(now), 1));
}

#[test]
fn by_which_way_it_came_is_told_and_of_what_was_brought_over_no_time() {
    let channel = |change: fn(&mut domain::order::Content)| {
        let mut begun = counting(Some(Figure::Errand));
        change(&mut begun.order.content);
        let count = settled(&begun.order, begun.now).expect("a count");
        (count.channel, count.hours)
    };
    assert_eq!(channel(|_| {}), (Channel::MiniProgram, Some(0)));
    let mother = |content: &mut domain::order::Content| {
        content.on_behalf_of = Some(Beneficiary { name: "陈奶奶".into(), phone: None, person: None });
    };
    assert_eq!(channel(mother), (Channel::OnBehalf, Some(0)));
    let book = |content: &mut domain::order::Content| {
        content.source = Source::Import { system: "台账".into(), reference: "7".into() };
    };
    assert_eq!(channel(book), (Channel::Import, None));
}

#[test]
fn of_what_is_sealed_neither_day_nor_compound_is_told() {
    let mut begun = counting(Some(Figure::Dispute));
    begun.order.sealed = true;
    let count = settled(&begun.order, begun.now).expect("a count");
    assert_eq!(
        (count.day, count.compound, count.figure, count.more),
        (day("2026-11-01"), None, Some(Figure::Dispute), 1)
    );
    assert_eq!(count.hours, None);
}
