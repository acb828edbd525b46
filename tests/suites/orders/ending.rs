//! The other ways in which an order ends, and what is said meanwhile.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{kerb, on_both, order_in};

on_both! {
    async fn a_refusal_has_a_reason_and_a_place_to_go_instead(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        let body = json!({ "reason": "department_duty", "redirect_to": "请到新华区政务服务中心办理" });
        let refused = cast.clerk.makes("refuse", &order, &body).await;
        assert_eq!(refused["status"], "refused");
        assert_eq!(refused["refusal"]["reason_text"], "属于职能部门职责");
        let seen = cast.wang.sees(&order).await;
        assert_eq!(seen["refusal"]["redirect_to"], "请到新华区政务服务中心办理");
        assert_eq!(seen["allowed_actions"], json!([]));
        let last = cast.wang.timeline(&order).await.pop().expect("a line");
        assert_eq!((&last["text"], &last["note"]), (&json!("接访员不予受理：属于职能部门职责"), &body["redirect_to"]));
    }

    async fn a_reason_is_one_of_the_list(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        let problem = cast.clerk.tries("refuse", &order, &json!({ "reason": "too_lazy" })).await.refused_field("/reason");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("department_duty")), "{problem}");
        cast.clerk.tries("refuse", &order, &json!({})).await.refused_field("/reason");
    }

    async fn a_resident_withdraws_at_any_time_while_it_is_open(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (dispatched, _) = cast.dispatched().await;
        for order in [cast.submitted().await, cast.accepted().await, dispatched] {
            let withdrawn = cast.wang.makes("withdraw", &order, &json!({ "reason": "邻居已经帮忙解决" })).await;
            assert_eq!((&withdrawn["status"], &withdrawn["status_text"]), (&json!("withdrawn"), &json!("已撤单")));
            let again = cast.wang.makes("withdraw", &order, &json!({})).await;
            assert_eq!(again["version"], withdrawn["version"], "a second time changes nothing");
            cast.clerk.tries("accept", &order, &json!({})).await.refused(409, "wrong_state");
        }
        let resolved = cast.resolved().await;
        cast.wang.tries("withdraw", &resolved, &json!({})).await.refused(409, "wrong_state");
    }

    async fn the_desk_solves_simple_things_itself(app: &TestApp) {
        let cast = app.xiyuan().await;
        let resolved = cast.resolved().await;
        assert_eq!(resolved["resolution"]["result"], "路沿已打磨并用水泥抹平");
        assert_eq!(resolved["dispatches"], json!([]));
        let unaccepted = cast.submitted().await;
        let body = json!({ "result": "已处理" });
        cast.clerk.tries("resolve", &unaccepted, &body).await.refused(409, "wrong_state");
    }

    async fn urging_again_within_four_hours_changes_nothing(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        assert_eq!(order["allowed_actions"], json!(["withdraw", "urge", "comment", "unshare"]));
        let urged = cast.wang.makes("urge", &order, &json!({})).await;
        assert_eq!((&urged["urges"], &urged["urged_at"]), (&json!(1), &json!("2026-11-23T10:00:00+08:00")));
        assert_eq!(urged["allowed_actions"], json!(["withdraw", "comment", "unshare"]));
        app.pass(TimeDelta::hours(4) - TimeDelta::seconds(1));
        let too_soon = cast.wang.makes("urge", &order, &json!({})).await;
        assert_eq!((&too_soon["urges"], &too_soon["version"]), (&json!(1), &urged["version"]));
        app.pass(TimeDelta::seconds(1));
        assert_eq!(cast.wang.makes("urge", &order, &json!({})).await["urges"], 2);
        cast.clerk.tries("urge", &order, &json!({})).await.refused(403, "not_permitted");
    }

    async fn everybody_concerned_may_leave_a_comment(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, _) = cast.dispatched().await;
        for (person, words) in
            [(&cast.wang, "师傅来之前请先打电话"), (&cast.clerk, "好的"), (&cast.property, "明天上午到")]
        {
            person.makes("comment", &order, &json!({ "text": words })).await;
        }
        let notes: Vec<_> =
            cast.clerk.timeline(&order).await.iter().rev().take(3).map(|line| line["note"].clone()).collect();
        assert_eq!(notes, ["明天上午到", "好的", "师傅来之前请先打电话"]);
        let refused = cast.refused().await;
        cast.wang.tries("comment", &refused, &json!({ "text": "为什么" })).await.refused(409, "wrong_state");
    }

    async fn urgent_orders_run_on_natural_time(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let order = wang.places(&order_in("XY", "safety", "楼道里有人给电动车充电")).await;
        assert_eq!(order["due"]["accept_by"], "2026-11-23T10:30:00+08:00");
        assert_eq!(order["due"]["resolve_by"], "2026-11-24T10:00:00+08:00");
        assert_eq!(order["title"], "楼道里有人给电动车充电", "the start of the description");
    }

    async fn one_may_order_for_somebody_else(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut order = kerb();
        order["on_behalf_of"] = json!({ "name": "张大爷", "phone": "0311-85551234" });
        let order = cast.wang.places(&order).await;
        assert_eq!(cast.clerk.sees(&order).await["on_behalf_of"]["name"], "张**");
        assert_eq!(cast.wang.timeline(&order).await[0]["text"], "居民代他人下单");
        cast.clerk.makes("accept", &order, &json!({})).await;
        cast.clerk.makes("resolve", &order, &json!({ "result": "已修好" })).await;
        cast.wang.makes("rate", &order, &json!({ "solved": true, "satisfaction": 4 })).await;
        let last = cast.clerk.timeline(&order).await.pop().expect("a line");
        assert_eq!(last["text"], "代办人评价：已解决，4 分", "nobody takes it for the elder's own voice");
    }

    async fn a_grid_workers_report_is_marked_as_such(app: &TestApp) {
        let grid = app.sign_in("demo-xy-grid").await;
        let order = grid.places(&kerb()).await;
        assert_eq!(grid.timeline(&order).await[0]["by"], "grid_worker");
    }

    async fn numbers_count_by_community_and_day(app: &TestApp) {
        let (wang, chen) = (app.sign_in("demo-xy-wang").await, app.sign_in("demo-ry-chen").await);
        let mut numbers = Vec::new();
        for _ in 0..2 {
            numbers.push(wang.places(&kerb()).await["number"].clone());
            numbers.push(chen.places(&order_in("RY", "errand", "代缴电费")).await["number"].clone());
        }
        // Midnight in Shanghai, not in Greenwich.
        app.clock.set("2026-11-23T23:59:59.999+08:00".parse().expect("an instant"));
        numbers.push(wang.places(&kerb()).await["number"].clone());
        app.pass(TimeDelta::milliseconds(1));
        numbers.push(wang.places(&kerb()).await["number"].clone());
        assert_eq!(
            numbers,
            [
                "XY-20261123-0001",
                "RY-20261123-0001",
                "XY-20261123-0002",
                "RY-20261123-0002",
                "XY-20261123-0003",
                "XY-20261124-0001",
            ]
        );
    }

    async fn a_point_is_kept_in_the_system_of_chinese_maps(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let mut order = kerb();
        order["place"]["point"] = json!({ "latitude": 39.915, "longitude": 116.404, "coord_sys": "wgs84", "source": "device", "accuracy_m": 15 });
        let point = wang.places(&order).await["place"]["point"].clone();
        let close = |value: &Value, wanted: f64| value.as_f64().is_some_and(|v| (v - wanted).abs() < 1e-5);
        assert!(close(&point["latitude"], 39.916_404_28) && close(&point["longitude"], 116.410_244_50), "{point}");
        assert_eq!((&point["coord_sys"], &point["accuracy_m"]), (&json!("gcj02"), &json!(15)));

        order["place"]["point"] = json!({ "latitude": 38.05, "longitude": 114.47, "coord_sys": "gcj02" });
        let point = wang.places(&order).await["place"]["point"].clone();
        assert_eq!((&point["latitude"], &point["longitude"]), (&json!(38.05), &json!(114.47)), "as it came");
    }
}
