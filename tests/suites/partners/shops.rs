//! What everybody sees.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{TestApp, community, on_both};

use super::{a_shop, added, path_of};

/// A shop that is there from the beginning, and not spoken of here.
const SEEDED: &str = "东门理发店";

async fn shops(app: &TestApp, query: &str) -> Vec<Value> {
    let path = format!("/v1/communities/{}/shops?limit=100&{query}", community("RY"));
    let mut shops = app.anonymous().get(&path).await.ok()["items"].as_array().expect("items").clone();
    shops.retain(|shop| shop["name"] != SEEDED);
    shops
}

fn named<'a>(shops: &'a [Value], name: &str) -> Option<&'a Value> {
    shops.iter().find(|shop| shop["name"] == name)
}

on_both! {
    async fn anybody_finds_a_shop_and_nothing_of_its_papers(app: &TestApp) {
        let secretary = app.sign_in("demo-ry-secretary").await;
        added(&secretary, &a_shop()).await;
        let all = shops(app, "").await;
        let shop = named(&all, "润园便民理发店").expect("the shop");
        assert_eq!((&shop["kind"], &shop["kind_text"], &shop["alliance"]), (&json!("shop"), &json!("共建门店"), &json!(true)));
        assert_eq!((&shop["phone"], &shop["address"]), (&json!("0311-85551234"), &json!("润园小区东门南侧 20 米")));
        assert_eq!(shop["hours"]["mon"][1], json!({ "opens": "14:00", "closes": "24:00" }));
        assert_eq!(shop["offers"], json!([{ "name": "理发", "price": "10 元", "free": false }, { "name": "老人上门理发", "price": null, "free": true }]));
        assert_eq!(shop["ratings"], json!({ "count": 0, "average": null }));
        for secret in ["冀卫-0107", "卫生许可证", "RY-2026-07", "91350100M000100Y43", "open_job"] {
            assert!(!shop.to_string().contains(secret), "{secret}: {shop}");
        }
        // The seeded ones are there too, but none of another kind or community.
        assert!(named(&all, "润园物业服务中心").is_some() && named(&all, "润园红色联盟维修队").is_some());
        assert!(all.iter().all(|shop| ["shop", "volunteer_team", "property_company"].map(Some).contains(&shop["kind"].as_str())));
        assert!(named(&all, "红色物业西苑管理科").is_none());
        assert_eq!(shops(app, "kind=shop").await.len(), 1);
        assert_eq!(shops(app, "alliance=true").await.len(), 1);
        app.anonymous().get(&format!("/v1/communities/{}/shops?kind=bank", community("RY"))).await.refused(400, "bad_request");
        app.anonymous().get(&format!("/v1/communities/{}/shops", uuid::Uuid::nil())).await.refused(404, "not_found");
    }

    async fn a_shop_is_open_by_its_week_and_its_closed_days(app: &TestApp) {
        let secretary = app.sign_in("demo-ry-secretary").await;
        added(&secretary, &a_shop()).await;
        let open = async || shops(app, "kind=shop").await[0]["open_now"].clone();
        // Monday, ten o'clock.
        assert_eq!(open().await, json!(true));
        app.pass(TimeDelta::hours(2));
        assert_eq!(open().await, json!(false), "at noon it closes");
        app.pass(TimeDelta::hours(11) + TimeDelta::minutes(59));
        assert_eq!(open().await, json!(true), "till midnight");
        app.pass(TimeDelta::minutes(1));
        assert_eq!(open().await, json!(false), "a Tuesday");
        let teams = shops(app, "kind=volunteer_team").await;
        assert_eq!(teams[0]["open_now"], Value::Null, "nobody said");
    }

    async fn whoever_may_not_work_is_recommended_to_nobody(app: &TestApp) {
        let secretary = app.sign_in("demo-ry-secretary").await;
        let shop = added(&secretary, &a_shop()).await;
        let change = async |change: Value| {
            let mut body = a_shop();
            for (name, value) in change.as_object().expect("an object") {
                body[name] = value.clone();
            }
            secretary.put(&path_of(&shop)).json(&body).await.ok()
        };
        for bar in [
            json!({ "suspended": { "reason": "整改" } }),
            json!({ "licences": [{ "kind": "卫生许可证", "number": "1", "valid_until": "2026-11-22" }] }),
            json!({ "agreement": { "from": "2025-01-01", "until": "2026-11-22" } }),
            json!({ "closed": true }),
        ] {
            change(bar.clone()).await;
            assert_eq!(shops(app, "kind=shop").await, [Value::Null; 0], "{bar}");
        }
        change(json!({})).await;
        assert_eq!(shops(app, "kind=shop").await.len(), 1);
        app.pass(TimeDelta::days(39));
        assert_eq!(shops(app, "kind=shop").await, [Value::Null; 0], "the agreement ended with the year");
    }

    async fn the_directory_is_read_page_by_page(app: &TestApp) {
        let secretary = app.sign_in("demo-ry-secretary").await;
        for n in 0..5 {
            added(&secretary, &json!({ "kind": "shop", "name": format!("便民店{n}") })).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/v1/communities/{}/shops?limit=2{cursor}", community("RY"));
            let page = app.anonymous().get(&path).await.ok();
            seen.extend(page["items"].as_array().expect("items").iter().map(|shop| shop["name"].to_string()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen.len(), 8, "{seen:?}");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 8);
    }
}
