//! Somebody who works here tries to read what is not theirs.

use serde_json::{Value, json};
use tests::{Person, Picture, TestApp, id, on_both, order_in};
use wechat_adapter::Endpoint;

use super::{AGREEMENT, CHEN_NAME, CHEN_PHONE, CHEN_SAYS, LIU_NAME, LIU_PHONE, LIU_SAYS, NOTES, ORDER, Quarrel};

/// What a resident quotes, and WeChat would refuse to publish.
const QUOTED: &str = "他骂我【违规】";

async fn told(person: &Person, kind: &str) -> Vec<Value> {
    let items = person.get("/v1/me/inbox").await.ok()["items"].clone();
    items.as_array().expect("items").iter().filter(|item| item["kind"] == kind).cloned().collect()
}

async fn looks_at(person: &Person) -> Vec<Value> {
    person.get("/v1/me/data-access").await.ok()["items"].as_array().expect("looks").clone()
}

/// The secretary is asked into the quarrel, as the one whom it is about.
async fn secretary_is_a_party(app: &TestApp) -> Quarrel {
    let quarrel = Quarrel::opened(app).await;
    let she = json!({ "name": "书记", "person_id": quarrel.secretary.id });
    quarrel.tries(&quarrel.clerk, "parties", &she).await.ok();
    quarrel
}

/// Whose account says more than the order does.
async fn unnamed(app: &TestApp, order: Value) -> Quarrel {
    let chen = app.sign_in_with_phone("demo-ry-chen", CHEN_PHONE).await;
    chen.put("/v1/me").json(&json!({ "nickname": CHEN_NAME })).await.ok();
    let order = chen.places(&order).await;
    let secretary = app.sign_in("demo-ry-secretary").await;
    secretary.makes("accept", &order, &json!({})).await;
    let mut quarrel = Quarrel {
        chen,
        liu: app.sign_in("demo-ry-liu").await,
        clerk: app.sign_in("demo-ry-clerk").await,
        secretary,
        property: app.sign_in("demo-ry-property").await,
        order,
        case: String::new(),
    };
    let case = quarrel.appoints(&quarrel.clerk).await.ok();
    quarrel.case = id(&case).to_owned();
    quarrel
}

on_both! {
    async fn nobody_appoints_themselves(app: &TestApp) {
        let quarrel = Quarrel::accepted(app).await;
        quarrel.appoints(&quarrel.secretary).await.refused_field("/mediator_id");
        let running = Quarrel::joined(app).await;
        let herself = json!({ "mediator_id": running.secretary.id });
        running.tries(&running.secretary, "replace_mediator", &herself).await.refused_field("/mediator_id");
        running.tries(&running.clerk, "close", &json!({ "outcome": "failed" })).await.ok();
        running.tries(&running.secretary, "replace_mediator", &herself).await.refused_field("/mediator_id");
        let seen = running.seen_by(&running.secretary).await;
        assert_eq!((&seen["standing"], &seen["mediator_id"]), (&json!("office"), &json!(running.clerk.id)));
        assert_eq!(running.secretary.sees(&running.order).await["description"], Value::Null);
    }

    async fn whoever_takes_part_is_told_who_took_over_and_can_read_it(app: &TestApp) {
        let quarrel = Quarrel::joined(app).await;
        let other = json!({ "mediator_id": quarrel.property.id });
        quarrel.tries(&quarrel.secretary, "replace_mediator", &other).key("over").await.ok();
        // A phone that asks again hands it over once.
        quarrel.tries(&quarrel.secretary, "replace_mediator", &other).key("over").await.ok();
        app.drain_outbox().await;
        for party in [&quarrel.chen, &quarrel.liu] {
            let told = told(party, "mediator_changed").await;
            assert_eq!(told.len(), 1, "{told:?}");
            assert_eq!(told[0]["text"], "社区事项：请查看现在的经办人。");
            let looks = looks_at(party).await;
            assert_eq!(looks.len(), 1, "{looks:?}");
            assert_eq!((&looks[0]["by"], &looks[0]["purpose"]), (&json!("mediator"), &json!("take_over")));
        }
        assert_eq!(looks_at(&quarrel.chen).await[0]["order_id"], quarrel.order["id"]);
        let liu = &looks_at(&quarrel.liu).await[0];
        assert_eq!((&liu["order_id"], &liu["mediation_id"]), (&Value::Null, &json!(quarrel.case)));
        // The program alone notes that; nobody looks for such a reason.
        let path = format!("/v1/orders/{}/reveal", id(&quarrel.order));
        quarrel.secretary.post(&path).json(&json!({ "purpose": "take_over" })).await.refused(422, "invalid_fields");
    }

    async fn what_leaves_no_line_in_the_history_is_not_handed_over(app: &TestApp) {
        let quarrel = Quarrel::closed(app).await;
        quarrel.clerk.makes("resolve", &quarrel.order, &json!({ "result": "好了" })).await;
        quarrel.chen.delete("/v1/me").await.ok();
        assert_eq!(quarrel.secretary.sees(&quarrel.order).await["erased"], true);
        let before = app.database.picture().await;
        let other = json!({ "mediator_id": quarrel.property.id });
        quarrel.tries(&quarrel.secretary, "replace_mediator", &other).await.refused(409, "wrong_state");
        assert_eq!(app.database.picture().await, before);
        let again = format!("/v1/orders/{}/mediation", id(&quarrel.order));
        quarrel.secretary.post(&again).json(&other).await.refused(409, "order_erased");
    }

    async fn a_secretary_who_is_a_party_is_a_stranger_to_the_order(app: &TestApp) {
        let quarrel = secretary_is_a_party(app).await;
        let (she, order) = (&quarrel.secretary, &quarrel.order);
        let other = Quarrel::accepted(app).await;
        she.looks_at(order).await.refused(404, "not_found");
        she.get(&format!("/v1/orders/{}/timeline", id(order))).await.refused(404, "not_found");
        for purpose in ["verify_facts", "emergency", "contact_resident"] {
            let path = format!("/v1/orders/{}/reveal", id(order));
            she.post(&path).json(&json!({ "purpose": purpose })).await.refused(404, "not_found");
        }
        for (a_move, body) in [("accept", json!({})), ("resolve", json!({ "result": "好了" })), ("clear", json!({}))] {
            she.tries(a_move, order, &body).await.refused(404, "not_found");
        }
        let anew = format!("/v1/orders/{}/mediation", id(order));
        she.post(&anew).json(&json!({ "mediator_id": quarrel.property.id })).await.refused(404, "not_found");
        for list in ["view=community", "view=community&service_key=mediation", "view=community&status=accepted"] {
            assert_eq!(she.list(list).await, [id(&other.order)], "{list}: the one, and no other");
        }
        assert_eq!(she.sees(&other.order).await["description"], ORDER, "any other quarrel is hers to read");
        let seen = quarrel.seen_by(she).await;
        assert_eq!((&seen["standing"], &seen["order_id"], &seen["mediator_id"]), (&json!("party"), &Value::Null, &Value::Null));

        // What happens to it from now on is not told to her desk, and what was told before leads nowhere.
        quarrel.chen.makes("withdraw", order, &json!({})).await;
        app.drain_outbox().await;
        let inbox = she.get("/v1/me/inbox").await.ok();
        let (of_it, number) = (id(order), order["number"].as_str().expect("a number"));
        assert!(told(she, "withdrawn").await.is_empty(), "{inbox}");
        assert!(!inbox.to_string().contains(of_it) && !inbox.to_string().contains(number), "{inbox}");
        let heard = she.get("/v1/events?after=0&wait=0").await.ok().to_string();
        assert!(!heard.contains(of_it) && heard.contains(id(&other.order)), "{heard}");
    }

    async fn a_mediator_learns_no_name_and_number_that_nobody_gave(app: &TestApp) {
        let plain = json!({ "community_id": tests::community("RY"), "service_key": "mediation", "description": ORDER });
        let mut anonymous = plain.clone();
        anonymous["visibility"] = json!("anonymous");
        anonymous["contact"] = json!({ "name": CHEN_NAME, "phone": CHEN_PHONE });
        for order in [plain, anonymous] {
            let is_anonymous = order.get("visibility").is_some();
            let quarrel = unnamed(app, order).await;
            let seen = quarrel.seen_by(&quarrel.clerk).await;
            assert_eq!((&seen["parties"][0]["name"], &seen["parties"][0]["phone"]), (&json!("居民"), &Value::Null));
            let ask = quarrel.tries(&quarrel.clerk, "reveal", &json!({ "party": 1, "purpose": "contact_resident" })).await.ok();
            assert_eq!((&ask["name"], &ask["phone"]), (&json!("居民"), &Value::Null));
            if is_anonymous {
                let path = format!("/v1/orders/{}/reveal", id(&quarrel.order));
                quarrel.clerk.post(&path).json(&json!({ "purpose": "emergency" })).await.refused(403, "not_permitted");
            }
            let seen = quarrel.clerk.sees(&quarrel.order).await;
            assert_eq!((&seen["contact"], &seen["description"]), (&Value::Null, &json!(ORDER)));
            // She gives it herself, in the case, where only the mediator reads the number.
            let bad = [(json!({}), ""), (json!({ "phone": "12" }), "/phone"), (json!({ "name": "陈\n女士" }), "/name")];
            for (body, pointer) in bad {
                quarrel.tries(&quarrel.chen, "contact", &body).await.refused_field(pointer);
            }
            for who in [&quarrel.clerk, &quarrel.secretary] {
                quarrel.tries(who, "contact", &json!({ "name": "别人" })).await.refused(403, "not_permitted");
            }
            quarrel.tries(&quarrel.chen, "contact", &json!({ "name": "陈女士" })).await.ok();
            quarrel.tries(&quarrel.chen, "contact", &json!({ "phone": CHEN_PHONE })).await.ok();
            let seen = quarrel.seen_by(&quarrel.clerk).await;
            assert_eq!((&seen["parties"][0]["name"], &seen["parties"][0]["phone"]), (&json!("陈女士"), &json!("139****0001")));
            let liu = json!({ "name": LIU_NAME, "phone": LIU_PHONE, "person_id": quarrel.liu.id });
            quarrel.tries(&quarrel.clerk, "parties", &liu).await.ok();
            quarrel.tries(&quarrel.liu, "contact", &json!({ "name": "刘大爷" })).await.refused(403, "not_permitted");
            quarrel.tries(&quarrel.liu, "join", &json!({})).await.ok();
            let seen = quarrel.seen_by(&quarrel.liu).await;
            assert_eq!((&seen["parties"][0]["name"], &seen["parties"][0]["phone"]), (&json!("陈女士"), &Value::Null));
        }
    }

    async fn no_word_and_no_photo_of_a_quarrel_leaves_for_a_check(app: &TestApp) {
        let chen = app.sign_in("demo-ry-chen").await;
        let texts = || app.wechat().calls_to(Endpoint::TextCheck);
        let photos = || app.wechat().calls_to(Endpoint::MediaCheck);
        let (said, shown) = (texts(), photos());
        let picture = || Picture { width: 64, height: 48 }.jpeg();
        let photo = chen.post("/v1/attachments").file("file", "a.jpg", picture()).await.ok();
        app.check_contents().await;
        let mut order = order_in("RY", "mediation", QUOTED);
        order["attachment_ids"] = json!([id(&photo)]);
        let order = chen.places(&order).await;
        let (secretary, property) = (app.sign_in("demo-ry-secretary").await, app.sign_in("demo-ry-property").await);
        secretary.makes("accept", &order, &json!({})).await;
        assert_eq!(secretary.sees(&order).await["unchecked"], false, "nobody has to look at it either");
        // Somebody of a company mediates, and photographs a signature.
        let path = format!("/v1/orders/{}/mediation", id(&order));
        let case = secretary.post(&path).json(&json!({ "mediator_id": property.id })).await.ok();
        let step = |who: &Person, step: &str, body: Value| who.post(&format!("/v1/mediations/{}/{step}", id(&case))).json(&body);
        let asked = step(&property, "parties", json!({ "name": LIU_NAME })).await.ok();
        assert!(asked["parties"][1]["code"].is_string(), "{asked}");
        step(&property, "agreement", json!({ "text": AGREEMENT })).await.ok();
        let signed = property.post("/v1/attachments").file("file", "b.jpg", picture()).await.ok();
        step(&property, "agree", json!({ "party": 2, "attachment_id": id(&signed) })).await.ok();
        step(&chen, "agree", json!({})).await.ok();
        step(&property, "close", json!({ "outcome": "agreed" })).await.ok();
        property.makes("resolve", &order, &json!({ "result": "好了" })).await;
        let rating = json!({ "solved": false, "satisfaction": 1, "comment": QUOTED });
        chen.makes("rate", &order, &rating).await;
        let another = chen.places(&order_in("RY", "mediation", QUOTED)).await;
        chen.makes("withdraw", &another, &json!({ "reason": QUOTED })).await;
        app.check_contents().await;
        assert_eq!((texts(), photos()), (said, shown));
        // What others may read is still read.
        chen.post("/v1/orders").json(&order_in("RY", "errand", QUOTED)).await.refused(422, "content_refused");
    }

    async fn an_open_matter_and_a_sealed_one_are_not_merged(app: &TestApp) {
        let chen = app.sign_in("demo-ry-chen").await;
        let (secretary, clerk) = (app.sign_in("demo-ry-secretary").await, app.sign_in("demo-ry-clerk").await);
        let sealed = chen.places(&order_in("RY", "mediation", ORDER)).await;
        let open = chen.places(&order_in("RY", "errand", "想请人代缴电费")).await;
        for (one, other) in [(&sealed, &open), (&open, &sealed)] {
            secretary.tries("merge", one, &json!({ "into": id(other) })).await.refused(409, "merge_sealed");
        }
        let seen = clerk.timeline(&open).await;
        assert!(!json!(seen).to_string().contains(sealed["number"].as_str().expect("a number")), "{seen:?}");
        let twin = chen.places(&order_in("RY", "mediation", ORDER)).await;
        let of_the_neighbour = app.sign_in("demo-ry-liu").await.places(&order_in("RY", "mediation", ORDER)).await;
        secretary.tries("merge", &of_the_neighbour, &json!({ "into": id(&sealed) })).await.refused(409, "merge_sealed");
        secretary.makes("merge", &twin, &json!({ "into": id(&sealed) })).await;
    }

    async fn a_mediation_ends_with_its_order(app: &TestApp) {
        let quarrel = Quarrel::joined(app).await;
        let asked = quarrel.tries(&quarrel.clerk, "parties", &json!({ "name": "隔壁小赵" })).await.ok();
        let code = asked["parties"][2]["code"].as_str().expect("a code").to_owned();
        let meeting = json!({ "at": "2026-11-24T09:00:00+08:00", "place": "社区二楼" });
        quarrel.tries(&quarrel.clerk, "sessions", &meeting).key("plan").await.ok();
        quarrel.chen.makes("withdraw", &quarrel.order, &json!({})).await;
        app.drain_outbox().await;
        assert_eq!(told(&quarrel.clerk, "withdrawn").await.len(), 1);

        let before = app.database.picture().await;
        let (clerk, liu) = (&quarrel.clerk, &quarrel.liu);
        for (who, step, body) in [
            (clerk, "parties", json!({ "name": "楼下小王" })),
            (clerk, "sessions", meeting.clone()),
            (clerk, "sessions/1/move", meeting.clone()),
            (clerk, "sessions/1/held", json!({ "attended": [1, 2], "notes": NOTES })),
            (clerk, "statement", json!({ "party": 2, "text": LIU_SAYS })),
            (clerk, "agreement", json!({ "text": AGREEMENT })),
            (&quarrel.chen, "statement", json!({ "text": CHEN_SAYS })),
            (&quarrel.chen, "contact", json!({ "name": "陈女士" })),
            (liu, "decline", json!({})),
            (&quarrel.secretary, "replace_mediator", json!({ "mediator_id": quarrel.property.id })),
        ] {
            quarrel.tries(who, step, &body).await.refused(409, "wrong_state");
        }
        quarrel.property.post("/v1/mediations/join").json(&json!({ "code": code })).await.refused(409, "wrong_state");
        assert_eq!(app.database.picture().await, before);
        assert_eq!(quarrel.seen_by(clerk).await["allowed_actions"], json!(["close"]));
        assert_eq!(quarrel.seen_by(liu).await["allowed_actions"], json!([]));
        quarrel.tries(clerk, "close", &json!({ "outcome": "withdrawn" })).await.ok();
    }
}
