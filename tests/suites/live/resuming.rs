//! A line that breaks and comes back: nothing is missing, nothing comes twice.

use serde_json::{Value, json};
use tests::{Event, EventStream, TestApp, id, on_both};

/// Everything that this person may know, from the beginning, asked for in another way.
async fn all(app: &TestApp, person: &tests::Client) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), "0".to_owned());
    loop {
        app.drain_outbox().await;
        let page = person.get(&format!("/v1/events?after={after}&wait=0")).await.ok();
        let items = page["items"].as_array().expect("items");
        if items.is_empty() {
            return all;
        }
        all.extend(items.iter().cloned());
        after = page["next"].as_str().expect("a position").to_owned();
    }
}

fn data(events: Vec<Event>) -> Vec<Value> {
    events.into_iter().map(|event| event.data).collect()
}

async fn take(stream: &mut EventStream, count: usize) -> Vec<Event> {
    let mut events = Vec::new();
    while events.len() < count {
        events.push(stream.event().await.expect("an event"));
    }
    events
}

on_both! {
    async fn a_broken_line_goes_on_where_it_was(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut stream = cast.wang.watches().await;
        let order = cast.submitted().await;
        let mut heard = stream.until(app, |event| event.is("submitted", &order)).await;

        // It breaks; two things happen meanwhile, and one after it is back.
        let last_id = stream.last_id.clone();
        drop(stream);
        cast.clerk.makes("accept", &order, &json!({})).await;
        cast.clerk.makes("comment", &order, &json!({ "text": "明天上门" })).await;
        app.drain_outbox().await;
        let mut stream = cast.wang.watches_again(&last_id).await;
        heard.extend(stream.until(app, |event| event.is("commented", &order)).await);
        cast.clerk.makes("resolve", &order, &json!({ "result": "路沿已抹平" })).await;
        heard.extend(stream.until(app, |event| event.name == "inbox" && event.data["kind"] == "resolved").await);

        let kinds: Vec<_> = heard.iter().filter_map(|event| event.kind_of(&order)).collect();
        assert_eq!(kinds, ["submitted", "accepted", "commented", "resolved"]);
        assert!(heard.iter().all(|event| event.data["position"] == event.id.as_str()), "{heard:#?}");
        let told: Vec<_> = heard.iter().filter(|event| event.name == "inbox").map(|event| &event.data["kind"]).collect();
        assert_eq!(told, ["received", "accepted", "comment", "resolved"]);
        assert_eq!(data(heard), all(app, &cast.wang).await);
    }

    async fn it_may_break_between_any_two_events(app: &TestApp) {
        let cast = app.xiyuan().await;
        cast.rated().await;
        let whole = all(app, &cast.secretary).await;
        assert!(whole.len() >= 5, "{whole:#?}");
        for seen in 0..whole.len() {
            let (before, after) = whole.split_at(seen);
            let last_id = before.last().map_or("0", |item| item["position"].as_str().expect("a position"));
            let mut stream = cast.secretary.watches_again(last_id).await;
            assert_eq!(data(take(&mut stream, after.len()).await), after);
        }
    }

    async fn nothing_is_missed_where_it_breaks_before_the_first_event(app: &TestApp) {
        let cast = app.xiyuan().await;
        let old = cast.submitted().await;
        app.drain_outbox().await;
        let last_id = cast.wang.watches().await.last_id;
        let order = cast.submitted().await;
        app.drain_outbox().await;
        let mut stream = cast.wang.watches_again(&last_id).await;
        let heard = stream.until(app, |event| event.is("submitted", &order)).await;
        assert!(heard.iter().all(|event| event.kind_of(&old).is_none()), "it began at what was then now: {heard:#?}");
    }

    async fn a_stream_begins_now_and_is_not_gathered_on_the_way(app: &TestApp) {
        let cast = app.xiyuan().await;
        let old = cast.submitted().await;
        app.drain_outbox().await;
        let mut stream = cast.wang.watches().await;
        let header = |name: &str| stream.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        assert_eq!(header("content-type").as_deref(), Some("text/event-stream"));
        assert!(header("content-encoding").is_none_or(|encoding| encoding == "identity"), "{:?}", stream.headers);
        assert_eq!(header("x-accel-buffering").as_deref(), Some("no"));
        assert_eq!(header("cache-control").as_deref(), Some("no-store"));
        let order = cast.submitted().await;
        let heard = stream.until(app, |event| event.is("submitted", &order)).await;
        assert!(heard.iter().all(|event| event.kind_of(&old).is_none()), "{heard:#?}");
        let event = heard.last().expect("an event");
        assert_eq!(
            event.data,
            json!({
                "type": "order", "position": event.id, "order_id": id(&order), "version": 1, "kind": "submitted",
                "at": "2026-11-23T10:00:00+08:00", "dispatch_id": null,
            })
        );
    }

    async fn an_item_of_the_inbox_says_what_it_is_about(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut stream = cast.wang.watches().await;
        let order = cast.accepted().await;
        let heard = stream.until(app, |event| event.name == "inbox" && event.data["kind"] == "accepted").await;
        let item = &heard.last().expect("an item").data;
        assert_eq!((&item["title"], &item["order_id"]), (&json!("社区已接单"), &order["id"]));
        assert_eq!(item["text"], "公共设施报修：社区已接单，请保持电话畅通。");
    }

    async fn who_was_away_too_long_loads_anew_and_goes_on(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut early = cast.wang.watches().await;
        let old = cast.submitted().await;
        early.until(app, |event| event.is("submitted", &old)).await;
        let first = early.last_id.clone();
        cast.clerk.makes("accept", &old, &json!({})).await;
        app.drain_outbox().await;
        drop(early);

        app.pass(chrono::TimeDelta::days(3));
        app.keep_house().await;
        let order = cast.submitted().await;
        app.drain_outbox().await;
        let mut stream = cast.wang.watches_again(&first).await;
        let reset = stream.event().await.expect("an event");
        assert_eq!(reset.name, "reset");
        let page = cast.wang.get(&format!("/v1/events?after={first}&wait=0")).await.ok();
        assert_eq!((&page["reset"], &page["items"], &page["next"]), (&json!(true), &json!([]), &json!(reset.id)));
        cast.clerk.makes("accept", &order, &json!({})).await;
        let heard = stream.until(app, |event| event.is("accepted", &order)).await;
        assert!(heard.iter().all(|event| event.name != "reset"), "once: {heard:#?}");
        // What is not too old is still told exactly.
        let mut again = cast.wang.watches_again(&reset.id).await;
        assert_eq!(again.until(app, |event| event.is("accepted", &order)).await, heard);
    }

    async fn who_is_too_far_behind_or_ahead_loads_anew(app: &TestApp) {
        let cast = app.xiyuan().await;
        cast.submitted().await;
        app.drain_outbox().await;
        let next = cast.wang.get("/v1/events?after=0&wait=0").await.ok()["next"].clone();
        let ahead: i64 = next.as_str().and_then(|next| next.parse::<i64>().ok()).expect("a position") + 1;
        let mut stream = cast.wang.watches_again(&ahead.to_string()).await;
        assert_eq!(stream.event().await.expect("an event").name, "reset", "a restored database may be behind its readers");
        app.database.tamper("UPDATE feed_position SET last = last + 50001").await;
        let mut stream = cast.wang.watches_again("1").await;
        assert_eq!(stream.event().await.expect("an event").name, "reset");
    }
}
