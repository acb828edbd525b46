//! The code from `wx.login`.

use chrono::TimeDelta;
use serde_json::json;
use tests::{APP_ID, on_both, persona};
use wechat_adapter::Endpoint;
use wechat_adapter::sandbox::Fault;

on_both! {
    async fn a_phone_signs_in_and_is_known_again(app: &TestApp) {
        let first = app.try_sign_in(&app.login_code("a-new-phone")).await.ok();
        let again = app.try_sign_in(&app.login_code("a-new-phone")).await.ok();
        assert_eq!(first["user"]["id"], again["user"]["id"]);
        assert_eq!(first["user"]["memberships"], json!([]));
        assert_eq!((&first["token_type"], first["expires_in"].as_i64()), (&json!("Bearer"), Some(60 * 60 * 24 * 365)));
        assert_ne!(first["refresh_token"], again["refresh_token"]);
        let secretary = app.try_sign_in(&app.login_code("demo-xy-secretary")).await.ok();
        assert_eq!(secretary["user"]["nickname"], persona("demo-xy-secretary").name);
        assert_eq!(secretary["user"]["memberships"][0]["role"], "secretary");
        assert!(!secretary.to_string().contains("demo-xy-secretary"), "the openid stays with us");
    }

    async fn a_code_works_once_and_not_for_long(app: &TestApp) {
        let code = app.login_code("demo-xy-wang");
        app.try_sign_in(&code).await.ok();
        app.try_sign_in(&code).await.refused(401, "wechat_code_rejected");
        app.try_sign_in("made-up").await.refused(401, "wechat_code_rejected");
        let late = app.login_code("demo-xy-wang");
        app.pass(TimeDelta::minutes(6));
        app.try_sign_in(&late).await.refused(401, "wechat_code_rejected");
        for code in ["", " ", &"c".repeat(129), "a\0b"] {
            app.try_sign_in(code).await.refused_field("/code");
        }
    }

    async fn only_our_own_mini_program_signs_in(app: &TestApp) {
        let body = |app_id: &str| json!({ "app_id": app_id, "code": app.login_code("demo-xy-wang") });
        app.anonymous().post("/v1/auth/wechat").json(&body("wx-of-others")).await.refused_field("/app_id");
        app.anonymous().post("/v1/auth/wechat").json(&body(APP_ID)).await.ok();
    }

    async fn a_person_whom_wechat_blocked_is_told_whom_to_ask(app: &TestApp) {
        app.wechat().fault(Fault::errcode(Endpoint::CodeToSession, 40226));
        app.try_sign_in(&app.login_code("demo-xy-wang")).await.refused(403, "wechat_blocked");
    }

    async fn while_wechat_is_away_nobody_new_comes_in_and_nobody_is_thrown_out(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let code = app.login_code("demo-xy-li");
        app.wechat_down().await;
        let before = app.database.picture().await;
        app.try_sign_in(&code).await.refused(502, "wechat_unavailable");
        assert_eq!(app.database.picture().await, before);
        wang.get("/v1/me").await.ok();
        let body = json!({ "refresh_token": wang.refresh_token });
        app.anonymous().post("/v1/auth/refresh").json(&body).await.ok();
    }

    async fn nonsense_from_wechat_is_not_the_persons_fault(app: &TestApp) {
        for fault in [Fault::garbage(Endpoint::CodeToSession), Fault::http_status(Endpoint::CodeToSession, 500)] {
            // As often as the client may ask again by itself.
            app.wechat().fault(fault.times(10));
            app.try_sign_in(&app.login_code("demo-xy-wang")).await.refused(502, "wechat_unavailable");
        }
    }
}
