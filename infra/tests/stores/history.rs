use domain::order::{Command, Order, verify};
use domain::ports::StoreError;

use crate::bed::Bed;
use crate::story::{Story, minutes, moved, noon, resolve};

pub async fn a_walk_meets_every_order_once_and_verifies(bed: &Bed) {
    let story = Story::begin(bed).await;
    let mut expected = Vec::new();
    for n in 0..7 {
        let order = story.dispatched(bed, minutes(n), story.partner).await;
        expected.push(moved(bed, &order, &story.clerk, resolve(), minutes(60)).await);
    }
    let mut met = Vec::new();
    let mut after = None;
    loop {
        let page = bed.stores.history.walk(after, 3).await.expect("a walk");
        let Some((last, _)) = page.last() else { break };
        after = Some(last.id);
        met.extend(page);
    }
    assert_eq!(met.iter().map(|(order, _)| order).collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
    for (order, rows) in met {
        assert_eq!(verify(&rows), Ok(order.head));
        let events: Vec<_> = rows.into_iter().map(|row| row.event).collect();
        let replayed = Order::replay(&events).expect("a history");
        assert_eq!(Order { head: order.head, ..replayed }, order);
    }
}

pub async fn a_walk_shows_one_moment(bed: &Bed) {
    let story = Story::begin(bed).await;
    let mut order = story.accepted(bed, noon()).await;
    let moving = async {
        for n in 1..=30 {
            let text = format!("第 {n} 次");
            let comment = Command::Comment { text, photos: Vec::new() };
            order = moved(bed, &order, &story.clerk, comment, minutes(n)).await;
        }
    };
    let walking = async {
        for _ in 0..60 {
            for (order, rows) in bed.stores.history.walk(None, 10).await.expect("a walk") {
                assert_eq!(verify(&rows), Ok(order.head));
            }
        }
    };
    tokio::join!(moving, walking);
}

pub async fn a_changed_body_is_found(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.accepted(bed, noon()).await;
    moved(bed, &order, &story.clerk, resolve(), minutes(1)).await;
    bed.tamper("UPDATE order_events SET body = replace(body, '已修好', '没修好') WHERE seq = 3").await;
    let walked = bed.stores.history.walk(None, 10).await.expect("a walk");
    assert!(verify(&walked[0].1).is_err());
}

pub async fn an_unreadable_body_is_corrupt(bed: &Bed) {
    let story = Story::begin(bed).await;
    story.accepted(bed, noon()).await;
    bed.tamper("UPDATE order_events SET body = 'gone' WHERE seq = 2").await;
    let walked = bed.stores.history.walk(None, 10).await;
    assert!(matches!(walked, Err(StoreError::Corrupt { .. })), "{walked:?}");
}
