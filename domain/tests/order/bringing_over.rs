//! Letters of another system become orders with their whole history, once.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::order::usecase::{Brought, Destination, Letter, Orders, author_id};
use domain::order::{EventKind, Order, OrderStatus, Source, verify};
use domain::people::Hat;
use domain::ports::{Newcomer, NewcomerStore, StoreError};
use futures_util::FutureExt;

use crate::given::{HERE, repair};
use crate::memory::{Memory, use_cases};

const SYSTEM: &str = "citizen-messages";

fn letter(reference: &str, created_at: &str, replied_at: Option<&str>) -> Letter {
    let instant = |text: &str| text.parse().expect("an instant");
    Letter {
        reference: reference.to_owned(),
        author: "A00045581".to_owned(),
        created_at: instant(created_at),
        subject: "小区物业管理有问题".to_owned(),
        body: "物业公司扬言要退出小区".to_owned(),
        replied_at: replied_at.map(instant),
        result: None,
        compound: None,
    }
}

/// One that was answered and one that never was, of the same day.
fn two_letters() -> [Letter; 2] {
    let answered = letter("2549", "2019-04-25T09:32:09+08:00", Some("2019-05-10T14:56:53+08:00"));
    [answered, letter("2550", "2019-04-25T23:59:59+08:00", None)]
}

fn bring(orders: &Orders, letters: &[Letter]) -> Brought {
    let (system, prefix, service_key) = (SYSTEM.into(), "XY".into(), "advice".into());
    let to = Destination { system, community: HERE, prefix, service_key, terms: repair().terms(), sealed: false };
    orders.bring_over(&Book::default(), letters, &to).now_or_never().expect("no waiting").expect("a commit")
}

fn brought_over(letters: &[Letter]) -> (Arc<Memory>, Vec<Order>) {
    let store = Arc::new(Memory::default());
    bring(&use_cases(&store), letters);
    let orders = store.tables().orders.values().cloned().collect();
    (store, orders)
}

#[test]
fn an_answered_letter_is_an_order_with_three_events_of_its_own_time() {
    let (store, orders) = brought_over(&two_letters()[..1]);
    let order = &orders[0];
    assert_eq!((order.number.as_str(), order.status(), order.version), ("XY-20190425-0001", OrderStatus::Resolved, 3));
    assert_eq!(order.submitted_at.to_rfc3339(), "2019-04-25T01:32:09+00:00");
    assert_eq!(order.requester, author_id(SYSTEM, "A00045581"));
    assert_eq!(order.content.source, Source::Import { system: SYSTEM.into(), reference: "2549".into() });
    assert_eq!((order.next_due(), order.due.note.as_deref()), (None, Some("历史来信，不计期限")));
    let result = order.resolution().map(|r| r.result.as_str());
    assert_eq!(result, Some("历史来信，已于 2019年5月10日 答复（答复原文未随数据提供）"));

    let tables = store.tables();
    let told =
        tables.history(order.id).into_iter().map(|row| row.event).map(|e| (EventKind::from(&e.what), e.hat, e.at));
    let replied_at = two_letters()[0].replied_at.expect("an answer");
    let expected = [
        (EventKind::Submitted, Hat::Requester, order.submitted_at),
        (EventKind::Accepted, Hat::System, replied_at),
        (EventKind::Resolved, Hat::System, replied_at),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    assert_eq!(verify(&tables.history(order.id)), Ok(order.head));
    assert!(tables.notices.is_empty(), "history is no news");
}

#[test]
fn the_history_makes_the_order_that_is_stored() {
    let (store, orders) = brought_over(&two_letters());
    for order in orders {
        let events: Vec<_> = store.tables().history(order.id).into_iter().map(|row| row.event).collect();
        let replayed = Order::replay(&events).expect("a history");
        assert_eq!(Order { head: order.head, ..replayed }, order);
    }
}

#[test]
fn a_letter_without_an_answer_still_waits_and_nobody_is_late() {
    let (_, orders) = brought_over(&two_letters());
    let open: Vec<_> = orders.iter().filter(|o| o.status() == OrderStatus::Submitted).collect();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].version, open[0].next_due(), open[0].number.as_str()), (1, None, "XY-20190425-0002"));
}

#[test]
fn a_second_time_nothing_comes_twice_and_what_is_missing_comes() {
    let store = Arc::new(Memory::default());
    let orders = use_cases(&store);
    let [one, two] = two_letters();
    assert_eq!(bring(&orders, std::slice::from_ref(&one)), Brought { new: 1, known: 0 });
    assert_eq!(bring(&orders, &[one, two]), Brought { new: 1, known: 1 });
    assert_eq!(bring(&orders, &two_letters()), Brought { new: 0, known: 2 });
    let tables = store.tables();
    assert_eq!((tables.orders.len(), tables.events.len(), tables.commits), (2, 4, 2));
}

#[test]
fn two_imports_at_once_share_the_letters() {
    let (store, others) = (Arc::new(Memory::default()), Arc::new(Memory::default()));
    let theirs = use_cases(&others);
    // Ids count up: theirs shall be others than ours.
    (0..50).for_each(|_| _ = theirs.new_dispatch_id());
    bring(&theirs, &two_letters()[..1]);
    store.before_commit(move |tables| {
        let mut theirs = others.tables();
        tables.orders.append(&mut theirs.orders);
        tables.events.append(&mut theirs.events);
    });
    assert_eq!(bring(&use_cases(&store), &two_letters()), Brought { new: 1, known: 1 });
    assert_eq!(store.tables().orders.len(), 2);
}

#[test]
fn a_title_is_at_most_sixty_characters() {
    let titled = |subject: &str, body: &str| {
        let (subject, body) = (subject.to_owned(), body.to_owned());
        brought_over(&[Letter { subject, body, ..two_letters()[0].clone() }]).1[0].content.title.clone()
    };
    assert_eq!(titled("路灯不亮", "正文"), "路灯不亮");
    assert_eq!(titled(&"长".repeat(60), "正文"), "长".repeat(60));
    assert_eq!(titled(&"长".repeat(61), "正文"), format!("{}…", "长".repeat(59)));
    assert_eq!(titled(" ", "第一行\n第二行"), "第一行");
}

#[test]
fn an_author_is_one_person_and_not_one_of_another_system() {
    assert_eq!(author_id(SYSTEM, "A1"), author_id(SYSTEM, "A1"));
    assert_ne!(author_id(SYSTEM, "A1"), author_id(SYSTEM, "A2"));
    assert_ne!(author_id(SYSTEM, "A1"), author_id("hotline", "A1"));
}

/// Takes newcomers in; an import asks for nothing else.
#[derive(Default)]
struct Book(Mutex<Vec<Newcomer>>);

type Kept<T> = Result<T, StoreError>;

#[async_trait]
impl NewcomerStore for Book {
    async fn insert_missing(&self, newcomers: &[Newcomer]) -> Kept<()> {
        self.0.lock().expect("no test panicked here").extend_from_slice(newcomers);
        Ok(())
    }
}
