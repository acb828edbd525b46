//! Not solved after all.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Cast, on_both, task_for};

fn again() -> Value {
    json!({ "reason": "抹平的地方又裂开了" })
}

async fn reopened(cast: &Cast, order: &Value) -> Value {
    cast.clerk.makes("resolve", order, &json!({ "result": "已抹平" })).await;
    cast.wang.makes("reopen", order, &again()).await
}

on_both! {
    async fn an_order_is_reopened_twice_and_the_second_time_is_watched(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        let once = reopened(&cast, &order).await;
        assert_eq!((&once["status"], &once["round"], &once["supervised"]), (&json!("accepted"), &json!(2), &json!(false)));
        assert_eq!(once["resolution"], Value::Null);
        let twice = reopened(&cast, &order).await;
        assert_eq!((&twice["round"], &twice["supervised"]), (&json!(3), &json!(true)));

        let other = cast.li.places(&tests::kerb()).await;
        let body = json!({ "into": tests::id(&other) });
        cast.clerk.tries("merge", &order, &body).await.refused(409, "merge_supervised");
        let resolved = cast.clerk.makes("resolve", &order, &json!({ "result": "已抹平" })).await;
        assert_eq!(cast.wang.sees(&resolved).await["allowed_actions"], json!(["rate", "comment", "unshare"]));
        cast.wang.tries("reopen", &order, &again()).await.refused(409, "reopen_limit");
    }

    async fn fifteen_days_are_the_limit(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.resolved().await;
        app.pass(TimeDelta::days(15));
        // Access tokens have expired meanwhile.
        let cast = app.xiyuan().await;
        assert_eq!(cast.wang.sees(&order).await["allowed_actions"], json!(["rate", "reopen", "comment", "unshare"]));
        app.pass(TimeDelta::milliseconds(1));
        assert_eq!(cast.wang.sees(&order).await["allowed_actions"], json!(["rate", "comment", "unshare"]));
        cast.wang.tries("reopen", &order, &again()).await.refused(409, "reopen_too_late");
        app.pass(TimeDelta::milliseconds(-1));
        cast.wang.makes("reopen", &order, &again()).await;
    }

    async fn the_secretary_reopens_after_a_call_back_and_the_clerk_does_not(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.rated().await;
        cast.clerk.tries("reopen", &order, &again()).await.refused(403, "not_permitted");
        cast.secretary.makes("reopen", &order, &again()).await;
        let last = cast.wang.timeline(&order).await.pop().expect("a line");
        assert_eq!((&last["text"], &last["by"]), (&json!("书记要求重办"), &json!("secretary")));
    }

    async fn a_new_round_has_handlers_of_its_own(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, lead) = cast.completed().await;
        let reopened = reopened(&cast, &order).await;
        assert_eq!(reopened["dispatches"].as_array().map(Vec::len), Some(1), "what was done stays readable");
        cast.property.looks_at(&order).await.refused(404, "not_found");
        cast.clerk.tries_task("rework", &lead, &again()).await.refused(409, "wrong_state");

        // The same partner is asked anew, as lead.
        let next = cast.secretary.dispatches(&order, &task_for("红色物业西苑管理科")).await;
        assert_eq!(next["round"], 2);
        cast.clerk.tries_task("rework", &lead, &again()).await.refused(409, "wrong_dispatch_state");
        cast.property.does("sign", &next, &json!({})).await;
    }

    async fn what_is_still_open_or_was_turned_away_is_not_reopened(app: &TestApp) {
        let cast = app.xiyuan().await;
        for order in [cast.accepted().await, cast.refused().await, cast.withdrawn().await, cast.merged().await] {
            cast.wang.tries("reopen", &order, &again()).await.refused(409, "wrong_state");
        }
    }

    async fn after_a_reopening_one_may_urge_at_once(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        cast.wang.makes("urge", &order, &json!({})).await;
        let reopened = reopened(&cast, &order).await;
        assert!(reopened["allowed_actions"].to_string().contains("urge"));
        assert_eq!(cast.wang.makes("urge", &order, &json!({})).await["urges"], 2);
    }
}
