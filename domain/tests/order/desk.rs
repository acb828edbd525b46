//! Requests as they arrive at the use cases, and what others do at the same moment.

use std::sync::Arc;

use domain::ids::OrderId;
use domain::notice::notices_for;
use domain::order::usecase::{Asking, Key, MoveError, Orders, Target, Written};
use domain::order::{
    ChainHash, Chained, Command, Content, Decision, Event, EventKind, Order, Salt, Submission, decide, submit,
};
use domain::ports::{Change, Commit};
use futures_util::FutureExt;
use uuid::Uuid;

use crate::given::Who::{self, Requester};
use crate::given::{KERB, a_broken_kerb, monday_morning, person, submission, twin};
use crate::memory::{Memory, Short, Tables, use_cases};

pub const TWIN: OrderId = OrderId(Uuid::from_u128(0xE2));
pub const NEIGHBOUR: u128 = 60;

/// The requester's order, and a neighbour's about the same kerb.
pub fn two_orders() -> (Arc<Memory>, Orders) {
    let store = Arc::new(Memory::default());
    let content = Content { attachments: Vec::new(), ..a_broken_kerb() };
    let kerb = submission(KERB, Requester.person(), content.clone());
    let twin = Submission { number: twin().number, ..submission(TWIN, person(NEIGHBOUR), content) };
    for submission in [kerb, twin] {
        let (order, event) = submit(submission, monday_morning()).expect("a submission");
        write(&mut store.tables(), ChainHash::START, order, event);
    }
    let orders = use_cases(&store);
    (store, orders)
}

fn write(tables: &mut Tables, head: ChainHash, mut next: Order, event: Event) {
    let notices = notices_for(&event, &next);
    let chained = Chained::new(event, head, Salt([9; 16])).expect("JSON");
    next.head = chained.hash;
    let change = Change {
        next,
        chained,
        notices,
        photos: Vec::new(),
        consents: Vec::new(),
        words: None,
        case: None,
        tallies: Vec::new(),
        figure: None,
        quiet: false,
    };
    assert_eq!(tables.commit(&[change], None), Commit::Done);
}

/// Somebody else's request, complete, at once.
pub fn meanwhile(tables: &mut Tables, id: OrderId, who: Who, command: Command) {
    let order = tables.orders[&id].clone();
    let Ok(Decision::Apply { next, event }) = decide(&order, &who.actor(), command, monday_morning()) else {
        panic!("{who} cannot do this")
    };
    write(tables, order.head, *next, *event);
}

pub fn asking(who: Who) -> Asking {
    Asking { actor: who.actor(), key: None, if_match: None, words: None }
}

pub fn with_key(who: Who, key: &str) -> Asking {
    Asking { key: Some(Key { key: key.into(), fingerprint: [3; 32] }), ..asking(who) }
}

pub fn having_seen(who: Who, version: i64) -> Asking {
    Asking { if_match: Some(version), ..asking(who) }
}

/// The store never waits, so the answer is there at once.
pub fn make(orders: &Orders, asking: Asking, command: Command) -> Result<Written, MoveError> {
    make_on(orders, asking, Target::Order(KERB), command)
}

pub fn make_on(orders: &Orders, asking: Asking, target: Target, command: Command) -> Result<Written, MoveError> {
    orders.make_move(&asking, target, command, &Short).now_or_never().expect("no waiting")
}

pub fn merge(orders: &Orders, asking: Asking, id: OrderId, into: OrderId) -> Result<Written, MoveError> {
    orders.merge(&asking, id, into, &Short).now_or_never().expect("no waiting")
}

pub fn kinds(tables: &Tables, id: OrderId) -> Vec<&'static str> {
    tables.history(id).iter().map(|row| EventKind::from(&row.event.what).into()).collect()
}
