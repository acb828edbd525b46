//! Those who stand beside a quarrel, and those who would rather not be in it: they learn that there is one.

use serde_json::{Value, json};
use tests::{Person, id, on_both, order_in};

use super::{LIU_NAME, LIU_PHONE, Quarrel};

/// Everything of a case that says how far it has come.
const PROGRESS: [&str; 5] = ["outcome", "outcome_text", "follow_up_on", "follow_up", "party_count"];

/// The case as this person reads it alone and in a list.
async fn read_by(quarrel: &Quarrel, who: &Person, view: &str) -> [Value; 2] {
    let listed = who.get(&format!("/v1/mediations?view={view}")).await.ok()["items"][0].clone();
    [quarrel.seen_by(who).await, listed]
}

fn assert_is_told_nothing(seen: &Value, status: &str) {
    for field in PROGRESS {
        assert_eq!(seen[field], Value::Null, "{field}: {seen}");
    }
    assert_eq!(seen["status"], status, "{seen}");
}

on_both! {
    async fn whoever_does_not_take_part_learns_only_that_it_is_over(app: &TestApp) {
        let quarrel = Quarrel::agreed(app).await;
        for seen in read_by(&quarrel, &quarrel.secretary, "community").await {
            assert_is_told_nothing(&seen, "open");
        }
        // One was asked and has not answered, one would rather not.
        let other = Quarrel::joined(app).await;
        let zhao = app.sign_in("demo-ry-property").await;
        let asked = json!({ "name": "隔壁小赵", "person_id": zhao.id });
        other.tries(&other.clerk, "parties", &asked).await.ok();
        other.tries(&other.liu, "decline", &json!({})).await.ok();
        let meeting = json!({ "at": "2026-11-25T09:00:00+08:00", "place": "社区二楼" });
        other.tries(&other.clerk, "sessions", &meeting).await.ok();
        for (who, view, learns_when) in [(&zhao, "mine", true), (&other.liu, "mine", false), (&other.secretary, "community", false)] {
            for seen in read_by(&other, who, view).await {
                assert_is_told_nothing(&seen, "open");
                assert_eq!(seen["next_session_at"].is_string(), learns_when, "{seen}");
            }
        }
        other.tries(&other.clerk, "close", &json!({ "outcome": "referred", "referred_to": "派出所", "follow_up_on": "2026-12-23" })).await.ok();
        for (who, view) in [(&other.liu, "mine"), (&zhao, "mine"), (&other.secretary, "community")] {
            for seen in read_by(&other, who, view).await {
                assert_is_told_nothing(&seen, "closed");
            }
        }
        let export = other.liu.get("/v1/me/export").await.ok();
        let exported = export["mediations"].as_array().expect("cases").iter().find(|case| case["id"] == other.case);
        assert_is_told_nothing(exported.expect("the case"), "closed");
        // Those who take part read how it ended.
        for seen in read_by(&other, &other.chen, "mine").await {
            assert_eq!((&seen["outcome"], &seen["follow_up_on"]), (&json!("referred"), &json!("2026-12-23")));
        }
    }

    async fn the_secretary_reads_in_the_history_neither_a_score_nor_who_was_told(app: &TestApp) {
        let quarrel = Quarrel::closed(app).await;
        quarrel.clerk.makes("resolve", &quarrel.order, &json!({ "result": "好了" })).await;
        quarrel.chen.makes("rate", &quarrel.order, &json!({ "solved": true, "satisfaction": 1 })).await;
        app.drain_outbox().await;
        let lines = quarrel.secretary.timeline(&quarrel.order).await;
        let last = lines.last().expect("a line");
        assert_eq!((&last["kind"], &last["text"]), (&json!("rated"), &json!("居民评价")));
        for line in &lines {
            assert!(line.get("told").is_none_or(Value::is_null), "{line}");
        }
        let own = quarrel.chen.timeline(&quarrel.order).await;
        assert_eq!(own.last().expect("a line")["text"], "居民评价：已解决，1 分");
    }

    async fn operators_do_not_read_who_has_to_do_with_it(app: &TestApp) {
        let quarrel = Quarrel::joined(app).await;
        let open = quarrel.chen.places(&order_in("RY", "errand", "想请人代缴电费")).await;
        app.drain_outbox().await;
        let admin = app.administrator().await;
        let lines = async |order: &str| {
            let page = admin.get(&format!("/v1/admin/deliveries?order_id={order}")).await.ok();
            page["items"].as_array().expect("lines").clone()
        };
        let sealed = lines(id(&quarrel.order)).await;
        assert!(sealed.len() > 3 && sealed.iter().all(|line| line["person_id"].is_null()), "{sealed:?}");
        let open = lines(id(&open)).await;
        assert!(!open.is_empty() && open.iter().all(|line| line["person_id"].is_string()), "{open:?}");
    }

    async fn whoever_was_asked_in_is_not_led_to_the_order(app: &TestApp) {
        let quarrel = Quarrel::opened(app).await;
        for who in [&quarrel.liu, &quarrel.chen] {
            app.agrees_to_messages(&who.openid);
        }
        let liu = json!({ "name": LIU_NAME, "phone": LIU_PHONE, "person_id": quarrel.liu.id });
        quarrel.tries(&quarrel.clerk, "parties", &liu).await.ok();
        let meeting = json!({ "at": "2026-11-24T09:00:00+08:00", "place": "社区二楼" });
        quarrel.tries(&quarrel.clerk, "sessions", &meeting).await.ok();
        app.drain_outbox().await;
        let (order, number) = (id(&quarrel.order), quarrel.order["number"].as_str().expect("a number"));
        let inbox = quarrel.liu.get("/v1/me/inbox").await.ok();
        let items = inbox["items"].as_array().expect("items");
        assert_eq!(items.len(), 2, "{inbox}");
        for item in items {
            assert_eq!((&item["order_id"], &item["order_number"]), (&Value::Null, &Value::Null));
            assert_eq!(item["mediation_id"], quarrel.case);
        }
        quarrel.tries(&quarrel.liu, "join", &json!({})).await.ok();
        quarrel.tries(&quarrel.clerk, "reveal", &json!({ "party": 2, "purpose": "contact_resident" })).await.ok();
        let heard = quarrel.liu.get("/v1/events?after=0&wait=0").await.ok();
        let told = heard["items"].as_array().expect("events").iter().find(|event| event["type"] == "inbox");
        assert_eq!(told.expect("an event")["mediation_id"], quarrel.case);
        let phone = format!("{:?}", app.messages_of(&quarrel.liu.openid));
        assert!(phone.contains("社区事项"), "{phone}");
        let looks = quarrel.liu.get("/v1/me/data-access").await.ok();
        assert_eq!((&looks["items"][0]["order_id"], &looks["items"][0]["mediation_id"]), (&Value::Null, &json!(quarrel.case)));
        let export = quarrel.liu.get("/v1/me/export").await.ok();
        for read in [inbox.to_string(), heard.to_string(), phone, looks.to_string(), export.to_string()] {
            assert!(!read.contains(order) && !read.contains(number), "{read}");
        }

        // Whoever ordered is led there as ever.
        let chen = quarrel.chen.get("/v1/me/inbox").await.ok();
        let meeting = chen["items"].as_array().expect("items").iter().find(|item| item["kind"] == "meeting");
        let meeting = meeting.expect("told");
        assert_eq!((&meeting["order_id"], &meeting["order_number"]), (&quarrel.order["id"], &quarrel.order["number"]));
        assert_eq!(meeting["mediation_id"], Value::Null);
    }
}
