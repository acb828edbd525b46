//! How a stream ends, and that it does.

use std::time::Duration;

use api::config::Settings;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Program, kerb, on_both, order_in};

/// The shortest that can be set.
fn beating(settings: &mut Settings) {
    settings.limits.heartbeat_seconds = 1;
    settings.tokens.access_minutes = 15;
}

/// No heartbeat comes while a test runs.
fn never_beating(settings: &mut Settings) {
    settings.limits.heartbeat_seconds = 3600;
    settings.tokens.access_minutes = 15;
}

on_both! {
    async fn the_end_of_the_token_is_the_end_of_the_stream(app: &TestApp) with beating {
        let cast = app.xiyuan().await;
        let mut stream = cast.wang.watches().await;
        let order = cast.submitted().await;
        stream.until(app, |event| event.is("submitted", &order)).await;
        app.pass(TimeDelta::minutes(15));
        assert_eq!(stream.ends_with().await, "token_expired");
        cast.wang.get("/v1/events").await.refused(401, "unauthenticated");

        // With a new token it goes on where it was.
        let body = json!({ "refresh_token": cast.wang.refresh_token });
        let fresh = app.anonymous().post("/v1/auth/refresh").json(&body).await.ok();
        let wang = app.with_token(fresh["access_token"].as_str().expect("a token"));
        let mut again = wang.watches_again(&stream.last_id).await;
        wang.makes("withdraw", &order, &json!({})).await;
        let heard = again.until(app, |event| event.is("withdrawn", &order)).await;
        assert!(heard.iter().all(|event| event.kind_of(&order) != Some("submitted")), "{heard:#?}");
    }

    async fn nothing_is_told_to_a_token_that_has_expired(app: &TestApp) with never_beating {
        let cast = app.xiyuan().await;
        let mut stream = cast.wang.watches().await;
        app.pass(TimeDelta::minutes(15));
        let wang = app.sign_in("demo-xy-wang").await;
        wang.places(&kerb()).await;
        app.drain_outbox().await;
        let last = stream.event().await.expect("an event");
        assert_eq!((last.name.as_str(), &last.data), ("bye", &json!({ "reason": "token_expired" })));
    }

    async fn who_signs_out_hears_no_more(app: &TestApp) with beating {
        let wang = app.sign_in("demo-xy-wang").await;
        let elsewhere = app.sign_in("demo-xy-wang").await;
        let (mut stream, mut other) = (wang.watches().await, elsewhere.watches().await);
        wang.post("/v1/auth/logout").json(&json!({})).await.ok();
        assert_eq!(stream.ends_with().await, "signed_out");
        let order = elsewhere.places(&kerb()).await;
        other.until(app, |event| event.is("submitted", &order)).await;

        // Another device ends it.
        let sessions = elsewhere.get("/v1/me/sessions").await.ok();
        let current = sessions["items"].as_array().expect("sessions").iter().find(|s| s["current"] == true).cloned();
        let third = app.sign_in("demo-xy-wang").await;
        third.delete(&format!("/v1/me/sessions/{}", tests::id(&current.expect("this one")))).await.ok();
        assert_eq!(other.ends_with().await, "signed_out");
    }

    async fn who_lost_a_role_hears_what_residents_hear(app: &TestApp) with beating {
        let cast = app.xiyuan().await;
        let mut stream = cast.clerk.watches().await;
        let before = cast.submitted().await;
        stream.until(app, |event| event.is("submitted", &before)).await;
        app.database.tamper("DELETE FROM memberships WHERE role = 'intake_clerk'").await;
        stream.beats().await;
        let after = cast.submitted().await;
        let own = cast.clerk.places(&order_in("XY", "repair", "楼道里的灯坏了，晚上看不见")).await;
        let heard = stream.until(app, |event| event.is("submitted", &own)).await;
        assert!(heard.iter().all(|event| event.kind_of(&after).is_none()), "{heard:#?}");
    }

    async fn a_page_that_watches_by_itself_is_nobody_at_the_desk(app: &TestApp) {
        let phone = app.sign_in("demo-xy-clerk").await;
        let (left_alone, used) = (app.sits_down(&phone).await, app.sits_down(&phone).await);
        for _ in 0..2 {
            app.pass(TimeDelta::minutes(16));
            left_alone.get("/v1/events?wait=0").await;
            used.get("/v1/me").await.ok();
        }
        left_alone.get("/v1/me").await.refused(401, "unauthenticated");
        used.get("/v1/events?wait=0").await.ok();
    }

    async fn a_server_that_stops_sends_everybody_home(app: &TestApp) {
        let program = Program::serve(&app.environment().await).await;
        let wang = app.sign_in_at(&program, "demo-xy-wang").await;
        let li = app.sign_in_at(&program, "demo-xy-li").await;
        let mut streams = [wang.watches().await, li.watches().await, li.watches().await];
        let poll = tokio::spawn(async move { wang.get("/v1/events").await.ok() });
        let figures = app.at(&program, "");
        // All four wait.
        while !figures.get("/metrics").await.text().contains("hgj_watchers 4") {}
        program.is_told_to_stop().await;
        for stream in &mut streams {
            assert_eq!(stream.ends_with().await, "server_stopping");
        }
        let page = poll.await.expect("an answer");
        assert_eq!((&page["items"], &page["reset"]), (&json!([]), &Value::Bool(false)));
        // Well before the twenty seconds that requests in flight are given.
        let end = tokio::time::timeout(Duration::from_secs(15), program.ends()).await.expect("a prompt end");
        assert_eq!(end.code(), Some(0));
    }
}
