//! Who is told what.

use domain::notice::{Audience, Notice, NoticeKind, notices_for};
use domain::order::{Beneficiary, Content, EventKind, HandlerRole, Happening, Order};
use strum::IntoEnumIterator;

use crate::given::Who::{Co, IntakeClerk, Lead, Requester, Secretary};
use crate::given::{
    CO_TASK, LEAD_TASK, PROPERTY, a_broken_kerb, absorb, accept, comment, complete, give_back, merge_into, person,
    rate, recall, refuse, reopen, resolve, rework, sign, to_co, to_lead, twin, visit, withdraw,
};
use crate::story::Story;

const FOLLOWER: u128 = 61;

/// Every kind of event has happened in one of these; in the first, somebody follows.
fn stories() -> Vec<Story> {
    let long = Story::begins()
        .then(IntakeClerk, accept())
        .then(IntakeClerk, absorb(vec![person(FOLLOWER)]))
        .then(Requester, domain::order::Command::Urge)
        .then(IntakeClerk, to_lead())
        .then(IntakeClerk, to_co())
        .then(Lead, sign(LEAD_TASK))
        .then(Co, give_back(CO_TASK))
        .then(Lead, visit(LEAD_TASK))
        .then(Lead, complete(LEAD_TASK))
        .then(IntakeClerk, rework(LEAD_TASK))
        .then(IntakeClerk, recall(LEAD_TASK))
        .then(Requester, comment())
        .then(Requester, domain::order::Command::Unshare)
        .then(IntakeClerk, resolve())
        .then(Requester, rate(1))
        .then(Secretary, reopen());
    let refused = Story::begins().then(IntakeClerk, refuse());
    let withdrawn = Story::begins().then(Requester, withdraw());
    let merged = Story::begins().then(IntakeClerk, merge_into(twin()));
    vec![long, refused, withdrawn, merged]
}

/// The notices of every event, each made as the order stood right after it.
fn told(story: &Story) -> Vec<(Happening, Vec<Notice>)> {
    (1..=story.events.len())
        .map(|n| {
            let order = Order::replay(&story.events[..n]).expect("a history");
            let event = &story.events[n - 1];
            (event.what.clone(), notices_for(event, &order))
        })
        .collect()
}

/// The table: to the requester, to the partner of the dispatch, to those whose orders were merged into this one.
fn table(what: &Happening) -> [Option<NoticeKind>; 3] {
    match what {
        Happening::Accepted { .. } => [Some(NoticeKind::Accepted), None, None],
        Happening::Dispatched { dispatch } => {
            let lead = (dispatch.role == HandlerRole::Lead).then_some(NoticeKind::Dispatched);
            [lead, Some(NoticeKind::Dispatched), None]
        }
        Happening::Resolved { .. } => [Some(NoticeKind::Resolved), None, Some(NoticeKind::Resolved)],
        Happening::Submitted { .. }
        | Happening::Refused { .. }
        | Happening::Withdrawn { .. }
        | Happening::Merged { .. }
        | Happening::Absorbed { .. }
        | Happening::Signed { .. }
        | Happening::Returned { .. }
        | Happening::Visited { .. }
        | Happening::Completed { .. }
        | Happening::Recalled { .. }
        | Happening::Reworked { .. }
        | Happening::Rated { .. }
        | Happening::Reopened { .. }
        | Happening::Urged
        | Happening::Commented { .. }
        | Happening::Unshared => [None; 3],
    }
}

#[test]
fn every_event_tells_those_whom_it_concerns() {
    let told: Vec<_> = stories().iter().flat_map(told).collect();
    for kind in EventKind::iter() {
        assert!(told.iter().any(|(what, _)| EventKind::from(what) == kind), "{kind} did not happen");
    }
    for (what, notices) in told {
        let kind = EventKind::from(&what);
        let to = |wanted: fn(&Audience) -> bool| {
            let mut kinds = notices.iter().filter(|n| wanted(&n.audience)).map(|n| n.kind);
            let first = kinds.next();
            assert_eq!(kinds.next(), None, "{kind} is told twice");
            first
        };
        let requester = to(|a| *a == Audience::Person(Requester.person()));
        let partner = to(|a| matches!(a, Audience::Partner(_)));
        let follower = to(|a| *a == Audience::Person(person(FOLLOWER)));
        assert_eq!([requester, partner, follower], table(&what), "{kind}");
        assert_eq!(notices.len(), table(&what).iter().flatten().count(), "{kind} is told to nobody else");
    }
}

#[test]
fn a_dispatch_is_told_to_its_own_partner_only_and_names_it() {
    let told = told(&stories()[0]);
    let dispatched = told
        .iter()
        .find(|(what, _)| EventKind::from(what) == EventKind::Dispatched)
        .map(|(_, notices)| notices.clone());
    let notice = |audience| Notice { kind: NoticeKind::Dispatched, audience, partner: Some(PROPERTY) };
    let both = [notice(Audience::Person(Requester.person())), notice(Audience::Partner(PROPERTY))];
    assert_eq!(dispatched.as_deref(), Some(both.as_slice()));
}

#[test]
fn whoever_it_was_ordered_for_is_told_and_nobody_for_oneself() {
    let ordered_for = |person| {
        let whom = Beneficiary { name: "张大爷".into(), phone: None, person };
        Story::begins_with(Content { on_behalf_of: Some(whom), ..a_broken_kerb() })
    };
    let father = person(90);
    let notice = Notice { kind: NoticeKind::OrderedForYou, audience: Audience::Person(father), partner: None };
    assert_eq!(told(&ordered_for(Some(father)))[0].1, [notice]);
    assert_eq!(told(&ordered_for(Some(Requester.person())))[0].1, []);
    assert_eq!(told(&ordered_for(None))[0].1, [], "a name is not a person");
}

#[test]
fn no_notice_to_a_partner_carries_a_resident() {
    let mut to_partners = 0;
    for notice in stories().iter().flat_map(told).flat_map(|(_, notices)| notices) {
        // A new field has to be looked at here.
        let Notice { kind, audience, partner } = notice;
        let Audience::Partner(to) = audience else { continue };
        to_partners += 1;
        assert_eq!((kind, partner), (NoticeKind::Dispatched, Some(to)));
        let written = format!("{notice:?}");
        for resident in [Requester.person(), person(FOLLOWER)] {
            assert!(!written.contains(&resident.to_string()), "{written}");
        }
    }
    assert_eq!(to_partners, 2);
}
