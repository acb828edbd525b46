//! 连线社区: who is on duty, which number to call, and messages that become orders.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Person, TestApp, community, id, on_both};
use uuid::Uuid;

fn path(prefix: &str) -> String {
    format!("/v1/communities/{}/duty", community(prefix))
}

async fn now(app: &TestApp) -> Value {
    app.anonymous().get(&path("XY")).await.ok()
}

fn turn(name: &str, from: &str, until: &str) -> Value {
    json!({ "starts_at": from, "ends_at": until, "name": name, "phone": "0311-85551234", "note": "带班领导：书记" })
}

async fn put_on(secretary: &Person, turn: &Value) -> Value {
    let reply = secretary.post(&format!("{}/rota", path("XY"))).json(turn).await;
    assert_eq!(reply.status, 201, "{reply}");
    reply.value()
}

on_both! {
    async fn whoever_is_on_duty_is_named_while_the_turn_runs(app: &TestApp) {
        let secretary = app.sign_in("demo-xy-secretary").await;
        let zhao = turn("接访员小赵", "2026-11-23T08:00:00+08:00", "2026-11-23T12:00:00+08:00");
        put_on(&secretary, &zhao).await;
        put_on(&secretary, &turn("网格员小周", "2026-11-23T11:00:00+08:00", "2026-11-24T08:00:00+08:00")).await;
        let seen = now(app).await;
        assert_eq!(seen["on_duty"], json!([{ "name": "接访员小赵", "phone": "0311-85551234", "until": "2026-11-23T12:00:00+08:00" }]));
        assert_eq!((&seen["phone"], &seen["text"]), (&json!("0311-85551234"), &json!("现在由接访员小赵值班，请拨打 0311-85551234")));
        assert_eq!(seen["in_danger"], "遇到危险请直接拨打 110、119 或 120，不要等社区回复");
        assert!(!seen.to_string().contains("带班"), "the note is for the desk: {seen}");
        app.pass(TimeDelta::hours(1));
        let names: Vec<Value> = now(app).await["on_duty"].as_array().expect("a list").iter().map(|one| one["name"].clone()).collect();
        assert_eq!(names, ["网格员小周", "接访员小赵"], "whoever began last first");
        app.pass(TimeDelta::hours(1));
        assert_eq!(now(app).await["on_duty"].as_array().map(Vec::len), Some(1));
        app.pass(TimeDelta::hours(20));
        assert_eq!(now(app).await["on_duty"], json!([]), "over at eight");
        assert_eq!(app.anonymous().get(&path("RY")).await.ok()["on_duty"], json!([]));
        app.anonymous().get(&format!("/v1/communities/{}/duty", Uuid::nil())).await.refused(404, "not_found");
    }

    async fn where_nobody_is_on_duty_the_office_and_its_number_are_told(app: &TestApp) {
        let secretary = app.sign_in("demo-xy-secretary").await;
        let seen = now(app).await;
        assert_eq!((&seen["phone"], &seen["office"]["open_now"]), (&Value::Null, &json!(true)));
        assert_eq!((&seen["office"]["hours"], &seen["text"]), (&json!(["08:30-12:00", "14:00-17:30"]), &json!("社区现在上班，请在这里留言")));
        secretary.put(&path("XY")).json(&json!({ "phone": "0311-85550000" })).await.ok();
        assert_eq!(now(app).await["text"], "社区现在上班，请拨打 0311-85550000");
        app.pass(TimeDelta::hours(3));
        let seen = now(app).await;
        assert_eq!(seen["office"]["open_now"], false);
        assert_eq!(seen["text"], "现在无人值班，工作日 08:30-12:00、14:00-17:30 上班；请拨打 0311-85550000，或留言，上班后回复您");
        // A year whose working days nobody announced.
        app.pass(TimeDelta::days(60));
        assert_eq!(now(app).await["office"]["open_now"], Value::Null);
        secretary.put(&path("XY")).json(&json!({ "phone": "110110" })).await.refused_field("/phone");
    }

    async fn the_secretary_keeps_the_rota(app: &TestApp) {
        let (secretary, clerk) = (app.sign_in("demo-xy-secretary").await, app.sign_in("demo-xy-clerk").await);
        let add = format!("{}/rota", path("XY"));
        let mut zhao = turn("接访员小赵", "2026-11-23T08:00:00+08:00", "2026-11-23T18:00:00+08:00");
        zhao["person_id"] = json!(clerk.id);
        let first = secretary.post(&add).json(&zhao).key("turn").await.ok();
        assert_eq!(secretary.post(&add).json(&zhao).key("turn").await.ok(), first);
        assert_eq!((&first["person_id"], &first["note"]), (&json!(clerk.id), &json!("带班领导：书记")));
        let second = put_on(&secretary, &turn("网格员小周", "2026-11-24T08:00:00+08:00", "2026-11-24T18:00:00+08:00")).await;
        let old = put_on(&secretary, &turn("书记", "2026-11-20T08:00:00+08:00", "2026-11-20T18:00:00+08:00")).await;
        let page = clerk.get(&format!("{add}?limit=1")).await.ok();
        assert_eq!(page["items"], json!([first]));
        let next = page["next_cursor"].as_str().expect("another page");
        let page = clerk.get(&format!("{add}?limit=1&cursor={next}")).await.ok();
        assert_eq!((&page["items"], &page["next_cursor"]), (&json!([second]), &Value::Null), "what is over is not listed");

        let change = format!("/v1/duty/{}", id(&second));
        let changed = secretary.put(&change).json(&turn("接访员小钱", "2026-11-24T08:00:00+08:00", "2026-11-24T20:00:00+08:00")).await.ok();
        assert_eq!((id(&changed), &changed["name"]), (id(&second), &json!("接访员小钱")));
        assert_eq!(secretary.delete(&format!("/v1/duty/{}", id(&old))).await.status, 204);
        secretary.delete(&format!("/v1/duty/{}", id(&old))).await.refused(404, "not_found");

        let before = app.database.picture().await;
        for (pointer, field, value) in [
            ("/ends_at", "ends_at", json!("2026-11-23T08:00:00+08:00")),
            ("/ends_at", "ends_at", json!("2027-11-23T08:00:00+08:00")),
            ("/starts_at", "starts_at", json!("明天")),
            ("/name", "name", json!(" ")),
            ("/name", "name", json!("请\n看")),
            ("/phone", "phone", json!("打电话")),
            ("/person_id", "person_id", json!(Uuid::nil())),
            ("/person_id", "person_id", json!(app.sign_in("demo-xy-wang").await.id)),
        ] {
            let mut wrong = turn("接访员小赵", "2026-11-23T08:00:00+08:00", "2026-11-23T18:00:00+08:00");
            wrong[field] = value;
            secretary.post(&add).json(&wrong).await.refused_field(pointer);
            secretary.put(&change).json(&wrong).await.refused_field(pointer);
        }
        let after = app.database.picture().await;
        assert_eq!(after.0["duty_rota"], before.0["duty_rota"]);
    }

    async fn nobody_else_writes_the_rota(app: &TestApp) {
        let cast = app.xiyuan().await;
        let zhao = turn("接访员小赵", "2026-11-23T08:00:00+08:00", "2026-11-23T18:00:00+08:00");
        let kept = put_on(&cast.secretary, &zhao).await;
        let (add, change) = (format!("{}/rota", path("XY")), format!("/v1/duty/{}", id(&kept)));
        let admin = app.administrator().await;
        let (grid, street, far) = (app.sign_in("demo-xy-grid").await, app.sign_in("demo-xy-street").await, app.sign_in("demo-ry-secretary").await);
        let before = app.database.picture().await;
        for nobody in [&cast.clerk, &cast.wang, &cast.property, &admin, &grid, &street] {
            nobody.post(&add).json(&zhao).await.refused(403, "not_permitted");
            nobody.put(&change).json(&zhao).await.refused(403, "not_permitted");
            nobody.delete(&change).await.refused(403, "not_permitted");
            nobody.put(&path("XY")).json(&json!({ "phone": "0311-85559999" })).await.refused(403, "not_permitted");
        }
        far.post(&add).json(&zhao).await.refused(404, "not_found");
        far.put(&change).json(&zhao).await.refused(404, "not_found");
        far.delete(&change).await.refused(404, "not_found");
        far.put(&path("XY")).json(&json!({ "phone": "0311-85559999" })).await.refused(404, "not_found");
        far.get(&add).await.refused(404, "not_found");
        for nobody in [&cast.wang, &cast.property, &admin, &grid, &street] {
            nobody.get(&add).await.refused(403, "not_permitted");
        }
        let after = app.database.picture().await;
        assert_eq!((after.0["duty_rota"], after.0["duty_desks"]), (before.0["duty_rota"], before.0["duty_desks"]));
        app.anonymous().get(&add).await.refused(401, "unauthenticated");
    }

    async fn a_message_becomes_an_order(app: &TestApp) {
        let cast = app.xiyuan().await;
        let leave = |text: &str| cast.wang.post(&format!("{}/messages", path("XY"))).json(&json!({ "text": text, "phone": "138 0000 0001" }));
        let reply = leave("请问周末可以办理老年证吗？").key("message").await;
        assert_eq!(reply.status, 201, "{reply}");
        let order = reply.value();
        assert_eq!((&order["service_key"], &order["status"]), (&json!("message"), &json!("submitted")));
        assert_eq!(order["description"], "请问周末可以办理老年证吗？");
        assert_eq!(leave("请问周末可以办理老年证吗？").key("message").await.ok(), order, "one order");
        assert_eq!(cast.clerk.list("view=community&service_key=message").await, [id(&order)]);
        cast.clerk.makes("accept", &order, &json!({})).await;
        let path_of = format!("/v1/orders/{}/reveal", id(&order));
        let revealed = cast.clerk.post(&path_of).json(&json!({ "purpose": "contact_resident" })).await.ok();
        assert_eq!(revealed["contact"]["phone"], "13800000001");
        cast.clerk.makes("resolve", &order, &json!({ "result": "周六上午可以办理" })).await;
        assert_eq!(cast.wang.list("view=mine").await, [id(&order)]);
        // What holds for every order holds for it: danger is urgent, and conduct of cadres is not for the community.
        let danger = leave("厨房煤气味很大，头晕").await.ok();
        assert!(danger["emergency"].is_object(), "{danger}");
        for (body, field) in [(json!({ "text": " " }), "/text"), (json!({ "text": "字".repeat(1_001) }), "/text"), (json!({ "text": "你好", "phone": "1" }), "/phone")] {
            cast.wang.post(&format!("{}/messages", path("XY"))).json(&body).await.refused_field(field);
        }
        app.anonymous().post(&format!("{}/messages", path("XY"))).json(&json!({ "text": "你好" })).await.refused(401, "unauthenticated");
        cast.wang.post(&format!("/v1/communities/{}/duty/messages", Uuid::nil())).json(&json!({ "text": "你好" })).await.refused(404, "not_found");
        // A community that takes no messages has none to leave.
        let service = json!({ "name": "连线社区留言", "category": "咨询", "urgency": "ordinary", "closed": true });
        cast.secretary.put(&format!("/v1/places/{}/services/message", community("XY"))).json(&service).await.ok();
        leave("还在吗").await.refused(404, "not_found");
    }

    async fn every_community_takes_messages(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        for prefix in ["XY", "RY", "CL", "GX"] {
            let reply = wang.post(&format!("{}/messages", path(prefix))).json(&json!({ "text": "你好" })).await;
            assert_eq!(reply.status, 201, "{prefix}: {reply}");
        }
    }

    async fn the_rota_lies_locked_and_goes_with_the_account(app: &TestApp) {
        let secretary = app.sign_in("demo-xy-secretary").await;
        put_on(&secretary, &turn("接访员小赵", "2026-11-23T08:00:00+08:00", "2026-11-23T18:00:00+08:00")).await;
        let dump = app.database.stolen().await;
        for secret in ["小赵", "85551234", "带班领导"] {
            assert!(!dump.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
        }
    }
}
