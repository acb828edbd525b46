//! Two processes on one database: whatever happens at one is heard at the other.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tests::{Event, EventStream, Program, TestApp, kerb, on_both};

/// Until this many orders were resolved, and told.
async fn whole(app: &TestApp, stream: &mut EventStream, orders: usize) -> Vec<Event> {
    let left = std::cell::Cell::new(orders);
    stream
        .until(app, |event| {
            if event.name == "order" && event.data["kind"] == "resolved" {
                left.set(left.get() - 1);
            }
            left.get() == 0
        })
        .await
}

on_both! {
    async fn every_event_reaches_the_streams_of_both(app: &TestApp) {
        // Programs go by the clock on the wall.
        let now: DateTime<Utc> = Utc::now();
        app.pass(now - app.now());
        let program = Program::serve(&app.environment().await).await;
        let cast = app.xiyuan().await;
        let clerk_there = app.sign_in_at(&program, "demo-xy-clerk").await;
        let wang_there = app.sign_in_at(&program, "demo-xy-wang").await;
        let (mut here, mut there) = (cast.secretary.watches().await, app.sign_in_at(&program, "demo-xy-secretary").await.watches().await);
        let mut own = wang_there.watches().await;

        const ORDERS: usize = 12;
        for n in 0..ORDERS {
            // Each is placed at one of them, accepted at the other, and resolved where it was placed.
            let (wang, accepting, resolving) =
                if n % 2 == 0 { (&cast.wang, &clerk_there, &cast.clerk) } else { (&wang_there, &cast.clerk, &clerk_there) };
            let order = wang.places(&kerb()).await;
            accepting.makes("accept", &order, &json!({})).await;
            resolving.makes("resolve", &order, &json!({ "result": "已抹平" })).await;
            app.pass(TimeDelta::milliseconds(1));
        }
        let (heard_here, heard_there) = (whole(app, &mut here, ORDERS).await, whole(app, &mut there, ORDERS).await);
        let orders = |heard: &[Event]| heard.iter().filter(|event| event.name == "order").count();
        assert_eq!(orders(&heard_here), 3 * ORDERS);
        assert_eq!(heard_here, heard_there, "the same at both, in the same order");
        assert_eq!(orders(&whole(app, &mut own, ORDERS).await), 3 * ORDERS);
        let positions: Vec<i64> = heard_here.iter().map(|event| event.id.parse().expect("a number")).collect();
        assert!(positions.is_sorted_by(|a, b| a < b), "{positions:?}");

        // A stream may go on at the other one.
        let mut moved_on = cast.secretary.watches_again(&heard_there[0].id).await;
        for expected in &heard_here[1..] {
            assert_eq!(moved_on.event().await.as_ref(), Some(expected));
        }
        program.is_told_to_stop().await;
        assert_eq!(there.ends_with().await, "server_stopping");
        program.ends().await;
    }
}
