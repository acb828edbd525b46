use domain::order::{Command, Order, ReturnReason};
use domain::people::{Actor, Sight};

use crate::bed::Bed;
use crate::story::{Story, minutes, moved, noon};

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
    let nobody = Actor { person: story.neighbour.person, memberships: Vec::new() };
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
