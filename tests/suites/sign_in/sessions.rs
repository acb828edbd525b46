//! Refresh tokens, and the end of a session.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Reply, TestApp, on_both};

async fn refresh(app: &TestApp, token: &Value) -> Reply {
    app.anonymous().post("/v1/auth/refresh").json(&json!({ "refresh_token": token })).await
}

async fn works(app: &TestApp, access_token: &Value) -> bool {
    let token = access_token.as_str().expect("a token");
    app.with_token(token).get("/v1/me").await.status == 200
}

on_both! {
    async fn a_refresh_gives_a_new_pair(app: &TestApp) {
        let first = app.try_sign_in(&app.login_code("demo-xy-wang")).await.ok();
        let second = refresh(app, &first["refresh_token"]).await.ok();
        assert_ne!(second["refresh_token"], first["refresh_token"]);
        assert_eq!(second["user"], first["user"]);
        assert!(works(app, &first["access_token"]).await && works(app, &second["access_token"]).await);
        refresh(app, &second["refresh_token"]).await.ok();
    }

    async fn a_token_used_twice_ends_its_whole_session(app: &TestApp) {
        let first = app.try_sign_in(&app.login_code("demo-xy-wang")).await.ok();
        let elsewhere = app.try_sign_in(&app.login_code("demo-xy-wang")).await.ok();
        let second = refresh(app, &first["refresh_token"]).await.ok();
        refresh(app, &first["refresh_token"]).await.refused(401, "invalid_refresh_token");
        // Whoever of the two was the thief is out, and so is the other.
        refresh(app, &second["refresh_token"]).await.refused(401, "invalid_refresh_token");
        assert!(!works(app, &first["access_token"]).await && !works(app, &second["access_token"]).await);
        // The person's other phone is another session.
        assert!(works(app, &elsewhere["access_token"]).await);
        refresh(app, &elsewhere["refresh_token"]).await.ok();
    }

    async fn of_two_refreshes_at_once_at_most_one_succeeds(app: &TestApp) {
        let first = app.try_sign_in(&app.login_code("demo-xy-wang")).await.ok();
        let token = &first["refresh_token"];
        let (a, b) = tokio::join!(refresh(app, token), refresh(app, token));
        let good = [&a, &b].into_iter().filter(|reply| reply.status == 200).count();
        assert!(good <= 1, "{a} {b}");
        refresh(app, token).await.refused(401, "invalid_refresh_token");
    }

    async fn a_refresh_token_lives_thirty_days(app: &TestApp) {
        let first = app.try_sign_in(&app.login_code("demo-xy-wang")).await.ok();
        app.pass(TimeDelta::days(30) - TimeDelta::seconds(1));
        let second = refresh(app, &first["refresh_token"]).await.ok();
        app.pass(TimeDelta::days(30));
        refresh(app, &second["refresh_token"]).await.refused(401, "invalid_refresh_token");
        for made_up in [json!("made-up"), json!("x".repeat(128))] {
            refresh(app, &made_up).await.refused(401, "invalid_refresh_token");
        }
        refresh(app, &json!("x".repeat(129))).await.refused_field("/refresh_token");
        refresh(app, &json!("")).await.refused_field("/refresh_token");
    }

    async fn who_signs_out_is_out_at_once(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        assert_eq!(wang.post("/v1/auth/logout").await.status, 204);
        wang.get("/v1/me").await.refused(401, "unauthenticated");
        wang.post("/v1/auth/logout").await.refused(401, "unauthenticated");
        refresh(app, &json!(wang.refresh_token)).await.refused(401, "invalid_refresh_token");
    }
}
