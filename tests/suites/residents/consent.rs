//! 代下单: by a relative or by the grid worker, with consent, until a day.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Client, ORDERED_FOR_YOU, Person, TestApp, id, kerb, on_both};

use super::{home, in_community, items, kept_by, verifies_phone};

/// Ms Wang lets Mr Li order for her, from phone to phone.
async fn wang_trusts_li(wang: &Client, li: &Client, days: u16) -> Value {
    let code = code_of(wang, days).await;
    let reply = li.post("/v1/me/delegations/accept").json(&json!({ "code": code })).await;
    assert_eq!(reply.status, 201, "{reply}");
    reply.value()
}

async fn code_of(wang: &Client, days: u16) -> String {
    let offer = wang.post("/v1/me/delegations").json(&json!({ "days": days })).await.ok();
    offer["code"].as_str().expect("a code").to_owned()
}

fn kerb_for(person: &str) -> Value {
    let mut order = kerb();
    order["contact"] = json!({ "name": "李先生", "phone": "13800000002" });
    order["on_behalf_of"] = json!({ "person_id": person });
    order
}

async fn nobody_accepts(app: &TestApp, who: &Person, code: &str) {
    let before = app.database.picture().await;
    who.post("/v1/me/delegations/accept").json(&json!({ "code": code })).await.refused(409, "delegation_code_invalid");
    assert_eq!(app.database.picture().await, before);
}

on_both! {
    async fn a_relative_orders_with_consent_and_the_person_is_told(app: &TestApp) {
        let cast = app.xiyuan().await;
        verifies_phone(app, &cast.wang, "13800000001").await;
        app.agrees_to_messages("demo-xy-wang");
        let received = wang_trusts_li(&cast.wang, &cast.li, 30).await;
        assert_eq!((&received["direction"], &received["name"]), (&json!("received"), &json!("王**")));
        assert_eq!(received["principal_id"], cast.wang.id);
        let given = cast.wang.get("/v1/me/delegations").await.ok()["items"][0].clone();
        assert_eq!((&given["direction"], &given["name"], &given["active"]), (&json!("given"), &json!("李**"), &json!(true)));

        let order = cast.li.places(&kerb_for(&cast.wang.id)).await;
        // A consent to order is none to read: name and number are the desk's and her own.
        assert_eq!(order["on_behalf_of"], json!({ "name": "王**", "phone": null }));
        assert_eq!(cast.clerk.sees(&order).await["on_behalf_of"], json!({ "name": "王**", "phone": "138****0001" }));
        let full = json!({ "name": "王女士", "phone": "13800000001" });
        let reveal = json!({ "purpose": "contact_resident" });
        assert_eq!(cast.clerk.makes("reveal", &order, &reveal).await["on_behalf_of"], full);
        assert_eq!(items(&cast.wang.get("/v1/me/data-access").await.ok()).len(), 1);
        assert_eq!(cast.wang.sees(&order).await["on_behalf_of"], full);
        assert_eq!(cast.wang.list("view=mine").await, [id(&order)]);
        assert_eq!(cast.li.list("view=mine").await, [id(&order)], "both are recorded");

        app.drain_outbox().await;
        let told = app.messages_of("demo-xy-wang").pop().expect("a message");
        assert_eq!(told.template_id, ORDERED_FOR_YOU);
        let words = serde_json::to_string(&told.data).expect("JSON");
        for hers in ["路沿", "王女士", "李先生", "138"] {
            assert!(!words.contains(hers), "{words}");
        }
        cast.wang.makes("withdraw", &order, &json!({ "reason": "我没有让他下单" })).await;
        assert_eq!(cast.li.sees(&order).await["status"], "withdrawn");
    }

    async fn both_hear_how_it_goes_on_and_the_person_knows_who_ordered(app: &TestApp) {
        let cast = app.xiyuan().await;
        wang_trusts_li(&cast.wang, &cast.li, 30).await;
        let order = cast.li.places(&kerb_for(&cast.wang.id)).await;
        let li = cast.wang.sees(&order).await["ordered_by"].clone();
        assert!(li.as_str().is_some_and(|name| !name.contains('*')), "{li}");
        assert!(cast.clerk.sees(&order).await["ordered_by"].as_str().is_some_and(|name| name.ends_with('*')));
        assert_eq!(cast.li.sees(&order).await["ordered_by"], Value::Null);
        let order = cast.clerk.makes("accept", &order, &json!({})).await;
        cast.clerk.makes("comment", &order, &json!({ "text": "下午过来看" })).await;
        cast.wang.makes("withdraw", &order, &json!({ "reason": "已经好了" })).await;
        app.drain_outbox().await;
        let told = async |who: &Person| {
            let inbox = who.get("/v1/me/inbox").await.ok()["items"].clone();
            inbox.as_array().expect("items").iter().rev().map(|item| item["kind"].as_str().expect("a kind").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(told(&cast.wang).await, ["ordered_for_you", "accepted", "comment"]);
        assert_eq!(told(&cast.li).await, ["received", "accepted", "comment", "withdrawn"]);
    }

    async fn a_code_works_once_for_somebody_else_and_not_for_long(app: &TestApp) {
        let cast = app.xiyuan().await;
        let code = code_of(&cast.wang, 30).await;
        assert_eq!(code.len(), 11);
        cast.wang.post("/v1/me/delegations/accept").json(&json!({ "code": code })).await.refused_field("/code");
        let written = format!("{} {}", code.get(..4).expect("a half"), code.get(4..).expect("a half")).to_lowercase();
        let accept = || cast.li.post("/v1/me/delegations/accept").json(&json!({ "code": written })).key("k1");
        let first = accept().await.ok();
        assert_eq!(id(&accept().await.ok()), id(&first), "the phone asked again");
        nobody_accepts(app, &cast.li, &code).await;
        nobody_accepts(app, &cast.builder, &code).await;

        let replaced = code_of(&cast.wang, 30).await;
        let late = code_of(&cast.wang, 30).await;
        nobody_accepts(app, &cast.builder, &replaced).await;
        app.pass(TimeDelta::days(7));
        nobody_accepts(app, &cast.builder, &late).await;
        for made_up in ["00000000", "7K2M", "路沿路沿路沿路沿", "7K2MZ0Q'"] {
            nobody_accepts(app, &cast.builder, made_up).await;
        }
        let codes = app.database.texts("SELECT 'x' FROM delegation_offers").await.len();
        app.keep_house().await;
        assert_eq!((codes, app.database.count("delegation_offers").await), (1, 1), "it has just expired");
        app.pass(TimeDelta::milliseconds(1));
        app.keep_house().await;
        assert_eq!(app.database.count("delegation_offers").await, 0);
        for days in [json!(0), json!(366), json!(-1), json!("30"), json!(99_999)] {
            cast.wang.post("/v1/me/delegations").json(&json!({ "days": days })).await.refused_field("/days");
        }
    }

    async fn without_a_consent_that_runs_nobody_orders_for_another(app: &TestApp) {
        let cast = app.xiyuan().await;
        let refused = async |order: Value| {
            let before = app.database.picture().await;
            let problem = cast.li.post("/v1/orders").json(&order).await.refused_field("/on_behalf_of/person_id");
            assert_eq!(app.database.picture().await, before);
            problem["detail"].clone()
        };
        // A stranger's id, nobody's, and one's own.
        let known = refused(kerb_for(&cast.wang.id)).await;
        assert_eq!(refused(kerb_for(&uuid::Uuid::now_v7().to_string())).await, known, "nothing tells who is here");
        refused(kerb_for(&cast.li.id)).await;

        let consent = wang_trusts_li(&cast.wang, &cast.li, 30).await;
        // It is no consent the other way round, and none for others.
        cast.wang.post("/v1/orders").json(&kerb_for(&cast.li.id)).await.refused_field("/on_behalf_of/person_id");
        cast.builder.post("/v1/orders").json(&kerb_for(&cast.wang.id)).await.refused_field("/on_behalf_of/person_id");
        let mut both = kerb_for(&cast.wang.id);
        both["on_behalf_of"]["name"] = json!("张大爷");
        refused(both).await;
        let mine = cast.li.post("/v1/orders").json(&kerb_for(&cast.wang.id)).key("mine").await.ok();

        let path = format!("/v1/me/delegations/{}", id(&consent));
        cast.builder.delete(&path).await.refused(404, "not_found");
        cast.wang.delete(&path).await.ok();
        cast.wang.delete(&path).await.ok();
        refused(kerb_for(&cast.wang.id)).await;
        // What was placed stays placed, and its answer the answer.
        let again = cast.li.post("/v1/orders").json(&kerb_for(&cast.wang.id)).key("mine").await;
        assert_eq!((again.header("idempotency-replayed"), id(&again.ok())), (Some("true"), id(&mine)));
        cast.li.sees(&mine).await;

        wang_trusts_li(&cast.wang, &cast.li, 30).await;
        app.pass(TimeDelta::days(30) - TimeDelta::milliseconds(1));
        let last = cast.li.places(&kerb_for(&cast.wang.id)).await;
        app.pass(TimeDelta::milliseconds(1));
        refused(kerb_for(&cast.wang.id)).await;
        cast.li.sees(&last).await;
        let hers = cast.submitted().await;
        cast.li.looks_at(&hers).await.refused(404, "not_found");
        let list = cast.li.get("/v1/me/delegations").await.ok();
        assert!(items(&list).iter().all(|item| item["active"] == false), "{list}");
    }

    async fn staff_write_down_what_an_elder_agreed_to(app: &TestApp) {
        let cast = app.xiyuan().await;
        let grid = app.sign_in("demo-xy-grid").await;
        let zhang = kept_by(&grid, None).await;
        let path = in_community("XY", "delegations");
        let with = |delegate: &str| json!({ "principal_id": id(&zhang), "delegate_id": delegate, "days": 90, "evidence_note": "入户时口头同意" });
        // The daughter has to be known here.
        cast.clerk.post(&path).json(&with(&cast.li.id)).await.refused_field("/delegate_id");
        cast.li.put("/v1/me/residence").json(&home("泰华小区", "1")).await.ok();
        let recorded = cast.clerk.post(&path).json(&with(&cast.li.id)).key("k1").await.ok();
        assert_eq!((&recorded["evidence"], &recorded["direction"]), (&json!("recorded_by_staff"), &json!("recorded")));
        assert_eq!(id(&cast.clerk.post(&path).json(&with(&cast.li.id)).key("k1").await.ok()), id(&recorded));
        grid.post(&path).json(&with(&grid.id)).await.ok();
        for orderer in [&cast.li, &grid] {
            let order = orderer.places(&kerb_for(id(&zhang))).await;
            assert_eq!(cast.clerk.sees(&order).await["on_behalf_of"]["name"], "张**");
        }
        let words = app.database.texts("SELECT 'note' FROM delegations WHERE note IS NOT NULL").await;
        assert_eq!(words.len(), 2);
    }

    async fn staff_write_down_nothing_about_others(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (grid, foreign) = (app.sign_in("demo-xy-grid").await, app.sign_in("demo-ry-secretary").await);
        let zhang = kept_by(&cast.clerk, None).await;
        for resident in [&cast.wang, &cast.li] {
            resident.put("/v1/me/residence").json(&home("西苑小区", "1")).await.ok();
        }
        let path = in_community("XY", "delegations");
        let body = |principal: &str, delegate: &str| {
            json!({ "principal_id": principal, "delegate_id": delegate, "days": 9, "evidence_note": "口头同意" })
        };
        let before = app.database.picture().await;
        // Who has WeChat agrees in the app; who is not from here is nobody.
        cast.clerk.post(&path).json(&body(&cast.wang.id, &cast.li.id)).await.refused_field("/principal_id");
        cast.clerk.post(&path).json(&body(&foreign.id, &cast.li.id)).await.refused_field("/principal_id");
        foreign.post(&path).json(&body(id(&zhang), &cast.li.id)).await.refused(404, "not_found");
        foreign.post(&in_community("RY", "delegations")).json(&body(id(&zhang), &foreign.id)).await.refused_field("/principal_id");
        cast.wang.post(&path).json(&body(id(&zhang), &cast.wang.id)).await.refused(403, "not_permitted");
        // Nobody orders for himself, nor does the desk for whom it serves.
        grid.post(&path).json(&body(id(&zhang), id(&zhang))).await.refused_field("/delegate_id");
        cast.clerk.post(&path).json(&body(id(&zhang), &cast.clerk.id)).await.refused_field("/delegate_id");
        grid.post(&path).json(&body(id(&zhang), &foreign.id)).await.refused_field("/delegate_id");
        assert_eq!(app.database.picture().await, before);
        let mut far = super::elder(None);
        far["residence"]["compound"] = json!("泰华小区");
        let far = cast.clerk.post(&in_community("XY", "residents")).json(&far).await.ok();
        grid.post(&path).json(&body(id(&far), &grid.id)).await.refused_field("/principal_id");
    }

    async fn taking_the_consent_back_ends_every_delegation(app: &TestApp) {
        let cast = app.xiyuan().await;
        let code = code_of(&cast.wang, 30).await;
        cast.li.post("/v1/me/delegations/accept").json(&json!({ "code": code })).await.ok();
        cast.li.places(&kerb_for(&cast.wang.id)).await;
        cast.wang.post("/v1/me/consents/ordered_by_others/withdraw").await.ok();
        cast.li.post("/v1/orders").json(&kerb_for(&cast.wang.id)).await.refused_field("/on_behalf_of/person_id");
        assert_eq!(cast.wang.get("/v1/me/delegations").await.ok()["items"][0]["active"], false);
    }
}
