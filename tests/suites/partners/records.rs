//! How partners did.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Client, community, kerb, on_both, partner, task_for};

use super::{PROPERTY, path, sent};

async fn record(who: &Client, query: &str) -> Value {
    who.get(&format!("{}/record{query}", path("XY", PROPERTY))).await.ok()
}

on_both! {
    async fn a_record_tells_of_signatures_returns_reworks_and_ratings(app: &TestApp) {
        let cast = app.xiyuan().await;
        // Signed in time, sent back once, done and rated.
        let order = cast.accepted().await;
        let task = sent(&cast.clerk, &order).await;
        cast.property.does("sign", &task, &json!({})).await;
        cast.property.does("complete", &task, &json!({ "result": "抹平了" })).await;
        cast.clerk.does("rework", &task, &json!({ "reason": "不平" })).await;
        cast.property.does("complete", &task, &json!({ "result": "再抹平" })).await;
        cast.clerk.makes("resolve", &order, &json!({ "result": "好了" })).await;
        cast.wang.makes("rate", &order, &json!({ "solved": true, "satisfaction": 4 })).await;
        // Given back.
        let back = cast.accepted().await;
        let task = sent(&cast.clerk, &back).await;
        cast.property.does("return", &task, &json!({ "reason": "out_of_scope", "note": "不归物业" })).await;
        // Taken back by the resident: no fault of the company's.
        let gone = cast.accepted().await;
        sent(&cast.clerk, &gone).await;
        cast.wang.makes("withdraw", &gone, &json!({})).await;
        // Signed too late, in another month than it was sent in.
        let late = cast.accepted().await;
        let task = sent(&cast.clerk, &late).await;
        app.pass(TimeDelta::days(9));
        cast.property.does("sign", &task, &json!({})).await;

        let seen = record(&cast.secretary, "").await;
        let all = &seen["total"];
        let is = |name: &str, value: Value| assert_eq!(all[name], value, "{name}: {seen}");
        is("dispatches", json!(4));
        is("withdrawn", json!(1));
        is("signed", json!(2));
        is("signed_in_time", json!(1));
        is("signed_in_time_share", json!(0.33));
        is("returns", json!(1));
        is("reworks", json!(1));
        is("completed", json!(1));
        is("ratings", json!(1));
        is("rating_average", json!(4.0));
        is("solved", json!(1));
        assert_eq!((&seen["open_jobs"], &seen["months"].as_array().map(Vec::len)), (&json!(1), &Some(1)));
        assert_eq!((&seen["months"][0]["month"], &seen["months"][0]["dispatches"]), (&json!("2026-11"), &json!(4)));
        assert_eq!(record(&cast.property, "").await, seen, "its own staff read the same");
        assert_eq!(record(&cast.clerk, "?from=2026-12").await["total"]["dispatches"], 0);
        assert_eq!(record(&cast.clerk, "?from=2026-11&until=2026-11").await["total"], *all);
        for wrong in ["?from=2026-13", "?from=2026-11-01", "?from=2026-12&until=2026-11", "?from=2000-01&until=2026-11", "?month=1"] {
            cast.clerk.get(&format!("{}/record{wrong}", path("XY", PROPERTY))).await.refused(400, "bad_request");
        }
        let shops = app.anonymous().get(&format!("/v1/communities/{}/shops", community("XY"))).await.ok();
        assert_eq!(shops["items"][0]["ratings"], json!({ "count": 1, "average": 4.0 }));
    }

    async fn a_complaint_counts_and_each_round_is_its_leads(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut complaint = kerb();
        complaint["about_partner_id"] = json!(partner(PROPERTY));
        complaint["contact"]["may_share"] = json!(false);
        let order = cast.wang.places(&complaint).await;
        cast.clerk.makes("accept", &order, &json!({})).await;
        let mut task = task_for(PROPERTY);
        task["share_contact"] = json!(false);
        let first = cast.clerk.dispatches(&order, &task).await;
        cast.property.does("sign", &first, &json!({})).await;
        cast.property.does("complete", &first, &json!({ "result": "已整改" })).await;
        cast.clerk.makes("resolve", &order, &json!({ "result": "已整改" })).await;
        cast.wang.makes("rate", &order, &json!({ "solved": false, "satisfaction": 1 })).await;
        cast.wang.makes("reopen", &order, &json!({ "reason": "没有整改" })).await;
        let mut task = task_for("老旧小区改造施工方");
        task["share_contact"] = json!(false);
        let second = cast.clerk.dispatches(&order, &task).await;
        cast.builder.does("sign", &second, &json!({})).await;
        cast.builder.does("complete", &second, &json!({ "result": "做好了" })).await;
        cast.clerk.makes("resolve", &order, &json!({ "result": "做好了" })).await;
        cast.wang.makes("rate", &order, &json!({ "solved": true, "satisfaction": 5 })).await;
        let ratings = async |name: &str| {
            let seen = cast.secretary.get(&format!("{}/record", path("XY", name))).await.ok();
            (seen["total"]["ratings"].clone(), seen["total"]["rating_average"].clone(), seen["total"]["solved"].clone())
        };
        assert_eq!(ratings(PROPERTY).await, (json!(1), json!(1.0), json!(0)));
        assert_eq!(ratings("老旧小区改造施工方").await, (json!(1), json!(5.0), json!(1)));
        assert_eq!(ratings("新华区消防救援大队").await, (json!(0), Value::Null, json!(0)));
    }

    async fn a_record_outlives_the_words_of_its_orders(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        sent(&cast.clerk, &order).await;
        cast.wang.delete("/v1/me").await.ok();
        let seen = record(&cast.secretary, "").await;
        assert_eq!((&seen["total"]["dispatches"], &seen["total"]["withdrawn"], &seen["open_jobs"]), (&json!(1), &json!(1), &json!(0)));
    }
}
