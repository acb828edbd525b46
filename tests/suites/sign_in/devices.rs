//! The devices on which somebody is signed in, and the desk that nobody uses.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tests::{Client, DEVICE, TestApp, id, on_both};

async fn devices(client: &Client) -> Vec<Value> {
    client.get("/v1/me/sessions").await.ok()["items"].as_array().expect("items").clone()
}

async fn of_kind(client: &Client, kind: &str) -> Vec<Value> {
    devices(client).await.into_iter().filter(|device| device["kind"] == kind).collect()
}

/// That somebody was seen is noted behind the answer's back: asks until it is.
async fn noted(app: &TestApp, phone: &Client, kind: &str) {
    let now: DateTime<Utc> = app.now();
    for _ in 0..500 {
        let seen = of_kind(phone, kind).await.into_iter().map(|device| device["last_seen_at"].clone());
        let seen = seen.filter_map(|at| at.as_str().and_then(|at| at.parse::<DateTime<Utc>>().ok()));
        if seen.max() == Some(now) {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("nobody noted that the {kind} was used");
}

async fn refreshes(app: &TestApp, token: &str) -> tests::Reply {
    app.anonymous().post("/v1/auth/refresh").json(&json!({ "refresh_token": token })).await
}

on_both! {
    async fn a_lost_device_is_signed_out_from_another_one(app: &TestApp) {
        let code = app.login_code("demo-xy-clerk");
        let body = json!({ "code": code, "device": "HUAWEI Mate 70" });
        let phone = app.anonymous().post("/v1/auth/wechat").json(&body).await.ok();
        let clerk = app.sign_in("demo-xy-clerk").await;
        let desk = app.sits_down(&clerk).await;
        let secretary = app.sign_in("demo-xy-secretary").await;

        let all = devices(&clerk).await;
        assert_eq!(all.len(), 3);
        assert_eq!(all.iter().filter(|device| device["current"] == true).count(), 1);
        let names: Vec<_> = all.iter().filter_map(|device| device["device"].as_str()).collect();
        assert!(names.contains(&"HUAWEI Mate 70") && names.contains(&DEVICE), "{names:?}");
        let at_desk = of_kind(&clerk, "desk").await;
        assert_eq!(at_desk.len(), 1);
        assert_eq!(of_kind(&desk, "desk").await[0]["current"], true);

        // Another person's device does not exist.
        let path = format!("/v1/me/sessions/{}", id(&at_desk[0]));
        secretary.delete(&path).await.refused(404, "not_found");
        desk.get("/v1/me").await.ok();
        assert_eq!(clerk.delete(&path).await.status, 204);
        desk.get("/v1/me").await.refused(401, "unauthenticated");
        refreshes(app, &desk.refresh_token).await.refused(401, "invalid_refresh_token");
        clerk.delete(&path).await.refused(404, "not_found");
        assert_eq!(devices(&clerk).await.len(), 2);
        let token = phone["access_token"].as_str().expect("a token");
        app.with_token(token).get("/v1/me").await.ok();
    }

    async fn a_desk_that_nobody_uses_is_signed_out(app: &TestApp) {
        let clerk = app.sign_in("demo-xy-clerk").await;
        let desk = app.sits_down(&clerk).await;
        for _ in 0..3 {
            app.pass(TimeDelta::minutes(29));
            desk.get("/v1/me").await.ok();
            noted(app, &clerk, "desk").await;
        }
        app.pass(TimeDelta::minutes(30));
        desk.get("/v1/me").await.refused(401, "unauthenticated");
        assert_eq!(of_kind(&clerk, "desk").await, [] as [Value; 0]);
        refreshes(app, &desk.refresh_token).await.refused(401, "invalid_refresh_token");
        // The phone stays, however long it lies in its pocket.
        app.pass(TimeDelta::days(20));
        clerk.get("/v1/me").await.ok();
        refreshes(app, &clerk.refresh_token).await.ok();
    }

    async fn a_refresh_is_a_use(app: &TestApp) {
        let clerk = app.sign_in("demo-xy-clerk").await;
        let desk = app.sits_down(&clerk).await;
        app.pass(TimeDelta::minutes(29));
        let fresh = refreshes(app, &desk.refresh_token).await.ok();
        app.pass(TimeDelta::minutes(29));
        desk.get("/v1/me").await.ok();
        let fresh = fresh["refresh_token"].as_str().expect("a token");
        noted(app, &clerk, "desk").await;
        app.pass(TimeDelta::minutes(30));
        refreshes(app, fresh).await.refused(401, "invalid_refresh_token");
        desk.get("/v1/me").await.refused(401, "unauthenticated");
    }

    async fn that_somebody_was_seen_is_noted_once_a_minute(app: &TestApp) {
        let clerk = app.sign_in("demo-xy-clerk").await;
        let before = devices(&clerk).await;
        app.pass(TimeDelta::seconds(59));
        for _ in 0..5 {
            clerk.get("/v1/me").await.ok();
        }
        assert_eq!(devices(&clerk).await, before);
        app.pass(TimeDelta::seconds(1));
        clerk.get("/v1/me").await.ok();
        noted(app, &clerk, "phone").await;
    }

    async fn devices_come_in_pages(app: &TestApp) {
        let mut phones = Vec::new();
        for _ in 0..3 {
            app.pass(TimeDelta::seconds(1));
            phones.push(app.sign_in("demo-xy-clerk").await);
        }
        let page = phones[0].get("/v1/me/sessions?limit=2").await.ok();
        let cursor = page["next_cursor"].as_str().expect("a cursor");
        let rest = phones[0].get(&format!("/v1/me/sessions?limit=2&cursor={cursor}")).await.ok();
        assert_eq!((&rest["items"][0]["current"], &rest["next_cursor"]), (&json!(true), &Value::Null));
        assert_eq!(page["items"].as_array().map(Vec::len), Some(2));
        phones[0].get("/v1/me/sessions?limit=0").await.refused(400, "bad_request");
    }
}
