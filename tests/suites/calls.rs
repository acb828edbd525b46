//! Whom no message reached, somebody of the desk calls.

use serde_json::{Value, json};
use tests::{Client, Person, id, on_both, order_in};

async fn calls(of: &Client) -> Vec<Value> {
    of.get("/v1/calls?limit=100").await.ok()["items"].as_array().expect("items").clone()
}

async fn told(of: &Person, order: &Value, seq: i64) -> Vec<String> {
    let timeline = of.timeline(order).await;
    let event = timeline.iter().find(|item| item["seq"] == seq).expect("an event");
    event["told"].as_array().expect("told").iter().map(|told| told["text"].as_str().expect("text").into()).collect()
}

fn made(of: &Client, call: &Value, reached: bool) -> tests::Ask {
    of.post(&format!("/v1/calls/{}/made", id(call))).json(&json!({ "reached": reached }))
}

on_both! {
    async fn who_did_not_subscribe_is_called_about_what_matters(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.refused().await;
        app.drain_outbox().await;
        let [call] = calls(&cast.clerk).await.try_into().expect("one call");
        assert_eq!((&call["order_id"], &call["order_number"]), (&order["id"], &order["number"]));
        assert_eq!((&call["who"], &call["kind"]), (&json!("requester"), &json!("refused")));
        assert_eq!((&call["title"], &call["text"]), (&json!("订单不予受理"), &json!("公共设施报修：请查看原因和去处。")));
        assert_eq!((&call["service_name"], &call["why"]), (&json!("公共设施报修"), &json!("居民未订阅")));
        for secret in ["王女士", "13800000001", "路沿", cast.wang.id.as_str()] {
            assert!(!call.to_string().contains(secret), "{secret}: {call}");
        }
        let noted = cast.clerk.get("/v1/me/inbox").await.ok();
        assert_eq!(noted["items"][0]["kind"], "call_needed", "the desk hears of it");
        assert_eq!(told(&cast.secretary, &order, 2).await, ["居民未订阅，已转电话任务", "待电话告知居民"]);
        // The number is revealed as ever.
        let path = format!("/v1/orders/{}/reveal", id(&order));
        let revealed = cast.clerk.post(&path).json(&json!({ "purpose": "contact_resident" })).await.ok();
        assert_eq!(revealed["contact"]["phone"], "13800000001");

        let done = made(&cast.clerk, &call, true).await.ok();
        assert_eq!((&done["id"], &done["reached"]), (&call["id"], &json!(true)));
        assert_eq!(calls(&cast.clerk).await, [Value::Null; 0]);
        assert_eq!(told(&cast.secretary, &order, 2).await, ["居民未订阅，已转电话任务", "已电话告知居民"]);
    }

    async fn a_call_is_made_once(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.refused().await;
        app.drain_outbox().await;
        let [call] = calls(&cast.clerk).await.try_into().expect("one call");
        let first = made(&cast.clerk, &call, false).key("call-1").await.ok();
        assert_eq!(made(&cast.clerk, &call, false).key("call-1").await.ok(), first);
        assert_eq!(made(&cast.clerk, &call, false).await.ok(), first, "the same person says the same");
        made(&cast.clerk, &call, true).key("call-1").await.refused(422, "key_reused");
        made(&cast.clerk, &call, true).await.refused(409, "call_made");
        made(&cast.secretary, &call, false).await.refused(409, "call_made");
        assert_eq!(told(&cast.clerk, &order, 2).await, ["居民未订阅，已转电话任务", "居民电话未接通"]);
        made(&cast.clerk, &json!({ "id": uuid::Uuid::nil() }), true).await.refused(404, "not_found");
        cast.clerk.post(&format!("/v1/calls/{}/made", id(&call))).json(&json!({})).await.refused_field("/reached");
    }

    async fn who_was_reached_is_not_called(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to("demo-xy-wang", tests::PROGRESS);
        let order = cast.refused().await;
        app.drain_outbox().await;
        assert_eq!(calls(&cast.clerk).await, [Value::Null; 0]);
        assert_eq!(told(&cast.clerk, &order, 2).await, ["已微信通知居民"]);
        // What does not matter so much waits in the inbox.
        let order = cast.accepted().await;
        app.drain_outbox().await;
        assert_eq!(calls(&cast.clerk).await, [Value::Null; 0]);
        assert_eq!(told(&cast.clerk, &order, 2).await, ["居民未订阅，已写入站内消息"]);
    }

    async fn nobody_is_called_about_what_is_not_true_any_more(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, task) = cast.dispatched().await;
        let sign = format!("/v1/dispatches/{}/sign", id(&task));
        let mut first = None;
        for time in ["2026-11-27T09:00:00+08:00", "2026-11-28T15:00:00+08:00"] {
            cast.property.post(&sign).json(&json!({ "visit_at": time })).await.ok();
            app.drain_outbox().await;
            let [call] = calls(&cast.clerk).await.try_into().expect("one call");
            first.get_or_insert(call);
        }
        let [call] = calls(&cast.clerk).await.try_into().expect("one call");
        assert!(call["text"].as_str().expect("text").contains("11月28日 15:00"), "{call}");
        let first = first.expect("the first time");
        assert_ne!(first["id"], call["id"]);
        made(&cast.clerk, &first, true).await.refused(404, "not_found");
        assert_eq!(told(&cast.clerk, &order, 4).await, ["居民未订阅，已转电话任务", "情况已有变化，无需再电话告知居民"]);
        cast.wang.makes("withdraw", &order, &json!({})).await;
        app.drain_outbox().await;
        assert_eq!(calls(&cast.clerk).await, [Value::Null; 0]);
    }

    async fn whose_order_was_merged_is_called_when_the_other_comes_to_nothing(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, target) = (cast.submitted().await, cast.li.places(&tests::kerb()).await);
        cast.clerk.makes("merge", &order, &json!({ "into": id(&target) })).await;
        cast.li.makes("withdraw", &target, &json!({})).await;
        app.drain_outbox().await;
        let [call] = calls(&cast.clerk).await.try_into().expect("one call");
        assert_eq!((&call["who"], &call["kind"]), (&json!("follower"), &json!("target_ended")));
        assert_eq!(call["text"], "公共设施报修：并入的订单已终止，如仍需要请重新下单。");
        let told = cast.wang.get("/v1/me/inbox").await.ok();
        assert_eq!(told["items"][0]["title"], "并单未能办理");
        assert_eq!(cast.li.get("/v1/me/inbox").await.ok()["items"][0]["kind"], "received", "who withdrew knows");
    }

    async fn calls_are_the_desks_own(app: &TestApp) {
        let cast = app.xiyuan().await;
        cast.refused().await;
        app.drain_outbox().await;
        let [call] = calls(&cast.secretary).await.try_into().expect("one call");
        let (grid, street) = (app.sign_in("demo-xy-grid").await, app.sign_in("demo-xy-street").await);
        let admin = app.administrator().await;
        for other in [&cast.wang, &cast.property, &grid, &street, &admin] {
            other.get("/v1/calls").await.refused(403, "not_permitted");
            made(other, &call, true).await.refused(403, "not_permitted");
        }
        for elsewhere in ["demo-ry-clerk", "demo-ry-secretary"] {
            let elsewhere = app.sign_in(elsewhere).await;
            assert_eq!(calls(&elsewhere).await, [Value::Null; 0]);
            made(&elsewhere, &call, true).await.refused(404, "not_found");
        }
        let item = cast.wang.get("/v1/me/inbox").await.ok()["items"][0].clone();
        made(&cast.clerk, &item, true).await.refused(404, "not_found");
        assert_eq!(calls(&cast.clerk).await.len(), 1, "nothing was changed");
        app.anonymous().get("/v1/calls").await.refused(401, "unauthenticated");
    }

    async fn a_sealed_matter_is_called_about_by_the_secretary(app: &TestApp) {
        let chen = app.sign_in("demo-ry-chen").await;
        let (clerk, secretary) = (app.sign_in("demo-ry-clerk").await, app.sign_in("demo-ry-secretary").await);
        let quarrel = chen.places(&order_in("RY", "mediation", "楼上漏水，邻居不肯修，吵过三次")).await;
        secretary.makes("refuse", &quarrel, &json!({ "reason": "other" })).await;
        app.drain_outbox().await;
        assert_eq!(calls(&clerk).await, [Value::Null; 0]);
        let [call] = calls(&secretary).await.try_into().expect("one call");
        assert_eq!((&call["service_name"], &call["text"]), (&json!("社区事项"), &json!("社区事项：请查看原因和去处。")));
        made(&clerk, &call, true).await.refused(404, "not_found");
        made(&secretary, &call, true).await.ok();
    }

    async fn a_role_that_ended_calls_nobody(app: &TestApp) {
        let cast = app.xiyuan().await;
        cast.refused().await;
        app.drain_outbox().await;
        let [call] = calls(&cast.clerk).await.try_into().expect("one call");
        app.database.tamper("DELETE FROM memberships WHERE role = 'intake_clerk'").await;
        cast.clerk.get("/v1/calls").await.refused(403, "not_permitted");
        made(&cast.clerk, &call, true).await.refused(403, "not_permitted");
    }
}
