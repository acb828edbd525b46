//! What holds for an order whatever anybody tries.

use std::cell::RefCell;
use std::collections::BTreeSet;

use domain::order::{ChainHash, Decision, DispatchStatus, EventKind, Happening, Order, OrderStatus};
use domain::people::Hat;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use strum::IntoEnumIterator;

use crate::histories::{content, live, tries};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_leaves_a_terminal_state(content in content(), tries in tries()) {
        for tried in live(content, tries).1.iter().filter(|t| t.before.status().is_terminal()) {
            prop_assert!(!matches!(tried.result, Ok(Decision::Apply { .. })), "{} moved it", tried.who);
        }
    }

    #[test]
    fn each_move_that_is_made_is_one_event_and_one_version(content in content(), tries in tries()) {
        let (story, tried) = live(content, tries);
        let mut made = 1;
        for t in tried {
            let Ok(Decision::Apply { next, event }) = t.result else { continue };
            made += 1;
            prop_assert_eq!((t.before.version + 1, next.version, event.seq), (made, made, made));
            prop_assert_eq!((event.order, event.by, event.at), (t.before.id, t.who.person(), t.at));
            prop_assert!(t.who.actor().hats(&t.before).contains(&event.hat));
        }
        prop_assert_eq!(story.order.version, made);
    }

    #[test]
    fn the_history_makes_the_order(content in content(), tries in tries()) {
        let (story, _) = live(content, tries);
        let chained = Order { head: ChainHash([7; 32]), ..story.order };
        let replayed = Order::replay(&story.events).map(|order| Order { head: chained.head, ..order });
        prop_assert_eq!(replayed, Ok(chained));
    }

    #[test]
    fn who_handles_and_who_judges(content in content(), tries in tries()) {
        let (story, tried) = live(content, tries);
        for order in tried.iter().map(|t| &t.before).chain([&story.order]) {
            let leads = order.live_dispatches().filter(|d| d.role == domain::order::HandlerRole::Lead).count();
            prop_assert!(leads <= 1, "{leads} leads");
            let busy: BTreeSet<_> = order.live_dispatches().map(|d| d.partner).collect();
            prop_assert_eq!(busy.len(), order.live_dispatches().count(), "a partner was asked twice");
            let rounds: BTreeSet<_> = order.ratings.iter().map(|r| r.round).collect();
            prop_assert_eq!(rounds.len(), order.ratings.len(), "a round was rated twice");
            prop_assert!(order.round <= 3 && order.supervised == (order.round == 3));
            let somebody_works = order.dispatches.iter().any(|d| d.status().is_open());
            let out = order.status() == OrderStatus::Dispatched;
            prop_assert!(out || !somebody_works, "somebody works on a {} order", order.status());
            prop_assert!(!out || order.live_dispatches().next().is_some(), "dispatched to nobody");
        }
        let rated = story.events.iter().filter(|e| matches!(e.what, Happening::Rated { .. }));
        prop_assert!(rated.clone().all(|e| e.hat == Hat::Requester));
        prop_assert_eq!(rated.count(), story.order.ratings.len());
    }

    #[test]
    fn a_dispatch_that_was_given_back_or_taken_back_stays_so(content in content(), tries in tries()) {
        for t in live(content, tries).1 {
            let Ok(Decision::Apply { next, .. }) = t.result else { continue };
            let ended = |s| matches!(s, DispatchStatus::Returned | DispatchStatus::Recalled);
            for dispatch in t.before.dispatches.iter().filter(|d| ended(d.status())) {
                prop_assert_eq!(next.dispatch(dispatch.id), Some(dispatch));
            }
        }
    }

    #[test]
    fn an_event_survives_json_byte_for_byte(content in content(), tries in tries()) {
        for event in live(content, tries).0.events {
            let written = serde_json::to_string(&event.what).expect("JSON");
            let read: Happening = serde_json::from_str(&written).expect("the same event");
            prop_assert_eq!(serde_json::to_string(&read).expect("JSON"), written);
            prop_assert_eq!(read, event.what);
        }
    }
}

/// Properties over histories in which nothing happens would be worth nothing.
#[test]
fn the_random_histories_reach_everything() {
    let kinds: RefCell<BTreeSet<&'static str>> = RefCell::default();
    let statuses: RefCell<BTreeSet<&'static str>> = RefCell::default();
    let rounds: RefCell<BTreeSet<u8>> = RefCell::default();
    let all = (content(), tries());
    // Enough for what needs several others before it: an answer needs a quote, which needs a signature.
    let config = ProptestConfig { cases: 1_024, ..ProptestConfig::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let result = TestRunner::new_with_rng(config, rng).run(&all, |(content, tries)| {
        let (story, _) = live(content, tries);
        kinds.borrow_mut().extend(story.events.iter().map(|e| Into::<&str>::into(EventKind::from(&e.what))));
        statuses.borrow_mut().insert(story.order.status().into());
        rounds.borrow_mut().insert(story.order.round);
        Ok(())
    });
    result.expect("histories without any assertion");
    // A mediation is no move: it begins and ends with its case.
    let moves = EventKind::iter().filter(|kind| *kind != EventKind::Mediated);
    assert_eq!(kinds.into_inner(), moves.map(Into::into).collect());
    assert_eq!(statuses.into_inner(), OrderStatus::iter().map(Into::into).collect());
    assert_eq!(rounds.into_inner(), BTreeSet::from([1, 2, 3]));
}
