//! Words can be taken out of a history, and it still makes the same order, and its chain still holds.

use domain::ids::PersonId;
use domain::order::{
    Beneficiary, ChainRow, Command, Content, Erased, Erasing, Fault, Happening, Order, allowed_moves, erase, verify,
};
use proptest::prelude::*;
use strum::IntoEnumIterator;

use crate::given::Who::{Co, IntakeClerk, Lead, Requester};
use crate::given::{
    CO_TASK, LEAD_TASK, Who, a_broken_kerb, accept, answer_quote, comment, complete, give_back, person, quote, rate,
    recall, repair, resolve_anyway, rework, sign, to_co, to_lead, visit,
};
use crate::histories::{chained, content, live, tries};
use crate::story::Story;

const GONE: Erasing = Erasing::Words(Erased::ByRequest);

/// Everything that anybody may write.
fn a_wordy_story() -> Story {
    let whom = Beneficiary { name: "张大爷".into(), phone: Some("13911112222".into()), person: Some(person(77)) };
    Story::begins_with(Content { on_behalf_of: Some(whom), ..a_broken_kerb() })
        .then(IntakeClerk, accept())
        .then(IntakeClerk, to_lead())
        .then(IntakeClerk, to_co())
        .then(Lead, sign(LEAD_TASK))
        .then(Lead, visit(LEAD_TASK))
        .then(Lead, quote(1_250))
        .then(Requester, answer_quote(1, true))
        .then(Co, give_back(CO_TASK))
        .then(Lead, complete(LEAD_TASK))
        .then(IntakeClerk, rework(LEAD_TASK))
        .then(IntakeClerk, recall(LEAD_TASK))
        .then(Requester, comment())
        .then(IntakeClerk, resolve_anyway())
        .then(Requester, rate(2))
}

/// The rows as a store keeps them after words were taken out.
fn erased_rows(story: &Story, what: Erasing) -> (Order, Vec<ChainRow>) {
    let (rows, head) = chained(story);
    let (order, events) = erase(&story.events, what).expect("a history");
    let rows = rows.into_iter().zip(events).map(|(row, event)| {
        if row.event.what == event.what {
            return row;
        }
        let body = serde_json::to_string(&event.what).expect("JSON");
        ChainRow { event, body, salt: None, is_erased: true, ..row }
    });
    (Order { head, ..order }, rows.collect())
}

/// The strings of a JSON text, wherever they stand.
fn strings(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => found.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        serde_json::Value::Object(fields) => fields.values().for_each(|field| strings(field, found)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}

fn is_code(text: &str) -> bool {
    text.is_ascii() && !text.chars().any(char::is_whitespace)
}

#[test]
fn no_word_of_anybody_is_left() {
    let story = a_wordy_story();
    let (order, rows) = erased_rows(&story, GONE);
    let (mut words, mut left) = (Vec::new(), Vec::new());
    for event in &story.events {
        strings(&serde_json::to_value(&event.what).expect("JSON"), &mut words);
    }
    for row in &rows {
        strings(&serde_json::from_str(&row.body).expect("JSON"), &mut left);
    }
    words.retain(|text| !is_code(text));
    assert!(words.len() > 12, "{words:?}");
    left.retain(|text| !is_code(text));
    // What the service is called, and what it asks for, are the community's words.
    let offer = repair().offer;
    left.retain(|text| *text != offer.name && !offer.papers.contains(text));
    assert!(left.iter().all(|text| text == Erased::ByRequest.text()), "{left:?}");
    assert!(!rows.iter().any(|row| row.body.contains("1390000") || row.body.contains("1391111")));
    assert_eq!(order.ratings.first().map(|rating| (rating.satisfaction, rating.by_proxy)), Some((2, true)));
    assert_eq!((order.status(), order.number.as_str()), (story.order.status(), story.order.number.as_str()));
    assert_eq!((order.content.contact, order.content.attachments), (None, Vec::new()));
}

#[test]
fn the_chain_holds_and_what_had_no_words_stays_proven() {
    let story = a_wordy_story();
    let (order, rows) = erased_rows(&story, GONE);
    assert_eq!(verify(&rows), Ok(order.head));
    let proven: Vec<_> = rows.iter().filter(|row| !row.is_erased).map(|row| row.event.seq).collect();
    let why = "an acceptance without a note, a signature, an answer to a quote, a rating without a comment";
    assert_eq!(proven, [2, 5, 8, 15], "{why}");
}

#[test]
fn a_body_that_nobody_erased_is_missed() {
    let story = a_wordy_story();
    let id = story.order.id;
    let (_, mut rows) = erased_rows(&story, GONE);
    rows[0].is_erased = false;
    assert_eq!(verify(&rows), Err(Fault::Missing { order: id, seq: 1 }));
    let (mut rows, _) = chained(&story);
    rows[2].salt = None;
    assert_eq!(verify(&rows), Err(Fault::Missing { order: id, seq: 3 }));
    // Only the words may go: time, hat, person and kind stay chained.
    let (_, mut rows) = erased_rows(&story, GONE);
    rows[0].event.by = person(99);
    assert_eq!(verify(&rows), Err(Fault::Link { order: id, seq: 1 }));
}

#[test]
fn a_beneficiary_leaves_and_the_order_stays() {
    let story = a_wordy_story();
    let (order, rows) = erased_rows(&story, Erasing::Beneficiary(person(77)));
    assert_eq!(verify(&rows), Ok(order.head));
    assert_eq!(rows.iter().filter(|row| row.is_erased).count(), 1);
    assert!(!rows.iter().any(|row| row.body.contains("张大爷") || row.body.contains("13911112222")));
    let whom = order.content.on_behalf_of.as_ref().expect("still ordered for somebody");
    assert!(whom.is_nobody() && whom.person.is_none());
    let same = Content { on_behalf_of: story.order.content.on_behalf_of.clone(), ..order.content.clone() };
    assert_eq!(same, story.order.content);
    let (untouched, _) = erased_rows(&story, Erasing::Beneficiary(PersonId(uuid::Uuid::nil())));
    assert_eq!(untouched.content, story.order.content, "another beneficiary is not theirs to take out");
}

#[test]
fn whoever_ordered_leaves_and_the_order_stays_with_whom_it_is_for() {
    let story = a_wordy_story();
    let (order, rows) = erased_rows(&story, Erasing::Contact);
    assert_eq!(verify(&rows), Ok(order.head));
    assert_eq!(rows.iter().filter(|row| row.is_erased).count(), 1);
    assert!(story.order.content.contact.is_some() && !rows[0].body.contains("13900000001"));
    assert_eq!(order.content, Content { contact: None, ..story.order.content.clone() });
    let events: Vec<_> = rows.into_iter().map(|row| row.event).collect();
    assert!(erase(&events, GONE).expect("a history").0.is_erased(), "the words go when both are gone");
}

#[test]
fn nobody_moves_an_erased_order() {
    let story = a_wordy_story();
    let (order, _) = erased_rows(&story, GONE);
    for who in Who::iter() {
        assert_eq!(allowed_moves(&order, &who.actor(), story.now), [], "{who}");
    }
    let erased = Story { order, ..story };
    erased.but_refused(IntakeClerk, comment(), "order_erased");
}

#[test]
fn a_consent_is_taken_back_once() {
    let story = Story::begins().then(IntakeClerk, accept()).then(Requester, Command::Unshare);
    assert!(!story.order.shares_contact());
    assert_eq!(story.order.content.contact.as_ref().and_then(|contact| contact.phone.as_deref()), Some("13900000001"));
    assert_eq!(Order::replay(&story.events).expect("a history").content, story.order.content);
    assert_eq!(story.events.iter().filter(|event| event.what == Happening::Unshared).count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_history_without_its_words_makes_the_same_order(content in content(), tries in tries()) {
        let story = live(content, tries).0;
        let (order, rows) = erased_rows(&story, GONE);
        prop_assert_eq!(verify(&rows), Ok(order.head));
        let facts = |o: &Order| (
            (o.id, o.number.clone(), o.community, o.service_key.clone(), o.requester, o.status()),
            (o.submitted_at, o.accepted_at, o.round, o.supervised, o.urges, o.urged_at, o.version),
            o.ratings.iter().map(|r| (r.round, r.solved, r.satisfaction, r.at)).collect::<Vec<_>>(),
            o.dispatches.iter().map(|d| (d.id, d.partner, d.role, d.status(), d.signed_at)).collect::<Vec<_>>(),
        );
        prop_assert_eq!(facts(&order), facts(&story.order));
        let again = erase(&rows.into_iter().map(|row| row.event).collect::<Vec<_>>(), GONE).expect("a history");
        prop_assert_eq!(Order { head: order.head, ..again.0 }, order, "erasing twice is erasing once");
    }
}
