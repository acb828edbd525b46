//! If-Match, Idempotency-Key, Content-Type.

use serde_json::json;
use tests::{id, kerb, on_both};

use super::refusal;

on_both! {
    async fn a_stale_if_match_says_what_changed_and_by_whom(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        let seen = cast.clerk.looks_at(&order).await;
        let etag = seen.header("etag").expect("an ETag").to_owned();
        cast.secretary.makes("accept", &order, &json!({})).await;
        let ask = cast.clerk.tries("refuse", &order, &json!({ "reason": "other" })).if_match(&etag);
        let problem = refusal(app, ask).await.refused(412, "version_mismatch");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("书记接单")), "{problem}");
        let fresh = cast.clerk.looks_at(&order).await;
        let etag = fresh.header("etag").expect("an ETag").to_owned();
        let reply = cast.clerk.tries("comment", &order, &json!({ "text": "看过了" })).if_match(&etag).await;
        assert_eq!(reply.ok()["version"], 3);
    }

    async fn an_if_match_that_cannot_be_read_is_refused(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        for tag in ["\"one\"", "1.5", "\"\"", "\"99999999999999999999\""] {
            let ask = cast.clerk.tries("accept", &order, &json!({})).if_match(tag);
            refusal(app, ask).await.refused(400, "bad_request");
        }
        for tag in ["\"7\"", "\"-1\"", "W/\"0\""] {
            let ask = cast.clerk.tries("accept", &order, &json!({})).if_match(tag);
            refusal(app, ask).await.refused(412, "version_mismatch");
        }
    }

    async fn a_key_that_came_before_answers_as_before(app: &TestApp) {
        let cast = app.xiyuan().await;
        let first = cast.wang.post("/v1/orders").json(&kerb()).key("kerb-1").await;
        let before = app.database.picture().await;
        let again = cast.wang.post("/v1/orders").json(&kerb()).key("kerb-1").await;
        assert_eq!((again.status, &again.body), (201, &first.body));
        assert_eq!(again.header("etag"), first.header("etag"));
        assert_eq!(app.database.picture().await, before, "one order");
        // The same key in another hand is another key.
        let other = cast.li.post("/v1/orders").json(&kerb()).key("kerb-1").await.ok();
        assert_ne!(id(&other), id(&first.ok()));
    }

    async fn a_key_that_came_with_something_else_is_refused(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.wang.post("/v1/orders").json(&kerb()).key("kerb-1").await.ok();
        let mut other = kerb();
        other["description"] = json!("另一件事");
        refusal(app, cast.wang.post("/v1/orders").json(&other).key("kerb-1")).await.refused(422, "key_reused");
        let elsewhere = cast.wang.tries("urge", &order, &json!({})).key("kerb-1");
        refusal(app, elsewhere).await.refused(422, "key_reused");
    }

    async fn a_key_is_a_short_word(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        for key in ["", "has space", &"k".repeat(101), "tab\there"] {
            refusal(app, wang.post("/v1/orders").json(&kerb()).key(key)).await.refused(400, "bad_request");
        }
        let longest = "k".repeat(100);
        assert_eq!(wang.post("/v1/orders").json(&kerb()).key(&longest).await.status, 201);
    }

    async fn a_body_that_is_not_called_json_is_not_read(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "multipart/form-data", "x"] {
            let ask = wang.post("/v1/orders").text(kind, kerb().to_string());
            refusal(app, ask).await.refused(415, "unsupported_media_type");
        }
        let reply = wang.post("/v1/orders").text("Application/JSON; charset=utf-8", kerb().to_string()).await;
        assert_eq!(reply.status, 201, "{reply}");
    }
}
