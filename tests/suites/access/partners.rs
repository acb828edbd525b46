//! What a handler sees: the task, not the person.

use serde_json::{Value, json};
use tests::{id, kerb, on_both, task_for};

/// What Ms Wang wrote, and who she is.
const PRIVATE: [&str; 4] = ["路沿尖角危险", "健身器材拆除后留下的路沿很尖", "王女士", "13800000001"];

fn assert_private(seen: &Value, what: &[&str]) {
    let seen = seen.to_string();
    for secret in what {
        assert!(!seen.contains(secret), "{secret} is in {seen}");
    }
}

on_both! {
    async fn a_handler_sees_the_task_and_not_the_person(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        let mut task = task_for("红色物业西苑管理科");
        task["share_contact"] = json!(false);
        let dispatch = cast.secretary.dispatches(&order, &task).await;
        let (order_seen, task_seen) = (
            cast.property.sees(&order).await,
            cast.property.get(&format!("/v1/dispatches/{}", id(&dispatch))).await.ok(),
        );
        assert_eq!(order_seen["title"], "公共设施报修", "the service's name");
        assert_eq!(task_seen["task"], "打磨并用水泥抹平路沿尖角");
        assert_eq!(task_seen["place"]["compound"], "西苑小区");
        let list = cast.property.get("/v1/orders?view=assigned").await.ok();
        let tasks = cast.property.get("/v1/dispatches?view=mine").await.ok();
        let timeline = cast.property.get(&format!("/v1/orders/{}/timeline", id(&order))).await.ok();
        for seen in [&order_seen, &task_seen, &list, &tasks, &timeline] {
            assert_private(seen, &PRIVATE);
            assert_private(seen, &[&cast.wang.id]);
        }
    }

    async fn what_neighbours_say_to_the_desk_stays_there(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, dispatch) = cast.signed().await;
        cast.wang.makes("comment", &order, &json!({ "text": "我住3号楼201,晚上在家" })).await;
        cast.clerk.makes("comment", &order, &json!({ "text": "居民是残疾人,请耐心" })).await;
        cast.property.makes("comment", &order, &json!({ "text": "明天上午到" })).await;
        let timeline = cast.property.get(&format!("/v1/orders/{}/timeline", id(&order))).await.ok();
        assert_private(&timeline, &["201", "残疾人"]);
        assert!(timeline.to_string().contains("明天上午到"));
        cast.property.does("complete", &dispatch, &json!({ "result": "已打磨" })).await;
        cast.clerk.makes("resolve", &order, &json!({ "result": "已完成" })).await;
        cast.wang.makes("rate", &order, &json!({ "solved": false, "satisfaction": 1, "comment": "还是很尖" })).await;
        let seen = cast.property.sees(&order).await;
        assert_private(&seen, &["还是很尖"]);
        assert_eq!(seen["rating"], Value::Null);
    }

    async fn the_contact_is_lent_while_the_dispatch_is_open(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, dispatch) = cast.dispatched().await;
        let path = format!("/v1/dispatches/{}", id(&dispatch));
        let contact = |seen: Value| seen["contact"]["phone"].clone();
        assert_eq!(contact(cast.property.get(&path).await.ok()), "138****0001");
        cast.property.does("sign", &dispatch, &json!({})).await;
        assert_eq!(contact(cast.property.get(&path).await.ok()), "138****0001");
        cast.property.does("complete", &dispatch, &json!({ "result": "已打磨" })).await;
        assert_eq!(contact(cast.property.get(&path).await.ok()), Value::Null, "the work is done");
        cast.clerk.makes("resolve", &order, &json!({ "result": "已完成" })).await;
        assert_private(&cast.property.sees(&order).await, &PRIVATE);
    }

    async fn the_contact_is_lent_only_where_the_resident_agreed(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut order = kerb();
        order["contact"]["may_share"] = json!(false);
        let order = cast.wang.places(&order).await;
        cast.clerk.makes("accept", &order, &json!({})).await;
        cast.clerk.tries("dispatch", &order, &task_for("红色物业西苑管理科")).await.refused(409, "contact_not_agreed");
        let mut task = task_for("红色物业西苑管理科");
        task["share_contact"] = json!(false);
        let dispatch = cast.clerk.dispatches(&order, &task).await;
        let seen = cast.property.get(&format!("/v1/dispatches/{}", id(&dispatch))).await.ok();
        assert_eq!(seen["contact"], Value::Null);
    }

    async fn a_handler_that_gave_back_or_was_recalled_sees_nothing_more(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, dispatch) = cast.signed().await;
        cast.property.does("return", &dispatch, &json!({ "reason": "no_capacity", "note": "人手不足" })).await;
        let (other, recalled) = cast.dispatched().await;
        cast.secretary.does("recall", &recalled, &json!({ "reason": "改派" })).await;
        for order in [&order, &other] {
            cast.property.looks_at(order).await.refused(404, "not_found");
        }
        assert_eq!(cast.property.list("view=assigned").await, Vec::<String>::new());
    }

    async fn helpers_do_not_see_each_others_tasks(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, lead) = cast.signed().await;
        let mut help = task_for("老旧小区改造施工方");
        help["role"] = json!("co");
        help["task"] = json!("围挡和清运");
        let help = cast.secretary.dispatches(&order, &help).await;
        cast.builder.get(&format!("/v1/dispatches/{}", id(&lead))).await.refused(404, "not_found");
        let seen = cast.builder.sees(&order).await;
        let ids: Vec<_> = seen["dispatches"].as_array().expect("dispatches").iter().map(id).collect();
        assert_eq!(ids, [id(&help)]);
        cast.builder.tries_task("complete", &lead, &json!({ "result": "好了" })).await.refused(404, "not_found");
    }
}
