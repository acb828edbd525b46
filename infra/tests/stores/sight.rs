use strum::IntoEnumIterator;

use domain::order::{Beneficiary, Command, Order, Place, ReturnReason};
use domain::people::{Actor, Desk, Post, Reach, Role, Sight};
use domain::place::Located;

use crate::bed::Bed;
use crate::lists::everything;
use crate::story::{Story, committed, compound, grid, minutes, moved, noon};

/// Whether `who` finds the order, on every way that leads to one.
async fn sees(bed: &Bed, who: &Actor, order: &Order) -> bool {
    let (orders, sight) = (&bed.stores.orders, Sight::of(who));
    let found = orders.find(order.id, &sight).await.expect("a search").is_some();
    for dispatch in &order.dispatches {
        let by_dispatch = orders.find_by_dispatch(dispatch.id, &sight).await.expect("a search");
        assert_eq!(by_dispatch.is_some(), found);
        assert!(by_dispatch.is_none_or(|seen| seen == *order));
    }
    let timeline = orders.timeline(order.id, &sight, 0, 100).await.expect("a timeline");
    assert_eq!(!timeline.is_empty(), found);
    found
}

pub async fn a_stranger_sees_nothing(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.dispatched(bed, noon(), story.partner).await;
    assert!(!sees(bed, &story.stranger, &order).await, "the secretary of another community");
    assert!(!sees(bed, &story.neighbour, &order).await, "another resident");
    let nobody = Actor { person: story.neighbour.person, former: Vec::new(), posts: Vec::new() };
    assert!(!sees(bed, &nobody, &order).await);
}

pub async fn each_hat_sees_what_is_its_own(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.dispatched(bed, noon(), story.helper).await;
    assert!(sees(bed, &story.resident, &order).await);
    assert!(sees(bed, &story.clerk, &order).await);
    assert!(sees(bed, &story.second_worker, &order).await, "works for the helper");
    assert!(!sees(bed, &story.worker, &order).await, "works for the partner only");
}

pub async fn a_returned_dispatch_closes_the_view(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.dispatched(bed, noon(), story.partner).await;
    assert!(sees(bed, &story.worker, &order).await);
    let back = Command::Return {
        dispatch: order.dispatches[0].id,
        reason: ReturnReason::OutOfScope,
        note: "不归我们".to_owned(),
    };
    let order = moved(bed, &order, &story.worker, back, minutes(1)).await;
    assert!(!sees(bed, &story.worker, &order).await);
    assert!(sees(bed, &story.clerk, &order).await);
}

/// Every kind of reader × every kind of order: what the statement finds is what the rule shows.
pub async fn the_store_keeps_the_rule_of_sight(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (east, west) = (compound(story.community, "东苑"), compound(story.community, "西苑"));
    let mut orders = Vec::new();
    let first = grid(story.community, "第一网格");
    for (compound_id, located, sealed) in [
        (None, None, false),
        (Some(east), None, false),
        (Some(west), None, true),
        (Some(east), None, true),
        (None, Some(Located::Point { grid: first }), false),
        (Some(west), Some(Located::Person { grid: first }), true),
    ] {
        for person in [None, Some(story.neighbour.person)] {
            let change = story.submission_with(&story.resident, minutes(1), |s| {
                s.sealed = sealed;
                s.located = located;
                s.content.place = Some(Place { compound: None, compound_id, building: None, words: None, point: None });
                s.content.on_behalf_of = Some(Beneficiary { name: "张大爷".into(), phone: None, person });
            });
            orders.push(committed(bed, change).await);
        }
    }
    let reach = [
        Reach::Everywhere,
        Reach::Communities(vec![story.community]),
        Reach::Communities(vec![story.elsewhere, story.community]),
        Reach::Communities(vec![]),
        Reach::Compounds { community: story.community, compounds: vec![east], grid: None },
        Reach::Compounds { community: story.community, compounds: vec![], grid: Some(first) },
    ];
    let mut seen = 0;
    for (role, reach) in Role::iter().flat_map(|role| reach.clone().map(|reach| (role, reach))) {
        for person in [story.stranger.person, story.neighbour.person, story.resident.person] {
            let posts = vec![Post { role, place: None, reach: reach.clone(), partner: None }];
            let reader = Actor { person, former: Vec::new(), posts };
            let sight = Sight::of(&reader);
            for order in &orders {
                let found = sees(bed, &reader, order).await;
                assert_eq!(found, sight.sees(order), "{role} {reach:?} {order:?}");
                seen += usize::from(found);
            }
            let community =
                bed.stores.orders.list(&everything(Desk::Community(sight.area.clone()))).await.expect("a list");
            assert!(
                orders.iter().all(|order| community.contains(order) == sight.area.holds(order)),
                "{role} {reach:?}"
            );
            let mine = bed.stores.orders.list(&everything(Desk::Mine(vec![person]))).await.expect("a list");
            assert!(orders.iter().all(|order| mine.contains(order) == order.is_for(person)));
        }
    }
    assert!(seen > 100, "{seen}");
}

/// The desk, the grid and the street lose sight of a complaint about the partner that they work for; what is dispatched
/// to that partner they see as its people.
pub async fn a_complaint_is_hidden_from_whom_it_is_about(bed: &Bed) {
    let story = Story::begin(bed).await;
    let east = compound(story.community, "东苑");
    let complaint = story.submission_with(&story.resident, minutes(1), |s| {
        s.content.about_partner = Some(story.partner);
        s.content.place =
            Some(Place { compound: None, compound_id: Some(east), building: None, words: None, point: None });
    });
    let complaint = committed(bed, complaint).await;
    let sent = committed(
        bed,
        story.submission_with(&story.resident, minutes(2), |s| {
            s.content.about_partner = Some(story.partner);
        }),
    )
    .await;
    let sent = moved(bed, &sent, &story.clerk, crate::story::accept(), minutes(3)).await;
    let lead = story.dispatch(story.partner, domain::order::HandlerRole::Lead, minutes(4));
    let sent = moved(bed, &sent, &story.clerk, lead, minutes(4)).await;
    for role in [Role::GridWorker, Role::IntakeClerk, Role::Secretary, Role::Supervisor] {
        for partner in [story.partner, story.helper] {
            let posts = vec![Post::at(story.community, role), Post::staff(story.community, partner)];
            let reader = Actor { person: story.neighbour.person, former: Vec::new(), posts };
            let sight = Sight::of(&reader);
            let is_other = partner == story.helper;
            for (order, expected) in [(&complaint, is_other), (&sent, true)] {
                assert_eq!(sees(bed, &reader, order).await, expected, "{role}");
                assert_eq!(sight.sees(order), expected, "{role}");
            }
            let query = everything(Desk::Community(sight.area));
            let listed = bed.stores.orders.list(&query).await.expect("a list");
            assert_eq!(listed.contains(&complaint), is_other, "{role}");
            assert_eq!(listed.contains(&sent), is_other, "{role}");
        }
    }
    let query = everything(Desk::Mine(vec![story.resident.person]));
    assert_eq!(bed.stores.orders.list(&query).await.expect("a list").len(), 2);
}
