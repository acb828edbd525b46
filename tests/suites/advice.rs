//! Emergencies first, what is not ours told its route, and the accused never told who complained.

use serde_json::{Value, json};
use tests::{ALARM, Picture, TestApp, community, id, kerb, on_both, order_in, partner, task_for};

const CRIES: [(&str, &str, &[&str]); 7] = [
    ("fire", "我家厨房着火了", &["119", "120"]),
    ("gas", "楼道里有很浓的煤气味", &["119", "120"]),
    ("trapped", "我妈被困在电梯里了", &["119", "120"]),
    ("violence", "楼下有人拿刀砍人", &["110", "120", "12338"]),
    ("suicide", "楼顶有人要跳楼", &["110", "120", "12356"]),
    ("injury", "有位老人晕倒在楼道里", &["120"]),
    ("traffic", "小区门口有老人被车撞了", &["122", "120"]),
];

const EVERYDAY: [&str; 4] =
    ["灭火器年检到期了", "消防通道被堵，万一着火消防车进不来", "燃气费怎么交", "去年三号楼着火，外墙还没修"];

const DISCIPLINE: &str = "举报社区书记贪污低保款";
const DUTY: [&str; 2] = ["demo-xy-clerk", "demo-xy-secretary"];

async fn alarms(app: &TestApp, openid: &str) -> usize {
    app.drain_outbox().await;
    app.messages_of(openid).iter().filter(|message| message.template_id == ALARM).count()
}

async fn advice(client: &tests::Client, draft: &Value) -> Value {
    client.post("/v1/orders/advice").json(draft).await.ok()
}

fn numbers(view: &Value) -> Vec<&str> {
    view["calls"].as_array().expect("calls").iter().map(|call| call["number"].as_str().expect("a number")).collect()
}

on_both! {
    async fn danger_is_answered_before_it_is_ordered(app: &TestApp) {
        let cast = app.xiyuan().await;
        let before = app.database.picture().await;
        for (kind, cry, calls) in CRIES {
            let told = advice(&cast.wang, &order_in("XY", "repair", cry)).await;
            assert_eq!(told["emergency"]["kind"], kind, "{cry}");
            assert_eq!(numbers(&told["emergency"]), calls, "{cry}");
            assert_eq!(told["emergency"]["calls"][0]["tel"], format!("tel:{}", calls[0]));
            assert!(told["emergency"]["not_an_emergency_channel"].as_str().expect("text").contains("打电话"));
        }
        let reminder = advice(&cast.wang, &order_in("XY", "safety", "灭火器年检到期了")).await;
        assert_eq!(reminder["emergency"]["kind"], "reminder", "the service is about danger");
        for words in EVERYDAY {
            let told = advice(&cast.wang, &order_in("XY", "repair", words)).await;
            assert_eq!(told, json!({ "emergency": null, "elsewhere": null }), "{words}");
        }
        let told = advice(&cast.wang, &json!({ "community_id": community("XY"), "title": "着火了", "description": "快来" })).await;
        assert_eq!(told["emergency"]["kind"], "fire", "without a service, from the title");
        assert_eq!(app.database.picture().await, before, "nothing is stored");

        app.anonymous().post("/v1/orders/advice").json(&order_in("XY", "repair", "着火了")).await.refused(401, "unauthenticated");
        let ask = |body: Value| cast.wang.post("/v1/orders/advice").json(&body);
        ask(order_in("XY", "nothing", "着火了")).await.refused_field("/service_key");
        ask(json!({ "community_id": cast.wang.id, "description": "着火了" })).await.refused_field("/community_id");
        ask(json!({ "community_id": community("XY") })).await.refused(422, "invalid_fields");
    }

    async fn danger_that_is_ordered_calls_those_on_duty_once(app: &TestApp) {
        let cast = app.xiyuan().await;
        let grid = app.sign_in("demo-xy-grid").await;
        let mut placed = Vec::new();
        for (n, (kind, cry, _)) in CRIES.into_iter().enumerate() {
            let everybody = ["demo-xy-wang", "demo-xy-grid", "demo-xy-property", "demo-ry-clerk"];
            DUTY.into_iter().chain(everybody).for_each(|openid| app.agrees_to_messages(openid));
            let mut body = order_in("XY", "repair", cry);
            body["contact"] = json!({ "name": "王女士", "phone": "13800000001" });
            let order = cast.wang.post("/v1/orders").key(kind).json(&body).await;
            assert_eq!(order.status, 201, "{order}");
            let again = cast.wang.post("/v1/orders").key(kind).json(&body).await;
            assert_eq!(order.body, again.body);
            let order = order.value();
            assert_eq!(order["emergency"]["kind"], kind, "{cry}");
            assert_eq!(order["due"]["accept_by"], "2026-11-23T10:30:00+08:00", "{cry}");
            for openid in DUTY {
                assert_eq!(alarms(app, openid).await, n + 1, "{openid}: {cry}");
            }
            placed.push(id(&order).to_owned());
        }
        for openid in ["demo-xy-wang", "demo-xy-grid", "demo-xy-property", "demo-ry-clerk", "demo-ry-secretary"] {
            assert_eq!(alarms(app, openid).await, 0, "{openid} is not on duty here");
        }
        let shown = format!("{:?}", app.messages_of(DUTY[0]));
        for secret in ["王女士", "13800000001", "厨房", "煤气", "跳楼", "砍人"] {
            assert!(!shown.contains(secret), "a lock screen is read by others: {shown}");
        }
        for words in EVERYDAY {
            let order = cast.wang.places(&order_in("XY", "repair", words)).await;
            assert_eq!((&order["emergency"], &order["elsewhere"]), (&Value::Null, &Value::Null), "{words}");
        }
        assert_eq!(alarms(app, DUTY[0]).await, CRIES.len(), "harmless words raise nothing");
        // All within one instant: the order among them is chance.
        let mut listed = cast.clerk.list("view=community&emergency=true").await;
        listed.sort();
        placed.sort();
        assert_eq!(listed, placed);
        assert_eq!(cast.clerk.list("view=community").await.len(), placed.len() + EVERYDAY.len());
        assert_eq!(grid.list("view=community&emergency=true").await, Vec::<String>::new(), "nobody said where");
        for view in ["mine", "assigned"] {
            cast.property.get(&format!("/v1/orders?view={view}&emergency=true")).await.refused(400, "bad_request");
        }
    }

    async fn a_sealed_alarm_is_the_secretarys(app: &TestApp) {
        let chen = app.sign_in("demo-ry-chen").await;
        for openid in ["demo-ry-clerk", "demo-ry-secretary"] {
            app.agrees_to_messages(openid);
        }
        let order = chen.places(&order_in("RY", "mediation", "邻居拿着刀要砍我")).await;
        assert_eq!(order["emergency"]["kind"], "violence");
        assert_eq!((alarms(app, "demo-ry-secretary").await, alarms(app, "demo-ry-clerk").await), (1, 0));
    }

    async fn a_handler_is_not_told_what_kind_of_danger(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.wang.places(&order_in("XY", "repair", "楼顶有人要跳楼。法院已经判决了")).await;
        cast.clerk.makes("accept", &order, &json!({})).await;
        let mut task = task_for("红色物业西苑管理科");
        task["share_contact"] = json!(false);
        cast.clerk.dispatches(&order, &task).await;
        let (desk, handler) = (cast.clerk.sees(&order).await, cast.property.sees(&order).await);
        assert_eq!((&desk["emergency"]["kind"], &desk["elsewhere"]["kind"]), (&json!("suicide"), &json!("litigation")));
        assert_eq!((&handler["emergency"], &handler["elsewhere"]), (&Value::Null, &Value::Null));
    }

    async fn a_complaint_about_discipline_leaves_no_trace(app: &TestApp) {
        let cast = app.xiyuan().await;
        let told = advice(&cast.wang, &order_in("XY", "advice", DISCIPLINE)).await;
        assert_eq!((&told["elsewhere"]["kind"], &told["elsewhere"]["may_submit"]), (&json!("discipline"), &json!(false)));
        assert_eq!(numbers(&told["elsewhere"]), ["12388"]);
        let before = (app.database.picture().await, app.database.count("order_numbers").await);
        let mut body = order_in("XY", "advice", "请查一查");
        body["title"] = json!(DISCIPLINE);
        for body in [&order_in("XY", "advice", DISCIPLINE), &body] {
            let refused = cast.wang.post("/v1/orders").key("k1").json(body).await.refused(422, "discipline_matter");
            let sentence = refused["detail"].as_str().expect("a sentence");
            assert!(sentence.contains("12388") && !sentence.contains("书记"), "{sentence}");
        }
        assert_eq!((app.database.picture().await, app.database.count("order_numbers").await), before);
        // The same key serves the order without it.
        let order = cast.wang.post("/v1/orders").key("k1").json(&order_in("XY", "advice", "楼道灯不亮，举报噪音")).await;
        assert_eq!(order.status, 201, "{order}");
        assert_eq!(cast.clerk.list("view=community").await, [id(&order.value())]);
    }

    async fn other_offices_matters_are_taken_and_told_their_route(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.wang.places(&order_in("XY", "advice", "法院已经判决了，对方不执行")).await;
        for seen in [&order, &cast.clerk.sees(&order).await] {
            let elsewhere = &seen["elsewhere"];
            assert_eq!((&elsewhere["kind"], &elsewhere["may_submit"]), (&json!("litigation"), &json!(true)));
            assert_eq!(numbers(elsewhere), ["12368", "12348"]);
        }
        let hint = &order["elsewhere"];
        let refusal = json!({ "reason": hint["refuse_reason"], "redirect_to": hint["route"] });
        assert_eq!(cast.clerk.makes("refuse", &order, &refusal).await["refusal"]["reason"], "lawful_route");
    }

    async fn the_accused_never_learns_who_complained(app: &TestApp) {
        let cast = app.xiyuan().await;
        let accused = "红色物业西苑管理科";
        let jpeg = Picture { width: 64, height: 48 }.jpeg();
        let photo = cast.wang.post("/v1/attachments").file("file", "a.jpg", jpeg).await.ok();
        let mut body = kerb();
        body["description"] = json!("物业的人态度很差，我住3号楼201");
        body["title"] = json!("投诉物业");
        body["place"]["point"] = json!({ "latitude": 38.05, "longitude": 114.47, "coord_sys": "gcj02" });
        body["attachment_ids"] = json!([id(&photo)]);
        body["about_partner_id"] = json!(partner("润园物业服务中心"));
        cast.wang.post("/v1/orders").json(&body).await.refused_field("/about_partner_id");
        body["about_partner_id"] = json!(partner(accused));
        let order = cast.wang.places(&body).await;
        let seen = cast.clerk.makes("accept", &order, &json!({})).await;
        assert_eq!(seen["about_partner"], json!({ "id": partner(accused), "name": accused }));

        for desk in [&cast.clerk, &cast.secretary] {
            desk.tries("dispatch", &order, &task_for(accused)).await.refused(409, "contact_not_agreed");
        }
        let mut task = task_for(accused);
        task["share_contact"] = json!(false);
        let dispatch = cast.secretary.dispatches(&order, &task).await;
        cast.property.does("sign", &dispatch, &json!({})).await;
        let path = format!("/v1/dispatches/{}", id(&dispatch));
        cast.property.post(&format!("{path}/reveal")).json(&json!({ "purpose": "contact_resident" })).await
            .refused(409, "contact_not_agreed");
        cast.property.post(&format!("/v1/orders/{}/reveal", id(&order))).json(&json!({ "purpose": "emergency" })).await
            .refused(403, "not_permitted");
        let order_seen = cast.property.sees(&order).await;
        let task_seen = cast.property.get(&path).await.ok();
        let looks = [
            &order_seen,
            &task_seen,
            &cast.property.get("/v1/orders?view=assigned").await.ok(),
            &cast.property.get("/v1/orders?view=mine").await.ok(),
            &cast.property.get("/v1/dispatches?view=mine").await.ok(),
            &cast.property.get(&format!("/v1/orders/{}/timeline", id(&order))).await.ok(),
        ];
        assert_eq!(order["attachments"][0]["id"], photo["id"], "its own requester sees it");
        for seen in looks {
            let seen = seen.to_string();
            for secret in ["王", "13800000001", "138****0001", "投诉", "3号楼", "about_partner\":{", id(&photo), &cast.wang.id] {
                assert!(!seen.contains(secret), "{secret} is in {seen}");
            }
        }
        for seen in [&order_seen, &task_seen] {
            assert_eq!(seen["place"], json!({ "compound": "西苑小区", "building": null, "detail": null, "point": null }));
            assert_eq!((&seen["attachments"], &seen["contact"]), (&json!([]), &Value::Null));
        }
        // Others that help see where it is and may call.
        let mut help = task_for("老旧小区改造施工方");
        help["role"] = json!("co");
        let help = cast.secretary.dispatches(&order, &help).await;
        let help = cast.builder.get(&format!("/v1/dispatches/{}", id(&help))).await.ok();
        assert_eq!((&help["place"]["detail"], &help["contact"]["phone"]), (&json!("3号楼东侧健身器材旁"), &json!("138****0001")));
        assert_eq!(cast.builder.sees(&order).await["about_partner"], Value::Null);
        assert_eq!(app.database.count("disclosures").await, 0);
    }

    async fn whoever_also_works_for_the_accused_sees_no_more(app: &TestApp) {
        let cast = app.xiyuan().await;
        // The clerk's post goes to a worker of the property company.
        let of = |openid: &str| format!("(SELECT person_id FROM identities WHERE openid = '{openid}')");
        let (clerk, worker) = (of("demo-xy-clerk"), of("demo-xy-property"));
        let hand_over = format!("UPDATE memberships SET person_id = {worker} WHERE role = 'intake_clerk' AND person_id = {clerk}");
        app.database.tamper(&hand_over).await;
        let mut body = kerb();
        body["about_partner_id"] = json!(partner("红色物业西苑管理科"));
        let complaint = cast.wang.places(&body).await;
        let other = cast.wang.places(&kerb()).await;
        assert_eq!(cast.property.list("view=community").await, [id(&other)], "a clerk of everything else");
        assert_eq!(cast.property.list("view=community&q=尖角").await, [id(&other)]);
        cast.property.looks_at(&complaint).await.refused(404, "not_found");
        cast.property.tries("accept", &complaint, &json!({})).await.refused(404, "not_found");
        let path = format!("/v1/orders/{}/reveal", id(&complaint));
        cast.property.post(&path).json(&json!({ "purpose": "follow_up" })).await.refused(404, "not_found");
        assert_eq!(cast.secretary.list("view=community").await.len(), 2);
    }
}
