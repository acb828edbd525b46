//! What people were told stands in the mini-program itself, and each chooses how much of it rings besides.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Person, id, kerb, on_both, order_in};

async fn inbox(of: &Person, query: &str) -> Value {
    of.get(&format!("/v1/me/inbox?limit=100&{query}")).await.ok()
}

fn kinds(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("items").iter().map(|item| item["kind"].as_str().expect("a kind")).collect()
}

async fn reads(of: &Person, what: Value) -> Value {
    of.post("/v1/me/inbox/read").json(&what).await.ok()["unread"].clone()
}

on_both! {
    async fn what_happened_to_my_order_stands_in_my_inbox(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        app.drain_outbox().await;
        app.pass(TimeDelta::minutes(10));
        cast.clerk.makes("accept", &order, &json!({})).await;
        app.drain_outbox().await;
        let mine = inbox(&cast.wang, "").await;
        assert_eq!((kinds(&mine), &mine["unread"]), (vec!["accepted", "received"], &json!(2)));
        let accepted = &mine["items"][0];
        assert_eq!(accepted["title"], "社区已接单");
        assert_eq!(accepted["text"], "公共设施报修：社区已接单，请保持电话畅通。");
        assert_eq!((&accepted["order_id"], &accepted["order_number"]), (&order["id"], &order["number"]));
        assert_eq!((&accepted["at"], &accepted["read_at"]), (&json!("2026-11-23T10:10:00+08:00"), &Value::Null));
        assert_eq!(kinds(&inbox(&cast.li, "").await), [""; 0]);
        // The desk: nobody of it did this.
        assert_eq!(kinds(&inbox(&cast.secretary, "").await), ["new_order"]);
    }

    async fn what_was_read_stays_read(app: &TestApp) {
        let cast = app.xiyuan().await;
        for _ in 0..3 {
            cast.submitted().await;
            app.drain_outbox().await;
            app.pass(TimeDelta::minutes(1));
        }
        let items = inbox(&cast.wang, "").await["items"].as_array().expect("items").clone();
        let [newest, middle, oldest] = [0, 1, 2].map(|n| id(&items[n]));
        assert_eq!(reads(&cast.wang, json!({ "ids": [oldest] })).await, 2);
        assert_eq!(reads(&cast.wang, json!({ "ids": [oldest] })).await, 2, "said again");
        assert_eq!(reads(&cast.wang, json!({ "up_to": middle })).await, 1);
        let left = inbox(&cast.wang, "unread=true").await;
        assert_eq!((left["items"].as_array().map(Vec::len), id(&left["items"][0])), (Some(1), newest));
        assert_eq!(reads(&cast.wang, json!({ "up_to": newest })).await, 0);
        assert!(inbox(&cast.wang, "").await["items"][2]["read_at"].is_string());
    }

    async fn an_inbox_has_pages(app: &TestApp) {
        let cast = app.xiyuan().await;
        for _ in 0..3 {
            cast.submitted().await;
        }
        app.drain_outbox().await;
        let first = cast.wang.get("/v1/me/inbox?limit=2").await.ok();
        let next = first["next_cursor"].as_str().expect("more");
        let rest = cast.wang.get(&format!("/v1/me/inbox?limit=2&cursor={next}")).await.ok();
        let seen: Vec<_> = [&first, &rest].iter().flat_map(|page| page["items"].as_array().expect("items")).map(id).collect();
        assert_eq!((seen.len(), &rest["next_cursor"], &rest["unread"]), (3, &Value::Null, &json!(3)));
        assert!(seen.is_sorted_by(|a, b| a > b), "newest first");
    }

    async fn nobody_reads_or_marks_the_inbox_of_somebody_else(app: &TestApp) {
        let cast = app.xiyuan().await;
        cast.submitted().await;
        app.drain_outbox().await;
        let mine = inbox(&cast.wang, "").await;
        let item = id(&mine["items"][0]);
        for other in [&cast.li, &cast.clerk, &cast.property, &app.sign_in("demo-ry-secretary").await] {
            let read = other.post("/v1/me/inbox/read").json(&json!({ "ids": [item] })).await;
            assert_eq!(read.status, 200, "the same answer as for an item that never was: {read}");
            other.post("/v1/me/inbox/read").json(&json!({ "up_to": item })).await.ok();
            let theirs = other.get(&format!("/v1/me/inbox?limit=1&cursor={item}")).await.ok();
            assert!(!theirs.to_string().contains(item), "{theirs}");
        }
        assert_eq!(inbox(&cast.wang, "").await, mine);
        assert_eq!(inbox(&cast.clerk, "").await["unread"], 1, "an end that is not the own marks nothing");
        app.anonymous().get("/v1/me/inbox").await.refused(401, "unauthenticated");
    }

    async fn what_makes_no_sense_is_said_kindly(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let read = async |body: Value| wang.post("/v1/me/inbox/read").json(&body).await;
        let nil = uuid::Uuid::nil();
        read(json!({})).await.refused(422, "invalid_fields");
        read(json!({ "ids": [], "up_to": nil })).await.refused(422, "invalid_fields");
        read(json!({ "ids": vec![nil; 101] })).await.refused_field("/ids");
        assert_eq!(read(json!({ "ids": [] })).await.ok()["unread"], 0);
        wang.get("/v1/me/inbox?cursor=nonsense").await.refused(400, "bad_request");
        wang.get("/v1/me/inbox?unread=perhaps").await.refused(400, "bad_request");
        wang.put("/v1/me/notice-level").json(&json!({ "level": "none" })).await.refused_field("/level");
    }

    async fn no_resident_is_named_and_of_sealed_matters_not_even_the_service(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, _) = cast.signed().await;
        cast.wang.makes("comment", &order, &json!({ "text": "王女士家的路沿还是很尖" })).await;
        let chen = app.sign_in("demo-ry-chen").await;
        chen.places(&order_in("RY", "mediation", "楼上漏水，邻居不肯修，吵过三次")).await;
        app.drain_outbox().await;
        let secretary = app.sign_in("demo-ry-secretary").await;
        let sealed = inbox(&secretary, "").await;
        assert_eq!(sealed["items"][0]["text"], "社区事项（待接单）：请接单。");
        assert_eq!(kinds(&inbox(&app.sign_in("demo-ry-clerk").await, "").await), [""; 0], "the secretary's alone");
        for who in [&cast.clerk, &cast.property, &cast.wang, &secretary, &chen] {
            let told = inbox(who, "").await;
            assert_ne!(told["items"], json!([]));
            for secret in ["王女士", "13800000001", "路沿", "尖", "漏水", "调解"] {
                assert!(!told.to_string().contains(secret), "{secret}: {told}");
            }
        }
    }

    async fn the_morning_of_a_working_day_is_about_no_one_order(app: &TestApp) {
        let cast = app.xiyuan().await;
        cast.accepted().await;
        cast.submitted().await;
        app.look_at_the_clock().await;
        let told = inbox(&cast.secretary, "").await;
        let digest = told["items"].as_array().expect("items").iter().find(|item| item["kind"] == "digest");
        let digest = digest.expect("a digest");
        assert_eq!(digest["text"], "社区订单（待接1 在办1 超期0）：请查看今日待办。");
        assert_eq!((&digest["order_id"], &digest["order_number"]), (&Value::Null, &Value::Null));
    }

    async fn who_wants_silence_is_rung_for_danger_alone(app: &TestApp) {
        let cast = app.xiyuan().await;
        let level = cast.secretary.get("/v1/me/notice-level").await.ok();
        assert_eq!(level["level"], "all");
        let chosen = json!({ "level": "inbox_only" });
        let said = cast.secretary.put("/v1/me/notice-level").json(&chosen).await.ok();
        assert_eq!(said["text"], "不再另行通知，请在小程序的消息里查看；紧急情况照常通知");
        assert_eq!(cast.secretary.get("/v1/me/notice-level").await.ok(), said);
        app.agrees_to_messages(&cast.secretary.openid);
        cast.submitted().await;
        app.drain_outbox().await;
        assert_eq!(app.messages_of(&cast.secretary.openid).len(), 0);
        assert_eq!(kinds(&inbox(&cast.secretary, "").await), ["new_order"], "it can be read all the same");
        cast.wang.places(&order_in("XY", "repair", "家里闻到很浓的煤气味，老人头晕")).await;
        app.drain_outbox().await;
        assert_eq!(app.messages_of(&cast.secretary.openid).len(), 1);
        let export = cast.secretary.get("/v1/me/export").await.ok();
        assert_eq!(export["profile"]["notice_level"], "inbox_only");
        // It is the secretary's own choice.
        assert_eq!(cast.clerk.get("/v1/me/notice-level").await.ok()["level"], "all");
    }

    async fn whoever_wants_what_is_important_gets_that(app: &TestApp) {
        let cast = app.xiyuan().await;
        cast.wang.put("/v1/me/notice-level").json(&json!({ "level": "important_only" })).await.ok();
        app.agrees_to_messages("demo-xy-wang");
        cast.accepted().await;
        let order = cast.wang.places(&kerb()).await;
        cast.clerk.makes("refuse", &order, &json!({ "reason": "department_duty" })).await;
        app.drain_outbox().await;
        let titles: Vec<_> = app.messages_of("demo-xy-wang").iter().map(|message| message.template_id.clone()).collect();
        assert_eq!(titles, [tests::PROGRESS], "where to go instead; not that it was accepted");
    }
}
