//! Staff read on an order's timeline whether those concerned were told, and how.

use domain::people::Membership;
use domain::ports::Grant;
use serde_json::{Value, json};
use tests::{Person, on_both, persona};

/// What stands beside the event of this kind; `None` where nothing is told of it at all.
async fn told(of: &Person, order: &Value, kind: &str) -> Option<Vec<String>> {
    let timeline = of.timeline(order).await;
    let event = timeline.iter().find(|item| item["kind"] == kind).unwrap_or_else(|| panic!("no {kind}"));
    let told = event.get("told")?.as_array().expect("a list");
    Some(told.iter().map(|told| told["text"].as_str().expect("text").to_owned()).collect())
}

on_both! {
    async fn staff_see_how_each_was_told(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to("demo-xy-property", tests::DISPATCHED);
        app.agrees_to("demo-xy-wang", tests::DISPATCHED);
        let (order, _) = cast.dispatched().await;
        assert_eq!(told(&cast.clerk, &order, "dispatched").await, Some(Vec::new()), "nothing has left yet");
        app.drain_outbox().await;
        let street = app.sign_in("demo-xy-street").await;
        for staff in [&cast.clerk, &cast.secretary, &street] {
            assert_eq!(told(staff, &order, "dispatched").await.unwrap_or_default(), ["已微信通知居民", "已微信通知承办单位"]);
            assert_eq!(told(staff, &order, "accepted").await.unwrap_or_default(), ["居民未订阅，已写入站内消息"]);
        }
        let told = cast.clerk.timeline(&order).await[0]["told"].clone();
        let received = told.as_array().expect("told").iter().find(|told| told["to"] == "居民").expect("the resident");
        assert_eq!(received["text"], "已写入居民的站内消息");
        assert_eq!((&received["kind"], &received["channel"], &received["state"]), (&json!("received"), &json!("inbox"), &json!("delivered")));
        assert_eq!(received["at"], tests::START);
    }

    async fn residents_partners_and_grids_see_nothing_of_it(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, _) = cast.dispatched().await;
        app.drain_outbox().await;
        let grid = app.sign_in("demo-xy-grid").await;
        for other in [&cast.wang, &cast.property, &grid] {
            let timeline = other.timeline(&order).await;
            assert!(!timeline.is_empty());
            assert!(timeline.iter().all(|item| item.get("told").is_none()), "{timeline:?}");
        }
        let export = cast.wang.get("/v1/me/export").await.ok();
        assert!(!export.to_string().contains("\"told\""));
    }

    async fn colleagues_are_counted_and_never_named(app: &TestApp) {
        let cast = app.xiyuan().await;
        let colleague = app.sign_in("demo-xy-li").await;
        let property = persona("demo-xy-property");
        let membership = Membership::staff(property.community_id, property.partner_id.expect("a unit"));
        let person = colleague.id.parse().expect("an id");
        app.grant(&Grant { person, membership, by: None, at: app.now(), until: None }).await;
        for openid in ["demo-xy-property", "demo-xy-li"] {
            app.agrees_to(openid, tests::DISPATCHED);
        }
        let (order, _) = cast.dispatched().await;
        app.drain_outbox().await;
        assert!(told(&cast.clerk, &order, "dispatched").await.unwrap_or_default().contains(&"已微信通知承办单位 2 人".to_owned()));
        let timeline = format!("{:?}", cast.clerk.timeline(&order).await);
        for secret in [colleague.id.as_str(), cast.property.id.as_str(), "李先生", "物业老孙"] {
            assert!(!timeline.contains(secret), "{secret}: {timeline}");
        }
    }

    async fn a_page_tells_of_its_own_events(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, _) = cast.dispatched().await;
        app.drain_outbox().await;
        let path = format!("/v1/orders/{}/timeline?limit=1&cursor=1", tests::id(&order));
        let page = cast.clerk.get(&path).await.ok();
        assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(page["items"][0]["told"].as_array().map(Vec::len), Some(1), "{page}");
    }

    async fn a_clock_that_ran_out_stands_beside_the_last_event(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        app.drain_outbox().await;
        app.pass(chrono::TimeDelta::days(3));
        app.look_at_the_clock().await;
        let told = told(&cast.secretary, &order, "submitted").await.unwrap_or_default();
        assert!(told.contains(&"超期提醒：社区 2 人未订阅，已写入站内消息".to_owned()), "{told:?}");
    }
}
