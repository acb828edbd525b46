//! What communities publish: each matter counts where and when it was resolved, and not while it is open again.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use domain::ids::PlaceId;
use domain::order::{Event, Order, Place, figures, settled};
use domain::service::Figure;
use uuid::Uuid;

use crate::given::Who::{IntakeClerk, Requester};
use crate::given::{HERE, a_broken_kerb, accept, reopen, resolve};
use crate::story::Story;

const COMPOUND: PlaceId = PlaceId(Uuid::from_u128(0xC0));

type Key = (Option<PlaceId>, NaiveDate);

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
            *sums.entry((count.compound, count.day)).or_default() += count.more;
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
    assert_eq!(of(&resolved, &first), BTreeMap::from([((Some(COMPOUND), day("2026-11-24")), 1)]));
    let reopened = resolved.later(TimeDelta::days(1)).then(Requester, reopen());
    assert_eq!(of(&reopened, &first).values().sum::<i64>(), 0, "open again");
    let again = reopened.later(TimeDelta::days(1)).then(IntakeClerk, resolve());
    let sums = of(&again, &first);
    assert_eq!(sums[&(Some(COMPOUND), day("2026-11-26"))], 1);
    assert_eq!(sums.values().sum::<i64>(), 1, "one matter, however often");
}

#[test]
fn what_belongs_to_no_figure_counts_nowhere() {
    let begun = counting(None);
    let first = begun.order.clone();
    assert_eq!(of(&begun.then(IntakeClerk, accept()).then(IntakeClerk, resolve()), &first), BTreeMap::new());
}

#[test]
fn of_what_is_sealed_neither_day_nor_compound_is_told() {
    let mut begun = counting(Some(Figure::Dispute));
    begun.order.sealed = true;
    let count = settled(&begun.order, begun.now).expect("a count");
    assert_eq!((count.day, count.compound, count.figure, count.more), (day("2026-11-01"), None, Figure::Dispute, 1));
}
