//! What the desk and its partners do with an accepted order.

use serde_json::{Value, json};
use tests::{id, kerb, on_both, partner, task_for};

fn because(words: &str) -> Value {
    json!({ "reason": words })
}

fn return_note() -> Value {
    json!({ "reason": "other_unit", "note": "该路段由市政养护，建议转市政" })
}

on_both! {
    async fn a_dispatch_says_what_to_do_until_when_and_for_whom(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        let mut task = task_for("红色物业西苑管理科");
        task["due_at"] = json!("2026-11-24T18:00:00+08:00");
        let sent = cast.secretary.dispatches(&order, &task).await;
        assert_eq!((&sent["status"], &sent["role"]), (&json!("sent"), &json!("lead")));
        assert_eq!(sent["due_at"], "2026-11-24T18:00:00+08:00");
        assert_eq!(sent["partner_name"], "红色物业西苑管理科");

        let seen = cast.property.get(&format!("/v1/dispatches/{}", id(&sent))).await.ok();
        assert_eq!(seen["task"], "打磨并用水泥抹平路沿尖角");
        assert_eq!(seen["place"]["detail"], "3号楼东侧健身器材旁");
        assert_eq!(seen["contact"]["phone"], "138****0001");
        assert_eq!(seen["allowed_actions"], json!(["sign", "return"]));
    }

    async fn there_is_one_lead_and_helpers_come_after_it(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        let mut help = task_for("老旧小区改造施工方");
        help["role"] = json!("co");
        cast.secretary.tries("dispatch", &order, &help).await.refused(409, "lead_missing");
        cast.secretary.dispatches(&order, &task_for("红色物业西苑管理科")).await;
        cast.secretary.tries("dispatch", &order, &task_for("老旧小区改造施工方")).await.refused(409, "lead_exists");
        cast.secretary.dispatches(&order, &help).await;
        cast.secretary.tries("dispatch", &order, &help).await.refused(409, "partner_busy");
    }

    async fn a_contact_is_given_only_where_the_resident_agreed(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut silent = kerb();
        silent["contact"]["may_share"] = json!(false);
        let mut confidential = kerb();
        confidential["visibility"] = json!("confidential");
        let mut without = kerb();
        without["contact"] = Value::Null;
        for order in [silent, confidential, without] {
            let order = cast.clerk.makes("accept", &cast.wang.places(&order).await, &json!({})).await;
            let mut task = task_for("红色物业西苑管理科");
            cast.secretary.tries("dispatch", &order, &task).await.refused(409, "contact_not_agreed");
            task["share_contact"] = json!(false);
            let sent = cast.secretary.dispatches(&order, &task).await;
            let seen = cast.property.get(&format!("/v1/dispatches/{}", id(&sent))).await.ok();
            assert_eq!(seen["contact"], Value::Null);
        }
    }

    async fn when_the_last_handler_returns_the_order_is_the_desks_again(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, lead) = cast.signed().await;
        let mut help = task_for("老旧小区改造施工方");
        help["role"] = json!("co");
        let help = cast.secretary.dispatches(&order, &help).await;

        let returned = cast.property.does("return", &lead, &return_note()).await;
        assert_eq!(returned["status"], "returned");
        assert_eq!(returned["returned"]["reason_text"], "需由其他单位办理");
        assert_eq!(cast.clerk.sees(&order).await["status"], "dispatched", "the helper still has it");
        cast.builder.does("return", &help, &return_note()).await;
        let back = cast.clerk.sees(&order).await;
        assert_eq!(back["status"], "accepted");
        assert_eq!(back["allowed_actions"], json!(["merge", "dispatch", "locate", "visit", "resolve", "comment"]));

        // The same partner may be asked again.
        let again = cast.secretary.dispatches(&order, &task_for("红色物业西苑管理科")).await;
        assert_ne!(id(&again), id(&lead));
    }

    async fn a_recalled_dispatch_makes_room_for_another_lead(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, lead) = cast.signed().await;
        let recalled = cast.secretary.does("recall", &lead, &because("改由施工方办理")).await;
        assert_eq!((&recalled["status"], &recalled["recalled"]["reason"]), (&json!("recalled"), &json!("改由施工方办理")));
        assert_eq!(cast.clerk.sees(&order).await["status"], "accepted");
        cast.property.tries_task("complete", &lead, &json!({ "result": "做完了" })).await.refused(404, "not_found");
        cast.secretary.dispatches(&order, &task_for("老旧小区改造施工方")).await;
    }

    async fn work_that_is_not_good_enough_goes_back(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, lead) = cast.completed().await;
        let again = cast.clerk.does("rework", &lead, &because("水泥没有抹平，还有棱角")).await;
        assert_eq!((&again["status"], &again["reworks"]), (&json!("signed"), &json!(1)));
        assert_eq!(again["completion"], Value::Null);
        cast.clerk
            .tries("resolve", &order, &json!({ "result": "已抹平" }))
            .await
            .refused(409, "lead_not_completed");
        cast.property.does("complete", &lead, &json!({ "result": "重新抹平" })).await;
        let resolved = cast.clerk.makes("resolve", &order, &json!({ "result": "已抹平" })).await;
        assert_eq!(resolved["status"], "resolved");
    }

    async fn an_order_is_closed_over_an_unfinished_lead_only_with_a_reason(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, _) = cast.signed().await;
        for reason in [Value::Null, json!(""), json!("  ")] {
            let body = json!({ "result": "居民自行解决", "override_reason": reason });
            cast.clerk.tries("resolve", &order, &body).await.refused(409, "lead_not_completed");
        }
        let body = json!({ "result": "居民自行解决", "override_reason": "电话确认居民已自行处理" });
        let resolved = cast.clerk.makes("resolve", &order, &body).await;
        assert_eq!(resolved["resolution"]["override_reason"], "电话确认居民已自行处理");
    }

    async fn each_step_of_a_dispatch_has_its_time(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (_, lead) = cast.dispatched().await;
        let (visit, done) = (json!({ "note": "看过现场" }), json!({ "result": "做完了" }));
        for (a_move, body) in [("visit", &visit), ("complete", &done)] {
            cast.property.tries_task(a_move, &lead, body).await.refused(409, "wrong_dispatch_state");
        }
        cast.clerk.tries_task("rework", &lead, &because("不合格")).await.refused(409, "wrong_dispatch_state");
        cast.property.does("sign", &lead, &json!({})).await;
        cast.property.does("sign", &lead, &json!({})).await;
        cast.property.does("visit", &lead, &visit).await;
        cast.clerk.does("visit", &lead, &json!({ "note": "社区也到了现场" })).await;
        let completed = cast.property.does("complete", &lead, &done).await;
        assert_eq!(completed["visits"].as_array().map(Vec::len), Some(2));
        cast.property.tries_task("return", &lead, &return_note()).await.refused(409, "wrong_dispatch_state");
        cast.clerk.tries_task("recall", &lead, &because("收回")).await.refused(409, "wrong_dispatch_state");
    }

    async fn only_partners_of_the_own_community_are_asked(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        for stranger in [partner("润园物业服务中心"), "0197a3c2-5b1e-7c40-9d2f-3a6b8c1d4e5f".to_owned()] {
            let mut task = task_for("红色物业西苑管理科");
            task["partner_id"] = json!(stranger);
            cast.secretary.tries("dispatch", &order, &task).await.refused_field("/partner_id");
        }
        let here = cast.clerk.get(&format!("/v1/communities/{}/partners", tests::community("XY"))).await.ok();
        assert_eq!(here["items"].as_array().map(Vec::len), Some(3));
    }
}
