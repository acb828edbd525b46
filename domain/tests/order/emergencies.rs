//! Danger is heard at once, and what the community may not read leaves no trace.

use domain::advice::{Danger, Matter};
use domain::notice::{Audience, Importance, Notice, NoticeKind, notices_for};
use domain::order::usecase::{MoveError, NewOrder, Written};
use domain::order::{Content, Order, Refusal};
use futures_util::FutureExt;

use crate::desk::with_key;
use crate::given::Who::Stranger;
use crate::given::{HERE, a_broken_kerb, monday_morning, repair};
use crate::memory::{Memory, Short, use_cases};
use std::sync::Arc;

fn place(store: &Arc<Memory>, description: &str) -> Result<Written, MoveError> {
    let content =
        Content { title: "求助".into(), description: description.into(), attachments: vec![], ..a_broken_kerb() };
    let (service, papers, seat, located) = (repair(), Vec::new(), None, None);
    let new = NewOrder { community: HERE, prefix: "XY".into(), service, papers, seat, content, located };
    use_cases(store).place(&with_key(Stranger, "k1"), new, &Short).now_or_never().expect("no waiting")
}

fn placed(description: &str) -> (Order, Vec<Notice>) {
    let store = Arc::new(Memory::default());
    place(&store, description).expect("an answer");
    let tables = store.tables();
    let order = tables.orders.values().next().expect("an order").clone();
    let notices = notices_for(&tables.events[0].event, &order);
    assert_eq!(tables.notices, notices);
    let replayed = Order::replay(&[tables.events[0].event.clone()]).expect("a history");
    assert_eq!((replayed.advice, replayed.due), (order.advice, order.due.clone()));
    (order, notices)
}

#[test]
fn an_emergency_is_urgent_and_the_desk_is_called() {
    let (order, notices) = placed("3号楼着火了，快来人");
    assert_eq!(order.advice.emergency, Some(Danger::Fire));
    let minutes = |due: Option<chrono::DateTime<chrono::Utc>>| due.map(|at| (at - monday_morning()).num_minutes());
    assert_eq!((minutes(order.due.accept_by), minutes(order.due.resolve_by)), (Some(30), Some(24 * 60)));
    let alarm = Notice {
        kind: NoticeKind::Alarm,
        audience: Audience::Desk(HERE),
        importance: Importance::Urgent,
        partner: None,
        facts: None,
    };
    assert_eq!(notices.first(), Some(&alarm));
    let others = notices.iter().filter(|notice| notice.importance != Importance::Quiet);
    assert_eq!(others.count(), 1, "once, and nobody else's phone rings");
}

#[test]
fn another_offices_matter_is_taken_with_a_hint_and_no_noise() {
    let (order, notices) = placed("法院已经判决了，对方不执行");
    assert_eq!((order.advice.emergency, order.advice.elsewhere), (None, Some(Matter::Litigation)));
    assert_eq!(order.due.preset, "ordinary-1");
    assert!(notices.iter().all(|notice| notice.kind != NoticeKind::Alarm), "no alarm");
}

#[test]
fn a_complaint_about_discipline_leaves_no_trace() {
    let store = Arc::new(Memory::default());
    let refused = place(&store, "举报社区书记贪污低保款");
    assert!(matches!(refused, Err(MoveError::Refused(Refusal::DisciplineMatter))));
    let sentence = Refusal::DisciplineMatter.to_string();
    assert!(sentence.contains("12388"), "{sentence}");
    {
        let tables = store.tables();
        assert!(tables.orders.is_empty() && tables.events.is_empty() && tables.answers.is_empty());
    }
    // The key is as good as new, and so is the day's first number.
    let written = place(&store, "楼道灯不亮").expect("an answer");
    assert_eq!(written.body, "XY-20261123-0001 submitted v1");
}

#[test]
fn danger_is_heard_whatever_else_is_said() {
    let (order, notices) = placed("楼道着火了。举报社区书记贪污低保款");
    assert_eq!(order.advice.emergency, Some(Danger::Fire));
    assert_eq!(notices.first().map(|notice| notice.kind), Some(NoticeKind::Alarm));
}
