//! From the appointment to the look back.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{TestApp, id, on_both};

use super::{
    AGREEMENT, AT_THE_TABLE, CHEN_NAME, CHEN_PHONE, CHEN_SAYS, LIU_NAME, LIU_PHONE, LIU_SAYS, LOOKED_BACK, NOTES,
    ORDER, Quarrel,
};

async fn inbox(person: &tests::Person) -> Vec<(String, String)> {
    let items = person.get("/v1/me/inbox").await.ok()["items"].clone();
    let text = |item: &Value, field: &str| item[field].as_str().expect("text").to_owned();
    items.as_array().expect("items").iter().rev().map(|item| (text(item, "kind"), text(item, "text"))).collect()
}

fn has(all: &[(String, String)], kind: &str, text: &str) -> bool {
    all.iter().any(|(of, said)| of == kind && said == text)
}

/// Quarrels settled, by the month.
async fn settled(app: &TestApp) -> Vec<String> {
    let sum = "figure || ' ' || CAST(day AS TEXT) || ' ' || CAST(count AS TEXT)";
    app.database.texts(&format!("SELECT {sum} FROM figure_counts ORDER BY day")).await
}

on_both! {
    async fn a_meeting_that_is_moved_at_night_is_told_once_in_the_morning(app: &TestApp) {
        let quarrel = Quarrel::joined(app).await;
        app.drain_outbox().await;
        // Eleven at night.
        app.pass(TimeDelta::hours(13));
        let chen = quarrel.chen.openid.as_str();
        (0..9).for_each(|_| app.agrees_to(chen, tests::PROGRESS));
        let (before, at) = (app.messages_of(chen).len(), |at: &str| json!({ "at": at, "place": "社区二楼" }));
        quarrel.tries(&quarrel.clerk, "sessions", &at("2026-11-24T09:00:00+08:00")).await.ok();
        quarrel.tries(&quarrel.clerk, "sessions", &at("2026-11-26T09:00:00+08:00")).await.ok();
        app.drain_outbox().await;
        app.pass(TimeDelta::minutes(10));
        quarrel.tries(&quarrel.clerk, "sessions/1/move", &at("2026-11-25T19:30:00+08:00")).await.ok();
        app.drain_outbox().await;
        app.pass(TimeDelta::hours(8));
        app.drain_outbox().await;
        let messages = format!("{:?}", &app.messages_of(chen)[before..]);
        assert!(!messages.contains("11月24日 09:00"), "that is not true any more: {messages}");
        for time in ["11月25日 19:30", "11月26日 09:00"] {
            assert!(messages.contains(time), "{time}: {messages}");
        }
    }

    async fn nobody_is_told_of_a_meeting_of_a_case_that_is_closed(app: &TestApp) {
        let quarrel = Quarrel::joined(app).await;
        app.drain_outbox().await;
        app.pass(TimeDelta::hours(13));
        let chen = quarrel.chen.openid.as_str();
        (0..9).for_each(|_| app.agrees_to(chen, tests::PROGRESS));
        let before = app.messages_of(chen).len();
        let meeting = json!({ "at": "2026-11-24T09:00:00+08:00", "place": "社区二楼" });
        quarrel.tries(&quarrel.clerk, "sessions", &meeting).await.ok();
        app.drain_outbox().await;
        app.pass(TimeDelta::minutes(10));
        quarrel.tries(&quarrel.clerk, "close", &json!({ "outcome": "failed" })).await.ok();
        app.drain_outbox().await;
        app.pass(TimeDelta::hours(8));
        app.drain_outbox().await;
        assert_eq!(app.messages_of(chen).len(), before, "{:?}", app.messages_of(chen));
        for party in [&quarrel.chen, &quarrel.liu] {
            let told = inbox(party).await;
            assert!(has(&told, "mediation_ended", "社区事项：请查看结果。"), "{told:?}");
        }
    }

    async fn a_mediator_is_told_at_work_and_a_party_is_not(app: &TestApp) {
        const MEMBER: &str = "ZhaoXiao";
        let quarrel = Quarrel::accepted(app).await;
        let admin = app.administrator().await;
        let in_wecom = |staff: &tests::Person| format!("/v1/admin/wecom-members/{}", staff.id);
        admin.put(&in_wecom(&quarrel.clerk)).json(&json!({ "user_id": MEMBER })).await.ok();
        app.drain_outbox().await;
        let before = app.messages_of(MEMBER).len();
        let case = quarrel.appoints(&quarrel.clerk).await.ok();
        let quarrel = Quarrel { case: id(&case).to_owned(), ..quarrel };
        app.drain_outbox().await;
        let messages = format!("{:?}", &app.messages_of(MEMBER)[before..]);
        assert!(messages.contains("请打开小程序查看并安排") && !messages.contains("调解"), "{messages}");
        // The secretary has a part in it, and that is no matter of the employer's.
        assert_eq!(admin.delete(&in_wecom(&quarrel.clerk)).await.status, 204);
        admin.put(&in_wecom(&quarrel.secretary)).json(&json!({ "user_id": MEMBER })).await.ok();
        let others = app.messages_of(MEMBER).len();
        let party = json!({ "name": "书记", "person_id": quarrel.secretary.id });
        quarrel.tries(&quarrel.clerk, "parties", &party).await.ok();
        app.drain_outbox().await;
        assert!(has(&inbox(&quarrel.secretary).await, "invited", "社区事项：请查看并答复。"));
        assert_eq!(app.messages_of(MEMBER).len(), others, "the own quarrel is private");
    }

    async fn a_quarrel_is_settled_and_looked_after(app: &TestApp) {
        let quarrel = Quarrel::accepted(app).await;
        assert_eq!(quarrel.secretary.sees(&quarrel.order).await["description"], ORDER, "to take it, one must read it");
        quarrel.clerk.looks_at(&quarrel.order).await.refused(404, "not_found");

        let opened = quarrel.appoints(&quarrel.clerk).await;
        assert_eq!(opened.status, 201, "{opened}");
        let opened = opened.value();
        assert_eq!((&opened["standing"], &opened["status"]), (&json!("office"), &json!("open")));
        let quarrel = Quarrel { case: id(&opened).to_owned(), ..quarrel };
        assert_eq!(quarrel.clerk.sees(&quarrel.order).await["description"], ORDER);
        let mine = quarrel.clerk.get("/v1/mediations?view=mine").await.ok();
        assert_eq!(mine["items"][0]["order_id"], quarrel.order["id"]);

        // The neighbour is asked, comes, and both say how it was.
        let liu = json!({ "name": LIU_NAME, "phone": LIU_PHONE, "person_id": quarrel.liu.id });
        let asked = quarrel.tries(&quarrel.clerk, "parties", &liu).await.ok();
        assert_eq!((&asked["parties"][1]["phone"], &asked["parties"][1]["code"]), (&json!("139****0002"), &Value::Null));
        quarrel.tries(&quarrel.liu, "join", &json!({})).await.ok();
        quarrel.tries(&quarrel.liu, "statement", &json!({ "text": LIU_SAYS })).await.ok();
        quarrel.tries(&quarrel.chen, "statement", &json!({ "text": CHEN_SAYS })).await.ok();

        // They meet, later than planned.
        let meeting = json!({ "at": "2026-11-24T09:00:00+08:00", "place": "社区二楼" });
        quarrel.tries(&quarrel.clerk, "sessions", &meeting).await.ok();
        let later = json!({ "at": "2026-11-24T19:30:00+08:00", "place": "社区二楼" });
        let moved = quarrel.tries(&quarrel.clerk, "sessions/1/move", &later).await.ok();
        assert_eq!(moved["next_session_at"], "2026-11-24T19:30:00+08:00");
        let held = json!({ "attended": [1, 2], "notes": NOTES, "agreed": AT_THE_TABLE });
        quarrel.tries(&quarrel.clerk, "sessions/1/held", &held).await.refused(409, "wrong_state");
        app.pass(TimeDelta::days(2));
        quarrel.tries(&quarrel.clerk, "sessions/1/held", &held).await.ok();

        // What they agree on is read out, and both give their word.
        let read_out = quarrel.tries(&quarrel.clerk, "agreement", &json!({ "text": AGREEMENT })).await.ok();
        assert_eq!(read_out["status"], "proposed");
        quarrel.tries(&quarrel.clerk, "close", &json!({ "outcome": "agreed" })).await.refused(409, "not_agreed_by_all");
        assert_eq!(quarrel.tries(&quarrel.liu, "agree", &json!({})).await.ok()["status"], "proposed");
        assert_eq!(quarrel.tries(&quarrel.chen, "agree", &json!({})).await.ok()["status"], "agreed");
        let close = json!({ "outcome": "agreed", "follow_up_on": "2026-12-23" });
        let closed = quarrel.tries(&quarrel.clerk, "close", &close).await.ok();
        assert_eq!((&closed["status"], &closed["outcome_text"]), (&json!("closed"), &json!("达成协议")));
        assert_eq!(settled(app).await, ["dispute 2026-11-01 1"]);

        // The order is resolved in words that say nothing.
        let resolved = quarrel.clerk.makes("resolve", &quarrel.order, &json!({ "result": AGREEMENT })).await;
        assert_eq!(resolved["resolution"]["result"], "社区事项已办理完毕");
        quarrel.chen.makes("rate", &quarrel.order, &json!({ "solved": true, "satisfaction": 5 })).await;

        // A month later somebody asks how things went.
        app.drain_outbox().await;
        app.pass(TimeDelta::days(28));
        app.look_at_the_clock().await;
        let told = inbox(&quarrel.clerk).await;
        assert!(has(&told, "entrusted", "社区事项（请您办理）：请查看并安排。"), "{told:?}");
        assert!(has(&told, "follow_up_due", "社区事项：请登记回访结果。"), "{told:?}");
        let kept = json!({ "result": "kept", "note": LOOKED_BACK });
        let looked_back = quarrel.tries(&quarrel.clerk, "follow_up", &kept).await.ok();
        assert_eq!(looked_back["follow_up"]["result_text"], "已履行");
        quarrel.tries(&quarrel.clerk, "follow_up", &kept).await.refused(409, "wrong_state");
        let seen = quarrel.seen_by(&quarrel.chen).await;
        assert_eq!((&seen["follow_up"]["result"], &seen["follow_up"]["note"]), (&json!("kept"), &Value::Null));

        // The parties were told, in words that any lock screen may show.
        for party in [&quarrel.chen, &quarrel.liu] {
            let told = inbox(party).await;
            assert!(has(&told, "meeting", "社区事项（11月24日 09:00）：请查看地点。"), "{told:?}");
            assert!(has(&told, "meeting_moved", "社区事项（11月24日 19:30）：请查看地点。"), "{told:?}");
            assert!(has(&told, "confirm_needed", "社区事项（待您确认）：请查看内容并确认。"), "{told:?}");
        }
        assert!(has(&inbox(&quarrel.liu).await, "invited", "社区事项：请查看并答复。"), "{:?}", inbox(&quarrel.liu).await);

        // The mediator's time ends, in the case at once and in the order with the next look at the clock.
        app.pass(TimeDelta::days(30));
        quarrel.looks(&quarrel.clerk).await.refused(404, "not_found");
        app.look_at_the_clock().await;
        quarrel.clerk.looks_at(&quarrel.order).await.refused(404, "not_found");
        let order = quarrel.chen.sees(&quarrel.order).await;
        assert_eq!(order["mediation"], "over");
        assert_eq!(quarrel.seen_by(&quarrel.chen).await["agreement"]["text"], AGREEMENT, "it stays theirs");
    }

    async fn each_reads_what_is_theirs(app: &TestApp) {
        let quarrel = Quarrel::agreed(app).await;
        let clerk = quarrel.seen_by(&quarrel.clerk).await;
        assert_eq!(clerk["parties"][0]["statements"][0]["text"], CHEN_SAYS);
        assert_eq!(clerk["parties"][1]["statements"][0], json!({ "at": "2026-11-23T10:00:00+08:00", "by_mediator": true, "text": LIU_SAYS }));
        assert_eq!(clerk["sessions"][0]["notes"], NOTES);
        assert_eq!(clerk["agreement"]["assents"][1]["how"], "on_paper");
        assert!(clerk["agreement"]["assents"][1]["photo"]["urls"]["original"].is_string());

        let chen = quarrel.seen_by(&quarrel.chen).await;
        assert_eq!((&chen["my_party"], &chen["standing"]), (&json!(1), &json!("party")));
        assert_eq!(chen["parties"][1]["name"], LIU_NAME);
        assert_eq!((&chen["parties"][1]["phone"], &chen["parties"][1]["statements"]), (&Value::Null, &json!([])));
        assert_eq!(chen["parties"][0]["statements"][0]["text"], CHEN_SAYS);
        assert_eq!((&chen["sessions"][0]["notes"], &chen["sessions"][0]["agreed"]), (&Value::Null, &json!(AT_THE_TABLE)));
        assert_eq!(chen["agreement"]["text"], AGREEMENT);
        assert_eq!(chen["agreement"]["assents"][1]["photo"], Value::Null, "another's signature");

        let office = quarrel.seen_by(&quarrel.secretary).await;
        assert_eq!((&office["party_count"], &office["status"]), (&Value::Null, &json!("open")));
        assert_eq!((&office["parties"], &office["sessions"], &office["agreement"]), (&json!([]), &json!([]), &Value::Null));
        assert_eq!(office["mediator_id"], quarrel.clerk.id);
        assert_eq!(office["allowed_actions"], json!(["replace_mediator"]));
    }

    async fn somebody_without_an_invitation_in_the_app_comes_by_a_code(app: &TestApp) {
        let quarrel = Quarrel::opened(app).await;
        let liu = json!({ "name": LIU_NAME });
        let asked = quarrel.tries(&quarrel.clerk, "parties", &liu).key("asks-liu").await.ok();
        let code = asked["parties"][1]["code"].as_str().expect("a code").to_owned();
        quarrel.looks(&quarrel.liu).await.refused(404, "not_found");
        let join = async |who: &tests::Person, code: &str| who.post("/v1/mediations/join").json(&json!({ "code": code })).await;
        join(&quarrel.liu, "7K2MZ-0QX9B").await.refused(409, "mediation_code_invalid");
        join(&quarrel.liu, "nonsense").await.refused(409, "mediation_code_invalid");
        join(&quarrel.chen, &code).await.refused_field("/person_id");
        let joined = join(&quarrel.liu, &code.to_lowercase()).await.ok();
        assert_eq!((&joined["my_party"], &joined["my_standing"]), (&json!(2), &json!("joined")));
        join(&quarrel.property, &code).await.refused(409, "mediation_code_invalid");
        assert_eq!(quarrel.seen_by(&quarrel.clerk).await["parties"][1]["code"], Value::Null);
        // One who never came: the code runs out.
        let late = quarrel.tries(&quarrel.clerk, "parties", &json!({ "name": "隔壁小赵" })).await.ok();
        let late = late["parties"][2]["code"].as_str().expect("a code").to_owned();
        app.pass(TimeDelta::days(14));
        join(&quarrel.property, &late).await.refused(409, "mediation_code_invalid");
    }

    async fn whoever_was_asked_and_has_not_come_learns_when_and_where(app: &TestApp) {
        let quarrel = Quarrel::opened(app).await;
        let liu = json!({ "name": LIU_NAME, "phone": LIU_PHONE, "person_id": quarrel.liu.id });
        quarrel.tries(&quarrel.clerk, "parties", &liu).await.ok();
        let meeting = json!({ "at": "2026-11-24T09:00:00+08:00", "place": "社区二楼" });
        quarrel.tries(&quarrel.clerk, "sessions", &meeting).await.ok();
        let seen = quarrel.seen_by(&quarrel.liu).await;
        assert_eq!((&seen["matter"], &seen["my_standing"]), (&json!("社区事项"), &json!("invited")));
        assert_eq!((&seen["sessions"][0]["place"], &seen["parties"]), (&json!("社区二楼"), &json!([])));
        assert_eq!((&seen["order_id"], &seen["order_number"]), (&Value::Null, &Value::Null));
        assert!(!seen.to_string().contains(CHEN_NAME), "{seen}");
        quarrel.tries(&quarrel.liu, "statement", &json!({ "text": LIU_SAYS })).await.refused(403, "not_permitted");
        let declined = quarrel.tries(&quarrel.liu, "decline", &json!({})).await.ok();
        assert_eq!((&declined["my_standing"], &declined["sessions"]), (&json!("declined"), &json!([])));
        quarrel.tries(&quarrel.clerk, "agreement", &json!({ "text": AGREEMENT })).await.refused(409, "parties_missing");
        quarrel.tries(&quarrel.liu, "join", &json!({})).await.ok();
        quarrel.tries(&quarrel.clerk, "agreement", &json!({ "text": AGREEMENT })).await.ok();
    }

    async fn another_mediator_takes_over_and_the_former_one_is_out(app: &TestApp) {
        let quarrel = Quarrel::joined(app).await;
        quarrel.tries(&quarrel.chen, "statement", &json!({ "text": CHEN_SAYS })).await.ok();
        let note = quarrel.tries(&quarrel.clerk, "statement", &json!({ "text": LIU_SAYS, "party": 2 })).key("once").await;
        note.ok();
        let other = json!({ "mediator_id": quarrel.property.id });
        for who in [&quarrel.clerk, &quarrel.chen, &quarrel.liu] {
            quarrel.tries(who, "replace_mediator", &other).await.refused(403, "not_permitted");
        }
        let replaced = quarrel.tries(&quarrel.secretary, "replace_mediator", &other).await.ok();
        assert_eq!(replaced["mediator_id"], quarrel.property.id);
        quarrel.looks(&quarrel.clerk).await.refused(404, "not_found");
        quarrel.clerk.looks_at(&quarrel.order).await.refused(404, "not_found");
        // Nor does an answer that was kept say it again.
        let again = quarrel.tries(&quarrel.clerk, "statement", &json!({ "text": LIU_SAYS, "party": 2 })).key("once").await;
        again.refused(404, "not_found");
        assert_eq!(quarrel.property.sees(&quarrel.order).await["description"], ORDER);
        assert_eq!(quarrel.seen_by(&quarrel.property).await["parties"][0]["statements"][0]["text"], CHEN_SAYS);
        // Whoever leaves the role there is out as well.
        app.database.tamper("UPDATE memberships SET ended_at = '2026-11-23T02:00:00+00:00' WHERE role = 'partner_staff'").await;
        quarrel.looks(&quarrel.property).await.refused(404, "not_found");
        quarrel.property.looks_at(&quarrel.order).await.refused(404, "not_found");
    }

    async fn a_number_is_revealed_to_the_mediator_and_its_owner_can_read_that(app: &TestApp) {
        let quarrel = Quarrel::joined(app).await;
        let ask = |who: &tests::Person, party: u8| quarrel.tries(who, "reveal", &json!({ "party": party, "purpose": "contact_resident" }));
        for who in [&quarrel.chen, &quarrel.liu, &quarrel.secretary] {
            ask(who, 2).await.refused(403, "not_permitted");
        }
        ask(&quarrel.property, 2).await.refused(404, "not_found");
        ask(&quarrel.clerk, 7).await.refused_field("/party");
        assert_eq!(ask(&quarrel.clerk, 2).await.ok()["phone"], LIU_PHONE);
        assert_eq!(ask(&quarrel.clerk, 1).await.ok()["phone"], CHEN_PHONE);
        let looks = quarrel.liu.get("/v1/me/data-access").await.ok();
        assert_eq!((&looks["items"][0]["by"], &looks["items"][0]["by_text"]), (&json!("mediator"), &json!("调解员")));
        assert_eq!(looks["items"].as_array().map(Vec::len), Some(1));
    }
}
