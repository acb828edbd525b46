//! A history that somebody changed does not pass for the one that was written.

use chrono::TimeDelta;
use domain::ids::OrderId;
use domain::order::{ChainHash, ChainRow, Chained, Event, Fault, Happening, Salt, verify};
use domain::people::Hat;
use proptest::prelude::*;
use strum::IntoEnumIterator;
use uuid::Uuid;

use crate::given::Who::{IntakeClerk, Lead, Requester};
use crate::given::{LEAD_TASK, accept, person, rate, resolve, sign, to_lead};
use crate::histories::{chained, content, live, tries};
use crate::story::Story;

fn a_short_history() -> (Vec<ChainRow>, ChainHash) {
    let dispatched = Story::begins().then(IntakeClerk, accept()).then(IntakeClerk, to_lead());
    chained(&dispatched.then(Lead, sign(LEAD_TASK)))
}

#[test]
fn what_was_written_verifies() {
    let (rows, head) = a_short_history();
    assert_eq!(verify(&rows), Ok(head));
    assert_eq!(rows.last().map(|row| row.hash), Some(head));
    assert_eq!(verify(&[]), Ok(ChainHash::START));
}

/// Every way to change one thing in a row, and what it is called.
fn forgeries(row: &ChainRow) -> Vec<(String, ChainRow)> {
    let mut forged = Vec::new();
    let mut forge = |name: String, change: &dyn Fn(&mut ChainRow)| {
        let mut row = row.clone();
        change(&mut row);
        forged.push((name, row));
    };
    for (at, bit) in (0..row.body.len()).flat_map(|at| [0, 3, 6].map(|bit| (at, bit))) {
        forge(format!("bit {bit} of byte {at} of the body"), &|row| row.body = flip_in_text(&row.body, at, bit));
    }
    for (at, bit) in (0..32).flat_map(|at| [0, 7].map(|bit| (at, bit))) {
        forge(format!("byte {at} of the body's hash"), &|row| row.body_hash.0[at] ^= 1 << bit);
        forge(format!("byte {at} of the hash"), &|row| row.hash.0[at] ^= 1 << bit);
    }
    for at in 0..16 {
        forge(format!("byte {at} of the salt"), &|row| row.salt.as_mut().expect("a salt").0[at] ^= 1);
    }
    for hat in Hat::iter().filter(|hat| *hat != row.event.hat) {
        forge(format!("hat {hat}"), &|row| row.event.hat = hat);
    }
    for ms in [-86_400_000, -1, 1, 3_600_000] {
        forge(format!("{ms} ms"), &|row| row.event.at += TimeDelta::milliseconds(ms));
    }
    for bit in 0..64 {
        forge(format!("bit {bit} of the number"), &|row| row.event.seq ^= 1 << bit);
    }
    forge("no salt".into(), &|row| row.salt = None);
    forge("a mark of erasure".into(), &|row| row.is_erased = true);
    forge("another person".into(), &|row| row.event.by = person(99));
    forge("another order".into(), &|row| row.event.order = OrderId(Uuid::from_u128(99)));
    let praise = Happening::Rated { solved: true, satisfaction: 5, comment: None };
    forge("another event".into(), &|row| row.event.what = praise.clone());
    forged
}

/// Where the flipped byte is no text any more, the replacement character stands for it.
fn flip_in_text(text: &str, at: usize, bit: u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] ^= 1 << bit;
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn every_forged_part_of_every_row_is_found() {
    let (rows, _) = a_short_history();
    for (n, row) in rows.iter().enumerate() {
        for (name, forged) in forgeries(row).into_iter().filter(|(_, forged)| forged != row) {
            let mut rows = rows.clone();
            rows[n] = forged;
            assert!(verify(&rows).is_err(), "row {}: {name} was not found", n + 1);
        }
    }
}

#[test]
fn the_fault_says_where_and_what() {
    let (rows, _) = a_short_history();
    let order = rows[0].event.order;
    let forge = |change: &dyn Fn(&mut ChainRow)| {
        let mut rows = rows.clone();
        change(&mut rows[2]);
        verify(&rows)
    };
    assert_eq!(forge(&|row| row.body.push(' ')), Err(Fault::Body { order, seq: 3 }));
    assert_eq!(forge(&|row| row.salt = Some(Salt([0; 16]))), Err(Fault::Body { order, seq: 3 }));
    let other_words = forge(&|row| {
        let Happening::Dispatched { dispatch } = &mut row.event.what else { panic!("not a dispatch") };
        dispatch.task.clear();
    });
    assert_eq!(other_words, Err(Fault::Body { order, seq: 3 }));
    assert_eq!(forge(&|row| row.event.hat = Hat::Secretary), Err(Fault::Link { order, seq: 3 }));
    assert_eq!(forge(&|row| row.event.seq = 4), Err(Fault::Gap { order, expected: 3, found: 4 }));
}

#[test]
fn a_row_with_a_new_hash_of_its_own_does_not_fit_the_next() {
    let (mut rows, _) = a_short_history();
    let (order, previous) = (rows[1].event.order, rows[0].hash);
    let event = Event { what: Happening::Accepted { note: Some("早已接单".into()) }, ..rows[1].event.clone() };
    let Chained { event, body, salt, body_hash, hash } = Chained::new(event, previous, Salt([5; 16])).expect("JSON");
    rows[1] = ChainRow { event, body, salt: Some(salt), is_erased: false, body_hash, hash };
    assert_eq!(verify(&rows), Err(Fault::Link { order, seq: 3 }));
    assert_eq!(verify(&rows[..2]), Ok(hash), "so far it is sound");
}

#[test]
fn a_history_rewritten_to_its_end_verifies_but_ends_elsewhere() {
    let (rows, head) = a_short_history();
    let mut previous = ChainHash::START;
    let rewritten: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let mut event = row.event;
            event.at += TimeDelta::days(i64::from(event.seq == 2));
            let salt = row.salt.expect("a salt");
            let Chained { event, body, salt, body_hash, hash } = Chained::new(event, previous, salt).expect("JSON");
            previous = hash;
            ChainRow { event, body, salt: Some(salt), is_erased: false, body_hash, hash }
        })
        .collect();
    let end = verify(&rewritten).expect("a consistent chain");
    assert_ne!(end, head, "the order's row still carries the head of what was written");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_history_verifies_until_one_bit_changes(
        content in content(),
        tries in tries(),
        (row, part, at, bit) in any::<(prop::sample::Index, u8, prop::sample::Index, u8)>(),
    ) {
        let (rows, head) = chained(&live(content, tries).0);
        prop_assert_eq!(verify(&rows), Ok(head));
        let mut forged = rows.clone();
        let row = &mut forged[row.index(rows.len())];
        match part % 4 {
            0 => row.body = flip_in_text(&row.body, at.index(row.body.len()), bit % 8),
            1 => row.body_hash.0[at.index(32)] ^= 1 << (bit % 8),
            2 => row.hash.0[at.index(32)] ^= 1 << (bit % 8),
            _ => row.salt.as_mut().expect("a salt").0[at.index(16)] ^= 1 << (bit % 8),
        }
        prop_assert!(forged == rows || verify(&forged).is_err());
    }

    #[test]
    fn a_dropped_a_doubled_or_a_swapped_row_is_found(
        content in content(),
        tries in tries(),
        (one, other) in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let story = [accept(), resolve()].into_iter().fold(Story::begins(), |s, c| s.then(IntakeClerk, c));
        let random = live(content, tries).0;
        let story = if random.events.len() > 1 { random } else { story.then(Requester, rate(3)) };
        let (rows, head) = chained(&story);
        let (one, other) = (one.index(rows.len()), other.index(rows.len()));
        for renumber in [false, true] {
            let check = |mut rows: Vec<ChainRow>| {
                for (row, seq) in rows.iter_mut().zip(1..).filter(|_| renumber) {
                    row.event.seq = seq;
                }
                verify(&rows)
            };
            let mut dropped = rows.clone();
            dropped.remove(one);
            // Without its last row a history is sound, but the order's own row knows the head.
            prop_assert_ne!(check(dropped), Ok(head));
            let mut doubled = rows.clone();
            doubled.insert(one, rows[one].clone());
            prop_assert!(check(doubled).is_err());
            let mut swapped = rows.clone();
            swapped.swap(one, other);
            prop_assert!(one == other || check(swapped).is_err());
        }
    }
}
