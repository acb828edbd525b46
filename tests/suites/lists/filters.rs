//! What a list is narrowed down to.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Client, Person, TestApp, id, on_both, order_in};

async fn placed(app: &TestApp, person: &Person, service_key: &str, title: &str, description: &str) -> String {
    app.pass(TimeDelta::seconds(1));
    let mut order = order_in("XY", service_key, description);
    order["title"] = json!(title);
    id(&person.places(&order).await).to_owned()
}

/// What a search finds in a person's own orders.
async fn found(client: &Client, q: &str) -> Vec<String> {
    let page = client.get("/v1/orders").query(&[("q", q)]).await.ok();
    page["items"].as_array().expect("items").iter().map(|item| id(item).to_owned()).collect()
}

fn ids(orders: &[&Value]) -> Vec<String> {
    orders.iter().map(|order| id(order).to_owned()).collect()
}

on_both! {
    async fn by_status(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (submitted, accepted, rated) = (cast.submitted().await, cast.accepted().await, cast.rated().await);
        for (status, wanted) in [("submitted", &submitted), ("accepted", &accepted), ("rated", &rated)] {
            assert_eq!(cast.clerk.list(&format!("view=community&status={status}")).await, ids(&[wanted]));
        }
        assert_eq!(cast.clerk.list("view=community&status=merged").await, ids(&[]));
        for status in ["Submitted", "open", ""] {
            cast.clerk.get(&format!("/v1/orders?view=community&status={status}")).await.refused(400, "bad_request");
        }
    }

    async fn by_service(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let repair = placed(app, &wang, "repair", "路灯", "路灯不亮").await;
        let advice = placed(app, &wang, "advice", "建议", "多装几盏灯").await;
        assert_eq!(wang.list("service_key=repair").await, std::slice::from_ref(&repair));
        assert_eq!(wang.list("service_key=advice").await, std::slice::from_ref(&advice));
        assert_eq!(wang.list("service_key=haircut").await, Vec::<String>::new());
        assert_eq!(wang.list("service_key=nothing").await, Vec::<String>::new());
        assert_eq!(wang.list("service_key=repair&q=路灯&status=submitted").await, [repair], "all at once");
    }

    async fn by_words_in_number_title_or_description(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let lamp = placed(app, &wang, "repair", "路灯不亮", "三号楼 LED 灯坏了").await;
        let kerb = placed(app, &wang, "repair", "路沿", "健身器材旁的路沿很尖").await;
        assert_eq!(found(&wang, "路灯").await, std::slice::from_ref(&lamp));
        assert_eq!(found(&wang, "健身器材").await, std::slice::from_ref(&kerb));
        assert_eq!(found(&wang, "XY-20261123-0002").await, std::slice::from_ref(&kerb));
        assert_eq!(found(&wang, "led").await, std::slice::from_ref(&lamp), "in either case");
        assert_eq!(found(&wang, "路").await, [kerb.clone(), lamp.clone()]);
        assert_eq!(found(&wang, "停车").await, Vec::<String>::new());
        assert_eq!(found(&wang, " ").await, [kerb, lamp], "blank is no search");
    }

    async fn signs_of_the_database_are_only_letters(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let percent = placed(app, &wang, "advice", "物业费", "涨了 20% 太多").await;
        let underscore = placed(app, &wang, "advice", "文件", "叫 plan_b 的文件").await;
        let backslash = placed(app, &wang, "advice", "路径", r"C:\temp 里").await;
        placed(app, &wang, "advice", "别的", "没有特殊字符 20 planb").await;
        assert_eq!(found(&wang, "%").await, std::slice::from_ref(&percent));
        assert_eq!(found(&wang, "20%").await, [percent]);
        assert_eq!(found(&wang, "_").await, std::slice::from_ref(&underscore));
        assert_eq!(found(&wang, "plan_b").await, [underscore]);
        assert_eq!(found(&wang, r"\").await, std::slice::from_ref(&backslash));
        assert_eq!(found(&wang, r"c:\temp").await, [backslash]);
        for nothing in ["'", "\"", "'; DROP TABLE orders; --", "%%", "__"] {
            assert_eq!(found(&wang, nothing).await, Vec::<String>::new(), "{nothing}");
        }
    }

    async fn a_search_that_no_database_could_make_is_refused(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        wang.get("/v1/orders?q=%00").await.refused(400, "bad_request");
        wang.get("/v1/orders?service_key=%00").await.refused(400, "bad_request");
        wang.get(&format!("/v1/orders?q={}", "a".repeat(20_000))).await.refused(400, "bad_request");
    }

    async fn what_is_overdue_follows_the_clock_that_runs(app: &TestApp) {
        let cast = app.xiyuan().await;
        let urgent = cast.wang.places(&order_in("XY", "safety", "楼道充电")).await;
        app.pass(TimeDelta::seconds(1));
        let ordinary = cast.wang.places(&order_in("XY", "repair", "路灯不亮")).await;
        let overdue = "view=community&overdue=true";
        assert_eq!(cast.clerk.list(overdue).await, ids(&[]));

        app.clock.set("2026-11-23T10:30:00+08:00".parse().expect("an instant"));
        let cast = app.xiyuan().await;
        assert_eq!(cast.clerk.list(overdue).await, ids(&[]), "to the last millisecond");
        app.pass(TimeDelta::milliseconds(1));
        assert_eq!(cast.clerk.list(overdue).await, ids(&[&urgent]));
        assert_eq!(cast.clerk.sees(&urgent).await["due"]["overdue"], true);

        // Accepted in time or not: now the second clock runs, a day from the start.
        cast.clerk.makes("accept", &urgent, &json!({})).await;
        assert_eq!(cast.clerk.list(overdue).await, ids(&[]));
        app.clock.set("2026-11-24T10:01:00+08:00".parse().expect("an instant"));
        let cast = app.xiyuan().await;
        assert_eq!(cast.clerk.list(overdue).await, ids(&[&ordinary, &urgent]));
        assert_eq!(cast.wang.list("overdue=true&status=submitted").await, ids(&[&ordinary]));
        assert_eq!(cast.clerk.list("view=community&overdue=false").await.len(), 2);

        // Once resolved, no clock runs.
        cast.clerk.makes("resolve", &urgent, &json!({ "result": "已劝离" })).await;
        assert_eq!(cast.clerk.list(overdue).await, ids(&[&ordinary]));
    }

    async fn a_partner_narrows_by_the_state_of_its_dispatches(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (sent, signed) = (cast.dispatched().await.1, cast.signed().await.1);
        for (status, wanted) in [("sent", &sent), ("signed", &signed)] {
            let page = cast.property.get(&format!("/v1/dispatches?status={status}")).await.ok();
            assert_eq!(id(&page["items"][0]), id(wanted));
            assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
        }
        cast.property.get("/v1/dispatches?status=lost").await.refused(400, "bad_request");
    }
}
