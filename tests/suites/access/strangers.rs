//! People without a token, people of another community, people of no concern.

use serde_json::{Value, json};
use tests::{Client, TestApp, id, kerb, on_both, operations, task_for};
use uuid::Uuid;

/// Every path that is about this order or this dispatch.
fn asks(client: &Client, order: &Value, dispatch: &Value) -> Vec<tests::Ask> {
    let mut asks = Vec::new();
    for operation in operations() {
        let thing = match operation.path.as_str() {
            path if path.starts_with("/v1/orders/{id}") => order,
            path if path.starts_with("/v1/dispatches/{id}") => dispatch,
            _ => continue,
        };
        let path = operation.path.replace("{id}", id(thing));
        asks.push(match operation.method.as_str() {
            "GET" => client.get(&path),
            _ => client.post(&path).json(&body_for(&operation.path)),
        });
    }
    asks
}

/// A body that is right, so that nothing but sight decides.
fn body_for(path: &str) -> Value {
    match path.rsplit('/').next().expect("a last step") {
        "refuse" => json!({ "reason": "other" }),
        "merge" => json!({ "into": Uuid::nil() }),
        "dispatch" => task_for("红色物业西苑管理科"),
        "resolve" | "complete" => json!({ "result": "好了" }),
        "rate" => json!({ "solved": true, "satisfaction": 5 }),
        "reopen" | "recall" | "rework" => json!({ "reason": "再看看" }),
        "check" => json!({ "missing": [] }),
        "quote" => json!({ "materials": [{ "what": "水龙头", "fen": 1250 }] }),
        "answer_quote" => json!({ "number": 1, "agreed": true }),
        "return" => json!({ "reason": "other", "note": "不归我们" }),
        "locate" => json!({ "grid_id": Uuid::nil() }),
        "visit" => json!({ "note": "看过" }),
        "comments" => json!({ "text": "你好" }),
        "volunteer_hours" => json!({ "minutes": 60, "note": "换了水龙头" }),
        "reveal" => json!({ "purpose": "emergency" }),
        "move" => json!({ "slot_id": Uuid::nil() }),
        "mediation" => json!({ "mediator_id": Uuid::nil() }),
        _ => json!({}),
    }
}

async fn see_nothing_and_change_nothing(app: &TestApp, strangers: &[&Client], order: &Value, dispatch: &Value) {
    let before = app.database.picture().await;
    for stranger in strangers {
        let asks = asks(stranger, order, dispatch);
        assert!(asks.len() > 18, "the description names the moves");
        for ask in asks {
            ask.await.refused(404, "not_found");
        }
        let page = stranger.get("/v1/orders").await.ok();
        assert!(!page.to_string().contains(id(order)), "{page}");
    }
    assert_eq!(app.database.picture().await, before);
}

on_both! {
    async fn without_a_token_only_what_is_public_opens(app: &TestApp) {
        let (mut public, mut closed) = (Vec::new(), 0);
        for operation in operations() {
            let path = operation.path.replace("{id}", &Uuid::nil().to_string()).replace("{variant}", "thumbnail");
            let ask = app.anonymous().ask(operation.method.parse().expect("a method"), &path);
            let ask = if operation.method == "GET" { ask } else { ask.json(&json!({})) };
            if operation.needs_token {
                ask.await.refused(401, "unauthenticated");
                closed += 1;
            } else {
                assert_ne!(ask.await.status, 401, "{path}");
                public.push(operation.path);
            }
        }
        assert!(closed > 25, "{closed}");
        public.sort();
        assert_eq!(
            public,
            [
                "/healthz",
                "/metrics",
                "/readyz",
                "/v1/attachments/{id}/{variant}",
                "/v1/auth/refresh",
                "/v1/auth/tickets",
                "/v1/auth/tickets/{id}/claim",
                "/v1/auth/wechat",
                "/v1/communities",
                "/v1/communities/{id}",
                "/v1/communities/{id}/certificates",
                "/v1/communities/{id}/duty",
                "/v1/communities/{id}/figures",
                "/v1/communities/{id}/services",
                "/v1/communities/{id}/services/{key}",
                "/v1/communities/{id}/shops",
                "/v1/communities/{id}/slots",
                "/v1/consents/texts",
                "/v1/scenes/{scene}",
                // WeChat's own signature is the key to both.
                "/wechat/{app_id}/callback",
                "/wechat/{app_id}/callback",
            ]
        );
    }

    async fn an_order_is_for_those_whom_it_concerns(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, dispatch) = cast.signed().await;
        let chen = app.sign_in("demo-ry-chen").await;
        let secretary = app.sign_in("demo-ry-secretary").await;
        let newcomer = app.sign_in("a-phone-that-nobody-knows").await;
        let strangers: [&Client; 5] = [&cast.li, &cast.builder, &chen, &secretary, &newcomer];
        see_nothing_and_change_nothing(app, &strangers, &order, &dispatch).await;
    }

    async fn the_desk_of_one_community_is_a_resident_elsewhere(app: &TestApp) {
        let cast = app.xiyuan().await;
        let chen = app.sign_in("demo-ry-chen").await;
        let desk = app.sign_in("demo-ry-secretary").await;
        let errand = chen.places(&tests::order_in("RY", "errand", "代缴电费")).await;
        for stranger in [&cast.clerk, &cast.secretary, &cast.property] {
            stranger.looks_at(&errand).await.refused(404, "not_found");
            stranger.tries("accept", &errand, &json!({})).await.refused(404, "not_found");
        }
        // Partners are those of the order's own community.
        let here = cast.accepted().await;
        desk.makes("accept", &errand, &json!({})).await;
        desk.tries("dispatch", &errand, &task_for("红色物业西苑管理科")).await.refused_field("/partner_id");
        desk.tries("merge", &errand, &json!({ "into": id(&here) })).await.refused_field("/into");
    }

    async fn who_may_see_but_not_do_is_told_so(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        for (a_move, body) in [("accept", json!({})), ("refuse", json!({ "reason": "other" })), ("dispatch", task_for("红色物业西苑管理科"))] {
            cast.wang.tries(a_move, &order, &body).await.refused(403, "not_permitted");
        }
        cast.clerk.tries("withdraw", &order, &json!({})).await.refused(403, "not_permitted");
        cast.wang.get("/v1/orders?view=community").await.refused(403, "not_permitted");
        cast.wang.get(&format!("/v1/communities/{}/partners", tests::community("XY"))).await.refused(403, "not_permitted");
    }

    async fn a_role_that_ended_ends_at_once(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        cast.clerk.sees(&order).await;
        app.database.tamper("DELETE FROM memberships WHERE role = 'intake_clerk'").await;
        cast.clerk.looks_at(&order).await.refused(404, "not_found");
        cast.clerk.tries("accept", &order, &json!({})).await.refused(404, "not_found");
    }

    async fn a_merged_order_is_seen_by_its_own_resident_only(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (mine, other) = (cast.submitted().await, cast.li.places(&kerb()).await);
        cast.clerk.makes("merge", &other, &json!({ "into": id(&mine) })).await;
        cast.wang.looks_at(&other).await.refused(404, "not_found");
        cast.li.looks_at(&mine).await.refused(404, "not_found");
        let seen = cast.wang.sees(&mine).await.to_string();
        assert!(!seen.contains(&cast.li.id), "{seen}");
    }
}
