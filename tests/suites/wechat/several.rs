use serde_json::json;
use tests::{ACCEPTED, APP_ID, OTHER_APP_ID, kerb, on_both};
use wechat_adapter::sandbox::Choice;

on_both! {
    async fn two_mini_programs_are_one_house(app: &TestApp) {
        let cast = app.xiyuan().await;
        let there = app.wechat().openid_in("demo-xy-wang", OTHER_APP_ID).expect("an account");
        assert_ne!(there, "demo-xy-wang", "each calls the person by a name of its own");
        let elsewhere = app.sign_in_through(OTHER_APP_ID, &there).await;
        assert_eq!(elsewhere.id, cast.wang.id, "and it is one person");
        let order = elsewhere.places(&kerb()).await;
        assert_eq!(cast.wang.sees(&order).await["mine"], true);
    }

    async fn whoever_uses_the_other_one_is_told_there(app: &TestApp) {
        let clerk = app.sign_in("demo-xy-clerk").await;
        app.login_code("zhao");
        let there = app.wechat().openid_in("zhao", OTHER_APP_ID).expect("an account");
        let resident = app.sign_in_through(OTHER_APP_ID, &there).await;
        let order = resident.places(&kerb()).await;
        app.wechat().subscribe(&there, ACCEPTED, Choice::Accept).expect("a template");
        app.hear_from_wechat().await;
        clerk.makes("accept", &order, &json!({})).await;
        app.drain_outbox().await;
        assert_eq!(app.database.outcomes().await, ["delivered"]);
        assert_eq!(app.database.texts("SELECT app_id FROM message_rights").await, [OTHER_APP_ID]);
    }

    async fn a_mini_program_of_somebody_else_is_not_served(app: &TestApp) {
        let code = app.login_code("demo-xy-wang");
        let body = json!({ "code": code, "app_id": "wx-somebody-else" });
        let reply = app.anonymous().post("/v1/auth/wechat").json(&body).await;
        reply.refused_field("/app_id");
        let body = json!({ "code": code, "app_id": APP_ID });
        assert_eq!(app.anonymous().post("/v1/auth/wechat").json(&body).await.status, 200);
    }
}
