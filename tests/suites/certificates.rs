//! 证明预约: what a community gives is booked with a list of papers; what it may not give is refused before it is an order.

use serde_json::{Value, json};
use tests::{Client, PROGRESS, Person, Picture, TestApp, community, id, on_both, order_in};

fn asked(form: Value, slot: &Value) -> Value {
    let mut order = order_in("RY", "certificate", "孩子上学要用");
    order["form"] = form;
    order["slot_id"] = slot.clone();
    order
}

fn here(prefix: &str) -> String {
    format!("/v1/communities/{}/certificates", community(prefix))
}

fn line(prefix: &str, key: &str) -> String {
    format!("/v1/places/{}/certificates/{key}", community(prefix))
}

async fn kinds(client: &Client, query: &str) -> Vec<Value> {
    client.get(&format!("{}{query}", here("RY"))).await.ok()["items"].as_array().expect("items").clone()
}

/// Two seats on Thursday morning.
async fn opened(clerk: &Person) -> Value {
    let week = json!({
        "service_key": "certificate", "from": "2026-11-26", "until": "2026-11-26", "weekdays": ["thu"],
        "spans": [{ "from": "09:00", "until": "10:00" }], "minutes": 60, "capacity": 2,
    });
    let slots = format!("/v1/communities/{}/slots", community("RY"));
    assert_eq!(clerk.post(&slots).json(&week).await.status, 201);
    clerk.get(&format!("{slots}?service_key=certificate")).await.ok()["items"][0]["id"].clone()
}

fn papers(order: &Value) -> Vec<(String, String)> {
    let papers = order["papers"].as_array().expect("papers").iter();
    papers.map(|paper| (text(&paper["name"]), text(&paper["state"]))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

async fn places_one(app: &TestApp) -> (Person, Person, Value) {
    let (chen, clerk) = (app.sign_in("demo-ry-chen").await, app.sign_in("demo-ry-clerk").await);
    let slot = opened(&clerk).await;
    let order = chen.places(&asked(json!({ "kind": "residence", "used_for": "入学" }), &slot)).await;
    (chen, clerk, order)
}

on_both! {
    async fn what_the_country_forbids_is_permitted_under_no_other_name(app: &TestApp) {
        let (chen, secretary) = (app.sign_in("demo-ry-chen").await, app.sign_in("demo-ry-secretary").await);
        let slot = opened(&app.sign_in("demo-ry-clerk").await).await;
        let before = app.database.picture().await;
        let says = |name: &str, words: Value| {
            let body = json!({ "name": name, "words": words, "issued": true, "papers": ["身份证"], "since": "2020-01-01" });
            secretary.put(&line("RY", "z1")).json(&body)
        };
        for (name, words) in [("在世证明", json!([])), ("养犬情况说明", json!([])), ("情况说明", json!(["单身"]))] {
            says(name, words).await.refused_field("/issued");
        }
        // Before the rest of the form is asked for.
        let bare = asked(json!({ "kind": "健在证明" }), &slot);
        chen.post("/v1/orders").json(&bare).await.refused(422, "certificate_not_issued");
        assert_eq!(app.database.picture().await, before);
    }

    async fn what_the_community_may_not_give_is_refused_and_the_answer_says_who_does(app: &TestApp) {
        let (chen, clerk) = (app.sign_in("demo-ry-chen").await, app.sign_in("demo-ry-clerk").await);
        let slot = opened(&clerk).await;
        let before = app.database.picture().await;
        let list = kinds(&app.anonymous(), "").await;
        let refused: Vec<_> = list.iter().filter(|kind| kind["issued"] == false).collect();
        assert_eq!(refused.len(), 20);
        for kind in refused {
            // By its key, by its name, and before a date is chosen.
            for (said, slot) in [(&kind["key"], &slot), (&kind["name"], &Value::Null)] {
                let order = asked(json!({ "kind": said, "used_for": "银行" }), slot);
                let problem = chen.post("/v1/orders").json(&order).await.refused(422, "certificate_not_issued");
                assert_eq!(problem["errors"][0]["pointer"], "/form/kind");
                let detail = text(&problem["detail"]);
                assert!(detail.contains(&text(&kind["authority"])) && detail.contains(&text(&kind["reply"])), "{detail}");
                assert!(detail.contains("民发〔2020〕20号"), "{detail}");
            }
        }
        // In people's own words.
        for said in ["单身证明", "给我妈开个在世的证明", "无犯罪证明"] {
            let order = asked(json!({ "kind": said, "used_for": "银行" }), &slot);
            chen.post("/v1/orders").json(&order).await.refused(422, "certificate_not_issued");
        }
        let found = kinds(&app.anonymous(), "?q=%E5%9C%A8%E4%B8%96%E8%AF%81%E6%98%8E").await;
        assert_eq!((found.len(), &found[0]["key"], &found[0]["issued"]), (1, &json!("alive"), &json!(false)));
        assert_eq!(app.database.picture().await, before, "nothing was written");
    }

    async fn what_it_gives_is_booked_with_a_list_of_what_to_bring(app: &TestApp) {
        let (chen, clerk, order) = places_one(app).await;
        let needed = ["身份证原件", "户口本原件", "房产证或租赁合同原件"].map(|paper| (paper.to_owned(), "needed".to_owned()));
        assert_eq!(papers(&order), needed);
        assert_eq!(order["booking"]["state"], "booked");
        app.agrees_to("demo-ry-chen", PROGRESS);
        let order = clerk.makes("accept", &order, &json!({})).await;
        // She came without the contract.
        let missing = json!({ "missing": ["房产证或租赁合同原件"], "note": "合同带一份就行" });
        let order = clerk.makes("check", &order, &missing).await;
        let states: Vec<_> = papers(&order).into_iter().map(|(_, state)| state).collect();
        assert_eq!(states, ["seen", "seen", "missing"]);
        app.drain_outbox().await;
        let told = app.messages_of("demo-ry-chen");
        assert!(told.iter().any(|message| format!("{message:?}").contains("需补")), "{told:?}");
        let lines = chen.timeline(&order).await;
        let line = lines.iter().find(|line| line["kind"] == "checked").expect("a line");
        assert_eq!((&line["text"], &line["note"]), (&json!("接访员核对材料：还缺房产证或租赁合同原件"), &json!("合同带一份就行")));
        let order = clerk.makes("check", &order, &json!({ "missing": [] })).await;
        assert!(papers(&order).iter().all(|(_, state)| state == "seen"), "{order}");
        let order = clerk.makes("resolve", &order, &json!({ "result": "证明已当面交给陈阿姨" })).await;
        assert_eq!(chen.sees(&order).await["booking"]["state"], "served");
    }

    async fn a_kind_that_nobody_listed_is_for_the_desk_to_judge(app: &TestApp) {
        let (chen, clerk) = (app.sign_in("demo-ry-chen").await, app.sign_in("demo-ry-clerk").await);
        let slot = opened(&clerk).await;
        let order = chen.places(&asked(json!({ "kind": "楼道堆物已清理证明", "used_for": "保险" }), &slot)).await;
        assert_eq!(papers(&order), [], "nobody knows yet what to bring");
        let order = clerk.makes("accept", &order, &json!({})).await;
        let order = clerk.makes("check", &order, &json!({ "missing": ["现场照片"] })).await;
        assert_eq!(papers(&order), [("现场照片".to_owned(), "missing".to_owned())]);
    }

    async fn no_copy_of_a_card_is_kept(app: &TestApp) {
        let (chen, clerk, order) = places_one(app).await;
        let photo = async |of: &Person| {
            let jpeg = Picture { width: 40, height: 30 }.jpeg();
            of.post("/v1/attachments").file("file", "a.jpg", jpeg).await.ok()["id"].clone()
        };
        let card = photo(&chen).await;
        let mut with_card = asked(json!({ "kind": "residence", "used_for": "入学" }), &order["booking"]["slot_id"]);
        with_card["attachment_ids"] = json!([card]);
        chen.post("/v1/orders").json(&with_card).await.refused_field("/attachment_ids");
        clerk.makes("accept", &order, &json!({})).await;
        let comment = json!({ "text": "身份证照片", "attachment_ids": [card] });
        let refused = chen.tries("comment", &order, &comment).await.refused(422, "invalid_fields");
        assert!(text(&refused["detail"]).contains("原件"), "{refused}");
        let mut errand = order_in("RY", "errand", "帮母亲办老年卡");
        errand["attachment_ids"] = json!([card]);
        chen.post("/v1/orders").json(&errand).await.refused_field("/attachment_ids");
    }

    async fn papers_are_between_the_resident_and_the_desk(app: &TestApp) {
        let (chen, clerk, order) = places_one(app).await;
        let clash = clerk.tries("check", &order, &json!({ "missing": [] })).await.refused(409, "wrong_state");
        assert!(text(&clash["detail"]).contains("核对材料"), "{clash}");
        let order = clerk.makes("accept", &order, &json!({})).await;
        chen.tries("check", &order, &json!({ "missing": [] })).await.refused(403, "not_permitted");
        for stranger in ["demo-xy-clerk", "demo-ry-liu", "demo-ry-property"] {
            app.sign_in(stranger).await.tries("check", &order, &json!({ "missing": [] })).await.refused(404, "not_found");
        }
        for bad in [json!({}), json!({ "missing": [""] }), json!({ "missing": vec!["纸"; 21] }), json!({ "missing": "户口本" })] {
            assert_eq!(clerk.tries("check", &order, &bad).await.status, 422, "{bad}");
        }
    }

    async fn a_community_and_those_above_it_say_what_is_given(app: &TestApp) {
        let secretary = app.sign_in("demo-ry-secretary").await;
        let mine = json!({ "name": "困难情况证明", "issued": true, "papers": ["身份证原件"], "since": "2026-11-01" });
        let path = line("RY", "hardship");
        let saved = secretary.put(&path).json(&mine).await.ok();
        assert_eq!((&saved["issued"], &saved["papers"]), (&json!(true), &json!(["身份证原件"])));
        assert!(kinds(&app.anonymous(), "").await.iter().any(|kind| kind["key"] == "hardship"));
        let own = secretary.get(&format!("/v1/places/{}/certificates", community("RY"))).await.ok();
        assert_eq!(own["items"].as_array().map(Vec::len), Some(3));
        // What the law forbids nobody permits; and a no needs a way.
        let alive = json!({ "name": "健在证明", "issued": true, "since": "2026-11-01" });
        secretary.put(&line("RY", "alive")).json(&alive).await.refused_field("/issued");
        let bare = json!({ "name": "转学证明", "issued": false, "since": "2026-11-01" });
        secretary.put(&line("RY", "transfer")).json(&bare).await.refused_field("/authority");
        let odd = json!({ "name": "困难情况证明", "issued": true, "since": "2026-11-01", "until": "2026-10-01" });
        secretary.put(&path).json(&odd).await.refused_field("/until");
        secretary.put(&line("RY", "Hard%20ship")).json(&mine).await.refused(422, "invalid_fields");
        for (other, status, code) in [
            ("demo-xy-secretary", 404, "not_found"),
            ("demo-ry-clerk", 403, "not_permitted"),
            ("demo-ry-chen", 403, "not_permitted"),
        ] {
            let other = app.sign_in(other).await;
            other.put(&path).json(&mine).await.refused(status, code);
            other.delete(&path).await.refused(status, code);
        }
        secretary.delete(&path).await.ok();
        secretary.delete(&path).await.refused(404, "not_found");
        assert!(kinds(&app.anonymous(), "").await.iter().all(|kind| kind["key"] != "hardship"));
    }

    async fn a_mother_is_told_of_what_her_son_orders_and_brings_her_papers(app: &TestApp) {
        let (son, mother) = (app.sign_in("demo-ry-liu").await, app.sign_in("demo-ry-chen").await);
        let offer = mother.post("/v1/me/delegations").json(&json!({ "days": 30 })).await.ok();
        son.post("/v1/me/delegations/accept").json(&json!({ "code": offer["code"] })).await.ok();
        let clerk = app.sign_in("demo-ry-clerk").await;
        let mut errand = order_in("RY", "medical_insurance", "替母亲缴明年的医保");
        errand["form"] = json!({ "matter": "缴费" });
        errand["on_behalf_of"] = json!({ "person_id": mother.id });
        let order = son.places(&errand).await;
        assert_eq!((&order["mine"], order["on_behalf_of"].is_null()), (&json!(true), false));
        app.drain_outbox().await;
        let inbox = |page: Value| page["items"].as_array().expect("items").iter().map(|item| text(&item["kind"])).collect::<Vec<_>>();
        assert_eq!(inbox(mother.get("/v1/me/inbox").await.ok()), ["ordered_for_you"]);
        let order = clerk.makes("accept", &order, &json!({})).await;
        clerk.makes("check", &order, &json!({ "missing": ["社保卡"] })).await;
        app.drain_outbox().await;
        for person in [&mother, &son] {
            let told = inbox(person.get("/v1/me/inbox").await.ok());
            assert!(told.contains(&"papers_missing".to_owned()), "{told:?}");
        }
        assert_eq!(id(&mother.sees(&order).await), id(&order), "she sees it, and may take it back");
    }
}
