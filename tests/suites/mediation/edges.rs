//! What is refused, what happens at once, and what is left when somebody goes.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{id, on_both, order_in};
use uuid::Uuid;

use super::{AGREEMENT, CHEN_SAYS, LIU_NAME, LIU_PHONE, LIU_SAYS, Quarrel};

on_both! {
    async fn a_mediator_is_somebody_of_the_place_and_no_party(app: &TestApp) {
        let quarrel = Quarrel::accepted(app).await;
        let far = app.sign_in("demo-xy-clerk").await;
        for who in [&quarrel.liu, &far] {
            quarrel.appoints(who).await.refused_field("/mediator_id");
        }
        let path = format!("/v1/orders/{}/mediation", id(&quarrel.order));
        let nobody = json!({ "mediator_id": Uuid::nil() });
        quarrel.secretary.post(&path).json(&nobody).await.refused_field("/mediator_id");
        quarrel.chen.post(&path).json(&nobody).await.refused(403, "not_permitted");
        for who in [&quarrel.clerk, &quarrel.liu, &quarrel.property, &far] {
            who.post(&path).json(&nobody).await.refused(404, "not_found");
        }
        quarrel.appoints(&quarrel.clerk).await.ok();
        quarrel.appoints(&quarrel.clerk).await.refused(409, "wrong_state");
    }

    async fn only_a_quarrel_is_mediated(app: &TestApp) {
        let cast = app.xiyuan().await;
        let open = cast.accepted().await;
        let appoint = |order: &Value, who: &tests::Person| {
            who.post(&format!("/v1/orders/{}/mediation", id(order))).json(&json!({ "mediator_id": cast.clerk.id }))
        };
        appoint(&open, &cast.secretary).await.refused(409, "not_for_mediation");
        appoint(&open, &cast.clerk).await.refused(403, "not_permitted");
        let chen = app.sign_in("demo-ry-chen").await;
        let secretary = app.sign_in("demo-ry-secretary").await;
        let clerk = app.sign_in("demo-ry-clerk").await;
        let new = chen.places(&order_in("RY", "mediation", "楼道堆物，说了几次都不听")).await;
        let body = json!({ "mediator_id": clerk.id });
        let path = format!("/v1/orders/{}/mediation", id(&new));
        secretary.post(&path).json(&body).await.refused(409, "wrong_state");
    }

    async fn bad_input_is_refused_and_changes_nothing(app: &TestApp) {
        let quarrel = Quarrel::joined(app).await;
        let before = app.database.picture().await;
        let clerk = &quarrel.clerk;
        for (step, body, pointer) in [
            ("parties", json!({ "name": " " }), "/name"),
            ("parties", json!({ "name": "刘\n大爷" }), "/name"),
            ("parties", json!({ "name": LIU_NAME, "phone": "12" }), "/phone"),
            ("parties", json!({ "name": LIU_NAME, "person_id": Uuid::nil() }), "/person_id"),
            ("parties", json!({ "name": LIU_NAME, "person_id": quarrel.liu.id }), "/person_id"),
            ("parties", json!({ "name": LIU_NAME, "person_id": quarrel.clerk.id }), "/person_id"),
            ("sessions", json!({ "at": "2026-11-23T09:59:00+08:00", "place": "社区" }), "/at"),
            ("sessions", json!({ "at": "2028-11-23T09:59:00+08:00", "place": "社区" }), "/at"),
            ("sessions", json!({ "at": "2026-11-24T09:00:00+08:00", "place": "" }), "/place"),
            ("statement", json!({ "text": LIU_SAYS, "party": 9 }), "/party"),
            ("statement", json!({ "text": "长".repeat(5001), "party": 2 }), "/text"),
            ("agreement", json!({ "text": "" }), "/text"),
            ("close", json!({ "outcome": "referred" }), "/referred_to"),
            ("close", json!({ "outcome": "failed", "referred_to": "司法所" }), "/referred_to"),
            ("close", json!({ "outcome": "failed", "follow_up_on": "2026-11-23" }), "/follow_up_on"),
            ("close", json!({ "outcome": "won" }), "/outcome"),
        ] {
            quarrel.tries(clerk, step, &body).await.refused_field(pointer);
        }
        quarrel.tries(clerk, "sessions/1/held", &json!({ "attended": [], "notes": "。" })).await.refused(404, "not_found");
        quarrel.tries(clerk, "sessions/x/held", &json!({ "attended": [], "notes": "。" })).await.refused(404, "not_found");
        quarrel.tries(clerk, "follow_up", &json!({ "result": "kept" })).await.refused(409, "wrong_state");
        quarrel.tries(clerk, "close", &json!({ "outcome": "agreed" })).await.refused(409, "not_agreed_by_all");
        quarrel.tries(&quarrel.liu, "agree", &json!({})).await.refused(409, "wrong_state");
        assert_eq!(app.database.picture().await, before);
        // A signature needs a photo of the mediator's own.
        quarrel.tries(clerk, "agreement", &json!({ "text": AGREEMENT })).await.ok();
        quarrel.tries(clerk, "agree", &json!({ "party": 2 })).await.refused_field("/attachment_id");
        quarrel.tries(clerk, "agree", &json!({ "attachment_id": Uuid::nil() })).await.refused_field("/party");
        let unknown = json!({ "party": 2, "attachment_id": Uuid::nil() });
        quarrel.tries(clerk, "agree", &unknown).await.refused(422, "photo_unavailable");
    }

    async fn a_step_is_taken_once_under_one_key_and_on_the_version_that_was_seen(app: &TestApp) {
        let quarrel = Quarrel::joined(app).await;
        let say = || quarrel.tries(&quarrel.chen, "statement", &json!({ "text": CHEN_SAYS }));
        let first = say().key("chen-1").await.ok();
        assert_eq!(say().key("chen-1").await.ok(), first);
        let seen = quarrel.looks(&quarrel.chen).await;
        let etag = seen.header("etag").expect("an ETag").to_owned();
        say().key("chen-2").await.ok();
        say().if_match(&etag).await.refused(412, "version_mismatch");
        let all = quarrel.seen_by(&quarrel.chen).await;
        assert_eq!(all["parties"][0]["statements"].as_array().map(Vec::len), Some(2));
        let other = quarrel.tries(&quarrel.chen, "statement", &json!({ "text": "别的话" })).key("chen-1").await;
        other.refused(422, "key_reused");
    }

    async fn of_many_at_once_none_is_lost(app: &TestApp) {
        let quarrel = Quarrel::joined(app).await;
        let say = |n: u8| {
            let who = if n.is_multiple_of(2) { &quarrel.chen } else { &quarrel.liu };
            quarrel.tries(who, "statement", &json!({ "text": format!("第 {n} 句") })).send()
        };
        let replies = join_all((0..4).map(say)).await;
        let taken = replies.iter().filter(|reply| reply.as_ref().is_ok_and(|reply| reply.status == 200)).count();
        let case = quarrel.seen_by(&quarrel.clerk).await;
        let said = |party: usize| case["parties"][party]["statements"].as_array().map_or(0, Vec::len);
        assert_eq!(said(0) + said(1), taken);
        assert!(taken >= 1, "{replies:?}");
    }

    async fn two_appointments_at_once_make_one_case(app: &TestApp) {
        let other = Quarrel::accepted(app).await;
        let ends = join_all((0..2).map(|_| other.appoints(&other.clerk).send())).await;
        let made = ends.iter().filter(|reply| reply.as_ref().is_ok_and(|reply| reply.status == 201)).count();
        assert_eq!(made, 1, "{ends:?}");
    }

    async fn a_quarrel_that_is_taken_back_ends_as_withdrawn(app: &TestApp) {
        let quarrel = Quarrel::joined(app).await;
        quarrel.chen.makes("withdraw", &quarrel.order, &json!({})).await;
        app.drain_outbox().await;
        let told = quarrel.clerk.get("/v1/me/inbox").await.ok();
        assert_eq!(told["items"][0]["kind"], "withdrawn");
        let closed = quarrel.tries(&quarrel.clerk, "close", &json!({ "outcome": "withdrawn" })).await.ok();
        assert_eq!((&closed["status"], &closed["outcome"]), (&json!("closed"), &json!("withdrawn")));
        let settled = app.database.texts("SELECT figure FROM figure_counts").await;
        assert!(settled.is_empty(), "{settled:?}");
    }

    async fn what_one_party_said_goes_with_that_party(app: &TestApp) {
        let quarrel = Quarrel::agreed(app).await;
        quarrel.liu.delete("/v1/me").await.ok();
        let case = quarrel.seen_by(&quarrel.clerk).await;
        let liu = &case["parties"][1];
        assert_eq!((&liu["erased"], &liu["name"], &liu["phone"]), (&json!(true), &json!(""), &Value::Null));
        assert_eq!(liu["statements"], json!([]));
        assert_eq!(case["parties"][0]["statements"][0]["text"], CHEN_SAYS, "the other's stay");
        assert_eq!(case["agreement"]["text"], AGREEMENT);
        let bodies = app.database.texts("SELECT CAST(number AS TEXT) FROM mediation_parties WHERE body IS NULL AND person_id IS NULL").await;
        assert_eq!(bodies, ["2"]);
        let opened = app.opened().await;
        for gone in [LIU_SAYS, LIU_PHONE] {
            assert!(!opened.contains(gone), "{gone} is kept in an answer");
        }
        // Nobody speaks for somebody who is gone.
        let said = json!({ "text": LIU_SAYS, "party": 2 });
        quarrel.tries(&quarrel.clerk, "statement", &said).await.refused(409, "wrong_state");
    }
}
