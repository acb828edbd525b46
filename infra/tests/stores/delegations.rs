use chrono::TimeDelta;

use domain::ids::PersonId;
use domain::people::{Delegation, Evidence, Offer};
use domain::ports::{Commit, Slice};

use crate::bed::Bed;
use crate::story::{Story, minutes, new_id, noon};

const CODE: &str = "7K2MZ0QX";

fn offer(story: &Story) -> Offer {
    Offer { principal: story.resident.person, days: 30, made_at: noon() }
}

pub fn recorded(story: &Story, delegate: PersonId, minute: i64) -> Delegation {
    let given_at = minutes(minute);
    Delegation {
        id: new_id(given_at),
        principal: story.resident.person,
        delegate,
        evidence: Evidence::RecordedByStaff,
        recorded_by: Some(story.clerk.person),
        given_at,
        expires_at: given_at + TimeDelta::days(90),
        ended_at: None,
    }
}

pub async fn of_two_who_accept_at_once_one_is_too_late(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.delegations);
    for n in 0..6 {
        assert_eq!(store.offer(CODE, &offer(&story), None).await.expect("kept"), Commit::Done);
        let accepted = |who: PersonId| offer(&story).accepted(new_id(minutes(n)), who, minutes(n));
        let (one, other) = (accepted(story.neighbour.person), accepted(story.worker.person));
        let ends = tokio::join!(store.accept(CODE, &one, None), store.accept(CODE, &other, None));
        let ends = (ends.0.expect("an end"), ends.1.expect("an end"));
        assert!(ends == (Some(Commit::Done), None) || ends == (None, Some(Commit::Done)), "{ends:?}");
        assert_eq!(store.find_offer(CODE, minutes(n)).await.expect("a search"), None, "it works once");
    }
}

pub async fn a_newer_one_takes_the_place_of_an_older(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.delegations);
    let (older, newer) = (recorded(&story, story.neighbour.person, 0), recorded(&story, story.neighbour.person, 5));
    for delegation in [&older, &newer] {
        assert_eq!(store.record(delegation, "口头同意", None).await.expect("kept"), Commit::Done);
    }
    let (principal, delegate) = (story.resident.person, story.neighbour.person);
    let active = async |at| store.find_active(principal, delegate, at).await.expect("a search");
    assert_eq!(active(minutes(6)).await, Some(newer.clone()));
    assert_eq!(active(newer.expires_at).await, None, "it has run out");
    assert_eq!(
        store.find_active(delegate, principal, minutes(6)).await.expect("a search"),
        None,
        "the other way round"
    );

    let slice = Slice { before: None, limit: 9 };
    let seen = store.delegations_of(&[delegate], slice).await.expect("a list");
    let ended = Delegation { ended_at: Some(minutes(5)), ..older };
    assert_eq!(seen.iter().map(|named| &named.delegation).collect::<Vec<_>>(), [&newer, &ended]);
    assert_eq!(store.delegations_of(&[story.stranger.person], slice).await.expect("a list"), []);

    let end = async |who: PersonId| store.end_delegation(newer.id, &[who], minutes(9)).await.expect("an end");
    assert!(!end(story.stranger.person).await && !end(story.clerk.person).await);
    assert!(active(minutes(9)).await.is_some(), "strangers end nothing");
    assert!(end(principal).await && end(delegate).await, "either side, and again");
    assert_eq!(active(minutes(9)).await, None);
}

pub async fn an_offer_is_kept_under_a_blind_index(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.delegations);
    assert_eq!(store.offer(CODE, &offer(&story), None).await.expect("kept"), Commit::Done);
    assert_eq!(store.find_offer("7K2MZ0QY", noon()).await.expect("a search"), None);
    let end = offer(&story).expires_at();
    assert!(store.find_offer(CODE, end - TimeDelta::milliseconds(1)).await.expect("a search").is_some());
    assert_eq!(store.find_offer(CODE, end).await.expect("a search"), None);
    // A second offer of the same person makes the first one worthless.
    assert_eq!(store.offer("NEWC0DE1", &offer(&story), None).await.expect("kept"), Commit::Done);
    assert_eq!(store.find_offer(CODE, noon()).await.expect("a search"), None);
    assert_eq!(store.sweep_offers(end).await.expect("a sweep"), 0);
    assert_eq!(store.sweep_offers(end + TimeDelta::milliseconds(1)).await.expect("a sweep"), 1);
}
