//! Dates are opened by the desk and booked by residents; nobody is given a seat that is not there.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Client, PROGRESS, Person, TestApp, community, id, on_both, order_in, partner};

fn week() -> Value {
    json!({
        "service_key": "haircut", "from": "2026-11-24", "until": "2026-11-30", "weekdays": ["tue", "thu"],
        "spans": [{ "from": "09:00", "until": "10:00" }], "minutes": 30, "capacity": 1,
    })
}

fn with(body: &Value, more: Value) -> Value {
    let mut body = body.clone();
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    body
}

fn dates_of(prefix: &str) -> String {
    format!("/v1/communities/{}/slots", community(prefix))
}

async fn opens(staff: &Client, body: &Value) -> Value {
    let reply = staff.post(&dates_of("XY")).json(body).await;
    assert_eq!(reply.status, 201, "{reply}");
    reply.value()
}

async fn dates(client: &Client) -> Vec<Value> {
    let page = client.get(&format!("{}?service_key=haircut&limit=100", dates_of("XY"))).await.ok();
    page["items"].as_array().expect("items").clone()
}

fn haircut(slot: &Value) -> Value {
    with(&order_in("XY", "haircut", "给腿脚不便的父亲理发"), json!({ "slot_id": slot["id"] }))
}

fn seat(order: &Value) -> (&str, u64) {
    (order["booking"]["state"].as_str().unwrap_or("none"), order["booking"]["ahead"].as_u64().unwrap_or(99))
}

async fn sign_in(app: &TestApp, n: u32) -> Person {
    app.sign_in(&format!("resident-{n}")).await
}

async fn moves(of: &Client, order: &Value, body: Value) -> tests::Reply {
    of.post(&format!("/v1/orders/{}/booking/move", id(order))).json(&body).await
}

on_both! {
    async fn a_week_of_dates_is_opened_once_and_seen_by_everybody(app: &TestApp) {
        let cast = app.xiyuan().await;
        assert_eq!(opens(&cast.clerk, &week()).await, json!({ "opened": 4 }));
        assert_eq!(opens(&cast.secretary, &week()).await, json!({ "opened": 0 }), "they are there");
        let seen = dates(&app.anonymous()).await;
        let said: Vec<_> = seen.iter().map(|slot| (slot["starts_at"].as_str().expect("a time"), &slot["free"])).collect();
        assert_eq!(said, [
            ("2026-11-24T09:00:00+08:00", &json!(1)),
            ("2026-11-24T09:30:00+08:00", &json!(1)),
            ("2026-11-26T09:00:00+08:00", &json!(1)),
            ("2026-11-26T09:30:00+08:00", &json!(1)),
        ]);
        let first = app.anonymous().get(&format!("{}?limit=3", dates_of("XY"))).await.ok();
        let rest = format!("{}?limit=3&cursor={}", dates_of("XY"), first["next_cursor"].as_str().expect("a cursor"));
        assert_eq!(app.anonymous().get(&rest).await.ok()["items"], json!([seen[3]]));
        let day = app.anonymous().get(&format!("{}?from=2026-11-25&until=2026-11-26", dates_of("XY"))).await.ok();
        assert_eq!(day["items"], json!(seen[2..]));
    }

    async fn a_seat_is_booked_moved_given_back_and_missed(app: &TestApp) {
        let cast = app.xiyuan().await;
        opens(&cast.clerk, &week()).await;
        let slots = dates(&cast.wang).await;
        let order = cast.wang.places(&haircut(&slots[0])).await;
        assert_eq!((seat(&order), &order["booking"]["starts_at"]), (("booked", 0), &slots[0]["starts_at"]));
        assert_eq!(dates(&cast.li).await[0]["free"], 0);
        // Mr Li waits, and Ms Wang makes room for him.
        let full = cast.li.post("/v1/orders").json(&haircut(&slots[0])).await.refused(409, "slot_full");
        assert!(full["detail"].as_str().expect("words").contains("候补"), "{full}");
        app.agrees_to("demo-xy-li", PROGRESS);
        let waiting = cast.li.places(&with(&haircut(&slots[0]), json!({ "waits": true }))).await;
        assert_eq!(seat(&waiting), ("waiting", 0));
        cast.wang.post("/v1/orders").json(&haircut(&slots[1])).await.refused(409, "too_many_bookings");
        let moved = moves(&cast.wang, &order, json!({ "slot_id": slots[1]["id"] })).await.ok();
        assert_eq!((&moved["state"], &moved["starts_at"]), (&json!("booked"), &slots[1]["starts_at"]));
        assert_eq!(seat(&cast.li.sees(&waiting).await), ("booked", 0));
        app.drain_outbox().await;
        let told = app.messages_of("demo-xy-li");
        let told = told.iter().map(|message| format!("{message:?}")).find(|text| text.contains("候补成功")).expect("told");
        assert!(told.contains("11月24日 09:00"), "{told}");
        // Given back, and free again.
        cast.wang.makes("withdraw", &order, &json!({})).await;
        assert_eq!(seat(&cast.wang.sees(&order).await), ("cancelled", 0));
        assert_eq!(dates(&cast.wang).await[1]["free"], 1);
        moves(&cast.wang, &order, json!({ "slot_id": slots[2]["id"] })).await.refused(409, "booking_ended");

        let come = cast.clerk.get(&format!("/v1/slots/{}/bookings", id(&slots[0]))).await.ok();
        assert_eq!((&come["items"][0]["order_id"], come["items"].as_array().map(Vec::len)), (&waiting["id"], Some(1)));
        let missed = format!("/v1/orders/{}/booking/missed", id(&waiting));
        cast.clerk.post(&missed).json(&json!({})).await.refused(409, "too_early");
        app.clock.set("2026-11-24T09:10:00+08:00".parse().expect("an instant"));
        let li = app.sign_in("demo-xy-li").await;
        moves(&li, &waiting, json!({ "slot_id": slots[2]["id"] })).await.refused(409, "too_late_to_move");
        let clerk = app.sign_in("demo-xy-clerk").await;
        assert_eq!(clerk.post(&missed).json(&json!({})).await.ok()["state_text"], "未到");
        let late = app.sign_in("demo-xy-wang").await;
        late.post("/v1/orders").json(&haircut(&slots[0])).await.refused(409, "slot_past");
    }

    async fn five_hundred_press_at_once_and_thirty_have_a_seat(app: &TestApp) {
        let cast = app.xiyuan().await;
        opens(&cast.clerk, &with(&week(), json!({ "until": "2026-11-24", "minutes": 60, "capacity": 30 }))).await;
        let slot = dates(&cast.wang).await[0].clone();
        let order = with(&haircut(&slot), json!({ "waits": true }));
        let residents = join_all((0..50).map(|n| sign_in(app, n))).await;
        // Ten orders each of fifty people: all but one of each are too many, and nobody passes anybody by trying often.
        let ask = |person: &Person| person.post("/v1/orders").json(&order).send();
        let replies = join_all(residents.iter().cycle().take(500).map(ask)).await;
        let replies: Vec<_> = replies.into_iter().map(|reply| reply.expect("an answer")).collect();
        let taken: Vec<_> = replies.iter().filter(|reply| reply.status == 201).map(|reply| reply.value()).collect();
        assert_eq!(taken.len(), 50);
        for refused in replies.iter().filter(|reply| reply.status != 201) {
            let code = refused.value()["code"].clone();
            assert!(code == "booked_already" || code == "contended", "{refused}");
        }
        let booked = taken.iter().filter(|order| seat(order).0 == "booked").count();
        assert_eq!(booked, 30);
        let mut queue: Vec<_> = taken.iter().filter(|order| seat(order).0 == "waiting").collect();
        assert_eq!(queue.len(), 20);
        queue.sort_by_key(|order| seat(order).1);
        let places: Vec<_> = queue.iter().map(|order| seat(order).1).collect();
        assert_eq!(places, (0..20).collect::<Vec<_>>(), "everybody has a place of their own");
        let slot = &dates(&cast.wang).await[0];
        assert_eq!((&slot["free"], &slot["waiting"]), (&json!(0), &json!(20)));
        // In the order of arrival, one after the other.
        let come = cast.clerk.get(&format!("/v1/slots/{}/bookings?limit=100", id(slot))).await.ok();
        let line: Vec<_> = come["items"].as_array().expect("items").iter().filter(|b| b["state"] == "waiting").map(|b| &b["order_id"]).collect();
        assert_eq!(line, queue.iter().map(|order| &order["id"]).collect::<Vec<_>>());
    }

    async fn a_lost_answer_books_one_seat(app: &TestApp) {
        let cast = app.xiyuan().await;
        opens(&cast.clerk, &with(&week(), json!({ "capacity": 5 }))).await;
        let slot = dates(&cast.wang).await[0].clone();
        let ask = || cast.wang.post("/v1/orders").key("haircut-1").json(&haircut(&slot)).send();
        let replies = join_all((0..8).map(|_| ask())).await;
        let ids: std::collections::BTreeSet<_> =
            replies.into_iter().map(|reply| id(&reply.expect("an answer").ok()).to_owned()).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(dates(&cast.wang).await[0]["free"], 4);
        // An order that is refused for another reason holds no seat.
        let photo = with(&haircut(&slot), json!({ "attachment_ids": [uuid::Uuid::nil()] }));
        cast.li.post("/v1/orders").json(&photo).await.refused(422, "photo_unavailable");
        assert_eq!(dates(&cast.wang).await[0]["free"], 4);
    }

    async fn everybody_knows_when_it_is_and_that_it_was_moved(app: &TestApp) {
        let cast = app.xiyuan().await;
        opens(&cast.clerk, &week()).await;
        let slots = dates(&cast.wang).await;
        let order = cast.wang.places(&haircut(&slots[0])).await;
        let order = cast.clerk.makes("accept", &order, &json!({})).await;
        let task = with(&tests::task_for("红色物业西苑管理科"), json!({ "share_contact": false }));
        let dispatch = cast.clerk.dispatches(&order, &task).await;
        let seen = async || cast.property.get(&format!("/v1/dispatches/{}", id(&dispatch))).await.ok()["booking"].clone();
        assert_eq!(seen().await["starts_at"], slots[0]["starts_at"]);
        let list = cast.property.get("/v1/dispatches").await.ok();
        assert_eq!(list["items"][0]["booking"]["slot_id"], slots[0]["id"]);
        moves(&cast.wang, &order, json!({ "slot_id": slots[2]["id"] })).await.ok();
        assert_eq!(seen().await["starts_at"], slots[2]["starts_at"]);
        app.drain_outbox().await;
        let told = async |who: &Person| {
            let items = who.get("/v1/me/inbox").await.ok()["items"].clone();
            let said = |item: &Value| format!("{} {}", item["title"].as_str().expect("a title"), item["text"].as_str().expect("words"));
            items.as_array().expect("items").iter().map(said).collect::<Vec<_>>()
        };
        let (wang, property, clerk) = (told(&cast.wang).await, told(&cast.property).await, told(&cast.clerk).await);
        let has = |all: &[String], words: &str| all.iter().any(|said| said.contains(words));
        assert!(has(&wang, "预约成功 上门理发（11月24日 09:00）"), "{wang:?}");
        assert!(has(&wang, "预约已改期 上门理发（11月26日 09:00）"), "{wang:?}");
        for others in [property, clerk] {
            assert!(has(&others, "预约改期 上门理发（11月26日 09:00）"), "{others:?}");
        }
    }

    async fn the_desk_moves_a_date_that_nobody_can_serve(app: &TestApp) {
        let cast = app.xiyuan().await;
        let rule = json!({ "name": "上门理发", "category": "便民", "booking": { "move_minutes": 1440 } });
        cast.secretary.put(&format!("/v1/places/{}/services/haircut", community("XY"))).json(&rule).await.ok();
        opens(&cast.clerk, &week()).await;
        let slots = dates(&cast.wang).await;
        let order = cast.wang.places(&haircut(&slots[0])).await;
        app.pass(chrono::TimeDelta::hours(12));
        let later = json!({ "slot_id": slots[2]["id"] });
        let (wang, clerk) = (app.sign_in("demo-xy-wang").await, app.sign_in("demo-xy-clerk").await);
        moves(&wang, &order, later.clone()).await.refused(409, "too_late_to_move");
        moves(&cast.li, &order, later.clone()).await.refused(404, "not_found");
        moves(&cast.property, &order, later.clone()).await.refused(404, "not_found");
        app.agrees_to("demo-xy-wang", PROGRESS);
        let moved = moves(&clerk, &order, later).await.ok();
        assert_eq!((&moved["state"], &moved["slot_id"]), (&json!("booked"), &slots[2]["id"]));
        app.pass(chrono::TimeDelta::hours(12));
        app.drain_outbox().await;
        let told = format!("{:?}", app.messages_of("demo-xy-wang"));
        assert!(told.contains("11月26日 09:00"), "she did not do it herself: {told}");
    }

    async fn an_open_order_whose_date_is_over_takes_another_one(app: &TestApp) {
        let cast = app.xiyuan().await;
        opens(&cast.clerk, &week()).await;
        let slots = dates(&cast.wang).await;
        let order = cast.wang.places(&haircut(&slots[0])).await;
        let order = cast.clerk.makes("accept", &order, &json!({})).await;
        let done = json!({ "result": "理好了", "override_reason": "当面办结" });
        let order = cast.clerk.makes("resolve", &order, &done).await;
        let again = json!({ "slot_id": slots[1]["id"] });
        moves(&cast.wang, &order, again.clone()).await.refused(409, "booking_ended");
        let order = cast.wang.makes("reopen", &order, &json!({ "reason": "只理了一半" })).await;
        let moved = moves(&cast.wang, &order, again).await.ok();
        assert_eq!((&moved["state"], &moved["slot_id"]), (&json!("booked"), &slots[1]["id"]));
        let free: Vec<_> = dates(&cast.wang).await.iter().map(|slot| slot["free"].clone()).collect();
        assert_eq!(free, [0, 0, 1, 1], "the first one was used");
        cast.wang.makes("withdraw", &order, &json!({})).await;
        assert_eq!(dates(&cast.wang).await[1]["free"], 1);
    }

    async fn what_cannot_be_booked_is_said_and_changes_nothing(app: &TestApp) {
        let (cast, chen) = (app.xiyuan().await, app.sign_in("demo-ry-chen").await);
        let elsewhere = app.sign_in("demo-ry-clerk").await;
        opens(&cast.clerk, &week()).await;
        let slot = dates(&cast.wang).await[0].clone();
        let before = app.database.picture().await;
        for (more, pointer) in [
            (json!({ "until": "2026-11-23" }), "/until"),
            (json!({ "weekdays": [] }), "/weekdays"),
            (json!({ "spans": [] }), "/spans"),
            (json!({ "spans": [{ "from": "10:00", "until": "09:00" }] }), "/spans"),
            (json!({ "minutes": 1 }), "/minutes"),
            (json!({ "capacity": 0 }), "/capacity"),
            (json!({ "from": "2020-01-01", "until": "2020-02-01" }), "/until"),
            (json!({ "until": "2099-01-01" }), "/until"),
            (json!({ "service_key": "repair" }), "/service_key"),
            (json!({ "service_key": "nothing" }), "/service_key"),
            (json!({ "partner_id": partner("润园物业服务中心") }), "/partner_id"),
        ] {
            cast.clerk.post(&dates_of("XY")).json(&with(&week(), more)).await.refused_field(pointer);
        }
        cast.clerk.post(&dates_of("RY")).json(&week()).await.refused(404, "not_found");
        cast.wang.post(&dates_of("XY")).json(&week()).await.refused(403, "not_permitted");
        cast.clerk.put(&format!("/v1/slots/{}", id(&slot))).json(&json!({ "capacity": 0, "closed": false })).await.refused_field("/capacity");
        for other in [&cast.wang, &cast.property, &chen] {
            other.put(&format!("/v1/slots/{}", id(&slot))).json(&json!({ "capacity": 9, "closed": false })).await.refused(403, "not_permitted");
            other.get(&format!("/v1/slots/{}/bookings", id(&slot))).await.refused(403, "not_permitted");
        }
        elsewhere.get(&format!("/v1/slots/{}/bookings", id(&slot))).await.refused(404, "not_found");
        app.anonymous().get(&format!("{}?cursor=nonsense", dates_of("XY"))).await.refused(400, "bad_request");

        let bare = order_in("XY", "haircut", "理发");
        cast.wang.post("/v1/orders").json(&bare).await.refused_field("/slot_id");
        let unasked = with(&tests::kerb(), json!({ "slot_id": slot["id"] }));
        cast.wang.post("/v1/orders").json(&unasked).await.refused_field("/slot_id");
        let nothing = with(&bare, json!({ "slot_id": uuid::Uuid::nil() }));
        cast.wang.post("/v1/orders").json(&nothing).await.refused_field("/slot_id");
        let of_another = with(&order_in("RY", "shop", "修鞋"), json!({ "slot_id": slot["id"] }));
        chen.post("/v1/orders").json(&of_another).await.refused_field("/slot_id");
        assert_eq!(app.database.picture().await, before);
    }

    async fn a_closed_date_takes_nobody_and_keeps_who_has_a_seat(app: &TestApp) {
        let cast = app.xiyuan().await;
        opens(&cast.clerk, &with(&week(), json!({ "capacity": 2 }))).await;
        let slot = dates(&cast.wang).await[0].clone();
        let order = cast.wang.places(&haircut(&slot)).await;
        let path = format!("/v1/slots/{}", id(&slot));
        cast.clerk.put(&path).json(&json!({ "capacity": 2, "closed": true })).await.ok();
        cast.li.post("/v1/orders").json(&haircut(&slot)).await.refused(409, "slot_closed");
        assert_eq!(seat(&cast.wang.sees(&order).await), ("booked", 0));
        let cannot = cast.li.places(&tests::kerb()).await;
        moves(&cast.li, &cannot, json!({ "slot_id": slot["id"] })).await.refused(422, "invalid_fields");
        moves(&cast.li, &order, json!({ "slot_id": slot["id"] })).await.refused(404, "not_found");
        moves(&cast.clerk, &order, json!({ "slot_id": slot["id"] })).await.refused(409, "booked_already");
        let resolved = cast.clerk.makes("accept", &order, &json!({})).await;
        cast.clerk.makes("resolve", &resolved, &json!({ "result": "头发理好了" })).await;
        assert_eq!(seat(&cast.wang.sees(&order).await), ("served", 0));
        cast.clerk.put(&path).json(&json!({ "capacity": 1, "closed": false })).await.ok();
    }

    async fn whoever_waits_for_a_date_that_begins_is_told_and_may_book_another(app: &TestApp) {
        let cast = app.xiyuan().await;
        opens(&cast.clerk, &week()).await;
        let slots = dates(&cast.wang).await;
        let taken = cast.wang.places(&haircut(&slots[0])).await;
        let waiting = cast.li.places(&with(&haircut(&slots[0]), json!({ "waits": true }))).await;
        cast.li.post("/v1/orders").json(&haircut(&slots[2])).await.refused(409, "too_many_bookings");
        app.agrees_to("demo-xy-li", PROGRESS);
        app.clock.set("2026-11-24T08:59:00+08:00".parse().expect("an instant"));
        app.look_at_the_clock().await;
        let li = app.sign_in("demo-xy-li").await;
        assert_eq!(seat(&li.sees(&waiting).await), ("waiting", 0), "there is still hope");
        app.clock.set("2026-11-24T09:00:00+08:00".parse().expect("an instant"));
        // A queue that leads nowhere keeps nobody from another date, whether anybody has looked at the clock or not.
        let next = li.places(&haircut(&slots[2])).await;
        assert_eq!(seat(&next), ("booked", 0));
        app.look_at_the_clock().await;
        assert_eq!(seat(&li.sees(&waiting).await), ("cancelled", 0));
        assert_eq!(seat(&app.sign_in("demo-xy-wang").await.sees(&taken).await), ("booked", 0));
        let inbox = li.get("/v1/me/inbox").await.ok().to_string();
        assert!(inbox.contains("候补未成功") && inbox.contains("11月24日 09:00"), "{inbox}");
        let told = app.messages_of("demo-xy-li");
        assert!(told.iter().any(|message| format!("{message:?}").contains("候补未成功")), "{told:?}");
        app.look_at_the_clock().await;
        assert_eq!(li.get("/v1/me/inbox").await.ok().to_string().matches("候补未成功").count(), inbox.matches("候补未成功").count());
    }

    async fn whoever_waits_for_a_date_that_is_closed_is_told(app: &TestApp) {
        let cast = app.xiyuan().await;
        opens(&cast.clerk, &week()).await;
        let slots = dates(&cast.wang).await;
        let taken = cast.wang.places(&haircut(&slots[0])).await;
        let waiting = cast.li.places(&with(&haircut(&slots[0]), json!({ "waits": true }))).await;
        let path = format!("/v1/slots/{}", id(&slots[0]));
        let closed = cast.clerk.put(&path).json(&json!({ "capacity": 1, "closed": true })).await.ok();
        assert_eq!((&closed["waiting"], &closed["full"]), (&json!(0), &json!(true)));
        assert_eq!(seat(&cast.li.sees(&waiting).await), ("cancelled", 0));
        app.drain_outbox().await;
        assert!(cast.li.get("/v1/me/inbox").await.text().contains("候补未成功"));
        cast.wang.makes("withdraw", &taken, &json!({})).await;
        assert_eq!(seat(&cast.li.sees(&waiting).await), ("cancelled", 0));
        assert_eq!(seat(&cast.li.places(&haircut(&slots[1])).await), ("booked", 0));
    }

    async fn a_move_books_no_date_twice_and_is_made_once(app: &TestApp) {
        let cast = app.xiyuan().await;
        let line = json!({ "name": "上门理发", "category": "便民", "booking": { "each": 2, "may_wait": true } });
        cast.secretary.put(&format!("/v1/places/{}/services/haircut", community("XY"))).json(&line).await.ok();
        let body = with(&week(), json!({ "capacity": 2 }));
        let opened = join_all((0..4).map(|_| cast.clerk.post(&dates_of("XY")).key("week").json(&body).send())).await;
        for reply in opened {
            assert_eq!(reply.expect("an answer").ok(), json!({ "opened": 4 }), "one answer for one key");
        }
        let slots = dates(&cast.wang).await;
        cast.wang.places(&haircut(&slots[0])).await;
        let second = cast.wang.places(&haircut(&slots[1])).await;
        moves(&cast.wang, &second, json!({ "slot_id": slots[0]["id"] })).await.refused(409, "booked_already");
        assert_eq!(dates(&cast.wang).await[0]["free"], 1);
        let path = format!("/v1/orders/{}/booking/move", id(&second));
        let ask = || cast.wang.post(&path).key("move-1").json(&json!({ "slot_id": slots[2]["id"] })).send();
        let replies = join_all((0..8).map(|_| ask())).await;
        let first = replies[0].as_ref().expect("an answer").ok();
        assert_eq!((&first["state"], &first["slot_id"]), (&json!("booked"), &slots[2]["id"]));
        for reply in replies {
            assert_eq!(reply.expect("an answer").ok(), first);
        }
        assert_eq!(cast.wang.post(&path).key("move-1").json(&json!({ "slot_id": slots[2]["id"] })).await.ok(), first);
        let seats: Vec<_> = dates(&cast.wang).await.iter().map(|slot| slot["free"].clone()).collect();
        assert_eq!(seats, [1, 2, 1, 2]);

        app.clock.set("2026-11-26T09:10:00+08:00".parse().expect("an instant"));
        let clerk = app.sign_in("demo-xy-clerk").await;
        let missed = format!("/v1/orders/{}/booking/missed", id(&second));
        let ask = || clerk.post(&missed).key("missed-1").json(&json!({})).send();
        for reply in join_all((0..4).map(|_| ask())).await {
            assert_eq!(reply.expect("an answer").ok()["state"], "no_show");
        }
    }

    async fn how_many_bring_a_sealed_matter_is_told_to_nobody(app: &TestApp) {
        let cast = app.xiyuan().await;
        let line = json!({ "name": "心理疏导", "category": "帮办", "privacy": "sealed", "booking": { "may_wait": true } });
        cast.secretary.put(&format!("/v1/places/{}/services/comfort", community("XY"))).json(&line).await.ok();
        opens(&cast.secretary, &with(&week(), json!({ "service_key": "comfort", "capacity": 2 }))).await;
        let dates = async |client: &Client| {
            let page = client.get(&format!("{}?service_key=comfort", dates_of("XY"))).await.ok();
            page["items"].as_array().expect("items").clone()
        };
        let slots = dates(&app.anonymous()).await;
        let book = |slot: &Value| with(&order_in("XY", "comfort", "夜里睡不着"), json!({ "slot_id": slot["id"] }));
        let order = cast.wang.places(&book(&slots[0])).await;
        let anonymous = app.anonymous();
        let others: [&Client; 3] = [&cast.wang, &cast.clerk, &anonymous];
        for who in others {
            let seen = dates(who).await;
            for slot in &seen[..2] {
                let told = [&slot["full"], &slot["capacity"], &slot["free"], &slot["waiting"]];
                assert_eq!(told, [&json!(false), &Value::Null, &Value::Null, &Value::Null], "one is booked, and one is not");
            }
        }
        cast.li.places(&book(&slots[0])).await;
        assert_eq!(dates(&app.anonymous()).await[0]["full"], true, "so that another date is chosen");
        let path = format!("/v1/slots/{}", id(&slots[0]));
        let come = async |who: &Client| who.get(&format!("{path}/bookings")).await.ok()["items"].clone();
        assert_eq!(come(&cast.clerk).await, json!([]));
        cast.clerk.looks_at(&order).await.refused(404, "not_found");
        let seen = come(&cast.secretary).await;
        assert_eq!((&seen[0]["order_id"], seen.as_array().map(Vec::len)), (&order["id"], Some(2)));
        let problem = cast.clerk.put(&path).json(&json!({ "capacity": 1, "closed": false })).await.refused(409, "seats_taken");
        assert!(!problem["detail"].as_str().expect("words").contains('2'), "{problem}");
    }
}
