//! The figures that a community publishes come out of queries, and are right whatever happened to the orders.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Person, TestApp, community, on_both, order_in};

async fn figures(app: &TestApp, prefix: &str, query: &str) -> Value {
    app.anonymous().get(&format!("/v1/communities/{}/figures{query}", community(prefix))).await.ok()
}

fn count(figures: &Value, figure: &str) -> i64 {
    let items = figures["items"].as_array().expect("items");
    items.iter().find(|item| item["figure"] == figure).expect("a figure")["count"].as_i64().expect("a count")
}

fn parts(figures: &Value, figure: &str) -> Vec<(String, i64)> {
    let items = figures["items"].as_array().expect("items");
    let item = items.iter().find(|item| item["figure"] == figure).expect("a figure");
    let part =
        |part: &Value| (part["name"].as_str().unwrap_or_default().to_owned(), part["count"].as_i64().unwrap_or(0));
    item["parts"].as_array().expect("parts").iter().map(part).collect()
}

async fn resolves(resident: &Person, desk: &Person, order: &Value) -> Value {
    let order = resident.places(order).await;
    let order = desk.makes("accept", &order, &json!({})).await;
    desk.makes("resolve", &order, &json!({ "result": "办好了", "override_reason": "当面办结" })).await
}

on_both! {
    async fn matters_count_when_they_are_resolved_and_not_while_they_are_open_again(app: &TestApp) {
        let cast = app.xiyuan().await;
        assert_eq!(count(&figures(app, "XY", "").await, "matter"), 0);
        let mut kerb = order_in("XY", "repair", "路沿太尖");
        kerb["place"] = json!({ "compound": "西苑小区" });
        let order = resolves(&cast.wang, &cast.clerk, &kerb).await;
        resolves(&cast.wang, &cast.clerk, &order_in("XY", "repair", "路灯不亮")).await;
        resolves(&cast.wang, &cast.clerk, &order_in("XY", "advice", "想问问垃圾分类")).await;
        assert_eq!(count(&figures(app, "XY", "").await, "matter"), 2, "a question is none");
        assert_eq!(parts(&figures(app, "XY", "?by=month").await, "matter"), [("2026-11".to_owned(), 2)]);
        assert_eq!(parts(&figures(app, "XY", "?by=category").await, "matter"), [("报修".to_owned(), 2)]);
        let by_compound = parts(&figures(app, "XY", "?by=compound").await, "matter");
        assert_eq!(by_compound, [(String::new(), 1), ("西苑小区".to_owned(), 1)]);
        assert_eq!(count(&figures(app, "RY", "").await, "matter"), 0, "another community");
        app.pass(TimeDelta::days(1));
        let order = cast.wang.makes("reopen", &order, &json!({ "reason": "又翘起来了" })).await;
        assert_eq!(count(&figures(app, "XY", "").await, "matter"), 1);
        app.pass(TimeDelta::days(8));
        let order = cast.clerk.makes("resolve", &order, &json!({ "result": "重新抹平", "override_reason": "当面办结" })).await;
        assert_eq!(order["status"], "resolved");
        assert_eq!(parts(&figures(app, "XY", "?by=month").await, "matter"), [("2026-11".to_owned(), 1), ("2026-12".to_owned(), 1)]);
        assert_eq!(count(&figures(app, "XY", "?until=2026-11-30").await, "matter"), 1);
        assert_eq!(count(&figures(app, "XY", "?from=2026-12-01&until=2026-12-31").await, "matter"), 1);
    }

    async fn how_long_it_took_and_by_which_way_it_came_is_counted(app: &TestApp) {
        let cast = app.xiyuan().await;
        let none = figures(app, "XY", "").await;
        assert_eq!((&none["resolved"]["count"], &none["resolved"]["median_hours"]), (&json!(0), &Value::Null));
        let lamp = cast.wang.places(&order_in("XY", "repair", "路灯不亮")).await;
        resolves(&cast.wang, &cast.clerk, &order_in("XY", "advice", "想问问垃圾分类")).await;
        app.pass(TimeDelta::minutes(25 * 60 + 30));
        let lamp = cast.clerk.makes("accept", &lamp, &json!({})).await;
        let lamp = cast.clerk.makes("resolve", &lamp, &json!({ "result": "换了灯泡", "override_reason": "当面办结" })).await;
        let repairs = "?category=%E6%8A%A5%E4%BF%AE";
        assert_eq!(figures(app, "XY", repairs).await["resolved"]["median_hours"], 26, "begun hours");
        let mut for_somebody = order_in("XY", "repair", "李大爷家门口的台阶松了");
        for_somebody["on_behalf_of"] = json!({ "name": "李大爷" });
        resolves(&cast.li, &cast.clerk, &for_somebody).await;
        let all = figures(app, "XY", "?by=channel").await;
        assert_eq!((&all["resolved"]["count"], &all["resolved"]["median_hours"]), (&json!(3), &json!(0)));
        let by_channel = json!([{ "name": "mini_program", "count": 2 }, { "name": "on_behalf", "count": 1 }]);
        assert_eq!(all["resolved"]["parts"], by_channel, "the question too");
        cast.wang.makes("reopen", &lamp, &json!({ "reason": "又不亮了" })).await;
        let left = figures(app, "XY", repairs).await["resolved"].clone();
        assert_eq!((&left["count"], &left["median_hours"]), (&json!(1), &json!(0)), "its hours are not counted either");
    }

    async fn people_who_live_there_are_counted_once(app: &TestApp) {
        let before = figures(app, "XY", "").await["registered"].as_u64().expect("a number");
        let newcomer = app.sign_in("newcomer").await;
        for room in ["101", "202"] {
            let (community, compound, building, unit) = (community("XY"), "西苑小区", "3号楼", "1单元");
            let home = json!({ "community_id": community, "compound": compound, "building": building, "unit": unit, "room": room });
            newcomer.post("/v1/me/residences").json(&home).key(room).await.ok();
        }
        assert_eq!(figures(app, "XY", "").await["registered"], before + 1);
    }

    async fn a_category_counts_what_lies_below_it(app: &TestApp) {
        let (chen, clerk) = (app.sign_in("demo-ry-chen").await, app.sign_in("demo-ry-clerk").await);
        let mut insurance = order_in("RY", "medical_insurance", "缴明年的医保");
        insurance["form"] = json!({ "matter": "缴费" });
        resolves(&chen, &clerk, &insurance).await;
        resolves(&chen, &clerk, &order_in("RY", "errand", "代取快递")).await;
        let mut tap = order_in("RY", "volunteer_repair", "水管滴水");
        tap["form"] = json!({ "what": "水管龙头" });
        resolves(&chen, &clerk, &tap).await;
        let all = figures(app, "RY", "").await;
        assert_eq!((count(&all, "errand"), count(&all, "repair"), count(&all, "dispute")), (2, 1, 0));
        let insured = figures(app, "RY", "?category=%E5%B8%AE%E5%8A%9E/%E5%8C%BB%E4%BF%9D").await;
        assert_eq!((count(&insured, "errand"), count(&insured, "repair")), (1, 0));
        assert_eq!(count(&figures(app, "RY", "?category=%E5%B8%AE%E5%8A%9E").await, "errand"), 2);
        assert_eq!(count(&figures(app, "RY", "?category=%E5%B8%AE").await, "errand"), 0, "no part of a name");
    }

    async fn what_cannot_be_asked_is_said(app: &TestApp) {
        let stranger = app.anonymous();
        let path = format!("/v1/communities/{}/figures", community("XY"));
        let compounds = app.anonymous().get(&format!("/v1/communities/{}", community("XY"))).await.ok();
        assert!(compounds["compounds"].is_array());
        for bad in [
            "?from=2026-12-01&until=2026-11-01",
            "?from=1990-01-01&until=2026-11-01",
            "?from=yesterday",
            "?by=weather",
            &format!("?compound_id={}", uuid::Uuid::nil()),
            "?page=2",
        ] {
            stranger.get(&format!("{path}{bad}")).await.refused(400, "bad_request");
        }
        stranger.get(&format!("/v1/communities/{}/figures", uuid::Uuid::nil())).await.refused(404, "not_found");
    }
}
