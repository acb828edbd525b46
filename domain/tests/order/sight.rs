//! Who sees which orders: the same from the order's side (who reaches it) and from the reader's (what is in sight).

use domain::ids::{CommunityId, PlaceId};
use domain::order::{Beneficiary, Order, Place};
use domain::people::access::{Column, Operation, Scope, reaches, scope};
use domain::people::{Actor, Post, Reach, Role, Sight};
use domain::place::Located;
use strum::IntoEnumIterator;
use uuid::Uuid;

use crate::given::Who::{IntakeClerk, Lead, Stranger};
use crate::given::{ELSEWHERE, GRID, HERE, PROPERTY, a_broken_kerb, accept, person, to_lead};
use crate::story::Story;

const EAST: PlaceId = PlaceId(Uuid::from_u128(0xB1));
const WEST: PlaceId = PlaceId(Uuid::from_u128(0xB2));

fn order(compound: Option<PlaceId>, sealed: bool) -> Order {
    let place =
        compound.map(|id| Place { compound: None, compound_id: Some(id), building: None, words: None, point: None });
    let mut order = Story::begins_with(domain::order::Content { place, ..a_broken_kerb() }).order;
    order.sealed = sealed;
    order
}

fn holding(role: Role, reach: Reach) -> Actor {
    let posts = vec![Post { role, place: None, reach, partner: None }];
    Actor { person: person(80), former: Vec::new(), posts }
}

fn community(id: CommunityId) -> Reach {
    Reach::Communities(vec![id])
}

fn grid(compound: PlaceId) -> Reach {
    Reach::Compounds { community: HERE, compounds: vec![compound], grid: None }
}

fn sees(actor: &Actor, order: &Order) -> bool {
    Sight::of(actor).sees(order)
}

#[test]
fn sealed_matters_are_the_secretarys() {
    let matter = order(Some(EAST), true);
    let readers: Vec<_> = Role::iter().filter(|role| sees(&holding(*role, community(HERE)), &matter)).collect();
    assert_eq!(readers, [Role::Secretary]);
    assert!(!sees(&holding(Role::GridWorker, grid(EAST)), &matter));
    assert!(!sees(&holding(Role::Secretary, community(ELSEWHERE)), &matter));
    assert!(!sees(&holding(Role::Secretary, Reach::Everywhere), &matter), "a secretary is of a community");
}

#[test]
fn a_grid_worker_sees_the_compounds_of_the_grid() {
    let worker = holding(Role::GridWorker, grid(EAST));
    assert!(sees(&worker, &order(Some(EAST), false)));
    assert!(!sees(&worker, &order(Some(WEST), false)));
    assert!(!sees(&worker, &order(None, false)), "nobody said where it is");
}

#[test]
fn what_was_found_to_lie_in_a_grid_is_seen_by_its_worker_whatever_its_compound() {
    let reach = Reach::Compounds { community: HERE, compounds: vec![EAST], grid: Some(GRID) };
    let worker = holding(Role::GridWorker, reach);
    let of_compound = holding(Role::GridWorker, grid(EAST));
    for (compound, located, sealed, seen) in [
        (None, Some(Located::Point { grid: GRID }), false, true),
        (Some(WEST), Some(Located::Address { grid: GRID }), false, true),
        (Some(WEST), Some(Located::Person { grid: GRID }), false, true),
        (None, Some(Located::Point { grid: GRID }), true, false),
        (None, Some(Located::Point { grid: WEST }), false, false),
        (None, Some(Located::Beyond { community: ELSEWHERE }), false, false),
        (None, None, false, false),
    ] {
        let mut order = order(compound, sealed);
        order.located = located;
        assert_eq!(sees(&worker, &order), seen, "{compound:?} {located:?} {sealed}");
        assert_eq!(worker.hats(&order).is_empty(), !seen, "{compound:?} {located:?} {sealed}");
        assert!(!sees(&of_compound, &order), "a compound is no grid");
    }
    // A grid says nothing of homes.
    let area = domain::people::Area::of(&worker, Operation::ResidentsList);
    assert!(area.holds_home(HERE, Some(EAST)) && !area.holds_home(HERE, None) && !area.holds_home(HERE, Some(GRID)));
}

#[test]
fn a_supervisor_sees_the_communities_below_and_decides_nothing() {
    let supervisor = holding(Role::Supervisor, Reach::Communities(vec![HERE, ELSEWHERE]));
    assert!(sees(&supervisor, &order(None, false)));
    assert_eq!(supervisor.hats(&order(None, false)), []);
    assert!(!sees(&holding(Role::Supervisor, community(ELSEWHERE)), &order(None, false)));
}

#[test]
fn administrators_and_helpers_see_no_orders() {
    for role in [Role::Administrator, Role::Volunteer, Role::ClassMonitor, Role::Matchmaker, Role::Resident] {
        for reach in [Reach::Everywhere, community(HERE), grid(EAST)] {
            assert!(!sees(&holding(role, reach), &order(Some(EAST), false)), "{role}");
        }
    }
}

#[test]
fn whoever_it_was_ordered_for_is_like_the_one_who_ordered() {
    let mother = Actor { person: person(90), former: Vec::new(), posts: Vec::new() };
    let for_mother = |person| Beneficiary { name: "张大爷".into(), phone: None, person };
    let known = |person| domain::order::Content { on_behalf_of: Some(for_mother(person)), ..a_broken_kerb() };
    let story = Story::begins_with(known(Some(mother.person)));
    assert!(sees(&mother, &story.order));
    assert_eq!(
        domain::order::allowed_moves(&story.order, &mother, story.now).len(),
        4,
        "withdraw, urge, comment, unshare"
    );
    assert!(!sees(&mother, &Story::begins_with(known(None)).order), "a name is not a person");
}

#[test]
fn what_was_ordered_for_a_former_self_is_ones_own() {
    let kept = person(91);
    let whom = Beneficiary { name: "张大爷".into(), phone: None, person: Some(kept) };
    let story = Story::begins_with(domain::order::Content { on_behalf_of: Some(whom), ..a_broken_kerb() });
    let before = Actor { person: person(90), former: Vec::new(), posts: Vec::new() };
    let after = Actor { former: vec![kept], ..before.clone() };
    assert!(!sees(&before, &story.order) && sees(&after, &story.order));
    assert!(after.owns(&story.order) && !before.owns(&story.order));
    let moves = |actor| domain::order::allowed_moves(&story.order, actor, story.now).len();
    assert_eq!((moves(&before), moves(&after)), (0, 4), "withdraw, urge, comment, unshare");
}

/// Every role × every reach × every kind of order: nobody acts on what is out of sight.
#[test]
fn what_is_reached_is_what_is_in_sight() {
    let orders =
        [None, Some(EAST), Some(WEST)].map(|compound| [order(compound, false), order(compound, true)]).concat();
    let reaches_of = [community(HERE), community(ELSEWHERE), grid(EAST), Reach::Everywhere];
    for (role, reach) in Role::iter().flat_map(|role| reaches_of.clone().map(|reach| (role, reach))) {
        let actor = holding(role, reach);
        for order in &orders {
            let reached = actor.posts.iter().any(|post| reaches(Operation::OrdersOne, post, order));
            assert_eq!(sees(&actor, order), reached, "{role}: {order:?}");
            for operation in Operation::iter().filter(|operation| operation.is_move()) {
                let acts = actor.posts.iter().any(|post| reaches(operation, post, order));
                assert!(!acts || reached, "{role} may {operation} what it cannot see");
            }
        }
    }
}

#[test]
fn a_handler_sees_while_it_holds_a_dispatch() {
    let story = Story::begins().then(IntakeClerk, accept());
    assert!(!sees(&Lead.actor(), &story.order));
    let story = story.then(IntakeClerk, to_lead());
    assert!(sees(&Lead.actor(), &story.order));
    assert!(!sees(&Stranger.actor(), &story.order));
    assert_eq!(Sight::of(&Lead.actor()).partners, [PROPERTY]);
}

#[test]
fn every_operation_is_somebodys_and_no_role_goes_without() {
    let columns = domain::people::access::COLUMNS;
    for operation in Operation::iter() {
        assert!(columns.iter().any(|column| scope(operation, *column) != Scope::None), "{operation} is nobody's");
        let anonymous = scope(operation, Column::Anonymous);
        assert!(matches!(anonymous, Scope::None | Scope::Public), "{operation}: nobody owns nothing");
    }
    for role in Role::iter() {
        assert!(columns.contains(&Column::Holder(role)), "{role} has no column");
    }
}
