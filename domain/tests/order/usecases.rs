//! Load, decide, answer, commit: what people who act at the same time get to see.

use domain::notice::NoticeKind;
use domain::order::usecase::{Asking, MoveError, NewOrder, Target, Written};
use domain::order::{Command, Content, Move, OrderStatus, Refusal, State, verify};
use domain::people::{Hat, Reach};
use domain::ports::Answer;
use futures_util::FutureExt;

use crate::desk::{TWIN, asking, having_seen, kinds, make, make_on, meanwhile, two_orders, with_key};
use crate::given::Who::{GridWorker, IntakeClerk, Lead, Requester, Secretary, Stranger};
use crate::given::{
    ELSEWHERE, HERE, KERB, LEAD_TASK, PHOTO, Who, a_broken_kerb, accept, comment, monday_morning, repair, resolve,
    sign, to_lead, withdraw,
};
use crate::memory::Short;

#[test]
fn a_move_is_written_once_with_its_event_notice_and_answer() {
    let (store, orders) = two_orders();
    let written = make(&orders, with_key(IntakeClerk, "k1"), accept()).expect("an answer");
    assert_eq!(written, Written { status: 200, body: "XY-20261123-0042 accepted v2".into(), version: 2 });
    let tables = store.tables();
    assert_eq!(tables.orders[&KERB].status(), OrderStatus::Accepted);
    assert_eq!(kinds(&tables, KERB), ["submitted", "accepted"]);
    let accepted = tables.notices.iter().filter(|notice| notice.kind == NoticeKind::Accepted);
    assert_eq!(accepted.count(), 1);
    let (person, at) = (IntakeClerk.person(), monday_morning());
    let (status, body) = (written.status, written.body);
    assert_eq!(tables.answers, [Answer { person, key: "k1".into(), fingerprint: [3; 32], status, body, at }]);
}

#[test]
fn each_event_is_chained_to_the_one_before() {
    let (store, orders) = two_orders();
    for (who, command) in [(IntakeClerk, accept()), (IntakeClerk, to_lead()), (Requester, comment())] {
        make(&orders, asking(who), command).expect("an answer");
    }
    make_on(&orders, asking(Lead), Target::Dispatch(LEAD_TASK), sign(LEAD_TASK)).expect("an answer");
    let tables = store.tables();
    assert_eq!(tables.orders[&KERB].version, 5);
    assert_eq!(verify(&tables.history(KERB)), Ok(tables.orders[&KERB].head));
}

#[test]
fn who_comes_second_is_decided_again_on_the_fresh_order() {
    let (store, orders) = two_orders();
    store.before_commit(|tables| meanwhile(tables, KERB, Requester, comment()));
    let written = make(&orders, asking(IntakeClerk), accept()).expect("an answer");
    assert_eq!(written.version, 3);
    let tables = store.tables();
    assert_eq!(kinds(&tables, KERB), ["submitted", "commented", "accepted"]);
    assert_eq!(verify(&tables.history(KERB)), Ok(tables.orders[&KERB].head));
}

#[test]
fn of_two_clerks_who_accept_at_once_one_is_told_so() {
    let (store, orders) = two_orders();
    store.before_commit(|tables| meanwhile(tables, KERB, Secretary, accept()));
    let refused = make(&orders, with_key(IntakeClerk, "k1"), accept());
    let already = Refusal::WrongState { a_move: Move::Accept, status: OrderStatus::Accepted };
    assert!(matches!(refused, Err(MoveError::Refused(refusal)) if refusal == already));
    assert_eq!(kinds(&store.tables(), KERB), ["submitted", "accepted"]);
    assert_eq!(store.tables().answers, []);
}

#[test]
fn a_move_that_became_true_meanwhile_is_answered_and_not_written_again() {
    let (store, orders) = two_orders();
    store.before_commit(|tables| meanwhile(tables, KERB, Requester, withdraw()));
    let written = make(&orders, asking(Requester), withdraw()).expect("an answer");
    assert_eq!(written.body, "XY-20261123-0042 withdrawn v2");
    assert_eq!(kinds(&store.tables(), KERB), ["submitted", "withdrawn"]);
}

#[test]
fn against_a_crowd_one_gives_up_after_five_tries() {
    let (store, orders) = two_orders();
    for _ in 0..4 {
        store.before_commit(|tables| meanwhile(tables, KERB, Requester, comment()));
    }
    make(&orders, asking(IntakeClerk), accept()).expect("the fifth try");

    for _ in 0..5 {
        store.before_commit(|tables| meanwhile(tables, KERB, Requester, comment()));
    }
    let given_up = make(&orders, asking(IntakeClerk), resolve());
    assert!(matches!(given_up, Err(MoveError::Contended)));
    assert_eq!(store.tables().orders[&KERB].status(), OrderStatus::Accepted);
}

#[test]
fn who_saw_an_old_version_gets_the_new_one_and_who_made_it() {
    let (store, orders) = two_orders();
    meanwhile(&mut store.tables(), KERB, Secretary, accept());
    let stale = make(&orders, having_seen(IntakeClerk, 1), resolve());
    let Err(MoveError::Stale { current, changed_by }) = stale else { panic!("not stale") };
    assert_eq!((current.version, current.status()), (2, OrderStatus::Accepted));
    assert_eq!(changed_by.map(|event| (event.seq, event.by)), Some((2, Secretary.person())));
    assert_eq!(store.tables().orders[&KERB].version, 2);
    make(&orders, having_seen(IntakeClerk, 2), resolve()).expect("the present version");
}

#[test]
fn a_version_that_grew_old_while_we_decided_is_old_too() {
    let (store, orders) = two_orders();
    store.before_commit(|tables| meanwhile(tables, KERB, Requester, comment()));
    let stale = make(&orders, having_seen(IntakeClerk, 1), accept());
    let Err(MoveError::Stale { current, changed_by }) = stale else { panic!("not stale") };
    assert_eq!((current.version, changed_by.map(|event| event.by)), (2, Some(Requester.person())));
    assert_eq!(kinds(&store.tables(), KERB), ["submitted", "commented"]);
}

#[test]
fn what_is_so_already_is_answered_and_not_written() {
    let (store, orders) = two_orders();
    make(&orders, asking(Requester), Command::Urge).expect("an answer");
    let commits = store.tables().commits;
    let again = make(&orders, with_key(Requester, "k1"), Command::Urge).expect("an answer");
    assert_eq!(again.version, 2);
    let tables = store.tables();
    assert_eq!((tables.commits, tables.answers.len(), tables.orders[&KERB].urges), (commits, 0, 1));
}

#[test]
fn a_key_that_another_request_used_first_is_passed_on() {
    let (store, orders) = two_orders();
    make(&orders, with_key(IntakeClerk, "k1"), accept()).expect("an answer");
    assert!(matches!(make(&orders, with_key(IntakeClerk, "k1"), comment()), Err(MoveError::KeyTaken)));
    assert_eq!(store.tables().orders[&KERB].version, 2);
    make(&orders, with_key(Requester, "k1"), comment()).expect("another person's key is another key");
}

#[test]
fn what_is_not_in_sight_is_not_there() {
    let (_, orders) = two_orders();
    for who in [Stranger, Lead] {
        assert!(matches!(make(&orders, asking(who), comment()), Err(MoveError::NotFound)), "{who}");
    }
    make(&orders, asking(IntakeClerk), accept()).expect("an answer");
    make(&orders, asking(IntakeClerk), to_lead()).expect("an answer");
    let signing = |who| make_on(&orders, asking(who), Target::Dispatch(LEAD_TASK), sign(LEAD_TASK));
    assert!(matches!(signing(Who::Co), Err(MoveError::NotFound)));
    signing(Lead).expect("its own dispatch");
}

#[test]
fn photos_join_the_order_with_the_move_or_the_move_is_not_made() {
    let (store, orders) = two_orders();
    let with_photo = || Command::Comment { text: "现场照片".into(), photos: vec![PHOTO] };
    assert!(matches!(make(&orders, asking(Requester), with_photo()), Err(MoveError::PhotoUnavailable)));
    assert_eq!(store.tables().orders[&KERB].version, 1);
    store.tables().loose_photos.insert(PHOTO);
    store.before_commit(|tables| meanwhile(tables, KERB, IntakeClerk, accept()));
    make(&orders, asking(Requester), with_photo()).expect("an answer, at the second try");
    assert!(store.tables().loose_photos.is_empty());
    let elsewhere = make_on(&orders, asking(IntakeClerk), Target::Order(TWIN), with_photo());
    assert!(matches!(elsewhere, Err(MoveError::PhotoUnavailable)));
}

fn place(orders: &domain::order::usecase::Orders, asking: &Asking, content: Content) -> Result<Written, MoveError> {
    let (service, papers, seat, located) = (repair(), Vec::new(), None, None);
    let new = NewOrder { community: HERE, prefix: "XY".into(), service, papers, seat, content, located };
    orders.place(asking, new, &Short).now_or_never().expect("no waiting")
}

#[test]
fn an_order_is_placed_with_its_number_its_clocks_and_its_photos() {
    let (store, orders) = two_orders();
    assert!(matches!(place(&orders, &asking(Stranger), a_broken_kerb()), Err(MoveError::PhotoUnavailable)));
    store.tables().loose_photos.insert(PHOTO);
    let written = place(&orders, &with_key(Stranger, "k1"), a_broken_kerb()).expect("an answer");
    // The number of the order that did not come about is not given again.
    assert_eq!(written.body, "XY-20261123-0002 submitted v1");
    assert!(matches!(place(&orders, &with_key(Stranger, "k1"), a_broken_kerb()), Err(MoveError::KeyTaken)));
    let tables = store.tables();
    assert!(tables.loose_photos.is_empty());
    let placed = tables.orders.values().find(|o| o.requester == Stranger.person()).expect("the new order");
    assert_eq!((&placed.state, placed.submitted_at), (&State::Submitted, monday_morning()));
    assert_eq!(placed.next_due().map(|due| due.to_rfc3339()), Some("2026-11-23T07:00:00+00:00".into()));
    assert_eq!(verify(&tables.history(placed.id)), Ok(placed.head));
}

#[test]
fn the_history_says_whether_a_grid_worker_of_the_place_reported_it() {
    let reporter = |who: Who, community| {
        let (store, orders) = two_orders();
        let mut asking = asking(who);
        asking.actor.posts.iter_mut().for_each(|post| post.reach = Reach::Communities(vec![community]));
        place(&orders, &asking, Content { attachments: vec![], ..a_broken_kerb() }).expect("an answer");
        store.tables().events.last().map(|row| row.event.hat)
    };
    assert_eq!(reporter(GridWorker, HERE), Some(Hat::GridWorker));
    assert_eq!(reporter(GridWorker, ELSEWHERE), Some(Hat::Requester));
    assert_eq!(reporter(IntakeClerk, HERE), Some(Hat::Requester));
}
