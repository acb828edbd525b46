//! Everything that is held about somebody, for that person alone.

use api::config::Settings;
use serde_json::{Value, json};
use tests::{id, kerb, on_both};

use super::zhao;

fn once_a_minute(settings: &mut Settings) {
    settings.limits.export_every_seconds = 60;
}

/// Names of fields that the page shows as they stand.
fn unlabelled(page: &str) -> Vec<&str> {
    let names = page.split("<dt>").skip(1).filter_map(|rest| rest.split("</dt>").next());
    names.filter(|name| name.is_ascii()).collect()
}

on_both! {
    async fn an_export_holds_what_is_held(app: &TestApp) {
        let (zhao, [rated, ..]) = zhao(app).await;
        app.agrees_to_messages("phone-of-zhao");
        app.drain_outbox().await;
        let clerk = app.sign_in("demo-xy-clerk").await;
        clerk.post(&format!("/v1/orders/{}/reveal", id(&rated))).json(&json!({ "purpose": "follow_up" })).await.ok();
        zhao.post("/v1/me/subscriptions").json(&json!({ "results": [{ "template_id": tests::ACCEPTED, "result": "accept" }] })).await.ok();

        let reply = zhao.get("/v1/me/export").await;
        assert_eq!(reply.header("content-disposition"), Some("attachment; filename=\"hongguanjia.json\""));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let export = reply.ok();
        assert_eq!((&export["complete"], &export["profile"]["nickname"]), (&json!(true), &json!("赵铁柱")));
        assert_eq!(export["profile"]["wechat_openid"], "phone-of-zhao");
        assert_eq!(export["profile"]["wechat_accounts"][0]["openid"], "phone-of-zhao");
        assert!(export["message_rights"].as_array().is_some_and(|rights| !rights.is_empty()), "{export}");
        assert_eq!(export["residences"][0]["unit"], "甲单元");
        let count = |part: &str| export[part].as_array().map(Vec::len);
        assert_eq!(["orders", "consents", "photos", "data_access", "sessions", "subscriptions"].map(count),
            [Some(3), Some(3), Some(1), Some(1), Some(1), Some(1)]);
        assert!(count("deliveries") > Some(2), "{export}");
        let order = export["orders"].as_array().expect("orders").iter().find(|o| o["order"]["id"] == rated["id"]).expect("it");
        assert_eq!(order["order"]["contact"]["phone"], "13811112222");
        assert_eq!(order["order"]["rating"]["comment"], "厨房好了，赵铁柱");
        assert_eq!(order["timeline"].as_array().map(Vec::len), Some(8));
        assert_eq!(order["order"]["attachments"].as_array().map(Vec::len), Some(1));

        let page = zhao.get("/v1/me/export").header("accept", "text/html,application/json").await;
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        for words in ["赵铁柱", "13811112222", "甲单元", "厨房好了，赵铁柱", "回访", "接访员办结", "向承办单位提供联系方式"] {
            assert!(page.text().contains(words), "{words}");
        }
        assert_eq!(unlabelled(page.text()), Vec::<&str>::new());
        let li = app.sign_in("demo-xy-li").await;
        assert_eq!(li.get("/v1/me/export").await.ok()["orders"], json!([]));
        app.anonymous().get("/v1/me/export").await.refused(401, "unauthenticated");
    }

    async fn what_people_write_runs_on_no_page(app: &TestApp) {
        let cast = app.xiyuan().await;
        let attack = "<script>alert(1)</script><img src=x onerror=alert(2)>\" onload=\"x";
        let mut order = kerb();
        (order["description"], order["title"]) = (json!(attack), json!("</title><script>"));
        order["contact"]["name"] = json!("<b>王</b>");
        let order = cast.wang.places(&order).await;
        cast.clerk.makes("accept", &order, &json!({ "note": attack })).await;
        cast.wang.put("/v1/me").json(&json!({ "nickname": "javascript:<svg/onload=1>" })).await.ok();
        let page = cast.wang.get("/v1/me/export").header("accept", "text/html").await;
        assert_eq!((page.status, page.header("x-content-type-options")), (200, Some("nosniff")));
        assert!(page.header("content-security-policy").expect("a policy").starts_with("default-src 'none'"));
        for tag in ["<script", "<img", "<svg", "<b>", "href=\"javascript"] {
            assert!(!page.text().contains(tag), "{tag}");
        }
        assert!(page.text().contains("&lt;script&gt;alert(1)"), "it is still shown");
    }

    async fn an_export_is_made_once_a_minute(app: &TestApp) with once_a_minute {
        let (wang, li) = (app.sign_in("demo-xy-wang").await, app.sign_in("demo-xy-li").await);
        wang.get("/v1/me/export").await.ok();
        wang.get("/v1/me/export").await.refused(429, "too_many_requests");
        li.get("/v1/me/export").await.ok();
        wang.get("/v1/me").await.ok();
    }

    async fn of_others_an_export_says_what_the_app_says(app: &TestApp) {
        let (zhao, _) = zhao(app).await;
        let export = zhao.get("/v1/me/export").await.ok().to_string();
        let cast = app.xiyuan().await;
        for other in [&cast.clerk, &cast.property, &cast.secretary] {
            assert!(!export.contains(&other.id), "{export}");
            assert!(!export.contains(&other.openid), "{export}");
        }
        assert_ne!(export, Value::Null.to_string());
    }
}
