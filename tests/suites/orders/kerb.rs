//! 西苑社区 and the kerb: one real order from the first photo to the last star.

use chrono::TimeDelta;
use serde_json::json;
use tests::{ACCEPTED, DISPATCHED, Person, Picture, RESOLVED, id, kerb, on_both, task_for};

async fn photo(person: &Person) -> String {
    let jpeg = Picture { width: 640, height: 480 }.jpeg();
    id(&person.post("/v1/attachments").file("file", "kerb.jpg", jpeg).await.ok()).to_owned()
}

on_both! {
    async fn a_kerb_is_reported_ground_down_and_rated(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages("demo-xy-wang");
        app.agrees_to_messages("demo-xy-property");

        // A photo, then the order.
        let mut order = kerb();
        order["attachment_ids"] = json!([photo(&cast.wang).await]);
        let order = cast.wang.places(&order).await;
        assert_eq!(order["number"], "XY-20261123-0001");
        assert_eq!((&order["status"], &order["status_text"]), (&json!("submitted"), &json!("待接单")));
        assert_eq!(order["submitted_at"], "2026-11-23T10:00:00+08:00");
        assert_eq!(order["due"]["accept_by"], "2026-11-23T16:00:00+08:00", "four office hours, lunch left out");
        assert_eq!(order["due"]["resolve_by"], "2026-11-30T17:30:00+08:00", "five working days");
        assert_eq!(order["attachments"][0]["width"], 640);

        // The community takes responsibility within the hour.
        app.pass(TimeDelta::minutes(40));
        let accepted = cast.clerk.makes("accept", &order, &json!({ "note": "今天下午到现场" })).await;
        assert_eq!(accepted["accepted_at"], "2026-11-23T10:40:00+08:00");

        // The secretary asks the property company; the builder helps.
        app.pass(TimeDelta::minutes(5));
        let lead = cast.secretary.dispatches(&order, &task_for("红色物业西苑管理科")).await;
        let mut help = task_for("老旧小区改造施工方");
        help["role"] = json!("co");
        let help = cast.secretary.dispatches(&order, &help).await;
        assert_eq!(cast.wang.sees(&order).await["status"], "dispatched");

        // The handler signs, looks at the place with those concerned, and does it.
        app.pass(TimeDelta::hours(1));
        cast.property.does("sign", &lead, &json!({})).await;
        cast.builder.does("sign", &help, &json!({})).await;
        let visit = json!({
            "note": "与居民商定：打磨尖角后用水泥抹平",
            "attendees": ["居民代表", { "who": "施工方", "side": "partner" }, { "who": "社区接访员", "side": "staff" }],
            "attachment_ids": [photo(&cast.property).await],
        });
        let visited = cast.property.does("visit", &lead, &visit).await;
        assert_eq!(visited["visits"][0]["attendees"][2], json!({ "who": "社区接访员", "side": "staff" }));
        assert_eq!(visited["visits"][0]["attendees"][0], json!({ "who": "居民", "side": "resident" }), "a bare name");
        app.pass(TimeDelta::hours(20));
        let done = json!({ "result": "尖角已打磨，水泥抹平，养护 24 小时", "attachment_ids": [photo(&cast.property).await] });
        let completed = cast.property.does("complete", &lead, &done).await;
        assert_eq!(completed["status"], "completed");

        // The desk reports the result, and Ms Wang is content.
        let result = json!({ "result": "路沿已打磨并用水泥抹平", "attachment_ids": [photo(&cast.clerk).await] });
        let resolved = cast.clerk.makes("resolve", &order, &result).await;
        assert_eq!(resolved["resolution"]["attachments"][0]["height"], 480);
        let rated = cast
            .wang
            .makes("rate", &order, &json!({ "solved": true, "satisfaction": 5, "comment": "一天多就修好了，很满意" }))
            .await;
        assert_eq!(rated["status"], "rated");
        assert_eq!(rated["rating"]["satisfaction"], 5);
        assert_eq!(rated["allowed_actions"], json!(["reopen", "comment", "unshare"]));

        // Everything that happened can be read, in words.
        let story: Vec<_> = cast.wang.timeline(&order).await.iter().map(|line| line["text"].clone()).collect();
        assert_eq!(
            story,
            [
                "居民下单",
                "接访员接单",
                "书记派单给红色物业西苑管理科（主办）",
                "书记派单给老旧小区改造施工方（协办）",
                "红色物业西苑管理科签收",
                "老旧小区改造施工方签收",
                "红色物业西苑管理科到现场查看",
                "红色物业西苑管理科报告完工",
                "接访员办结",
                "居民评价：已解决，5 分",
            ]
        );

        // The three messages reached Ms Wang's phone, and the handler got its own.
        app.drain_outbox().await;
        let templates: Vec<_> = app.messages_of("demo-xy-wang").iter().map(|m| m.template_id.clone()).collect();
        assert_eq!(templates, [ACCEPTED, DISPATCHED, RESOLVED]);
        let number = rated["number"].as_str().expect("a number");
        for message in app.messages_of("demo-xy-wang") {
            assert_eq!((message.data[0].label.as_str(), message.data[0].value.as_str()), ("单号", number));
            assert_eq!(message.data[1].value, "公共设施报修");
            assert_eq!(message.page, Some(format!("pages/order/detail?id={}", id(&order))));
        }
        assert_eq!(app.messages_of("demo-xy-wang")[1].data[2].value, "红色物业西苑管理科");
        assert_eq!(app.messages_of("demo-xy-property").len(), 1);
    }
}
