//! Who hears of which change of an order, as it happens.

use std::fmt::Write;

use chrono::TimeDelta;
use domain::ids::{PartnerId, PlaceId};
use domain::order::{Command, Content, Event, EventKind, HandlerRole, Order, Place};
use domain::people::{Actor, Post, Reach, Role, Sight};
use domain::place::Located;
use domain::ports::OrderChange;
use strum::IntoEnumIterator;
use uuid::Uuid;

use crate::given::Who::{Co, IntakeClerk, Lead, Other, Requester, Secretary};
use crate::given::{
    CO_TASK, ELSEWHERE, FIRE_BRIGADE, GRID, HERE, LEAD_TASK, LOCKSMITH, NEXT_TASK, PROPERTY, Who, a_broken_kerb,
    accept, complete, give_back, person, rate, recall, reopen, resolve, rework, send, sign, to_co, to_lead, visit,
    withdraw, works_for,
};
use crate::story::Story;

/// As the feed tells of it when the order stands as it does now.
fn change(order: &Order, event: &Event) -> OrderChange {
    let dispatch = event.what.dispatch();
    let kind = EventKind::from(&event.what);
    let held = order.dispatches.iter().filter(|d| d.round == order.round && d.was_held_at_the_end(event.at));
    OrderChange {
        order: order.id,
        version: event.seq,
        kind,
        at: event.at,
        dispatch,
        partner: dispatch.and_then(|id| order.dispatch(id)).map(|dispatch| dispatch.partner),
        community: order.community,
        compound: order.compound(),
        grid: order.grid(),
        sealed: order.sealed,
        requester: order.requester,
        beneficiary: order.beneficiary(),
        about_partner: order.content.about_partner,
        mediator: order.mediator(),
        other_parties: Vec::new(),
        partners: held.map(|dispatch| dispatch.partner).collect(),
    }
}

fn comment(text: &str) -> Command {
    Command::Comment { text: text.into(), photos: Vec::new() }
}

/// A minute between all moves, so that no two happen at one instant.
fn one_by_one(story: Story, moves: impl IntoIterator<Item = (Who, Command)>) -> Story {
    moves.into_iter().fold(story, |story, (who, command)| story.later(TimeDelta::minutes(1)).then(who, command))
}

/// What this actor hears of the whole story, told now.
fn heard(actor: &Actor, story: &Story) -> Vec<EventKind> {
    let sight = Sight::of(actor);
    let changes = story.events.iter().map(|event| change(&story.order, event));
    changes.filter(|change| sight.sees_change(change)).map(|change| change.kind).collect()
}

#[test]
fn who_hears_of_what() {
    let story = one_by_one(
        Story::begins(),
        [
            (IntakeClerk, accept()),
            (IntakeClerk, to_lead()),
            (IntakeClerk, to_co()),
            (Lead, sign(LEAD_TASK)),
            (Requester, Command::Urge),
            (Requester, comment("我住3号楼201")),
            (Lead, comment("明天到")),
            (Co, sign(CO_TASK)),
            (Lead, visit(LEAD_TASK)),
            (Lead, complete(LEAD_TASK)),
            (IntakeClerk, rework(LEAD_TASK)),
            (Lead, complete(LEAD_TASK)),
            (IntakeClerk, send(NEXT_TASK, LOCKSMITH, HandlerRole::Co)),
            (Other, give_back(NEXT_TASK)),
            (IntakeClerk, resolve()),
            (Requester, rate(5)),
        ],
    );
    let mut table = format!("{:<12}", "");
    let watchers: Vec<Who> = Who::iter().filter(|who| *who != Who::System).collect();
    watchers.iter().for_each(|who| table.push_str(&format!(" {who:<13}")));
    for event in &story.events {
        let change = change(&story.order, event);
        let _ = write!(table, "\n{:<12}", change.kind.to_string());
        for who in &watchers {
            let (hears, sees_dispatch) =
                (Sight::of(&who.actor()).sees_change(&change), Sight::of_dispatches(&who.actor()).sees_change(&change));
            let cell = match (hears, sees_dispatch && change.dispatch.is_some()) {
                (false, _) => "-",
                (true, false) => "hears",
                (true, true) => "and of which",
            };
            let _ = write!(table, " {cell:<13}");
        }
    }
    let table: String = table.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    insta::assert_snapshot!(table);
}

#[test]
fn handlers_hear_that_the_work_ended_where_they_held_it_until_then() {
    let dispatched =
        || one_by_one(Story::begins(), [(IntakeClerk, accept()), (IntakeClerk, to_lead()), (IntakeClerk, to_co())]);
    let called_off = one_by_one(dispatched(), [(Requester, withdraw())]);
    for handler in [Lead, Co] {
        assert_eq!(heard(&handler.actor(), &called_off), [EventKind::Dispatched, EventKind::Withdrawn], "{handler}");
    }
    let without_them = one_by_one(
        dispatched(),
        [
            (IntakeClerk, recall(CO_TASK)),
            (Lead, give_back(LEAD_TASK)),
            (Secretary, send(NEXT_TASK, LOCKSMITH, HandlerRole::Lead)),
            (Other, sign(NEXT_TASK)),
            (Other, complete(NEXT_TASK)),
            (IntakeClerk, resolve()),
        ],
    );
    assert_eq!(heard(&Lead.actor(), &without_them), [EventKind::Dispatched, EventKind::Returned]);
    assert_eq!(heard(&Co.actor(), &without_them), [EventKind::Dispatched, EventKind::Recalled]);
    assert_eq!(heard(&Other.actor(), &without_them).last(), Some(&EventKind::Resolved));
}

#[test]
fn a_new_round_is_no_business_of_the_last_ones_handlers() {
    let done = one_by_one(
        Story::begins(),
        [
            (IntakeClerk, accept()),
            (IntakeClerk, to_lead()),
            (Lead, sign(LEAD_TASK)),
            (Lead, complete(LEAD_TASK)),
            (IntakeClerk, resolve()),
        ],
    );
    assert_eq!(heard(&Lead.actor(), &done).last(), Some(&EventKind::Resolved));
    let again = one_by_one(done, [(Requester, reopen())]);
    assert_eq!(heard(&Lead.actor(), &again).last(), Some(&EventKind::Completed), "told late, it is out of sight");
}

/// Even if the feed named handlers with every change.
#[test]
fn no_comment_reaches_a_handler_whatever_the_feed_says() {
    let story = one_by_one(
        Story::begins(),
        [(IntakeClerk, accept()), (IntakeClerk, to_lead()), (Requester, comment("我住3号楼201"))],
    );
    let comment = change(&story.order, story.events.last().expect("a comment"));
    assert_eq!(comment.partners, [PROPERTY]);
    assert!(!Sight::of(&Lead.actor()).sees_change(&comment));
}

/// Every role × every reach × every kind of order: those who watch over a place hear of what they can look at.
#[test]
fn what_is_in_sight_is_heard_of() {
    let compound = PlaceId(Uuid::from_u128(0xB1));
    let reaches = [
        Reach::Everywhere,
        Reach::Communities(vec![HERE]),
        Reach::Communities(vec![ELSEWHERE]),
        Reach::Compounds { community: HERE, compounds: vec![compound], grid: Some(GRID) },
    ];
    let place = |id| Place { compound: None, compound_id: id, building: None, words: None, point: None };
    let mut in_sight = 0;
    for (role, reach) in Role::iter().flat_map(|role| reaches.clone().map(|reach| (role, reach))) {
        let in_grid = Some(Located::Point { grid: GRID });
        for (compound, located, sealed, about) in [
            (None, None, false, None),
            (Some(compound), None, false, None),
            (None, in_grid, false, None),
            (None, in_grid, true, None),
            (Some(compound), None, true, None),
            (None, None, true, Some(PROPERTY)),
            (None, in_grid, false, Some(PROPERTY)),
        ] {
            let content = Content { place: Some(place(compound)), about_partner: about, ..a_broken_kerb() };
            let mut story = Story::begins_with(content);
            story.order.sealed = sealed;
            story.order.located = located;
            let post = Post { role, place: None, reach: reach.clone(), partner: None };
            for employer in [None, Some(PROPERTY), Some(FIRE_BRIGADE)] {
                let also = employer.map(|partner: PartnerId| works_for(partner));
                let posts = std::iter::once(post.clone()).chain(also).collect();
                let sight = Sight::of(&Actor { person: person(80), former: Vec::new(), posts });
                let hears = sight.sees_change(&change(&story.order, &story.events[0]));
                assert_eq!(hears, sight.sees(&story.order), "{role} {reach:?} {employer:?}: {:?}", story.order);
                in_sight += usize::from(hears);
            }
        }
    }
    assert!(in_sight > 30, "{in_sight}");
}
