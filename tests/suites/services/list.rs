use serde_json::{Value, json};
use tests::{community, id, kerb, on_both, order_in, partner, persona, place_in};

use super::{keys, path, plain, shown, street, with};

on_both! {
    async fn a_list_is_read_without_signing_in_and_a_line_has_its_form(app: &TestApp) {
        let stranger = app.anonymous();
        assert_eq!(keys(&stranger, "XY").await, ["repair", "safety", "home_visit", "haircut", "message", "advice"]);
        let line = shown(&stranger, "RY", "medical_insurance").await;
        assert_eq!((&line["name"], &line["category"], &line["version"]), (&json!("医保帮办"), &json!("帮办/医保"), &json!(1)));
        assert_eq!(line["papers"], json!(["身份证原件", "社保卡"]));
        let form = &line["form"];
        assert_eq!((&form["type"], &form["additionalProperties"]), (&json!("object"), &json!(false)));
        let matter = &form["properties"]["matter"];
        assert_eq!((&matter["title"], &matter["x-widget"], &matter["enum"][1]), (&json!("办理事项"), &json!("select"), &json!("缴费")));
        let list = stranger.get(&format!("/v1/communities/{}/services", community("RY"))).await.ok();
        assert!(list["items"][0].get("form").is_none(), "a list is short: {list}");
        for nothing in ["nothing", "Not%20a%20key"] {
            stranger.get(&format!("/v1/communities/{}/services/{nothing}", community("RY"))).await.refused(404, "not_found");
        }
    }

    async fn a_secretary_changes_the_list_and_orders_keep_their_version(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (here, old) = (community("XY"), cast.submitted().await);
        assert_eq!((&old["service_name"], &old["service_version"]), (&json!("公共设施报修"), &json!(1)));
        assert_eq!(old["service_place_id"], here);
        let mended = with(&plain("小区设施维修"), json!({ "version": 1, "resolve_days": 2, "price": "免费上门，材料自理" }));
        let saved = cast.secretary.put(&path(&here, "repair")).json(&mended).await.ok();
        assert_eq!((&saved["version"], &saved["own"], &saved["closed"]), (&json!(2), &json!(true), &json!(false)));
        let new = cast.wang.places(&kerb()).await;
        assert_eq!((&new["service_name"], &new["service_version"]), (&json!("小区设施维修"), &json!(2)));
        assert_eq!(cast.wang.sees(&old).await["service_name"], "公共设施报修");
        assert_ne!(new["due"]["resolve_by"], old["due"]["resolve_by"], "two days are promised, no longer five");
        assert_eq!(cast.wang.sees(&old).await["due"], old["due"]);

        let versions = cast.secretary.get(&format!("{}/versions", path(&here, "repair"))).await.ok();
        let said: Vec<_> = versions["items"].as_array().expect("items").iter().map(|v| (&v["version"], &v["made_by"], &v["name"])).collect();
        assert_eq!(said, [
            (&json!(2), &json!("西苑社区书记"), &json!("小区设施维修")),
            (&json!(1), &Value::Null, &json!("公共设施报修")),
        ]);
        let first = cast.secretary.get(&format!("{}/versions?limit=1", path(&here, "repair"))).await.ok();
        let rest = format!("{}/versions?limit=1&cursor={}", path(&here, "repair"), first["next_cursor"].as_str().expect("a cursor"));
        assert_eq!(cast.secretary.get(&rest).await.ok()["items"][0], versions["items"][1]);
        // The same again is no new version.
        let again = with(&mended, json!({ "version": 2 }));
        assert_eq!(cast.secretary.put(&path(&here, "repair")).json(&again).await.ok()["version"], 2);
    }

    async fn of_two_who_change_a_line_the_second_looks_first(app: &TestApp) {
        let cast = app.xiyuan().await;
        let here = community("XY");
        let change = |name: &str| with(&plain(name), json!({ "version": 1 }));
        cast.secretary.put(&path(&here, "repair")).json(&change("甲")).await.ok();
        let problem = cast.secretary.put(&path(&here, "repair")).json(&change("乙")).await.refused(409, "service_changed");
        assert!(problem["detail"].as_str().expect("words").contains("第 2 版"), "{problem}");
        assert_eq!(shown(&cast.wang, "XY", "repair").await["name"], "甲");
        // A resident who filled in what is shown no more is told, too.
        let order = with(&kerb(), json!({ "service_version": 1 }));
        cast.wang.post("/v1/orders").json(&order).await.refused(409, "service_changed");
        cast.wang.places(&with(&kerb(), json!({ "service_version": 2 }))).await;
    }

    async fn a_street_gives_and_a_community_adapts(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (of_street, street) = street(app).await;
        let here = community("XY");
        let kept = cast.secretary.get(&format!("/v1/places/{here}/services")).await.ok();
        let advice = kept["items"].as_array().expect("items").iter().find(|line| line["key"] == "advice").expect("a line").clone();
        assert_eq!((&advice["own"], &advice["place_id"]), (&json!(false), &json!(street)));
        // What the street adds, every community offers at once.
        of_street.put(&path(&street, "trees")).json(&plain("树木修剪")).await.ok();
        assert!(keys(&cast.wang, "XY").await.contains(&"trees".to_owned()));
        assert!(!keys(&cast.wang, "RY").await.contains(&"trees".to_owned()), "of another district");
        let order = cast.wang.places(&order_in("XY", "trees", "树枝挡住三楼的窗户")).await;
        assert_eq!((&order["service_name"], &order["service_place_id"]), (&json!("树木修剪"), &json!(street)));
        // Adapted, closed for itself, and given back.
        cast.secretary.put(&path(&here, "trees")).json(&plain("绿化修剪")).await.ok();
        assert_eq!(shown(&cast.wang, "XY", "trees").await["name"], "绿化修剪");
        of_street.put(&path(&street, "trees")).json(&plain("树木养护")).await.ok();
        assert_eq!(shown(&cast.wang, "XY", "trees").await["name"], "绿化修剪");
        cast.secretary.put(&path(&here, "trees")).json(&with(&plain("绿化修剪"), json!({ "closed": true }))).await.ok();
        assert!(!keys(&cast.wang, "XY").await.contains(&"trees".to_owned()));
        cast.wang.post("/v1/orders").json(&order_in("XY", "trees", "树枝")).await.refused_field("/service_key");
        assert_eq!(cast.secretary.delete(&path(&here, "trees")).await.status, 204);
        assert_eq!(shown(&cast.wang, "XY", "trees").await["name"], "树木养护");
        cast.secretary.delete(&path(&here, "trees")).await.refused(404, "not_found");
        cast.secretary.delete(&path(&here, "repair")).await.refused(409, "no_catalogue");
        assert_eq!(cast.wang.sees(&order).await["service_name"], "树木修剪");
    }

    async fn nobody_keeps_the_list_of_others(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (here, elsewhere) = (community("XY"), community("RY"));
        let street = persona("demo-xy-street").place_id.to_string();
        let before = app.database.picture().await;
        for place in [&elsewhere, &street] {
            cast.secretary.put(&path(place, "repair")).json(&plain("维修")).await.refused(404, "not_found");
            cast.secretary.get(&format!("/v1/places/{place}/services")).await.refused(404, "not_found");
            cast.secretary.get(&format!("{}/versions", path(place, "errand"))).await.refused(404, "not_found");
            cast.secretary.delete(&path(place, "errand")).await.refused(404, "not_found");
        }
        for other in [&cast.clerk, &cast.wang, &cast.property] {
            other.put(&path(&here, "repair")).json(&plain("维修")).await.refused(403, "not_permitted");
            other.get(&format!("/v1/places/{here}/services")).await.refused(403, "not_permitted");
            other.delete(&path(&here, "repair")).await.refused(403, "not_permitted");
        }
        app.anonymous().put(&path(&here, "repair")).json(&plain("维修")).await.refused(401, "unauthenticated");
        assert_eq!(app.database.picture().await, before);
    }

    async fn what_cannot_be_is_named_and_changes_nothing(app: &TestApp) {
        let cast = app.xiyuan().await;
        let here = community("XY");
        let (grid, here_partner) = (place_in("XY", "第一网格"), partner("红色物业西苑管理科"));
        let lead = json!({ "grid_id": grid, "partner_id": here_partner });
        let before = app.database.picture().await;
        let put = |more: Value| cast.secretary.put(&path(&here, "repair")).json(&with(&plain("维修"), more));
        for (more, pointer) in [
            (json!({ "name": " " }), "/name"),
            (json!({ "orderers": [] }), "/orderers"),
            (json!({ "photos": 10 }), "/photos"),
            (json!({ "resolve_days": 0 }), "/resolve_days"),
            (json!({ "urgency": "urgent", "resolve_days": 3 }), "/resolve_days"),
            (json!({ "privacy": "sealed", "texts": { "resolved": "调解已完成" } }), "/texts"),
            (json!({ "texts": { "accepted": "这一句提示太长了，超过了微信消息二十个字的限制" } }), "/texts/accepted"),
            (json!({ "lead_partner_id": partner("润园物业服务中心") }), "/lead_partner_id"),
            (json!({ "lead_partner_id": uuid::Uuid::nil() }), "/lead_partner_id"),
            (json!({ "grid_leads": [{ "grid_id": place_in("XY", "西苑小区"), "partner_id": here_partner }] }), "/grid_leads/0/grid_id"),
            (json!({ "grid_leads": [{ "grid_id": grid, "partner_id": partner("润园物业服务中心") }] }), "/grid_leads/0/partner_id"),
            (json!({ "grid_leads": [&lead, &lead] }), "/grid_leads/1/grid_id"),
            (json!({ "grid_leads": [&lead], "privacy": "sealed" }), "/grid_leads"),
            (json!({ "form": { "type": "object", "properties": {} } }), "/form/properties"),
            (json!({ "form": { "type": "object", "properties": { "a": { "type": "string" } } } }), "/form/properties/a"),
            (json!({ "form": { "type": "object", "properties": { "a": { "type": "string", "title": "甲", "pattern": "(" } } } }), "/form/properties/a/pattern"),
        ] {
            put(more).await.refused_field(pointer);
        }
        let odd = json!({ "form": { "type": "object", "properties": { "a": { "$ref": "#/b", "type": "string", "title": "甲" } } } });
        let problem = put(odd).await.refused_field("/form/properties/a");
        assert_eq!(problem["detail"], "这一项不支持 $ref，请去掉");
        for unreadable in [json!({ "privacy": "secret" }), json!({ "orderers": ["mayor"] }), json!({ "surprise": 1 })] {
            put(unreadable).await.refused(422, "invalid_fields");
        }
        cast.secretary.put(&path(&here, "Not%20A%20Key")).json(&plain("维修")).await.refused(422, "invalid_fields");
        let order = with(&kerb(), json!({ "service_key": "nothing" }));
        cast.wang.post("/v1/orders").json(&order).await.refused_field("/service_key");
        assert_eq!(app.database.picture().await, before);
        assert_eq!(id(&cast.submitted().await).len(), 36);
    }
}
