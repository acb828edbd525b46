//! Somebody who says to be under 14 gets help, and more care.

use serde_json::json;
use tests::{kerb, on_both, task_for};

on_both! {
    async fn a_child_is_helped_and_called_by_the_desk_only(app: &TestApp) {
        let cast = app.xiyuan().await;
        let street = app.sign_in("demo-xy-street").await;
        cast.wang.put("/v1/me").json(&json!({ "nickname": "小王", "age_band": "under_14" })).await.ok();
        let order = cast.wang.places(&kerb()).await;
        assert_eq!(order["contact"]["may_share"], false, "whatever was ticked");
        assert_eq!(app.database.count("consents").await, 0);
        assert_eq!(cast.clerk.sees(&order).await["minor"], true);
        assert_eq!(cast.clerk.get("/v1/orders?view=community").await.ok()["items"][0]["minor"], true);
        assert_eq!(street.sees(&order).await["minor"], false);
        cast.clerk.makes("accept", &order, &json!({})).await;
        cast.clerk.tries("dispatch", &order, &task_for("红色物业西苑管理科")).await.refused(409, "contact_not_agreed");
        let consent = json!({ "purpose": "child_data", "version": 1 });
        cast.wang.post("/v1/me/consents").json(&consent).await.refused(409, "guardian_needed");

        cast.li.post("/v1/me/consents").json(&consent).await.ok();
        let grown = cast.li.places(&kerb()).await;
        assert_eq!((&grown["contact"]["may_share"], &cast.clerk.sees(&grown).await["minor"]), (&json!(true), &json!(false)));
    }

    async fn whoever_turns_out_to_be_a_child_is_called_by_no_handler(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.wang.places(&kerb()).await;
        assert_eq!(order["contact"]["may_share"], true);
        cast.wang.put("/v1/me").json(&json!({ "age_band": "under_14" })).await.ok();
        assert_eq!(cast.wang.sees(&order).await["contact"]["may_share"], false);
    }

    async fn with_a_guardian_a_child_may_be_called(app: &TestApp) {
        let cast = app.xiyuan().await;
        cast.wang.put("/v1/me").json(&json!({ "age_band": "under_14" })).await.ok();
        cast.li.post("/v1/me/consents").json(&json!({ "purpose": "child_data", "version": 1 })).await.ok();
        app.pass(chrono::TimeDelta::seconds(1));
        // As the desk will enter it: given by the guardian, about the child.
        let child = "SELECT person_id FROM identities WHERE openid = 'demo-xy-wang'";
        app.database.tamper(&format!("UPDATE consents SET channel = 'desk', person_id = ({child})")).await;
        let order = cast.wang.places(&kerb()).await;
        assert_eq!((&order["contact"]["may_share"], &cast.clerk.sees(&order).await["minor"]), (&json!(true), &json!(true)));
        assert_eq!(cast.wang.get("/v1/me/consents").await.ok()["items"][1]["by_guardian"], true);
        let taken = cast.wang.post("/v1/me/consents/child_data/withdraw").await.ok();
        assert_eq!(taken, json!({ "withdrawn": 1, "orders": 1 }));
        assert_eq!(cast.wang.sees(&order).await["contact"]["may_share"], false);
    }
}
