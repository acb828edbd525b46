//! What stops a dispatch, and what does not.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{id, on_both, task_for};

use super::{PROPERTY, keeps, on_duty, path, sent};

fn despite() -> Value {
    let mut task = task_for(PROPERTY);
    task["despite_off_duty"] = json!(true);
    task
}

on_both! {
    async fn papers_that_ran_out_stop_what_is_new_and_nothing_else(app: &TestApp) {
        let cast = app.xiyuan().await;
        let licences = json!([{ "kind": "营业执照", "number": "1" }, { "kind": "电梯维保资质", "number": "2", "valid_until": "2026-11-23" }]);
        keeps(&cast.secretary, json!({ "licences": licences })).await;
        let order = cast.accepted().await;
        let held = sent(&cast.clerk, &order).await;
        app.pass(TimeDelta::hours(14));
        // Tuesday, midnight.
        let next = cast.accepted().await;
        let before = app.database.picture().await;
        for task in [task_for(PROPERTY), despite()] {
            let problem = cast.clerk.tries("dispatch", &next, &task).await.refused(409, "licence_expired");
            assert_eq!(problem["detail"], "该单位的电梯维保资质已于 2026年11月23日 到期，请先更新证照，或改派其他单位");
        }
        assert_eq!(app.database.picture().await, before);
        cast.property.does("sign", &held, &json!({})).await;
        cast.property.does("complete", &held, &json!({ "result": "已抹平" })).await;
        keeps(&cast.secretary, json!({ "licences": [{ "kind": "营业执照", "number": "1" }] })).await;
        sent(&cast.clerk, &next).await;
    }

    async fn an_agreement_that_ended_and_a_suspension_stop_everybody(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        keeps(&cast.secretary, json!({ "agreement": { "from": "2025-01-01", "until": "2026-11-22" } })).await;
        let problem = cast.secretary.tries("dispatch", &order, &despite()).await.refused(409, "agreement_ended");
        assert_eq!(problem["detail"], "与该单位的共建协议已于 2026年11月22日 到期，请先续签，或改派其他单位");
        keeps(&cast.secretary, json!({ "agreement": { "from": "2026-11-24", "until": "2027-11-23" } })).await;
        let problem = cast.secretary.tries("dispatch", &order, &despite()).await.refused(409, "agreement_not_begun");
        assert_eq!(problem["detail"], "与该单位的共建协议自 2026年11月24日 起生效，请到时再派，或改派其他单位");
        keeps(&cast.secretary, json!({ "suspended": { "reason": "整改" } })).await;
        cast.clerk.tries("dispatch", &order, &despite()).await.refused(409, "partner_suspended");
        // A suspension is no closing: it stands in the list, and its people stay.
        let listed = cast.clerk.get(&format!("/v1/communities/{}/partners", tests::community("XY"))).await.ok();
        let company = listed["items"].as_array().expect("items").iter().find(|p| p["name"] == PROPERTY).expect("the company").clone();
        assert_eq!((&company["closed"], &company["suspended"]["reason"]), (&json!(false), &json!("整改")));
        cast.property.get(&path("XY", PROPERTY)).await.ok();
        // Another one does it meanwhile.
        cast.clerk.makes("dispatch", &order, &task_for("老旧小区改造施工方")).await;
        keeps(&cast.secretary, json!({})).await;
        let next = cast.accepted().await;
        sent(&cast.clerk, &next).await;
    }

    async fn off_duty_is_a_word_of_warning(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        on_duty(&cast.property, false).await;
        let problem = cast.clerk.tries("dispatch", &order, &task_for(PROPERTY)).await.refused(409, "partner_off_duty");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("2026年11月23日")), "{problem}");
        cast.clerk.makes("dispatch", &order, &despite()).await;
        on_duty(&cast.clerk, true).await;
        let next = cast.accepted().await;
        sent(&cast.clerk, &next).await;
    }

    async fn a_partner_of_another_community_takes_nothing_here(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        cast.clerk.tries("dispatch", &order, &task_for("润园物业服务中心")).await.refused_field("/partner_id");
        let mut unknown = despite();
        unknown["partner_id"] = json!(uuid::Uuid::nil());
        cast.clerk.tries("dispatch", &order, &unknown).await.refused_field("/partner_id");
        cast.clerk.tries("dispatch", &order, &json!({ "partner_id": task_for(PROPERTY)["partner_id"], "role": "lead", "task": "看看", "despite_off_duty": "yes" }))
            .await.refused_field("/despite_off_duty");
    }

    async fn of_twenty_who_send_at_once_exactly_as_many_get_through_as_there_is_room(app: &TestApp) {
        let cast = app.xiyuan().await;
        keeps(&cast.secretary, json!({ "open_job_limit": 6 })).await;
        let mut orders = Vec::new();
        for _ in 0..20 {
            orders.push(cast.accepted().await);
        }
        let task = task_for(PROPERTY);
        let asks = orders.iter().map(|order| cast.clerk.tries("dispatch", order, &task).into_future());
        let replies = futures_util::future::join_all(asks).await;
        let through: Vec<Value> = replies.iter().filter(|reply| reply.status == 200).map(tests::Reply::value).collect();
        assert_eq!(through.len(), 6, "{replies:?}");
        for reply in replies.iter().filter(|reply| reply.status != 200) {
            let problem = reply.refused(409, "partner_full");
            assert_eq!(problem["detail"], "截至 2026年11月23日，该单位在办的派单已满 6 件，请改派其他单位；确需派单，请填 despite_off_duty: true");
        }
        let open = async || cast.clerk.get(&path("XY", PROPERTY)).await.ok()["open_jobs"].clone();
        assert_eq!(open().await, 6);
        assert_eq!(app.database.count("dispatches").await, 6);

        // Each end makes room: done, given back, taken back, withdrawn, resolved.
        let first = |n: usize| through[n]["dispatches"][0].clone();
        cast.property.does("sign", &first(0), &json!({})).await;
        cast.property.does("complete", &first(0), &json!({ "result": "好了" })).await;
        cast.property.does("return", &first(1), &json!({ "reason": "no_capacity", "note": "人手不足" })).await;
        cast.clerk.does("recall", &first(2), &json!({ "reason": "改派" })).await;
        cast.wang.makes("withdraw", &through[3], &json!({})).await;
        cast.clerk.makes("resolve", &through[4], &json!({ "result": "社区已处理", "override_reason": "已电话确认" })).await;
        assert_eq!(open().await, 1);
        cast.clerk.makes("resolve", &through[0], &json!({ "result": "好了" })).await;
        assert_eq!(open().await, 1, "what was done before is not given back twice");
        let waiting = orders.iter().zip(&replies).filter(|(_, reply)| reply.status != 200).map(|(order, _)| order);
        for order in waiting.clone().take(5) {
            cast.clerk.makes("dispatch", order, &task).await;
        }
        let last = waiting.clone().nth(5).expect("one more");
        cast.clerk.tries("dispatch", last, &task).await.refused(409, "partner_full");
        cast.clerk.makes("dispatch", last, &despite()).await;
        assert_eq!(open().await, 7, "the desk overruled it");
        assert!(cast.clerk.sees(last).await.to_string().contains(id(last)));
    }
}
