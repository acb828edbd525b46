//! A full name or number is shown for a purpose, and leaves a line that its owner can read.

use serde_json::{Value, json};
use tests::{id, kerb, on_both, task_for};

fn purpose() -> Value {
    json!({ "purpose": "contact_resident" })
}

on_both! {
    async fn the_desk_sees_a_mask_until_it_says_why(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut order = kerb();
        order["on_behalf_of"] = json!({ "name": "张大爷", "phone": "0311-85551234" });
        let order = cast.wang.places(&order).await;
        let page = cast.clerk.get("/v1/orders?view=community").await.ok()["items"][0].clone();
        let accepted = cast.clerk.makes("accept", &order, &json!({})).await;
        for seen in [cast.clerk.sees(&order).await, page, accepted] {
            assert_eq!(seen["contact"], json!({ "name": "王**", "phone": "138****0001", "may_share": true }));
            assert_eq!(seen["on_behalf_of"], json!({ "name": "张**", "phone": "031******1234" }));
        }
        let own = cast.wang.sees(&order).await;
        assert_eq!((&own["contact"]["phone"], &own["on_behalf_of"]["name"]), (&json!("13800000001"), &json!("张大爷")));
        assert_eq!(cast.wang.get("/v1/me/data-access").await.ok()["items"], json!([]), "nobody has looked");

        let path = format!("/v1/orders/{}/reveal", id(&order));
        cast.clerk.post(&path).json(&json!({})).await.refused_field("/purpose");
        cast.clerk.post(&path).json(&json!({ "purpose": "curiosity" })).await.refused_field("/purpose");
        let revealed = cast.clerk.post(&path).json(&purpose()).await.ok();
        assert_eq!(revealed["contact"]["phone"], "13800000001");
        assert_eq!(revealed["on_behalf_of"], json!({ "name": "张大爷", "phone": "0311-85551234" }));
        app.pass(chrono::TimeDelta::minutes(5));
        cast.secretary.post(&path).json(&json!({ "purpose": "follow_up" })).await.ok();

        let looks = cast.wang.get("/v1/me/data-access").await.ok();
        let line = |n: usize| {
            let look = &looks["items"][n];
            [&look["by_text"], &look["purpose_text"], &look["order_id"]].map(|text| text.as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(line(0), ["书记", "回访", id(&order)]);
        assert_eq!(line(1), ["接访员", "联系居民", id(&order)]);
        assert_eq!(looks["items"][1]["at"], "2026-11-23T10:00:00+08:00");
        let page = cast.wang.get("/v1/me/data-access?limit=1").await.ok();
        let next = page["next_cursor"].as_str().expect("a cursor");
        let rest = cast.wang.get(&format!("/v1/me/data-access?limit=1&cursor={next}")).await.ok();
        assert_eq!(rest["items"][0], looks["items"][1]);
        assert_eq!(cast.li.get("/v1/me/data-access").await.ok()["items"], json!([]));
    }

    async fn only_those_who_handle_it_look(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        let path = format!("/v1/orders/{}/reveal", id(&order));
        let (grid, street) = (app.sign_in("demo-xy-grid").await, app.sign_in("demo-xy-street").await);
        for watcher in [&grid, &street, &cast.wang] {
            watcher.post(&path).json(&purpose()).await.refused(403, "not_permitted");
        }
        let elsewhere = app.sign_in("demo-ry-secretary").await;
        for stranger in [&cast.li, &cast.property, &elsewhere] {
            stranger.post(&path).json(&purpose()).await.refused(404, "not_found");
        }
        app.anonymous().post(&path).json(&purpose()).await.refused(401, "unauthenticated");
        assert_eq!(app.database.count("disclosures").await, 0);
    }

    async fn a_handler_looks_while_the_lease_runs(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, dispatch) = cast.dispatched().await;
        let task = format!("/v1/dispatches/{}", id(&dispatch));
        let path = format!("{task}/reveal");
        let seen = cast.property.get(&task).await.ok();
        assert_eq!((&seen["contact"]["phone"], &seen["relay"]), (&json!("138****0001"), &Value::Null));
        assert_eq!(cast.property.post(&path).json(&purpose()).await.ok()["contact"]["name"], "王女士");
        cast.clerk.post(&path).json(&purpose()).await.refused(403, "not_permitted");
        cast.builder.post(&path).json(&purpose()).await.refused(404, "not_found");
        cast.property.post(&format!("/v1/orders/{}/reveal", id(&order))).json(&purpose()).await.refused(403, "not_permitted");
        let look = cast.wang.get("/v1/me/data-access").await.ok()["items"][0].clone();
        assert_eq!((&look["by"], &look["by_text"]), (&json!("partner"), &json!("红色物业西苑管理科")));

        cast.property.does("sign", &dispatch, &json!({})).await;
        cast.property.does("complete", &dispatch, &json!({ "result": "已打磨" })).await;
        cast.property.post(&path).json(&purpose()).await.refused(409, "contact_not_agreed");
        cast.clerk.does("recall", &cast.clerk.dispatches(&order, &{
            let mut help = task_for("老旧小区改造施工方");
            help["role"] = json!("co");
            help
        }).await, &json!({ "reason": "不需要了" })).await;
        assert_eq!(app.database.count("disclosures").await, 1, "refused looks leave no line");
    }

    async fn without_consent_the_community_relays(app: &TestApp) {
        let cast = app.xiyuan().await;
        for (visibility, may_share) in [("normal", false), ("confidential", true), ("anonymous", true)] {
            let mut order = kerb();
            order["visibility"] = json!(visibility);
            order["contact"]["may_share"] = json!(may_share);
            let order = cast.wang.places(&order).await;
            cast.clerk.makes("accept", &order, &json!({})).await;
            let mut task = task_for("红色物业西苑管理科");
            task["share_contact"] = json!(false);
            let dispatch = cast.clerk.dispatches(&order, &task).await;
            let path = format!("/v1/dispatches/{}", id(&dispatch));
            let seen = cast.property.get(&path).await.ok();
            assert_eq!(seen["relay"], "需要联系居民时，请在订单里留言，由社区转达");
            cast.property.post(&format!("{path}/reveal")).json(&purpose()).await.refused(409, "contact_not_agreed");
        }
    }

    async fn a_complaint_about_a_handler_never_reaches_it_with_a_name(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut order = kerb();
        order["description"] = json!("物业保洁员多次辱骂我，我是3号楼王女士");
        order["title"] = json!("投诉红色物业");
        order["visibility"] = json!("confidential");
        let order = cast.wang.places(&order).await;
        cast.clerk.makes("accept", &order, &json!({})).await;
        cast.clerk.tries("dispatch", &order, &task_for("红色物业西苑管理科")).await.refused(409, "contact_not_agreed");
        let mut task = task_for("红色物业西苑管理科");
        (task["share_contact"], task["task"]) = (json!(false), json!("核查保洁员的服务态度"));
        let dispatch = cast.clerk.dispatches(&order, &task).await;
        for seen in [
            cast.property.sees(&order).await,
            cast.property.get(&format!("/v1/dispatches/{}", id(&dispatch))).await.ok(),
            cast.property.get("/v1/dispatches?view=mine").await.ok(),
            json!(cast.property.timeline(&order).await),
        ] {
            for secret in ["王女士", "13800000001", "辱骂", "投诉", &cast.wang.id] {
                assert!(!seen.to_string().contains(secret), "{secret} is in {seen}");
            }
        }
    }
}
