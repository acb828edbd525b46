//! Who hears of what. Positions grow, so whoever hears of a later thing has not been told of what lies before it.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Event, EventStream, Person, TestApp, id, on_both, order_in, task_for};

/// Everything that this person hears until an order of their own, which everybody hears of.
async fn heard_by(app: &TestApp, person: &Person, stream: &mut EventStream, own: &Value) -> Vec<Event> {
    let own = person.places(own).await;
    let mut heard = stream.until(app, |event| event.is("submitted", &own)).await;
    heard.pop();
    heard
}

fn kinds<'a>(heard: &'a [Event], order: &Value) -> Vec<&'a str> {
    heard.iter().filter_map(|event| event.kind_of(order)).collect()
}

fn told<'a>(heard: &'a [Event], order: &Value) -> Vec<&'a str> {
    let inbox = heard.iter().filter(|event| event.name == "inbox" && event.data["order_id"] == order["id"]);
    inbox.map(|event| event.data["kind"].as_str().expect("a kind")).collect()
}

fn here() -> Value {
    order_in("XY", "repair", "楼道里的灯坏了，晚上看不见")
}

fn elsewhere() -> Value {
    order_in("RY", "errand", "想请人代缴电费")
}

/// The dispatches that are named, one after the other.
fn dispatches<'a>(heard: &'a [Event], order: &Value) -> Vec<Option<&'a str>> {
    let of_it = heard.iter().filter(|event| event.kind_of(order).is_some());
    of_it.map(|event| event.data["dispatch_id"].as_str()).collect()
}

on_both! {
    async fn everybody_hears_what_they_may_see(app: &TestApp) {
        let cast = app.xiyuan().await;
        let grid = app.sign_in("demo-xy-grid").await;
        let street = app.sign_in("demo-xy-street").await;
        let stranger = app.sign_in("demo-ry-secretary").await;
        let everybody = [
            &cast.wang, &cast.clerk, &cast.secretary, &street, &grid, &cast.property, &cast.builder, &cast.li, &stranger,
        ];
        let mut streams = Vec::new();
        for person in everybody {
            streams.push(person.watches().await);
        }

        let order = cast.accepted().await;
        let lead = cast.secretary.dispatches(&order, &task_for("红色物业西苑管理科")).await;
        let mut help = task_for("老旧小区改造施工方");
        help["role"] = json!("co");
        let help = cast.secretary.dispatches(&order, &help).await;
        cast.property.does("sign", &lead, &json!({})).await;
        cast.wang.makes("comment", &order, &json!({ "text": "我住3号楼201，晚上在家" })).await;
        cast.builder.does("sign", &help, &json!({})).await;
        cast.property.makes("comment", &order, &json!({ "text": "明天上午到" })).await;
        cast.property.does("complete", &lead, &json!({ "result": "已抹平" })).await;
        cast.clerk.makes("resolve", &order, &json!({ "result": "已抹平" })).await;
        cast.wang.makes("rate", &order, &json!({ "solved": true, "satisfaction": 5 })).await;
        app.drain_outbox().await;

        let mut heard = Vec::new();
        for (person, stream) in everybody.iter().zip(&mut streams) {
            let own = if person.id == stranger.id { elsewhere() } else { here() };
            heard.push(heard_by(app, person, stream, &own).await);
        }
        let [wang, clerk, secretary, street, grid, property, builder, li, stranger] = &heard[..] else { panic!("nine") };

        let whole = [
            "submitted", "accepted", "dispatched", "dispatched", "signed", "commented", "signed", "commented", "completed",
            "resolved", "rated",
        ];
        let (of_lead, of_help) = (Some(id(&lead)), Some(id(&help)));
        let named =
            [None, None, of_lead, of_help, of_lead, None, of_help, None, of_lead, None, None];
        for (who, heard) in [("wang", wang), ("clerk", clerk), ("secretary", secretary), ("street", street)] {
            assert_eq!((kinds(heard, &order), dispatches(heard, &order)), (whole.to_vec(), named.to_vec()), "{who}");
        }
        assert_eq!((kinds(grid, &order), dispatches(grid, &order)), (whole.to_vec(), vec![None; 11]), "sees no dispatches");
        assert_eq!(kinds(property, &order), ["dispatched", "signed", "completed", "resolved"]);
        assert_eq!(dispatches(property, &order), [of_lead, of_lead, of_lead, None]);
        // Its task was called off by the end.
        assert_eq!(kinds(builder, &order), ["dispatched", "signed", "resolved"]);
        assert_eq!(dispatches(builder, &order), [of_help, of_help, None]);
        for (who, heard) in [("a neighbour", li), ("another community", stranger)] {
            let of_it: Vec<_> = heard.iter().filter(|event| event.data["order_id"] == order["id"]).collect();
            assert!(of_it.is_empty(), "{who}: {of_it:#?}");
        }

        // Inboxes are their owners', and a partner's says nothing of comments and of other partners.
        assert_eq!(told(property, &order), ["dispatched"]);
        assert_eq!(told(builder, &order), ["dispatched", "recalled"]);
        assert!(told(wang, &order).starts_with(&["received", "accepted", "dispatched"]), "{:?}", told(wang, &order));
        assert!(told(clerk, &order).contains(&"comment"));
        for (heard, other) in [(property, &help), (builder, &lead)] {
            let all = format!("{heard:?}");
            for secret in [id(other), &cast.wang.id, "3号楼", "王女士", "13800000001"] {
                assert!(!all.contains(secret), "{secret} is in {all}");
            }
        }
    }

    async fn sealed_matters_are_heard_by_the_secretary_alone(app: &TestApp) {
        let (chen, liu) = (app.sign_in("demo-ry-chen").await, app.sign_in("demo-ry-liu").await);
        let (clerk, secretary) = (app.sign_in("demo-ry-clerk").await, app.sign_in("demo-ry-secretary").await);
        let everybody = [&chen, &secretary, &clerk, &liu];
        let mut streams = Vec::new();
        for person in everybody {
            streams.push(person.watches().await);
        }
        let matter = chen.places(&order_in("RY", "mediation", "楼上邻居每天半夜吵闹，想请社区来劝劝")).await;
        secretary.makes("accept", &matter, &json!({})).await;
        app.drain_outbox().await;
        let mut heard = Vec::new();
        for (person, stream) in everybody.iter().zip(&mut streams) {
            heard.push(heard_by(app, person, stream, &elsewhere()).await);
        }
        for own in &heard[..2] {
            assert_eq!(kinds(own, &matter), ["submitted", "accepted"]);
        }
        assert_eq!((told(&heard[0], &matter), told(&heard[1], &matter)), (vec!["received", "accepted"], vec!["new_order"]));
        for other in &heard[2..] {
            assert!(other.iter().all(|event| event.data["order_id"] != matter["id"]), "{other:#?}");
        }
        // Who looks over a shoulder at the screen reads no matter's name.
        assert!(!format!("{heard:?}").contains("调解"));
    }

    async fn a_dispatch_that_is_taken_away_is_the_last_that_is_heard(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut stream = cast.property.watches().await;
        let (order, dispatch) = cast.signed().await;
        cast.secretary.does("recall", &dispatch, &json!({ "reason": "改派" })).await;
        let next = cast.secretary.dispatches(&order, &task_for("老旧小区改造施工方")).await;
        cast.builder.does("sign", &next, &json!({})).await;
        cast.builder.does("complete", &next, &json!({ "result": "已抹平" })).await;
        app.pass(TimeDelta::minutes(1));
        cast.clerk.makes("resolve", &order, &json!({ "result": "已抹平" })).await;
        let heard = heard_by(app, &cast.property, &mut stream, &here()).await;
        assert_eq!(kinds(&heard, &order), ["dispatched", "signed", "recalled"]);
        assert!(!format!("{heard:?}").contains(id(&next)));
    }
}
