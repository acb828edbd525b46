//! What is sealed stays sealed, at every door and for every role.

use serde_json::{Value, json};
use tests::{Person, Program, TestApp, id, on_both, operations};
use uuid::Uuid;

use super::{
    AGREEMENT, AT_THE_TABLE, CHEN_NAME, CHEN_PHONE, CHEN_SAYS, LIU_NAME, LIU_PHONE, LIU_SAYS, LOOKED_BACK, NOTES,
    ORDER, Quarrel,
};

/// Everything that anybody wrote or is called.
const SECRETS: [&str; 11] = [
    ORDER,
    CHEN_SAYS,
    LIU_SAYS,
    NOTES,
    AT_THE_TABLE,
    AGREEMENT,
    LOOKED_BACK,
    CHEN_PHONE,
    LIU_PHONE,
    CHEN_NAME,
    LIU_NAME,
];

/// Whatever this person can read anywhere: every path of the description that reads, for each thing that has an id, and
/// searches for words of the matter.
async fn everything_read_by(app: &TestApp, person: &Person, things: &[&str]) -> String {
    let mut read = String::new();
    for operation in operations().into_iter().filter(|o| o.method == "GET" && o.needs_token) {
        for thing in things {
            let path = operation.path.replace("{id}", thing);
            let path = if operation.name == "events_watch" { format!("{path}?after=0&wait=0") } else { path };
            let reply = person.get(&path).await;
            assert!(reply.status < 500, "{path}: {reply}");
            read.push_str(reply.text());
            if !operation.path.contains("{id}") {
                break;
            }
        }
    }
    for path in [
        "/v1/orders?view=community",
        "/v1/orders?view=assigned",
        "/v1/orders?view=community&q=夜里",
        "/v1/orders?view=mine&q=夜里",
        "/v1/orders?view=community&service_key=mediation",
        "/v1/mediations?view=community",
        "/v1/mediations?view=mine",
        "/v1/me/export",
    ] {
        read.push_str(person.get(path).await.text());
    }
    read.push_str(person.get("/v1/me/export").header("accept", "text/html").await.text());
    app.drain_outbox().await;
    read.extend(app.messages_of(&person.openid).iter().map(|message| format!("{message:?}")));
    read
}

fn found(read: &str) -> Vec<&'static str> {
    SECRETS.into_iter().filter(|secret| read.contains(secret)).collect()
}

/// A quarrel that went its whole way, with every message sent.
async fn looked_back(app: &TestApp) -> Quarrel {
    let quarrel = Quarrel::closed(app).await;
    let kept = json!({ "result": "kept", "note": LOOKED_BACK });
    quarrel.tries(&quarrel.clerk, "follow_up", &kept).await.ok();
    for who in [&quarrel.chen, &quarrel.liu, &quarrel.clerk, &quarrel.secretary, &quarrel.property] {
        app.agrees_to_messages(&who.openid);
    }
    app.drain_outbox().await;
    quarrel
}

on_both! {
    async fn nobody_reads_anywhere_what_is_not_theirs(app: &TestApp) {
        let quarrel = looked_back(app).await;
        let things = [id(&quarrel.order), quarrel.case.as_str()];
        let (street, far_secretary) = (app.sign_in("demo-xy-street").await, app.sign_in("demo-xy-secretary").await);
        let admin = app.administrator().await;
        for who in [&quarrel.property, &quarrel.secretary, &street, &far_secretary, &admin] {
            let read = everything_read_by(app, who, &things).await;
            assert_eq!(found(&read), [""; 0], "{}", who.openid);
        }
        for who in [&quarrel.property, &street, &far_secretary, &admin] {
            quarrel.looks(who).await.refused(404, "not_found");
            who.looks_at(&quarrel.order).await.refused(404, "not_found");
        }
        let liu = everything_read_by(app, &quarrel.liu, &things).await;
        assert_eq!(found(&liu), [LIU_SAYS, AT_THE_TABLE, AGREEMENT, CHEN_NAME, LIU_NAME]);
        let number = quarrel.order["number"].as_str().expect("a number");
        assert!(!liu.contains(id(&quarrel.order)) && !liu.contains(number), "{liu}");
        let chen = everything_read_by(app, &quarrel.chen, &things).await;
        assert_eq!(found(&chen), [ORDER, CHEN_SAYS, AT_THE_TABLE, AGREEMENT, CHEN_PHONE, CHEN_NAME, LIU_NAME]);
        // In lists the mediator reads no word either; of the two numbers only masks.
        let mine = quarrel.clerk.get("/v1/mediations?view=mine").await.ok().to_string();
        assert_eq!(found(&mine), [""; 0]);
        let clerk = everything_read_by(app, &quarrel.clerk, &things).await;
        let all_but_numbers = [ORDER, CHEN_SAYS, LIU_SAYS, NOTES, AT_THE_TABLE, AGREEMENT, LOOKED_BACK, CHEN_NAME, LIU_NAME];
        assert_eq!(found(&clerk), all_but_numbers);
        let export = quarrel.clerk.get("/v1/me/export").await.ok().to_string();
        assert_eq!(found(&export), [""; 0], "a mediator's own copy holds no quarrel of others");
        let listed = quarrel.clerk.list("view=community&q=夜里").await;
        assert_eq!(listed, Vec::<String>::new());
    }

    async fn messages_and_inboxes_say_that_there_is_something(app: &TestApp) {
        let quarrel = looked_back(app).await;
        for who in [&quarrel.chen, &quarrel.liu, &quarrel.clerk, &quarrel.secretary] {
            let inbox = who.get("/v1/me/inbox").await.ok().to_string();
            let phone = format!("{:?}", app.messages_of(&who.openid));
            for told in [&inbox, &phone] {
                assert_eq!(found(told), [""; 0], "{}", who.openid);
                assert!(!told.contains("调解") && !told.contains("纠纷"), "{}: {told}", who.openid);
            }
            assert!(inbox.contains("社区事项"), "{inbox}");
        }
        // The desk calls nobody about it.
        assert_eq!(quarrel.secretary.get("/v1/calls").await.ok()["items"], json!([]));
        assert_eq!(quarrel.clerk.get("/v1/calls").await.ok()["items"], json!([]));
    }

    async fn the_secretary_reads_the_words_until_somebody_is_appointed(app: &TestApp) {
        let quarrel = Quarrel::accepted(app).await;
        let kept = quarrel.secretary.tries("accept", &quarrel.order, &json!({})).key("secretary-accepts").await;
        assert!(kept.ok().to_string().contains(ORDER), "the answer under the key shows the order as it was");
        let case = quarrel.appoints(&quarrel.clerk).key("appoints").await.ok();
        let seen = quarrel.secretary.sees(&quarrel.order).await;
        assert_eq!((&seen["description"], &seen["mediation"]), (&Value::Null, &json!("running")));
        assert_eq!(found(&seen.to_string()), [""; 0]);
        // Not out of what was kept either.
        let again = quarrel.secretary.tries("accept", &quarrel.order, &json!({})).key("secretary-accepts").await;
        again.refused(409, "wrong_state");
        assert_eq!(quarrel.appoints(&quarrel.clerk).key("appoints").await.ok()["id"], case["id"]);
        // Ms Chen's own answer is still hers: a phone that asks again places no second order.
        let order = json!({
            "community_id": tests::community("RY"), "service_key": "mediation", "description": ORDER,
            "contact": { "name": CHEN_NAME, "phone": CHEN_PHONE },
        });
        assert_eq!(quarrel.chen.post("/v1/orders").json(&order).key("chen-orders").await.ok()["id"], quarrel.order["id"]);

        let path = format!("/v1/orders/{}/reveal", id(&quarrel.order));
        let reveal = async |purpose: &str| quarrel.secretary.post(&path).json(&json!({ "purpose": purpose })).await.ok();
        let called = reveal("contact_resident").await;
        assert_eq!((&called["contact"]["phone"], &called["words"]), (&json!(CHEN_PHONE), &Value::Null));
        assert_eq!(reveal("verify_facts").await["words"]["description"], ORDER);
        let looks = quarrel.chen.get("/v1/me/data-access").await.ok();
        let items = looks["items"].as_array().expect("looks").iter();
        let mut purposes: Vec<_> = items.map(|look| look["purpose"].as_str().expect("a purpose")).collect();
        // Both at the same instant.
        purposes.sort_unstable();
        assert_eq!(purposes, ["contact_resident", "verify_facts"]);
        assert_eq!(looks["items"][0]["by"], "secretary");
    }

    async fn the_orders_own_history_carries_no_word(app: &TestApp) {
        let quarrel = Quarrel::closed(app).await;
        quarrel.clerk.makes("resolve", &quarrel.order, &json!({ "result": AGREEMENT })).await;
        let path = format!("/v1/orders/{}/timeline", id(&quarrel.order));
        let timeline = quarrel.chen.get(&path).await.ok();
        assert_eq!(found(&timeline.to_string()), [""; 0], "{timeline}");
        let lines: Vec<_> = timeline["items"].as_array().expect("lines").iter().map(|line| line["text"].as_str().expect("text")).collect();
        assert_eq!(lines, ["居民下单", "书记接单", "书记指定了经办人", "经办人报告办理完毕", "经办人办结"]);
        // What would carry words to others is refused as long as the order lives.
        for (a_move, body) in [
            ("comment", json!({ "text": CHEN_SAYS })),
            ("visit", json!({ "note": NOTES })),
            ("dispatch", json!({ "partner_id": Uuid::nil(), "role": "lead", "task": "看看" })),
        ] {
            let opened = Quarrel::opened(app).await;
            let who = if a_move == "comment" { &opened.chen } else { &opened.secretary };
            let refused = who.tries(a_move, &opened.order, &body).await;
            refused.refused(409, "under_mediation");
            opened.clerk.tries("resolve", &opened.order, &json!({ "result": "好了" })).await.refused(409, "mediation_open");
        }
    }

    async fn a_thief_and_the_audit_log_learn_no_word(app: &TestApp) {
        let quarrel = looked_back(app).await;
        app.drain_outbox().await;
        let dump = app.database.stolen().await;
        for secret in SECRETS.iter().chain(&["社区二楼"]) {
            let holds = dump.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!holds, "{secret} lies open in the database");
        }
        let lines = app.database.texts("SELECT action FROM audit_log WHERE action LIKE 'mediations%' ORDER BY at").await;
        assert!(lines.len() > 8, "{lines:?}");
        quarrel.seen_by(&quarrel.clerk).await;
        let looks = app.database.texts("SELECT result FROM audit_log WHERE action = 'mediations_one'").await;
        assert_eq!(looks, ["done"], "each look leaves a line");
    }

    async fn the_program_writes_no_word_into_its_log(app: &TestApp) {
        let quarrel = Quarrel::joined(app).await;
        let program = Program::serve_quietly(&app.environment().await).await;
        let (clerk, chen) = (app.sign_in_at(&program, "demo-ry-clerk").await, app.sign_in_at(&program, "demo-ry-chen").await);
        let step = |who: &Person, step: &str, body: Value| who.post(&format!("/v1/mediations/{}/{step}", quarrel.case)).json(&body);
        step(&chen, "statement", json!({ "text": CHEN_SAYS })).await.ok();
        step(&clerk, "agreement", json!({ "text": AGREEMENT })).await.ok();
        step(&clerk, "statement", json!({ "text": LIU_SAYS, "party": 9 })).await.refused_field("/party");
        step(&clerk, "close", json!({ "outcome": NOTES })).await.refused(422, "invalid_fields");
        chen.get(&format!("/v1/mediations/{}", quarrel.case)).await.ok();
        let log = program.log_at_its_end().await;
        assert!(log.contains("answered"), "{log}");
        assert_eq!(found(&log), [""; 0], "{log}");
    }

    async fn whoever_is_nothing_to_it_changes_nothing(app: &TestApp) {
        let quarrel = Quarrel::agreed(app).await;
        let newcomer = app.sign_in("a-phone-that-nobody-knows").await;
        let far = app.sign_in("demo-xy-secretary").await;
        let before = app.database.picture().await;
        let bodies = [
            ("parties", json!({ "name": LIU_NAME })),
            ("join", json!({})),
            ("decline", json!({})),
            ("contact", json!({ "name": CHEN_NAME })),
            ("sessions", json!({ "at": "2026-11-25T09:00:00+08:00", "place": "社区" })),
            ("sessions/1/move", json!({ "at": "2026-11-25T09:00:00+08:00", "place": "社区" })),
            ("sessions/1/held", json!({ "attended": [1], "notes": NOTES })),
            ("statement", json!({ "text": CHEN_SAYS })),
            ("agreement", json!({ "text": AGREEMENT })),
            ("agree", json!({})),
            ("close", json!({ "outcome": "failed" })),
            ("follow_up", json!({ "result": "kept" })),
            ("replace_mediator", json!({ "mediator_id": newcomer.id })),
            ("reveal", json!({ "party": 1, "purpose": "emergency" })),
        ];
        for (step, body) in &bodies {
            for who in [&newcomer, &far, &quarrel.property] {
                quarrel.tries(who, step, body).await.refused(404, "not_found");
            }
        }
        // Whoever may see it is told whose step it is.
        for (step, body) in bodies.iter().filter(|(step, _)| !matches!(*step, "join" | "decline" | "contact" | "statement" | "agree")) {
            quarrel.tries(&quarrel.chen, step, body).await.refused(403, "not_permitted");
        }
        for (step, body) in bodies.iter().filter(|(step, _)| *step != "replace_mediator") {
            quarrel.tries(&quarrel.secretary, step, body).await.refused(403, "not_permitted");
        }
        for (step, body) in [("join", json!({})), ("agree", json!({})), ("replace_mediator", json!({ "mediator_id": quarrel.property.id }))] {
            quarrel.tries(&quarrel.clerk, step, &body).await.refused(403, "not_permitted");
        }
        assert_eq!(app.database.picture().await, before);
    }
}
