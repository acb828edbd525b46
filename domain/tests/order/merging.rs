//! 并单: two orders change together or not at all.

use domain::ids::OrderId;
use domain::order::usecase::MoveError;
use domain::order::{OrderStatus, Refusal, verify};
use uuid::Uuid;

use crate::desk::{NEIGHBOUR, TWIN, asking, having_seen, kinds, make, meanwhile, merge, two_orders, with_key};
use crate::given::Who::{IntakeClerk, Requester, Secretary};
use crate::given::{KERB, absorb, accept, comment, person, refuse};

#[test]
fn both_orders_are_written_in_one_commit() {
    let (store, orders) = two_orders();
    let before = store.tables().commits;
    let written = merge(&orders, with_key(IntakeClerk, "k1"), TWIN, KERB).expect("an answer");
    assert_eq!(written.body, "XY-20261123-0007 merged v2");
    let tables = store.tables();
    assert_eq!((tables.commits, tables.answers.len()), (before + 1, 1));
    assert_eq!(kinds(&tables, TWIN), ["submitted", "merged"]);
    assert_eq!(kinds(&tables, KERB), ["submitted", "absorbed"]);
    assert_eq!(tables.orders[&KERB].followers, [person(NEIGHBOUR)]);
    for id in [TWIN, KERB] {
        assert_eq!(verify(&tables.history(id)), Ok(tables.orders[&id].head));
    }
}

#[test]
fn who_followed_the_one_follows_the_other() {
    let (store, orders) = two_orders();
    let friend = person(61);
    meanwhile(&mut store.tables(), TWIN, IntakeClerk, absorb(vec![friend, Requester.person()]));
    merge(&orders, asking(IntakeClerk), TWIN, KERB).expect("an answer");
    assert_eq!(store.tables().orders[&KERB].followers, [person(NEIGHBOUR), friend]);
}

#[test]
fn merging_again_changes_nothing() {
    let (store, orders) = two_orders();
    merge(&orders, asking(IntakeClerk), TWIN, KERB).expect("an answer");
    let commits = store.tables().commits;
    let again = merge(&orders, with_key(Secretary, "k2"), TWIN, KERB).expect("an answer");
    assert_eq!(again.body, "XY-20261123-0007 merged v2");
    assert_eq!(store.tables().commits, commits);
}

#[test]
fn if_either_order_moved_both_are_decided_again() {
    for moved in [KERB, TWIN] {
        let (store, orders) = two_orders();
        store.before_commit(move |tables| meanwhile(tables, moved, IntakeClerk, accept()));
        merge(&orders, asking(IntakeClerk), TWIN, KERB).expect("an answer");
        let tables = store.tables();
        assert_eq!(tables.orders[&TWIN].status(), OrderStatus::Merged);
        let version = |id: OrderId| tables.orders[&id].version + i64::from(id != moved);
        assert_eq!((version(KERB), version(TWIN)), (3, 3));
    }
}

#[test]
fn a_target_that_closes_meanwhile_saves_the_other() {
    let (store, orders) = two_orders();
    store.before_commit(|tables| meanwhile(tables, KERB, Secretary, refuse()));
    let refused = merge(&orders, with_key(IntakeClerk, "k1"), TWIN, KERB);
    let closed = Refusal::MergeTargetClosed(OrderStatus::Refused);
    assert!(matches!(refused, Err(MoveError::Refused(refusal)) if refusal == closed));
    let tables = store.tables();
    assert_eq!((kinds(&tables, TWIN), tables.answers.len()), (vec!["submitted"], 0));
}

#[test]
fn of_two_merges_in_a_circle_one_is_refused() {
    let (store, orders) = two_orders();
    merge(&orders, asking(IntakeClerk), TWIN, KERB).expect("an answer");
    let back = merge(&orders, asking(IntakeClerk), KERB, TWIN);
    let merged = Refusal::MergeTargetClosed(OrderStatus::Merged);
    assert!(matches!(back, Err(MoveError::Refused(refusal)) if refusal == merged));
    assert_eq!(store.tables().orders[&KERB].status(), OrderStatus::Submitted);
}

#[test]
fn nothing_is_merged_into_itself_or_into_what_is_not_there() {
    let (store, orders) = two_orders();
    let before = store.tables().commits;
    let itself = merge(&orders, asking(IntakeClerk), KERB, KERB);
    assert!(matches!(itself, Err(MoveError::Refused(Refusal::MergeIntoItself))));
    let nowhere = merge(&orders, asking(IntakeClerk), KERB, OrderId(Uuid::from_u128(0xE9)));
    assert!(matches!(nowhere, Err(MoveError::TargetNotFound)));
    // The requester sees the own order only, and may not merge even that one.
    assert!(matches!(merge(&orders, asking(Requester), KERB, TWIN), Err(MoveError::TargetNotFound)));
    assert!(matches!(merge(&orders, asking(Requester), TWIN, KERB), Err(MoveError::NotFound)));
    assert_eq!(store.tables().commits, before);
}

#[test]
fn who_saw_an_old_version_of_the_closing_order_gets_the_new_one() {
    let (store, orders) = two_orders();
    meanwhile(&mut store.tables(), TWIN, Secretary, comment());
    let stale = merge(&orders, having_seen(IntakeClerk, 1), TWIN, KERB);
    let Err(MoveError::Stale { current, changed_by }) = stale else { panic!("not stale") };
    assert_eq!((current.id, current.version), (TWIN, 2));
    assert_eq!(changed_by.map(|event| event.by), Some(Secretary.person()));
    assert_eq!(kinds(&store.tables(), TWIN), ["submitted", "commented"]);
}

#[test]
fn a_key_that_another_request_used_first_writes_neither() {
    let (store, orders) = two_orders();
    make(&orders, with_key(IntakeClerk, "k1"), accept()).expect("an answer");
    assert!(matches!(merge(&orders, with_key(IntakeClerk, "k1"), TWIN, KERB), Err(MoveError::KeyTaken)));
    let tables = store.tables();
    assert_eq!((kinds(&tables, TWIN), kinds(&tables, KERB)), (vec!["submitted"], vec!["submitted", "accepted"]));
}
