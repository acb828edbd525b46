//! 义务维修: a tap is mended by a volunteer, with a date, pictures, what the material cost, and the hours credited.

use chrono::TimeDelta;
use domain::ids::{CommunityId, PartnerId, PersonId};
use domain::people::Membership;
use domain::ports::Grant;
use serde_json::{Value, json};
use tests::{Client, PROGRESS, Person, Picture, TestApp, community, id, on_both, partner};

const TEAM: &str = "润园红色联盟维修队";
const CHEN: &str = "demo-ry-chen";

struct Tap {
    chen: Person,
    clerk: Person,
    secretary: Person,
    /// Of the team.
    plumber: Person,
}

async fn photo(of: &Client) -> Value {
    let jpeg = Picture { width: 40, height: 30 }.jpeg();
    of.post("/v1/attachments").file("file", "photo.jpg", jpeg).await.ok()["id"].clone()
}

fn material(fen: u32) -> Value {
    json!([{ "what": "陶瓷阀芯水龙头", "fen": fen }])
}

fn paid(fen: u32, by: &str) -> Value {
    json!({ "materials": material(fen), "paid_by": by })
}

impl Tap {
    async fn of(app: &TestApp) -> Self {
        let home = CommunityId(community("RY").parse().expect("an id"));
        let team = PartnerId(partner(TEAM).parse().expect("an id"));
        let plumber = app.sign_in("test-plumber").await;
        let person = PersonId(plumber.id.parse().expect("an id"));
        let membership = Membership::staff(home, team);
        app.grant(&Grant { person, membership, by: None, at: app.now(), until: None }).await;
        Self {
            chen: app.sign_in(CHEN).await,
            clerk: app.sign_in("demo-ry-clerk").await,
            secretary: app.sign_in("demo-ry-secretary").await,
            plumber,
        }
    }

    /// The secretary's line: booked by date, with pictures of before and after; free unless it says a price.
    async fn service(&self, more: Value) {
        let mut line = json!({
            "name": "义务维修", "category": "报修/义务维修", "booking": { "lead_minutes": 60, "each": 2 },
            "proof": { "before_photo": true, "after_photo": true },
        });
        more.as_object().expect("an object").iter().for_each(|(name, value)| line[name] = value.clone());
        let path = format!("/v1/places/{}/services/tap_repair", community("RY"));
        self.secretary.put(&path).json(&line).await.ok();
    }

    /// The team is free on Saturday mornings.
    async fn slots(&self) -> Vec<Value> {
        let plan = json!({
            "service_key": "tap_repair", "from": "2026-11-24", "until": "2026-12-06", "weekdays": ["sat"],
            "spans": [{ "from": "09:00", "until": "11:00" }], "minutes": 60, "capacity": 1, "partner_id": partner(TEAM),
        });
        let path = format!("/v1/communities/{}/slots", community("RY"));
        assert_eq!(self.secretary.post(&path).json(&plan).await.ok(), json!({ "opened": 4 }));
        let seen = self.chen.get(&format!("{path}?service_key=tap_repair")).await.ok();
        seen["items"].as_array().expect("slots").clone()
    }

    /// Signed by the team, of a service that is done by it.
    async fn signed(&self, more: Value) -> (Value, Value) {
        self.service(more).await;
        let slots = self.slots().await;
        let order = json!({
            "community_id": community("RY"), "service_key": "tap_repair", "description": "厨房水龙头漏水，关不紧",
            "slot_id": slots[0]["id"], "contact": { "name": "陈女士", "phone": "13811110001", "may_share": true },
        });
        let order = self.chen.places(&order).await;
        self.clerk.makes("accept", &order, &json!({})).await;
        let task =
            json!({ "partner_id": partner(TEAM), "role": "lead", "task": "上门修水龙头", "share_contact": true });
        let dispatch = self.clerk.dispatches(&order, &task).await;
        let dispatch = self.plumber.does("sign", &dispatch, &json!({ "visit_at": slots[0]["starts_at"] })).await;
        (order, dispatch)
    }
}

/// What the resident reads of the dispatch.
async fn seen(of: &Client, order: &Value) -> Value {
    of.sees(order).await["dispatches"][0].clone()
}

on_both! {
    async fn a_tap_is_mended_by_a_volunteer(app: &TestApp) {
        let here = Tap::of(app).await;
        let (order, dispatch) = here.signed(json!({})).await;
        let booked = here.chen.sees(&order).await;
        assert_eq!((&booked["booking"]["state"], &booked["booking"]["starts_at"]), (&json!("booked"), &json!("2026-11-28T09:00:00+08:00")));
        assert_eq!(booked["booking"]["partner_name"], TEAM, "who serves");
        assert_eq!(booked["dispatches"][0]["visit_at"], "2026-11-28T09:00:00+08:00");

        // On Saturday: how it was, and what a new one costs.
        app.pass(TimeDelta::days(4) + TimeDelta::hours(23));
        here.plumber.does("visit", &dispatch, &json!({ "note": "阀芯坏了，要换水龙头", "attachment_ids": [photo(&here.plumber).await] })).await;
        app.agrees_to(CHEN, PROGRESS);
        app.drain_outbox().await;
        app.agrees_to(CHEN, PROGRESS);
        let quoted = here.plumber.tries_task("quote", &dispatch, &json!({ "materials": material(1250) })).key("quote").await.ok();
        assert_eq!(here.plumber.tries_task("quote", &dispatch, &json!({ "materials": material(1250) })).key("quote").await.ok(), quoted);
        app.drain_outbox().await;
        let message = app.messages_of(CHEN).pop().expect("a message");
        assert!(format!("{message:?}").contains("12.50 元，待您同意"), "{message:?}");
        let asked = seen(&here.chen, &order).await;
        assert_eq!(asked["quotes"][0]["charge"]["total_text"], "12.50 元");
        assert_eq!((&asked["quotes"][0]["number"], &asked["quotes"][0]["agreed"]), (&json!(1), &Value::Null));
        assert_eq!(asked["allowed_actions"], json!(["answer_quote"]));
        let finished = json!({ "result": "换了水龙头，试水不漏", "attachment_ids": [photo(&here.plumber).await], "charge": paid(1250, "resident") });
        let early = here.plumber.tries_task("complete", &dispatch, &finished).await.refused(409, "charge_not_agreed");
        assert_eq!(early["detail"], "这笔 12.50 元 的费用居民还没有同意，请先报价，居民同意后再填写");
        app.pass(TimeDelta::minutes(5));
        here.chen.does("answer_quote", &dispatch, &json!({ "number": 1, "agreed": true })).await;
        app.drain_outbox().await;
        let told = here.plumber.get("/v1/me/inbox").await.ok()["items"][0].clone();
        assert_eq!((&told["kind"], &told["text"]), (&json!("quote_answered"), &json!("义务维修：居民已同意报价，可以动工。")));

        // Mended: how it is now, and what it cost in the end.
        here.plumber.does("complete", &dispatch, &finished).await;
        let order = here.clerk.makes("resolve", &order, &json!({ "result": "水龙头已更换，试水不漏" })).await;
        for reader in [&here.chen, &here.clerk, &here.secretary, &here.plumber] {
            let done = seen(reader, &order).await;
            assert_eq!(done["completion"]["charge"], json!({
                "labour_fen": 0, "materials": [{ "what": "陶瓷阀芯水龙头", "fen": 1250 }], "total_fen": 1250, "total_text": "12.50 元",
                "paid_by": "resident", "paid_by_text": "居民",
            }));
            assert_eq!((&done["quotes"][0]["agreed"], &done["quotes"][0]["by_desk"]), (&json!(true), &json!(false)));
        }
        // Both figures stand in the history, with their times.
        let timeline = here.chen.timeline(&order).await;
        let line = |kind: &str| timeline.iter().find(|item| item["kind"] == kind).unwrap_or_else(|| panic!("no {kind}")).clone();
        assert_eq!(line("quoted")["text"], "润园红色联盟维修队报价 12.50 元");
        assert_eq!(line("quote_answered")["text"], "居民同意报价");
        assert_eq!(line("completed")["text"], "润园红色联盟维修队报告完工，费用 12.50 元，由居民承担");
        assert_eq!((&line("quoted")["charge"]["total_fen"], &line("completed")["charge"]["total_fen"]), (&json!(1250), &json!(1250)));
        assert!(line("quoted")["at"].as_str() < line("quote_answered")["at"].as_str());
        assert_eq!(here.chen.get("/v1/me/export").await.ok()["orders"][0]["timeline"].as_array().map(Vec::len), Some(timeline.len()));

        // The hours count when the desk has said so.
        let hours = format!("/v1/orders/{}/volunteer_hours", id(&order));
        let noted = here.plumber.post(&hours).json(&json!({ "minutes": 60, "note": "换水龙头" })).await.ok();
        here.clerk.post(&format!("/v1/volunteer_hours/{}/confirm", id(&noted))).json(&json!({})).await.ok();
        assert_eq!(here.plumber.get("/v1/me/volunteer_hours").await.ok()["years"], json!([{ "year": 2026, "minutes": 60 }]));
        assert_eq!(here.chen.sees(&order).await["booking"]["state"], "served");
        let (stolen, secret) = (app.database.stolen().await, "陶瓷阀芯".as_bytes());
        assert!(!stolen.windows(secret.len()).any(|window| window == secret), "what was bought for a home lies locked");
    }

    async fn more_than_was_agreed_is_said_anew(app: &TestApp) {
        let here = Tap::of(app).await;
        let (_, dispatch) = here.signed(json!({})).await;
        here.plumber.does("quote", &dispatch, &json!({ "materials": material(1250) })).await;
        here.plumber.does("quote", &dispatch, &json!({ "materials": material(3800) })).await;
        here.chen.tries_task("answer_quote", &dispatch, &json!({ "number": 1, "agreed": true })).await.refused(409, "quote_changed");
        here.chen.does("answer_quote", &dispatch, &json!({ "number": 2, "agreed": false })).await;
        here.chen.tries_task("answer_quote", &dispatch, &json!({ "number": 2, "agreed": true })).await.refused(409, "quote_answered");
        app.drain_outbox().await;
        let told = here.plumber.get("/v1/me/inbox").await.ok()["items"][0]["text"].clone();
        assert_eq!(told, "义务维修：居民未同意报价，请先不要动工。");
        here.plumber.does("quote", &dispatch, &json!({ "materials": material(1250) })).await;
        here.chen.does("answer_quote", &dispatch, &json!({ "number": 3, "agreed": true })).await;
        let more = json!({ "result": "换了", "charge": paid(3800, "resident") });
        let problem = here.plumber.tries_task("complete", &dispatch, &more).await.refused(409, "charge_not_agreed");
        assert_eq!(problem["detail"], "居民同意的是 12.50 元，现在填的是 38.00 元；请重新报价，居民同意后再填写");
        here.plumber.does("complete", &dispatch, &json!({ "result": "换了", "charge": paid(1250, "resident") })).await;
    }

    async fn whoever_has_no_phone_is_called(app: &TestApp) {
        let here = Tap::of(app).await;
        let (order, dispatch) = here.signed(json!({})).await;
        here.plumber.does("quote", &dispatch, &json!({ "materials": material(1250) })).await;
        app.drain_outbox().await;
        let calls = here.clerk.get("/v1/calls?limit=100").await.ok();
        let call = calls["items"].as_array().expect("calls").iter().find(|call| call["kind"] == "quoted").expect("a call").clone();
        assert_eq!(call["text"], "义务维修（12.50 元，待您同意）：请查看报价并答复。");
        here.clerk.does("answer_quote", &dispatch, &json!({ "number": 1, "agreed": true })).await;
        app.drain_outbox().await;
        let calls = here.clerk.get("/v1/calls?limit=100").await.ok();
        assert!(!calls.to_string().contains("quoted"), "it is answered: {calls}");
        let said = here.chen.timeline(&order).await.into_iter().find(|item| item["kind"] == "quote_answered").expect("a line");
        assert_eq!(said["text"], "接访员代居民答复：同意报价");
        assert_eq!(seen(&here.chen, &order).await["quotes"][0]["by_desk"], true);
    }

    async fn what_is_wrong_is_named_and_changes_nothing(app: &TestApp) {
        let here = Tap::of(app).await;
        let (order, dispatch) = here.signed(json!({})).await;
        let before = app.database.picture().await;
        let quote = |body: Value| here.plumber.tries_task("quote", &dispatch, &body);
        for (body, pointer) in [
            (json!({}), "/labour_fen"),
            (json!({ "materials": material(0) }), "/labour_fen"),
            (json!({ "materials": material(10_000_001) }), "/materials/0/fen"),
            (json!({ "materials": [{ "what": " ", "fen": 100 }] }), "/materials/0/what"),
            (json!({ "materials": [{ "what": "两行\n材料", "fen": 100 }] }), "/materials/0/what"),
            (json!({ "materials": [{ "what": "水龙头", "fen": 12.5 }] }), "/materials/0/fen"),
            (json!({ "materials": [{ "what": "水龙头", "fen": -1 }] }), "/materials/0/fen"),
            (json!({ "materials": vec![json!({ "what": "水龙头", "fen": 1 }); 21] }), "/materials"),
            (json!({ "materials": vec![json!({ "what": "水龙头", "fen": 9_000_000 }); 2] }), "/labour_fen"),
        ] {
            quote(body).await.refused_field(pointer);
        }
        // The service says no price: the work is given.
        let labour = json!({ "labour_fen": 2000, "materials": material(1250) });
        let problem = quote(labour).await.refused(409, "labour_not_charged");
        assert_eq!(problem["detail"], "这项服务不收居民的工时费，请去掉工时费，只填写材料费");
        let complete = |charge: Value| here.plumber.tries_task("complete", &dispatch, &json!({ "result": "换了", "charge": charge }));
        complete(json!({ "labour_fen": 2000, "paid_by": "resident" })).await.refused(409, "labour_not_charged");
        complete(json!({ "labour_fen": 2000, "paid_by": "volunteer" })).await.refused_field("/charge/labour_fen");
        complete(json!({ "labour_fen": 0, "paid_by": "community" })).await.refused_field("/charge/labour_fen");
        complete(json!({ "materials": material(1250), "paid_by": "neighbour" })).await.refused_field("/charge/paid_by");
        here.chen.tries_task("answer_quote", &dispatch, &json!({ "number": 1, "agreed": true })).await.refused(409, "quote_changed");
        here.chen.tries_task("answer_quote", &dispatch, &json!({ "number": 1 })).await.refused_field("/agreed");
        here.chen.tries_task("quote", &dispatch, &json!({ "materials": material(1250) })).await.refused(403, "not_permitted");
        here.plumber.tries_task("answer_quote", &dispatch, &json!({ "number": 1, "agreed": true })).await.refused(403, "not_permitted");
        here.clerk.tries("resolve", &order, &json!({ "result": "好了", "override_reason": "已电话确认", "charge": paid(1250, "resident") })).await.refused(409, "charge_not_agreed");
        assert_eq!(app.database.picture().await, before);
    }

    async fn a_service_with_a_price_charges_labour_and_the_community_may_pay(app: &TestApp) {
        let here = Tap::of(app).await;
        let (order, dispatch) = here.signed(json!({ "price": "20 元起", "proof": {} })).await;
        here.plumber.does("quote", &dispatch, &json!({ "labour_fen": 2000, "materials": material(1250) })).await;
        here.chen.does("answer_quote", &dispatch, &json!({ "number": 1, "agreed": true })).await;
        let charge = json!({ "labour_fen": 2000, "materials": material(1250), "paid_by": "resident" });
        here.plumber.does("complete", &dispatch, &json!({ "result": "换了", "charge": charge })).await;
        assert_eq!(seen(&here.chen, &order).await["completion"]["charge"]["total_text"], "32.50 元");
        let stated = json!({ "result": "好了", "charge": paid(1250, "community") });
        here.clerk.tries("resolve", &order, &stated).await.refused_field("/charge");
        // Sent back, it is charged anew, and the community pays.
        here.clerk.does("rework", &dispatch, &json!({ "reason": "还在漏" })).await;
        here.plumber.does("complete", &dispatch, &json!({ "result": "又换了阀芯", "charge": paid(800, "community") })).await;
        here.clerk.makes("resolve", &order, &json!({ "result": "好了" })).await;
        let done = seen(&here.chen, &order).await;
        assert_eq!((&done["completion"]["charge"]["total_fen"], &done["completion"]["charge"]["paid_by"]), (&json!(800), &json!("community")));
        let told: Vec<_> = here.chen.timeline(&order).await.iter().filter(|item| item["kind"] == "completed").map(|item| item["charge"]["total_fen"].clone()).collect();
        assert_eq!(told, [json!(3250), json!(800)], "the first figure stands");
    }

    async fn what_one_handler_cost_is_no_other_handlers_business(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, lead) = cast.signed().await;
        let mut help = tests::task_for("老旧小区改造施工方");
        (help["role"], help["task"]) = (json!("co"), json!("围挡和清运"));
        let help = cast.secretary.dispatches(&order, &help).await;
        cast.builder.does("sign", &help, &json!({})).await;
        cast.property.does("quote", &lead, &json!({ "materials": [{ "what": "速干水泥", "fen": 4321 }] })).await;
        cast.wang.does("answer_quote", &lead, &json!({ "number": 1, "agreed": true })).await;
        let resolved = json!({ "result": "好了", "override_reason": "已电话确认", "charge": { "materials": [{ "what": "速干水泥", "fen": 4321 }], "paid_by": "resident" } });
        cast.builder.does("complete", &help, &json!({ "result": "清走了" })).await;
        let order = cast.clerk.makes("resolve", &order, &resolved).await;
        for reader in [&cast.wang, &cast.clerk, &cast.secretary] {
            assert_eq!(reader.sees(&order).await["resolution"]["charge"]["total_fen"], 4321);
            assert!(format!("{:?}", reader.timeline(&order).await).contains("速干水泥"));
        }
        let seen = format!("{}{:?}", cast.builder.sees(&order).await, cast.builder.timeline(&order).await);
        for secret in ["速干水泥", "43.21 元", "total_fen"] {
            assert!(!seen.contains(secret), "{secret}: {seen}");
        }
        cast.builder.tries_task("quote", &lead, &json!({ "materials": material(1) })).await.refused(404, "not_found");
        cast.li.tries_task("answer_quote", &lead, &json!({ "number": 1, "agreed": true })).await.refused(404, "not_found");
    }
}
