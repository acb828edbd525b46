use serde_json::{Value, json};
use tests::{Cast, Picture, RESOLVED, community, id, kerb, on_both, order_in, partner, place_in, task_for};

use super::{path, plain, with};

async fn offers(cast: &Cast, key: &str, more: Value) {
    let line = with(&plain("路灯维修"), more);
    cast.secretary.put(&path(&community("XY"), key)).json(&line).await.ok();
}

async fn photo(of: &tests::Person) -> Value {
    let jpeg = Picture { width: 40, height: 30 }.jpeg();
    let photo = of.post("/v1/attachments").file("file", "photo.jpg", jpeg).await.ok();
    photo["id"].clone()
}

async fn accepted(cast: &Cast, key: &str, more: Value) -> Value {
    let order = cast.wang.places(&with(&order_in("XY", key, "三号楼前的路灯不亮"), more)).await;
    cast.clerk.makes("accept", &order, &json!({})).await
}

on_both! {
    async fn what_the_service_asks_for_is_there_before_it_is_resolved(app: &TestApp) {
        let cast = app.xiyuan().await;
        offers(&cast, "lamp", json!({ "proof": { "before_photo": true, "after_photo": true, "signature": true } })).await;
        let order = accepted(&cast, "lamp", json!({})).await;
        let done = json!({ "result": "换了灯泡" });
        let missing = cast.clerk.tries("resolve", &order, &done).await.refused(409, "proof_missing");
        assert!(missing["detail"].as_str().expect("words").contains("办理前的照片"), "{missing}");
        let order = accepted(&cast, "lamp", json!({ "attachment_ids": [photo(&cast.wang).await] })).await;
        let missing = cast.clerk.tries("resolve", &order, &done).await.refused(409, "proof_missing");
        assert!(missing["detail"].as_str().expect("words").contains("办理后的照片"), "{missing}");
        let after = with(&done, json!({ "attachment_ids": [photo(&cast.clerk).await] }));
        let missing = cast.clerk.tries("resolve", &order, &after).await.refused(409, "proof_missing");
        assert!(missing["detail"].as_str().expect("words").contains("签字"), "{missing}");
        let signed = with(&after, json!({ "signature_id": photo(&cast.clerk).await }));
        let order = cast.clerk.makes("resolve", &order, &signed).await;
        let resolution = &cast.wang.sees(&order).await["resolution"];
        assert_eq!(resolution["signature"][0]["id"], signed["signature_id"]);
        assert_eq!(resolution["attachments"].as_array().map(Vec::len), Some(1));
        // Whoever says why may do without.
        let order = accepted(&cast, "lamp", json!({})).await;
        let without = with(&done, json!({ "override_reason": "夜里抢修，没有拍照" }));
        cast.clerk.makes("resolve", &order, &without).await;
    }

    async fn a_photo_of_the_lead_is_proof(app: &TestApp) {
        let cast = app.xiyuan().await;
        offers(&cast, "lamp", json!({ "proof": { "after_photo": true } })).await;
        let order = accepted(&cast, "lamp", json!({})).await;
        let dispatch = cast.clerk.dispatches(&order, &with(&task_for("红色物业西苑管理科"), json!({ "share_contact": false }))).await;
        cast.property.does("sign", &dispatch, &json!({})).await;
        let completion = json!({ "result": "换了灯泡", "attachment_ids": [photo(&cast.property).await] });
        cast.property.does("complete", &dispatch, &completion).await;
        cast.clerk.makes("resolve", &order, &json!({ "result": "换了灯泡" })).await;
    }

    async fn what_the_community_does_not_do_itself_is_dispatched(app: &TestApp) {
        let cast = app.xiyuan().await;
        let lead = partner("红色物业西苑管理科");
        offers(&cast, "lamp", json!({ "community_resolves": false, "lead_partner_id": lead })).await;
        let order = accepted(&cast, "lamp", json!({})).await;
        cast.clerk.tries("resolve", &order, &json!({ "result": "换了灯泡" })).await.refused(409, "handler_needed");
        assert_eq!(cast.clerk.sees(&order).await["suggested_partner_id"], lead);
        assert_eq!(cast.wang.sees(&order).await["suggested_partner_id"], Value::Null);
    }

    async fn who_is_responsible_may_differ_from_grid_to_grid(app: &TestApp) {
        let cast = app.xiyuan().await;
        let [first, second] = ["第一网格", "第二网格"].map(|name| place_in("XY", name));
        let [property, builder] = ["红色物业西苑管理科", "老旧小区改造施工方"].map(partner);
        let leads = json!([{ "grid_id": second, "partner_id": builder }]);
        offers(&cast, "lamp", json!({ "lead_partner_id": property, "grid_leads": leads })).await;
        let responsible = async |query: &str| {
            let list = app.anonymous().get(&format!("/v1/communities/{}/services{query}", community("XY"))).await.ok();
            let lines = list["items"].as_array().expect("items").clone();
            let line = |key: &str| lines.iter().find(|line| line["key"] == key).expect("a line")["responsible"].clone();
            [line("lamp"), line("advice")]
        };
        assert_eq!(responsible("").await, ["红色物业西苑管理科", "西苑社区"]);
        assert_eq!(responsible(&format!("?grid_id={first}")).await, ["红色物业西苑管理科", "西苑社区"]);
        assert_eq!(responsible(&format!("?grid_id={second}")).await, ["老旧小区改造施工方", "西苑社区"]);
        let unknown = format!("/v1/communities/{}/services?grid_id={}", community("RY"), second);
        app.anonymous().get(&unknown).await.refused(400, "bad_request");

        let order = accepted(&cast, "lamp", json!({})).await;
        assert_eq!(cast.clerk.sees(&order).await["suggested_partner_id"], property);
        let located = cast.clerk.makes("locate", &order, &json!({ "grid_id": second })).await;
        assert_eq!(located["suggested_partner_id"], builder);
        assert_eq!(cast.wang.sees(&order).await["suggested_partner_id"], Value::Null);
    }

    async fn an_order_comes_with_the_photos_that_are_asked_for(app: &TestApp) {
        let cast = app.xiyuan().await;
        offers(&cast, "lamp", json!({ "photos": 1 })).await;
        let bare = order_in("XY", "lamp", "路灯不亮");
        cast.wang.post("/v1/orders").json(&bare).await.refused_field("/attachment_ids");
        cast.wang.places(&with(&bare, json!({ "attachment_ids": [photo(&cast.wang).await] }))).await;
    }

    async fn some_services_are_ordered_by_those_who_work_here(app: &TestApp) {
        let cast = app.xiyuan().await;
        let grid = app.sign_in("demo-xy-grid").await;
        let elsewhere = app.sign_in("demo-ry-clerk").await;
        offers(&cast, "patrol", json!({ "orderers": ["grid_worker", "staff"] })).await;
        let order = order_in("XY", "patrol", "楼道堆物");
        for other in [&cast.wang, &cast.property, &elsewhere] {
            other.post("/v1/orders").json(&order).await.refused(403, "not_for_you");
        }
        for staff in [&grid, &cast.clerk, &cast.secretary] {
            staff.places(&order).await;
        }
    }

    async fn of_something_confidential_nobody_but_the_desk_learns_who_asked(app: &TestApp) {
        let cast = app.xiyuan().await;
        offers(&cast, "care", json!({ "privacy": "confidential" })).await;
        let order = with(&kerb(), json!({ "service_key": "care" }));
        let order = cast.wang.places(&order).await;
        assert_eq!(order["visibility"], "confidential");
        cast.clerk.makes("accept", &order, &json!({})).await;
        cast.clerk.tries("dispatch", &order, &task_for("红色物业西苑管理科")).await.refused(409, "contact_not_agreed");
    }

    async fn a_service_speaks_in_its_own_words(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages("demo-xy-wang");
        offers(&cast, "lamp", json!({ "closing": "auto", "texts": { "accepted": "电工今天内到，请留意楼下" } })).await;
        let order = accepted(&cast, "lamp", json!({})).await;
        cast.clerk.makes("resolve", &order, &json!({ "result": "换了灯泡" })).await;
        app.drain_outbox().await;
        let messages = app.messages_of("demo-xy-wang");
        let said: Vec<_> = messages.iter().map(|message| (message.template_id.clone(), format!("{message:?}"))).collect();
        assert!(said[0].1.contains("电工今天内到，请留意楼下"), "{said:?}");
        let resolved = said.iter().find(|(template, _)| template == RESOLVED).expect("a message");
        assert!(!resolved.1.contains("评价") && resolved.1.contains("查看办理结果"), "{resolved:?}");
        assert_eq!(id(&order).len(), 36);
    }
}
