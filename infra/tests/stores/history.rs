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
        let Some(last) = page.last() else { break };
        after = Some(last.order);
        met.extend(page.into_iter().map(|history| history.read.expect("a history")));
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
            for history in bed.stores.history.walk(None, 10).await.expect("a walk") {
                let (order, rows) = history.read.expect("a history");
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
    bed.tamper("UPDATE order_events SET salt = (SELECT salt FROM order_events WHERE seq = 1) WHERE seq = 3").await;
    let walked = bed.stores.history.walk(None, 10).await.expect("a walk");
    let (_, rows) = walked[0].read.as_ref().expect("a history");
    assert!(verify(rows).is_err());
    // Another event's words do not even open here.
    bed.tamper("UPDATE order_events SET body = (SELECT body FROM order_events WHERE seq = 1) WHERE seq = 3").await;
    let walked = bed.stores.history.walk(None, 10).await.expect("a walk");
    assert!(matches!(walked[0].read, Err(StoreError::Corrupt { .. })));
}

pub async fn an_unreadable_order_hides_no_other(bed: &Bed) {
    let story = Story::begin(bed).await;
    let mut broken = Vec::new();
    for n in 0..3 {
        broken.push(story.accepted(bed, minutes(n)).await.id);
    }
    let first = "(SELECT id FROM orders WHERE number LIKE '%-0001')";
    bed.tamper(&format!("UPDATE order_events SET body = salt WHERE seq = 2 AND order_id = {first}")).await;
    let walked = bed.stores.history.walk(None, 10).await.expect("a walk");
    assert_eq!(walked.iter().map(|history| history.order).collect::<Vec<_>>(), broken);
    let [first, rest @ ..] = walked.as_slice() else { panic!("nothing was met") };
    assert!(matches!(first.read, Err(StoreError::Corrupt { .. })), "{:?}", first.read);
    assert!(rest.iter().all(|history| history.read.is_ok()));
}
