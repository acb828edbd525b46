//! The same for mini-programs, which have no streams.

use serde_json::{Value, json};
use tests::{Client, on_both};

async fn ask(client: &Client, query: &str) -> Value {
    client.get(&format!("/v1/events?{query}")).await.ok()
}

fn next(page: &Value) -> &str {
    page["next"].as_str().expect("a position")
}

fn kinds(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().expect("items").iter();
    items.filter(|item| item["type"] == "order").map(|item| item["kind"].as_str().expect("a kind")).collect()
}

on_both! {
    async fn a_poll_answers_when_something_happens(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        app.drain_outbox().await;
        let start = ask(&cast.wang, "wait=0").await;
        assert_eq!((&start["items"], &start["reset"]), (&json!([]), &json!(false)), "it begins now");
        let query = format!("after={}", next(&start));
        let poll = tokio::spawn({
            let (wang, query) = (cast.wang.clone(), query.clone());
            async move { ask(&wang, &query).await }
        });
        cast.clerk.makes("accept", &order, &json!({})).await;
        app.drain_outbox().await;
        let page = poll.await.expect("an answer");
        assert_eq!(kinds(&page), ["accepted"]);
        // Asked again it is the same, and at once.
        let again = ask(&cast.wang, &query).await;
        assert_eq!(again["items"][0], page["items"][0]);
        assert_eq!(kinds(&again), ["accepted"]);
        assert_eq!(kinds(&ask(&cast.wang, &format!("after={}&wait=0", next(&again))).await), Vec::<&str>::new());
    }

    async fn a_poll_goes_past_what_is_not_ones_own(app: &TestApp) {
        let cast = app.xiyuan().await;
        let start = ask(&cast.li, "wait=0").await;
        cast.accepted().await;
        app.drain_outbox().await;
        let page = ask(&cast.li, &format!("after={}&wait=0", next(&start))).await;
        assert_eq!(page["items"], json!([]));
        let head = ask(&cast.wang, "wait=0").await;
        assert_eq!(next(&page), next(&head), "nothing of it is read again");
    }

    async fn what_is_wrong_is_said(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        for query in ["after=-1", "after=x", "wait=26", "wait=-1", "after=99999999999999999999", "before=1"] {
            wang.get(&format!("/v1/events?{query}")).await.refused(400, "bad_request");
        }
        wang.get("/v1/events?after=0&wait=0").header("Last-Event-ID", "x").await.refused(400, "bad_request");
        wang.get("/v1/events?after=x&wait=0").header("Last-Event-ID", "0").await.ok();
        // A number that somebody typed with a Chinese keyboard is not "from now on".
        wang.get("/v1/events?wait=0").build(|ask| ask.header("Last-Event-ID", "１２".as_bytes())).await.refused(400, "bad_request");
    }

    async fn an_end_is_not_lost_when_the_order_is_reopened(app: &TestApp) {
        let cast = app.xiyuan().await;
        let start = ask(&cast.property, "wait=0").await;
        let query = format!("wait=0&after={}", next(&start));
        let (order, _) = cast.completed().await;
        cast.clerk.makes("resolve", &order, &json!({ "result": "路沿已抹平" })).await;
        app.drain_outbox().await;
        let heard = kinds(&ask(&cast.property, &query).await).into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(heard, ["dispatched", "signed", "completed", "resolved"]);
        cast.wang.makes("reopen", &order, &json!({ "reason": "又翘起来了" })).await;
        app.drain_outbox().await;
        assert_eq!(kinds(&ask(&cast.property, &query).await), heard);
        // What is done in the new round without this handler is none of its business.
        cast.clerk.makes("resolve", &order, &json!({ "result": "重新抹平" })).await;
        app.drain_outbox().await;
        assert_eq!(kinds(&ask(&cast.property, &query).await), heard);
    }

    async fn the_header_of_a_stream_that_came_back_goes_before_its_address(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        app.drain_outbox().await;
        let first = ask(&cast.wang, "after=0&wait=0").await;
        cast.clerk.makes("accept", &order, &json!({})).await;
        app.drain_outbox().await;
        let page = cast.wang.get("/v1/events?after=0&wait=0").header("Last-Event-ID", next(&first)).await.ok();
        assert_eq!(kinds(&page), ["accepted"]);
    }
}
