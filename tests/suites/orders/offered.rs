//! `allowed_actions` says exactly what would be accepted, so that a client never guesses.

use serde_json::{Value, json};
use tests::{Cast, Person, id, kerb, on_both, place_in, task_for};

const STATUSES: [&str; 8] =
    ["submitted", "accepted", "dispatched", "resolved", "rated", "refused", "withdrawn", "merged"];
const MOVES: [&str; 13] = [
    "accept", "check", "refuse", "withdraw", "merge", "dispatch", "locate", "resolve", "rate", "reopen", "urge",
    "comment", "unshare",
];
const TASK_MOVES: [&str; 8] = ["sign", "return", "visit", "complete", "recall", "rework", "quote", "answer_quote"];
const TASK_STATUSES: [&str; 5] = ["sent", "signed", "completed", "returned", "recalled"];

async fn order_that_is(cast: &Cast, status: &str) -> Value {
    match status {
        "submitted" => cast.submitted().await,
        "accepted" => cast.accepted().await,
        "dispatched" => cast.dispatched().await.0,
        "resolved" => cast.resolved().await,
        "rated" => cast.rated().await,
        "refused" => cast.refused().await,
        "withdrawn" => cast.withdrawn().await,
        _ => cast.merged().await,
    }
}

async fn body_for(cast: &Cast, a_move: &str, status: &str) -> Value {
    match a_move {
        "refuse" => json!({ "reason": "other" }),
        "merge" => json!({ "into": id(&cast.li.places(&kerb()).await) }),
        "dispatch" if status == "dispatched" => {
            let mut help = task_for("老旧小区改造施工方");
            help["role"] = json!("co");
            help
        }
        "dispatch" => task_for("老旧小区改造施工方"),
        "resolve" => json!({ "result": "已处理", "override_reason": "已电话确认" }),
        "locate" => json!({ "grid_id": place_in("XY", "第二网格") }),
        "check" => json!({ "missing": [] }),
        "rate" => json!({ "solved": true, "satisfaction": 4 }),
        "reopen" => json!({ "reason": "没有解决" }),
        "visit" => json!({ "note": "现场看过" }),
        "comment" => json!({ "text": "知道了" }),
        _ => json!({}),
    }
}

fn offered(thing: &Value) -> Vec<&str> {
    thing["allowed_actions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// A phone that lost the answer and asks again is answered again; nothing new is offered for that.
fn is_repeat(a_move: &str, status: &str) -> bool {
    matches!((a_move, status), ("withdraw", "withdrawn") | ("sign", "signed"))
}

async fn hold_to_its_word(cast: &Cast, who: &Person, status: &str) {
    let order = order_that_is(cast, status).await;
    let seen = who.looks_at(&order).await;
    let allowed = if seen.status == 200 { seen.value() } else { json!({}) };
    let allowed = offered(&allowed);
    for a_move in MOVES.into_iter().filter(|m| !allowed.contains(m) && !is_repeat(m, status)) {
        let reply = who.tries(a_move, &order, &body_for(cast, a_move, status).await).await;
        assert!((400..500).contains(&reply.status), "{} was not offered {a_move} when {status}: {reply}", who.openid);
    }
    assert_eq!(cast.clerk.sees(&order).await["version"], order["version"], "what was refused changed nothing");
    for a_move in allowed {
        let order = order_that_is(cast, status).await;
        let reply = who.tries(a_move, &order, &body_for(cast, a_move, status).await).await;
        assert_eq!(reply.status, 200, "{} was offered {a_move} when {status}: {reply}", who.openid);
    }
}

async fn task_that_is(cast: &Cast, status: &str) -> Value {
    let why = json!({ "reason": "other", "note": "无法办理" });
    match status {
        "sent" => cast.dispatched().await.1,
        "signed" => cast.signed().await.1,
        "completed" => cast.completed().await.1,
        "returned" => cast.property.does("return", &cast.dispatched().await.1, &why).await,
        _ => cast.secretary.does("recall", &cast.dispatched().await.1, &json!({ "reason": "改派" })).await,
    }
}

fn task_body_for(a_move: &str) -> Value {
    match a_move {
        "return" => json!({ "reason": "no_capacity", "note": "人手不足" }),
        "visit" => json!({ "note": "看过现场" }),
        "complete" => json!({ "result": "做完了" }),
        "quote" => json!({ "materials": [{ "what": "水龙头", "fen": 1250 }] }),
        "answer_quote" => json!({ "number": 1, "agreed": true }),
        "recall" | "rework" => json!({ "reason": "不合格" }),
        _ => json!({}),
    }
}

async fn hold_task_to_its_word(cast: &Cast, who: &Person, status: &str) {
    let task = task_that_is(cast, status).await;
    let seen = who.get(&format!("/v1/dispatches/{}", id(&task))).await;
    let allowed = if seen.status == 200 { seen.value() } else { json!({}) };
    let allowed = offered(&allowed);
    for a_move in TASK_MOVES.into_iter().filter(|m| !allowed.contains(m) && !is_repeat(m, status)) {
        let reply = who.tries_task(a_move, &task, &task_body_for(a_move)).await;
        assert!((400..500).contains(&reply.status), "{} was not offered {a_move} when {status}: {reply}", who.openid);
    }
    for a_move in allowed {
        let task = task_that_is(cast, status).await;
        let reply = who.tries_task(a_move, &task, &task_body_for(a_move)).await;
        assert_eq!(reply.status, 200, "{} was offered {a_move} when {status}: {reply}", who.openid);
    }
}

on_both! {
    async fn what_is_offered_on_an_order_is_accepted_and_nothing_else(app: &TestApp) {
        let cast = app.xiyuan().await;
        for status in STATUSES {
            for who in [&cast.wang, &cast.li, &cast.clerk, &cast.secretary, &cast.property] {
                hold_to_its_word(&cast, who, status).await;
            }
        }
    }

    async fn what_is_offered_on_a_dispatch_is_accepted_and_nothing_else(app: &TestApp) {
        let cast = app.xiyuan().await;
        for status in TASK_STATUSES {
            for who in [&cast.wang, &cast.clerk, &cast.secretary, &cast.property, &cast.builder] {
                hold_task_to_its_word(&cast, who, status).await;
            }
        }
    }
}
