//! What is agreed to is kept with its words, and taken back as easily as given.

use serde_json::{Value, json};
use tests::{id, kerb, on_both, task_for};

on_both! {
    async fn a_consent_is_given_to_the_words_in_force(app: &TestApp) {
        let texts = app.anonymous().get("/v1/consents/texts").await.ok();
        assert_eq!(texts["items"].as_array().map(Vec::len), Some(4));
        let wang = app.sign_in("demo-xy-wang").await;
        let give = |version: u16| wang.post("/v1/me/consents").json(&json!({ "purpose": "privacy_policy", "version": version }));
        let first = give(1).await.ok();
        assert_eq!((&first["channel"], &first["withdrawn_at"]), (&json!("app"), &Value::Null));
        assert_eq!(give(1).await.ok()["id"], first["id"], "the same again changes nothing");
        let outdated = give(2).await.refused(409, "consent_outdated");
        assert!(outdated["detail"].as_str().expect("a sentence").contains("第 1 版"), "{outdated}");
        wang.post("/v1/me/consents").json(&json!({ "purpose": "everything", "version": 1 })).await.refused_field("/purpose");

        let path = "/v1/me/consents/privacy_policy/withdraw";
        assert_eq!(wang.post(path).await.ok(), json!({ "withdrawn": 1, "orders": 0 }));
        assert_eq!(wang.post(path).await.ok(), json!({ "withdrawn": 0, "orders": 0 }));
        wang.post("/v1/me/consents/everything/withdraw").await.refused(404, "not_found");
        app.pass(chrono::TimeDelta::seconds(1));
        assert_ne!(give(1).await.ok()["id"], first["id"], "given anew");
        let listed = wang.get("/v1/me/consents").await.ok();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(listed["items"][1]["withdrawn_at"], "2026-11-23T10:00:00+08:00", "the old one stays on record");
        let li = app.sign_in("demo-xy-li").await;
        assert_eq!(li.get("/v1/me/consents").await.ok()["items"], json!([]));
    }

    async fn who_takes_sharing_back_is_called_by_no_handler(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, dispatch) = cast.signed().await;
        let (task, reveal) = (format!("/v1/dispatches/{}", id(&dispatch)), json!({ "purpose": "contact_resident" }));
        let given = cast.wang.get("/v1/me/consents").await.ok()["items"][0].clone();
        assert_eq!((&given["purpose"], &given["channel"], &given["order_id"]), (&json!("share_contact"), &json!("order"), &order["id"]));
        assert_eq!(cast.property.get(&task).await.ok()["contact"]["phone"], "138****0001");

        let taken = cast.wang.post("/v1/me/consents/share_contact/withdraw").await.ok();
        assert_eq!(taken, json!({ "withdrawn": 1, "orders": 1 }));
        let seen = cast.property.get(&task).await.ok();
        assert_eq!((&seen["contact"], seen["relay"].is_string()), (&Value::Null, true));
        cast.property.post(&format!("{task}/reveal")).json(&reveal).await.refused(409, "contact_not_agreed");
        let words: Vec<_> = cast.wang.timeline(&order).await.iter().map(|line| line["text"].clone()).collect();
        assert_eq!(words.last(), Some(&json!("居民停止向承办单位提供联系方式")));
        assert_eq!(cast.wang.sees(&order).await["contact"]["may_share"], false);
        assert_eq!(cast.clerk.sees(&order).await["contact"]["phone"], "138****0001", "the desk still calls");
        let mut help = task_for("老旧小区改造施工方");
        help["role"] = json!("co");
        cast.clerk.tries("dispatch", &order, &help).await.refused(409, "contact_not_agreed");
        assert_eq!(cast.wang.post("/v1/me/consents/share_contact/withdraw").await.ok(), json!({ "withdrawn": 0, "orders": 0 }));
    }

    async fn one_order_is_taken_back_once_and_by_its_resident(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, other) = (cast.submitted().await, cast.submitted().await);
        cast.li.tries("unshare", &order, &json!({})).await.refused(404, "not_found");
        cast.clerk.tries("unshare", &order, &json!({})).await.refused(403, "not_permitted");
        assert!(order["allowed_actions"].as_array().expect("actions").contains(&json!("unshare")));
        let once = cast.wang.makes("unshare", &order, &json!({})).await;
        assert!(!once["allowed_actions"].as_array().expect("actions").contains(&json!("unshare")));
        let twice = cast.wang.makes("unshare", &order, &json!({})).await;
        assert_eq!((&once["version"], &twice["version"]), (&json!(2), &json!(2)));
        let open: Vec<_> = cast.wang.get("/v1/me/consents").await.ok()["items"].as_array().expect("items").iter()
            .filter(|line| line["withdrawn_at"].is_null()).map(|line| line["order_id"].clone()).collect();
        assert_eq!(open, [other["id"].clone()]);
        let mut silent = kerb();
        silent["contact"]["may_share"] = json!(false);
        let silent = cast.wang.places(&silent).await;
        assert_eq!(cast.wang.makes("unshare", &silent, &json!({})).await["version"], 1, "nothing was shared");
        assert_eq!(app.database.count("consents").await, 2);
    }
}
