//! Operators see what became of messages, mend what is broken, and send again what reached nobody.

use domain::people::{Membership, Role};
use domain::ports::Grant;
use serde_json::{Value, json};
use tests::{Person, Program, TestApp, community, id, on_both, persona};
use wechat_adapter::Endpoint;
use wechat_adapter::sandbox::Fault;

/// The user id of 接访员小赵 in the corporation.
const ZHAO: &str = "ZhaoXiao";

async fn lines(admin: &Person, query: &str) -> Vec<Value> {
    let page = admin.get(&format!("/v1/admin/deliveries?limit=100&{query}")).await.ok();
    page["items"].as_array().expect("items").clone()
}

fn requeue(admin: &Person, line: &Value) -> tests::Ask {
    admin.post(&format!("/v1/admin/deliveries/{}/requeue", id(line))).json(&json!({}))
}

/// A message to Ms Wang that WeChat would not take, eight times.
async fn given_up(app: &TestApp) -> Value {
    let cast = app.xiyuan().await;
    app.agrees_to("demo-xy-wang", tests::ACCEPTED);
    let order = cast.accepted().await;
    app.wechat().fault(Fault::errcode(Endpoint::SubscribeSend, -1).times(8));
    for _ in 0..8 {
        app.drain_outbox().await;
        app.pass(chrono::TimeDelta::minutes(65));
    }
    assert_eq!(app.database.outcomes().await, ["gave_up"]);
    order
}

on_both! {
    async fn what_was_given_up_is_found_and_sent_again(app: &TestApp) {
        let order = given_up(app).await;
        let admin = app.administrator().await;
        let [line] = lines(&admin, "state=gave_up").await.try_into().expect("one line");
        assert_eq!((&line["order_id"], &line["kind"], &line["channel"]), (&order["id"], &json!("accepted"), &json!("subscribe")));
        assert_eq!((&line["code"], &line["attempts"], &line["side"]), (&json!(-1), &json!(8), &json!("resident")));
        assert!(!line.to_string().contains("demo-xy-wang") && !line.to_string().contains("路沿"), "{line}");
        assert_eq!(lines(&admin, &format!("order_id={}&channel=inbox", id(&order))).await.len(), 4);
        assert_eq!(lines(&admin, "state=gave_up&channel=wecom").await, [Value::Null; 0]);

        let done = requeue(&admin, &line).key("again-1").await.ok();
        assert_eq!(done["requeued"], 1);
        assert_eq!(requeue(&admin, &line).key("again-1").await.ok(), done);
        assert_eq!(requeue(&admin, &line).await.ok()["requeued"], 0, "it waits already");
        app.drain_outbox().await;
        assert_eq!(app.messages_of("demo-xy-wang").len(), 1);
        requeue(&admin, &line).await.refused(409, "cannot_requeue");
        requeue(&admin, &json!({ "id": uuid::Uuid::nil() })).await.refused(404, "not_found");
        let audit = admin.get("/v1/admin/audit?action=admin_requeue_delivery&result=done").await.ok();
        assert_eq!(audit["items"][0]["target_id"], line["id"], "{audit}");
    }

    async fn all_that_ended_so_are_sent_again_at_once(app: &TestApp) {
        given_up(app).await;
        let admin = app.administrator().await;
        let again = async |state: &str, since: &str| {
            admin.post("/v1/admin/deliveries/requeue").json(&json!({ "state": state, "since": since })).await
        };
        assert_eq!(again("gave_up", "2026-11-25T00:00:00+08:00").await.ok()["requeued"], 0);
        for reached in ["delivered", "unconfirmed"] {
            again(reached, tests::START).await.refused_field("/state");
        }
        again("queued", tests::START).await.refused_field("/state");
        assert_eq!(again("gave_up", tests::START).await.ok()["requeued"], 1);
        app.drain_outbox().await;
        assert_eq!((app.messages_of("demo-xy-wang").len(), app.database.outcomes().await), (1, vec!["delivered".into()]));
        let wrong = async |query: &str| {
            let problem = admin.get(&format!("/v1/admin/deliveries?{query}")).await.refused(400, "bad_request");
            problem["detail"].as_str().expect("text").to_owned()
        };
        assert!(wrong("state=lost").await.starts_with("网址参数 state 不能填「lost」，只能是：queued, "));
        assert!(wrong("channel=pigeon").await.starts_with("网址参数 channel 不能填「pigeon」，只能是：inbox, "));
        assert!(wrong("order_id=zz").await.starts_with("网址参数 order_id 应为编号"));
        assert_eq!(wrong("limit=99999").await, "网址参数 limit 应在 1 到 100 之间");
        again("overtaken", tests::START).await.refused_field("/state");
    }

    async fn a_list_has_pages(app: &TestApp) {
        let cast = app.xiyuan().await;
        cast.accepted().await;
        app.drain_outbox().await;
        let admin = app.administrator().await;
        let all: Vec<_> = lines(&admin, "").await.iter().map(|line| id(line).to_owned()).collect();
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = admin.get(&format!("/v1/admin/deliveries?limit=2{cursor}")).await.ok();
            seen.extend(page["items"].as_array().expect("items").iter().map(|line| id(line).to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert!(all.len() > 4);
        assert_eq!(seen, all);
    }

    async fn a_closed_channel_is_said_and_orders_go_on(app: &TestApp) {
        let cast = app.xiyuan().await;
        let ready = app.anonymous().get("/readyz").await.ok();
        assert_eq!((&ready["messages"], &ready["closed_channels"], &ready["outbox_waiting"]), (&json!("ok"), &json!([]), &json!(0)));
        app.agrees_to("demo-xy-wang", tests::ACCEPTED);
        cast.accepted().await;
        assert!(app.anonymous().get("/readyz").await.ok()["outbox_waiting"].as_u64().expect("a count") > 1, "what nobody passed on");
        // The day's quota is used up.
        app.wechat().fault(Fault::errcode(Endpoint::SubscribeSend, 45009));
        app.drain_outbox().await;
        app.pass(chrono::TimeDelta::minutes(30));
        let ready = app.anonymous().get("/readyz").await.ok();
        assert_eq!((&ready["status"], &ready["messages"]), (&json!("ready"), &json!("closed")));
        assert_eq!((&ready["outbox_waiting"], &ready["outbox_oldest_seconds"]), (&json!(1), &json!(1800)));
        let [closed] = &ready["closed_channels"].as_array().expect("channels")[..] else { panic!("{ready}") };
        assert_eq!((&closed["channel"], &closed["app_id"], &closed["code"]), (&json!("subscribe"), &json!(tests::APP_ID), &json!(45009)));
        assert_eq!((&closed["since"], &closed["until"]), (&json!(tests::START), &json!("2026-11-24T00:00:00+08:00")));

        let admin = app.administrator().await;
        let summary = admin.get("/v1/admin/deliveries/summary").await.ok();
        assert_eq!((&summary["unfinished"], &summary["oldest_seconds"], &summary["overdue_seconds"]), (&json!(1), &json!(1800), &json!(0)));
        assert_eq!((&summary["closed_channels"], &summary["calls"]), (&ready["closed_channels"], &json!(0)));
        let inboxes = summary["counts"].as_array().expect("counts").iter().find(|count| count["channel"] == "inbox");
        assert_eq!(inboxes.map(|count| (&count["state"], &count["deliveries"])), Some((&json!("delivered"), &json!(4))));
        assert_eq!(admin.get("/v1/admin/health").await.ok()["readiness"]["messages"], "closed");
        let figures = app.anonymous().get("/metrics").await;
        for line in [
            "hgj_deliveries_unfinished{channel=\"subscribe\",state=\"queued\"} 1",
            "hgj_deliveries_unfinished{channel=\"wecom\",state=\"queued\"} 0",
            "hgj_deliveries_oldest_seconds 1800",
            "hgj_deliveries_overdue_seconds 0",
            "hgj_outbox_waiting 1",
        ] {
            assert!(figures.text().contains(line), "{line} is not in {}", figures.text());
        }
        cast.submitted().await;
    }

    async fn only_administrators_of_everything_see_deliveries(app: &TestApp) {
        let order = given_up(app).await;
        let admin = app.administrator().await;
        let [line] = lines(&admin, "state=gave_up").await.try_into().expect("one line");
        let cast = app.xiyuan().await;
        let asks = |who: &Person| {
            let many = json!({ "state": "gave_up", "since": tests::START });
            [
                who.get("/v1/admin/deliveries"),
                who.get(&format!("/v1/admin/deliveries?order_id={}", id(&order))),
                who.get("/v1/admin/deliveries/summary"),
                requeue(who, &line),
                who.post("/v1/admin/deliveries/requeue").json(&many),
            ]
        };
        for other in [&cast.wang, &cast.clerk, &cast.secretary, &cast.property] {
            for ask in asks(other) {
                ask.await.refused(403, "not_permitted");
            }
        }
        let code = json!({ "role": "administrator", "place_id": community("XY") });
        let code = admin.post("/v1/invitations").json(&code).await.value()["code"].clone();
        let local = app.sign_in_with_phone("test-local", "13900000031").await;
        local.post("/v1/invitations/accept").json(&json!({ "code": code })).await.ok();
        for ask in asks(&local) {
            ask.await.refused(404, "not_found");
        }
        assert_eq!(lines(&admin, "state=gave_up").await.len(), 1, "nothing was sent again");
    }

    async fn operators_do_the_same_at_the_machine(app: &TestApp) {
        let order = given_up(app).await;
        let environment = app.environment().await;
        let run = async |arguments: &[&str]| {
            let output = Program::run(&environment, &[&["admin", "deliveries"], arguments].concat()).await;
            let said = [output.stdout, output.stderr].concat();
            (output.status.success(), String::from_utf8(said).expect("text"))
        };
        let (is_fine, listed) = run(&["--state", "gave_up", "--channel", "subscribe", "--order", id(&order)]).await;
        assert!(is_fine && listed.lines().count() == 2, "{listed}");
        let line = listed.lines().nth(1).expect("a line");
        assert!(line.contains("accepted") && line.contains("gave_up") && line.ends_with(id(&order)), "{line}");
        let delivery = line.split_whitespace().next().expect("an id").to_owned();

        for wrong in [
            &["--requeue-all", "gave_up"][..],
            &["--requeue-all", "delivered", "--since", tests::START],
            &["--requeue", "00000000-0000-0000-0000-000000000000"],
            &["--since", tests::START],
            &["--state", "lost"],
        ] {
            let (is_fine, said) = run(wrong).await;
            assert!(!is_fine, "{wrong:?}: {said}");
        }
        let (is_fine, said) = run(&["--requeue-all", "gave_up", "--since", tests::START]).await;
        assert!(is_fine && said.starts_with("1 queued again"), "{said}");
        let (is_fine, said) = run(&["--requeue", &delivery]).await;
        assert!(is_fine && said.contains("queued again"), "{said}");
        // By the clock on the wall, which is ahead of the test's.
        app.database.tamper("UPDATE deliveries SET due_at = at WHERE state = 'queued'").await;
        app.drain_outbox().await;
        assert_eq!(app.messages_of("demo-xy-wang").len(), 1);
        let (is_fine, said) = run(&["--requeue", &delivery]).await;
        assert!(!is_fine && said.contains("cannot be sent again"), "{said}");
        let noted = app.database.texts("SELECT action FROM audit_log WHERE action LIKE 'admin_requeue%' ORDER BY 1").await;
        assert_eq!(noted, ["admin_requeue_deliveries", "admin_requeue_delivery"]);
    }

    async fn staff_are_reached_in_wecom_once_somebody_says_their_name_there(app: &TestApp) {
        let cast = app.xiyuan().await;
        let path = format!("/v1/admin/wecom-members/{}", cast.clerk.id);
        let saved = cast.secretary.put(&path).json(&json!({ "user_id": ZHAO })).await.ok();
        assert_eq!((&saved["user_id"], &saved["person_id"]), (&json!(ZHAO), &json!(cast.clerk.id)));
        assert_ne!(saved["name"], "接访员小赵", "masked");
        let order = cast.submitted().await;
        app.drain_outbox().await;
        let [message] = &app.messages_of(ZHAO)[..] else { panic!("one message in WeCom") };
        assert_eq!(message.app_id, tests::CORP_ID);
        assert!(!format!("{message:?}").contains("路沿"), "{message:?}");
        let told = cast.secretary.timeline(&order).await[0]["told"].to_string();
        assert!(told.contains("已通过企业微信通知社区"), "{told}");

        let listed = format!("/v1/admin/wecom-members?place_id={}", community("XY"));
        let members = cast.secretary.get(&listed).await.ok();
        assert_eq!(members["items"], json!([saved]));
        assert_eq!(cast.clerk.get("/v1/me/export").await.ok()["profile"]["wecom_user_id"], ZHAO);
        assert_eq!(cast.secretary.delete(&path).await.status, 204);
        cast.secretary.delete(&path).await.refused(404, "not_found");
        assert_eq!(cast.secretary.get(&listed).await.ok()["items"], json!([]));
        cast.submitted().await;
        app.drain_outbox().await;
        assert_eq!(app.messages_of(ZHAO).len(), 1, "nothing more comes there");
    }

    async fn a_secretary_turns_no_messages_of_another_community(app: &TestApp) {
        let (cast, admin) = (app.xiyuan().await, app.administrator().await);
        let name = json!({ "user_id": ZHAO });
        let path = format!("/v1/admin/wecom-members/{}", cast.property.id);
        let elsewhere = Membership::at(persona("demo-ry-secretary").community_id, Role::Secretary);
        let person = cast.property.id.parse().expect("an id");
        app.grant(&Grant { person, membership: elsewhere, by: None, at: app.now(), until: None }).await;
        cast.secretary.put(&path).json(&name).await.refused(404, "not_found");
        admin.put(&path).json(&name).await.ok();
        cast.secretary.delete(&path).await.refused(404, "not_found");
        assert_eq!(admin.delete(&path).await.status, 204);
    }

    async fn the_name_in_wecom_goes_with_the_last_role(app: &TestApp) {
        let (cast, admin) = (app.xiyuan().await, app.administrator().await);
        let path = format!("/v1/admin/wecom-members/{}", cast.clerk.id);
        cast.secretary.put(&path).json(&json!({ "user_id": ZHAO })).await.ok();
        let held = cast.secretary.get(&format!("/v1/memberships?limit=100&place_id={}", community("XY"))).await.ok();
        let held = held["items"].as_array().expect("items").iter().find(|held| held["person_id"] == cast.clerk.id.as_str()).cloned();
        let end = format!("/v1/memberships/{}", id(&held.expect("a role")));
        assert_eq!(cast.secretary.delete(&end).await.status, 204);
        assert_eq!(app.database.count("wecom_members").await, 0);
        admin.delete(&path).await.refused(404, "not_found");
        // A role that ran out by itself leaves the name behind; it leads nowhere, and somebody can take it away.
        let person = cast.clerk.id.parse().expect("an id");
        let membership = Membership::at(persona("demo-xy-clerk").community_id, Role::IntakeClerk);
        let until = Some(app.now() + chrono::TimeDelta::days(1));
        app.grant(&Grant { person, membership, by: None, at: app.now(), until }).await;
        cast.secretary.put(&path).json(&json!({ "user_id": ZHAO })).await.ok();
        app.pass(chrono::TimeDelta::days(1));
        cast.secretary.delete(&path).await.refused(404, "not_found");
        cast.submitted().await;
        app.drain_outbox().await;
        assert_eq!(app.messages_of(ZHAO).len(), 0);
        assert_eq!(admin.delete(&path).await.status, 204);
    }

    async fn names_in_wecom_are_kept_by_those_who_give_the_roles(app: &TestApp) {
        let (cast, admin) = (app.xiyuan().await, app.administrator().await);
        let stranger = app.sign_in("demo-ry-secretary").await;
        let street = app.sign_in("demo-xy-street").await;
        let name = json!({ "user_id": ZHAO });
        let path = |who: &Person| format!("/v1/admin/wecom-members/{}", who.id);
        for other in [&cast.wang, &cast.clerk, &cast.property, &street] {
            other.put(&path(&cast.clerk)).json(&name).await.refused(403, "not_permitted");
            other.delete(&path(&cast.clerk)).await.refused(403, "not_permitted");
            other.get("/v1/admin/wecom-members").await.refused(403, "not_permitted");
        }
        let listed = format!("/v1/admin/wecom-members?place_id={}", community("XY"));
        stranger.get(&listed).await.refused(404, "not_found");
        cast.secretary.get("/v1/admin/wecom-members").await.refused(404, "not_found");
        for (who, whose) in [
            (&stranger, &cast.clerk),
            // A resident holds no role.
            (&cast.secretary, &cast.wang),
            (&admin, &cast.wang),
            // Nobody keeps what is above them.
            (&cast.secretary, &street),
            (&cast.secretary, &admin),
        ] {
            who.put(&path(whose)).json(&name).await.refused(404, "not_found");
            who.delete(&path(whose)).await.refused(404, "not_found");
        }
        assert_eq!(app.database.count("wecom_members").await, 0);
        for (n, whose) in [&cast.clerk, &cast.property, &cast.secretary].into_iter().enumerate() {
            cast.secretary.put(&path(whose)).json(&json!({ "user_id": format!("Member{n}") })).await.ok();
        }
        admin.put(&path(&street)).json(&name).await.ok();
        // What one is told would be read by the other.
        let taken = json!({ "user_id": ZHAO.to_lowercase() });
        cast.secretary.put(&path(&cast.clerk)).json(&taken).await.refused_field("/user_id");
        let nobody = admin.put("/v1/admin/wecom-members/00000000-0000-0000-0000-000000000000").json(&name).await;
        nobody.refused(404, "not_found");
        for wrong in ["", "有空格 的", "a b", "-dash", &"x".repeat(65)] {
            cast.secretary.put(&path(&cast.clerk)).json(&json!({ "user_id": wrong })).await.refused_field("/user_id");
        }
    }
}
