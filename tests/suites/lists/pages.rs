//! Pages stay whole while orders come in.

use chrono::TimeDelta;
use serde_json::Value;
use tests::{Client, Person, TestApp, id, kerb, on_both};
use uuid::Uuid;

/// So many orders, a second apart; the newest first, as lists show them.
async fn place(app: &TestApp, person: &Person, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..count {
        app.pass(TimeDelta::seconds(1));
        ids.insert(0, id(&person.places(&kerb()).await).to_owned());
    }
    ids
}

async fn page(client: &Client, path: &str, cursor: &Value) -> (Vec<String>, Value) {
    let cursor = cursor.as_str().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    let page = client.get(&format!("{path}{cursor}")).await.ok();
    let items = page["items"].as_array().expect("items").iter().map(|item| id(item).to_owned()).collect();
    (items, page["next_cursor"].clone())
}

on_both! {
    async fn orders_that_come_in_meanwhile_move_nothing(app: &TestApp) {
        let cast = app.xiyuan().await;
        let before = place(app, &cast.wang, 5).await;
        let path = "/v1/orders?view=community&limit=2";
        let (first, cursor) = page(&cast.clerk, path, &Value::Null).await;
        place(app, &cast.li, 3).await;
        let (second, cursor) = page(&cast.clerk, path, &cursor).await;
        place(app, &cast.li, 1).await;
        let (third, cursor) = page(&cast.clerk, path, &cursor).await;
        assert_eq!([first, second, third].concat(), before);
        assert_eq!(cursor, Value::Null, "the last page says so");
    }

    async fn a_page_that_is_just_full_is_the_last(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let placed = place(app, &wang, 4).await;
        let (first, cursor) = page(&wang, "/v1/orders?limit=2", &Value::Null).await;
        let (second, cursor) = page(&wang, "/v1/orders?limit=2", &cursor).await;
        assert_eq!(([first, second].concat(), cursor), (placed, Value::Null));
    }

    async fn a_list_of_nothing_is_a_list(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        assert_eq!(page(&wang, "/v1/orders?limit=2", &Value::Null).await, (vec![], Value::Null));
    }

    async fn a_page_has_twenty_items_unless_told_otherwise(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let placed = place(app, &wang, 21).await;
        let (items, _) = page(&wang, "/v1/orders?view=mine", &Value::Null).await;
        assert_eq!(items, placed[..20]);
        for limit in [1, 100] {
            assert_eq!(page(&wang, &format!("/v1/orders?limit={limit}"), &Value::Null).await.0.len(), limit.min(21));
        }
    }

    async fn a_limit_outside_one_to_a_hundred_is_refused(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, _) = cast.dispatched().await;
        for limit in ["0", "101", "-1", "65536", "zwanzig", "", "1.5"] {
            cast.wang.get(&format!("/v1/orders?limit={limit}")).await.refused(400, "bad_request");
            cast.property.get(&format!("/v1/dispatches?limit={limit}")).await.refused(400, "bad_request");
            let timeline = format!("/v1/orders/{}/timeline?limit={limit}", id(&order));
            cast.wang.get(&timeline).await.refused(400, "bad_request");
        }
    }

    async fn somebody_elses_cursor_shows_nothing_of_theirs(app: &TestApp) {
        let (wang, li) = (app.sign_in("demo-xy-wang").await, app.sign_in("demo-xy-li").await);
        let old = place(app, &li, 1).await;
        place(app, &wang, 3).await;
        let (_, cursor) = page(&wang, "/v1/orders?limit=1", &Value::Null).await;
        assert_eq!(page(&li, "/v1/orders?limit=10", &cursor).await, (old, Value::Null));
        let invented = Value::from(Uuid::nil().to_string());
        assert_eq!(page(&wang, "/v1/orders?limit=10", &invented).await.0, Vec::<String>::new());
        for cursor in ["x", "1", "", "0197a3c2-5b1e-7c40-9d2f", "%00"] {
            wang.get(&format!("/v1/orders?cursor={cursor}")).await.refused(400, "bad_request");
        }
    }

    async fn dispatches_page_the_same_way(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut sent = Vec::new();
        for _ in 0..3 {
            app.pass(TimeDelta::seconds(1));
            sent.insert(0, id(&cast.dispatched().await.1).to_owned());
        }
        let path = "/v1/dispatches?view=mine&limit=2";
        let (first, cursor) = page(&cast.property, path, &Value::Null).await;
        app.pass(TimeDelta::seconds(1));
        cast.dispatched().await;
        let (second, cursor) = page(&cast.property, path, &cursor).await;
        assert_eq!(([first, second].concat(), cursor), (sent, Value::Null));
    }

    async fn a_timeline_pages_from_the_beginning(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.rated().await;
        let (mut kinds, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = cast.wang.get(&format!("/v1/orders/{}/timeline?limit=3{cursor}", id(&order))).await.ok();
            kinds.extend(page["items"].as_array().expect("items").iter().map(|item| item["kind"].clone()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(kinds, ["submitted", "accepted", "resolved", "rated"]);
        let beyond = cast.wang.get(&format!("/v1/orders/{}/timeline?cursor=99", id(&order))).await.ok();
        assert_eq!(beyond["items"], Value::Array(vec![]));
    }
}
