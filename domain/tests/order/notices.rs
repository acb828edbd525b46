//! Who is told what, and in which words.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use domain::notice::{
    Audience, CallRule, Facts, Notice, NoticeKind, Side, Subject, Template, nature, near_due, notices_for, overdue,
    reminder_after, template, words,
};
use domain::order::{
    Beneficiary, Command, Content, EventKind, Fen, MEDIATION_SERVICE, MOST_FEN, MediationStep, Order, mediate, submit,
};
use domain::people::Hat;
use strum::IntoEnumIterator;

use crate::given::Who::{Co, IntakeClerk, Lead, Requester, Secretary};
use crate::given::{
    CO_TASK, FIRE_BRIGADE, HERE, KERB, LEAD_TASK, PROPERTY, a_broken_kerb, absorb, accept, answer_quote, check,
    comment, complete, give_back, locate, merge_into, monday_morning, person, quote, rate, recall, refuse, reopen,
    resolve, resolve_anyway, rework, sign, sign_and_come, submission, to_co, to_lead, twin, visit, withdraw,
};
use crate::story::Story;

const FOLLOWER: u128 = 61;

/// Every kind of event has happened in one of these; in most, somebody follows.
fn stories() -> Vec<Story> {
    let long = Story::begins()
        .then(IntakeClerk, accept())
        .then(IntakeClerk, check(&["户口本原件"]))
        .then(IntakeClerk, absorb(vec![person(FOLLOWER)]))
        .then(Requester, Command::Urge)
        .then(IntakeClerk, locate())
        .then(IntakeClerk, to_lead())
        .then(IntakeClerk, to_co())
        .then(Lead, sign_and_come(LEAD_TASK))
        .then(Co, give_back(CO_TASK))
        .then(Lead, visit(LEAD_TASK))
        .then(Lead, quote(1_250))
        .then(Requester, answer_quote(1, true))
        .then(Lead, comment())
        .then(IntakeClerk, comment())
        .then(Lead, complete(LEAD_TASK))
        .then(IntakeClerk, rework(LEAD_TASK))
        .then(IntakeClerk, recall(LEAD_TASK))
        .then(Requester, comment())
        .then(Requester, Command::Unshare)
        .then(IntakeClerk, resolve())
        .then(Requester, rate(1))
        .then(Secretary, reopen());
    let follows = || absorb(vec![person(FOLLOWER)]);
    let refused = Story::begins().then(IntakeClerk, follows()).then(IntakeClerk, refuse());
    let merged = Story::begins().then(IntakeClerk, merge_into(twin()));
    let busy = || Story::begins().then(IntakeClerk, accept()).then(IntakeClerk, to_lead()).then(Lead, sign(LEAD_TASK));
    let withdrawn = busy().then(IntakeClerk, follows()).then(Requester, Command::Urge).then(Requester, withdraw());
    let resolved = busy().then(IntakeClerk, resolve_anyway()).then(Requester, reopen());
    let mediated = mediated().then(Requester, Command::Urge).then(Requester, withdraw());
    vec![long, refused, merged, withdrawn, resolved, mediated]
}

const MEDIATOR: u128 = 60;

/// A quarrel that was given to a mediator.
fn mediated() -> Story {
    let mut placed = submission(KERB, Requester.person(), a_broken_kerb());
    (placed.sealed, placed.service_key) = (true, MEDIATION_SERVICE.to_owned());
    let (order, event) = submit(placed, monday_morning()).expect("a submission");
    let mut story = Story { order, events: vec![event], now: monday_morning() }.then(Secretary, accept());
    let step = MediationStep::Appointed { mediator: person(MEDIATOR) };
    let appointed = mediate(&story.order, Secretary.person(), Hat::Secretary, step, story.now);
    let (order, event) = appointed.expect("an appointment");
    story.order = order;
    story.events.push(event);
    story
}

#[test]
fn a_mediator_hears_that_the_resident_waits_or_has_withdrawn() {
    let story = mediated().then(Requester, Command::Urge).then(Requester, withdraw());
    let mediator = Audience::Person(person(MEDIATOR));
    let heard = told(&story).into_iter().flat_map(|(_, _, notices)| notices);
    let heard: Vec<_> = heard.filter(|notice| notice.audience == mediator).map(|notice| notice.kind).collect();
    assert_eq!(heard, [NoticeKind::Entrusted, NoticeKind::Urged, NoticeKind::Withdrawn]);
}

/// The notices of every event, each made as the order stood right after it.
fn told(story: &Story) -> Vec<(EventKind, &'static str, Vec<Notice>)> {
    (1..=story.events.len())
        .map(|n| {
            let order = Order::replay(&story.events[..n]).expect("a history");
            let event = &story.events[n - 1];
            (EventKind::from(&event.what), event.hat.into(), notices_for(event, &order))
        })
        .collect()
}

fn whom(audience: Audience) -> &'static str {
    match audience {
        Audience::Person(id) if id == Requester.person() => "requester",
        Audience::Person(id) if id == person(FOLLOWER) => "follower",
        Audience::Person(id) if id == person(MEDIATOR) => "mediator",
        Audience::Person(_) => "somebody else",
        Audience::Partner(PROPERTY) => "lead's partner",
        Audience::Partner(FIRE_BRIGADE) => "helper's partner",
        Audience::Partner(_) => "another partner",
        Audience::Desk(HERE) => "desk",
        Audience::Desk(_) => "another desk",
    }
}

fn line(notice: &Notice) -> String {
    let (kind, side) = (notice.kind, notice.audience.side());
    let said = words(&subject(kind, side, notice.facts.as_ref()));
    let to = whom(notice.audience);
    format!("    {to:<17} {kind:<15} {:<10} {} | {}\n", notice.importance, said.status, said.hint)
}

fn subject(kind: NoticeKind, side: Side, facts: Option<&Facts>) -> Subject<'_> {
    Subject { kind, side, service: "公共设施报修", sealed: false, partner: Some("红色物业"), facts, count: 1 }
}

#[test]
fn the_table() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut missing: Vec<EventKind> = EventKind::iter().collect();
    for (kind, hat, notices) in stories().iter().flat_map(told) {
        missing.retain(|wanted| *wanted != kind);
        let lines: String = notices.iter().map(line).collect();
        let lines = if lines.is_empty() { "    nobody\n".to_owned() } else { lines };
        seen.entry(format!("{kind} by {hat}")).or_insert(lines);
    }
    assert_eq!(missing, [], "these did not happen");
    let mut table = String::new();
    for (event, lines) in seen {
        writeln!(table, "{event}\n{lines}").expect("a string");
    }
    let busy = Story::begins().then(IntakeClerk, accept()).then(IntakeClerk, to_lead()).order;
    let clock = |notices: Vec<Notice>| notices.iter().map(line).collect::<String>();
    writeln!(table, "three quarters of the clock\n{}", clock(near_due(&busy))).expect("a string");
    writeln!(table, "the end of the clock\n{}", clock(overdue(&busy))).expect("a string");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("notices", table);
    });
}

/// The kinds with the sides to which each is told.
fn occurring() -> BTreeSet<(NoticeKind, Side)> {
    let stories = stories();
    let of_moves = stories.iter().flat_map(told).flat_map(|(_, _, notices)| notices);
    let busy = Story::begins().then(IntakeClerk, accept()).then(IntakeClerk, to_lead()).order;
    let of_clocks = [near_due(&busy), overdue(&busy)].concat();
    let others = [
        (NoticeKind::OrderedForYou, Side::Resident),
        (NoticeKind::SeatFree, Side::Resident),
        (NoticeKind::Urged, Side::Partner),
        (NoticeKind::Alarm, Side::Desk),
        (NoticeKind::CallNeeded, Side::Desk),
        (NoticeKind::Digest, Side::Desk),
        // Of mediations: who is told of them stands in `domain/tests/mediation`.
        (NoticeKind::Invited, Side::Resident),
        (NoticeKind::Meeting, Side::Resident),
        (NoticeKind::MeetingMoved, Side::Resident),
        (NoticeKind::ConfirmNeeded, Side::Resident),
        (NoticeKind::FollowUpDue, Side::Resident),
        (NoticeKind::MediationEnded, Side::Resident),
        // Of no order.
        (NoticeKind::PaperNearEnd, Side::Desk),
        (NoticeKind::PaperNearEnd, Side::Partner),
        (NoticeKind::PaperEnds, Side::Desk),
        (NoticeKind::PaperEnds, Side::Partner),
        (NoticeKind::CampaignJoined, Side::Partner),
        (NoticeKind::MediatorChanged, Side::Resident),
        (NoticeKind::SeatNotFound, Side::Resident),
        (NoticeKind::SeatMoved, Side::Resident),
        (NoticeKind::SeatMoved, Side::Partner),
        (NoticeKind::SeatMoved, Side::Desk),
        // By whom it was ordered for.
        (NoticeKind::Withdrawn, Side::Resident),
    ];
    let told = of_moves.chain(of_clocks).map(|notice| (notice.kind, notice.audience.side()));
    let all: BTreeSet<_> = told.chain(others).collect();
    assert!(NoticeKind::iter().all(|kind| all.iter().any(|(told, _)| *told == kind)), "a kind is told to nobody");
    all
}

/// What each kind says to each side, how much it matters, and which template carries it.
#[test]
fn the_words() {
    let facts = |kind| match kind {
        NoticeKind::VisitPlanned => Some(Facts::VisitAt { at: monday_morning() }),
        NoticeKind::SeatFree | NoticeKind::SeatNotFound | NoticeKind::SeatMoved => {
            Some(Facts::MeetingAt { at: monday_morning(), session: None })
        }
        NoticeKind::Quoted => Some(Facts::Quote { total: Fen(MOST_FEN) }),
        NoticeKind::PaperNearEnd | NoticeKind::PaperEnds => {
            let until = "2026-12-31".parse().expect("a day");
            Some(Facts::Paper { kind: "特种设备安装改造维修许可证".into(), until })
        }
        NoticeKind::CampaignJoined => {
            let (title, community) = ("敲门入户送安全".into(), "西苑社区".into());
            Some(Facts::Campaign { title, community, from: "2026-11-23".parse().expect("a day") })
        }
        NoticeKind::Digest => Some(Facts::Desk { waiting: 12, open: 134, overdue: 5 }),
        _ => None,
    };
    let mut table = String::new();
    for (kind, side) in occurring() {
        let nature = nature(kind, side);
        let said = words(&subject(kind, side, facts(kind).as_ref()));
        let many = words(&Subject { count: 12, ..subject(kind, side, facts(kind).as_ref()) });
        for part in [&said.matter, &said.status, &said.hint, &many.matter, &many.status, &many.hint] {
            assert!((1..=20).contains(&part.chars().count()), "{kind} to {side}: {part}");
        }
        if matches!(template(kind, side), Template::Accepted | Template::OrderedForYou) {
            assert!(said.status.chars().count() <= 5, "{kind}: a phrase has five characters");
        }
        let folds = if nature.folds { many.hint.as_str() } else { "-" };
        let (importance, call, template) = (nature.importance, format!("{:?}", nature.call), template(kind, side));
        writeln!(
            table,
            "{kind:<15} {side:<8} {importance:<9} call {call:<13} {template:<15} {} | {} | {} | {folds}",
            said.title, said.status, said.hint
        )
        .expect("a string");
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("words", table);
    });
}

#[test]
fn a_lock_screen_shows_nothing_of_sealed_matters() {
    for (kind, side) in NoticeKind::iter().flat_map(|kind| Side::iter().map(move |side| (kind, side))) {
        let open = subject(kind, side, None);
        let said = words(&Subject { service: "婚恋登记与核验", sealed: true, ..open });
        assert!(!format!("{said:?}").contains("婚恋"), "{kind} to {side}: {said:?}");
    }
}

#[test]
fn a_long_name_is_cut_within_the_limit() {
    let said = words(&Subject {
        service: "一二三四五六七八九十一二三四五六七八九十一二",
        ..subject(NoticeKind::Accepted, Side::Resident, None)
    });
    assert_eq!(said.matter, "一二三四五六七八九十一二三四五六七八九…");
}

#[test]
fn whoever_it_was_ordered_for_is_told_and_nobody_for_oneself() {
    let ordered_for = |person| {
        let whom = Beneficiary { name: "张大爷".into(), phone: None, person };
        Story::begins_with(Content { on_behalf_of: Some(whom), ..a_broken_kerb() })
    };
    let told_of_it = |story: &Story| {
        let (_, _, notices) = told(story).remove(0);
        let kept = notices.into_iter().filter(|notice| notice.kind == NoticeKind::OrderedForYou);
        kept.map(|notice| notice.audience).collect::<Vec<_>>()
    };
    let father = person(90);
    assert_eq!(told_of_it(&ordered_for(Some(father))), [Audience::Person(father)]);
    assert_eq!(told_of_it(&ordered_for(Some(Requester.person()))), []);
    assert_eq!(told_of_it(&ordered_for(None)), [], "a name is not a person");
    let end = ordered_for(Some(father)).then(IntakeClerk, accept()).then(IntakeClerk, resolve());
    let (_, _, notices) = told(&end).pop().expect("an event");
    let told: Vec<_> = notices.iter().map(|notice| notice.audience).collect();
    assert_eq!(told, [Audience::Person(Requester.person()), Audience::Person(father)]);
}

/// 「办结会通知您」 was said to them: they hear of every end.
#[test]
fn whose_order_was_merged_hears_of_every_end() {
    let ends = |kind: EventKind| matches!(kind, EventKind::Resolved | EventKind::Refused | EventKind::Withdrawn);
    let mut told_of = BTreeSet::new();
    for (kind, _, notices) in stories().iter().flat_map(told).filter(|(kind, _, _)| ends(*kind)) {
        let to_follower = notices.into_iter().find(|notice| notice.audience == Audience::Person(person(FOLLOWER)));
        told_of.extend(to_follower.map(|notice| (kind.to_string(), notice.kind)));
    }
    let left_alone = NoticeKind::TargetEnded;
    let all = [("refused", left_alone), ("resolved", NoticeKind::Resolved), ("withdrawn", left_alone)];
    assert_eq!(told_of, all.map(|(event, kind)| (event.to_owned(), kind)).into());
    assert_eq!(nature(left_alone, Side::Resident).call, CallRule::Unreached, "they wait for it");
}

#[test]
fn no_notice_to_a_partner_carries_a_resident() {
    let mut to_partners = 0;
    for notice in stories().iter().flat_map(told).flat_map(|(_, _, notices)| notices) {
        // A new field has to be looked at here.
        let Notice { kind: _, audience, importance: _, partner, facts } = notice;
        let Audience::Partner(to) = audience else { continue };
        to_partners += 1;
        // Whether the resident agreed, and nothing in their words.
        let facts = facts.filter(|facts| !matches!(facts, Facts::QuoteAnswer { .. }));
        assert_eq!((partner, facts), (Some(to), None), "it is about its own dispatch, and says nothing else");
    }
    assert!(to_partners > 5, "{to_partners}");
}

#[test]
fn a_clock_reminds_twice_and_then_is_silent() {
    let order = Story::begins().order;
    let (start, due) = (order.submitted_at, order.due.accept_by.expect("a clock"));
    let near = reminder_after(&order, start).expect("a reminder");
    assert_eq!((due - near) * 4, due - start, "a quarter is left");
    assert_eq!(reminder_after(&order, near), Some(due));
    assert_eq!(reminder_after(&order, due), None);
    let closed = Story::begins().then(IntakeClerk, refuse()).order;
    assert_eq!(reminder_after(&closed, start), None);
}
