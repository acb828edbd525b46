//! Places, organisations and services are kept by those who govern the place.

use serde_json::{Value, json};
use tests::{Program, community, id, kerb, on_both, persona, task_for};

on_both! {
    async fn an_administrator_adds_a_community_and_its_secretary_runs_it(app: &TestApp) {
        let admin = app.administrator().await;
        let street = persona("demo-xy-street").place_id;
        let new = json!({ "parent_id": street, "level": "community", "name": "北苑社区", "prefix": "BY" });
        let added = admin.post("/v1/admin/places").json(&new).await;
        assert_eq!(added.status, 201, "{added}");
        let place = added.value();
        assert_eq!((&place["level_text"], &place["prefix"]), (&json!("社区"), &json!("BY")));
        let compound = json!({ "parent_id": id(&place), "level": "compound", "name": "北苑小区" });
        admin.post("/v1/admin/places").json(&compound).await;
        let path = format!("/v1/places/{}/services/repair", id(&place));
        let service = json!({ "name": "公共设施报修", "category": "报修", "urgency": "ordinary", "privacy": "normal" });
        admin.put(&path).json(&service).await.ok();

        let code = admin.post("/v1/invitations").json(&json!({ "role": "secretary", "place_id": id(&place) })).await.value();
        let secretary = app.sign_in_with_phone("test-secretary", "13900000021").await;
        secretary.post("/v1/invitations/accept").json(&json!({ "code": code["code"] })).await.ok();
        let unit = json!({ "place_id": id(&place), "kind": "property_company", "name": "北苑物业", "uscc": "91350100M000100Y43" });
        let unit = secretary.post("/v1/admin/organisations").json(&unit).await.value();

        let resident = app.sign_in("demo-xy-wang").await;
        let mut order = kerb();
        (order["community_id"], order["place"]["compound"]) = (place["id"].clone(), json!("北苑小区"));
        let order = resident.places(&order).await;
        assert!(order["number"].as_str().expect("a number").starts_with("BY-"), "{order}");
        secretary.makes("accept", &order, &json!({})).await;
        let mut task = task_for("红色物业西苑管理科");
        task["partner_id"] = unit["id"].clone();
        secretary.makes("dispatch", &order, &task).await;
        app.sign_in("demo-xy-secretary").await.looks_at(&order).await.refused(404, "not_found");
    }

    async fn what_does_not_fit_changes_nothing(app: &TestApp) {
        let admin = app.administrator().await;
        let (street, home) = (persona("demo-xy-street").place_id, community("XY"));
        let before = app.database.picture().await;
        let places: [(Value, &str); 5] = [
            (json!({ "parent_id": street, "level": "community", "name": "西苑社区", "prefix": "AA" }), "/name"),
            (json!({ "parent_id": street, "level": "community", "name": "新社区", "prefix": "XY" }), "/prefix"),
            (json!({ "parent_id": street, "level": "community", "name": "新社区" }), "/prefix"),
            (json!({ "parent_id": home, "level": "street", "name": "新街道" }), "/level"),
            (json!({ "parent_id": street, "level": "community", "name": "  ", "prefix": "AA" }), "/name"),
        ];
        for (body, field) in places {
            admin.post("/v1/admin/places").json(&body).await.refused_field(field);
        }
        let unit = |uscc: &str| json!({ "place_id": home, "kind": "shop", "name": "便民店", "uscc": uscc });
        admin.post("/v1/admin/organisations").json(&unit("91350100M000100Y44")).await.refused_field("/uscc");
        let twice = json!({ "place_id": home, "kind": "shop", "name": "红色物业西苑管理科" });
        admin.post("/v1/admin/organisations").json(&twice).await.refused_field("/name");
        let path = format!("/v1/places/{home}/services/Not%20A%20Key");
        let service = json!({ "name": "维修", "category": "报修", "urgency": "ordinary", "privacy": "normal" });
        admin.put(&path).json(&service).await.refused(422, "invalid_fields");
        assert_eq!(app.database.picture().await, before);
    }

    async fn a_closed_unit_and_a_closed_service_take_nothing_new(app: &TestApp) {
        let (cast, home) = (app.xiyuan().await, community("XY"));
        let order = cast.accepted().await;
        let task = task_for("红色物业西苑管理科");
        let path = format!("/v1/admin/organisations/{}", task["partner_id"].as_str().expect("an id"));
        cast.secretary.put(&path).json(&json!({ "name": "红色物业西苑管理科", "closed": true })).await.ok();
        cast.secretary.tries("dispatch", &order, &task).await.refused_field("/partner_id");
        let partners = cast.secretary.get(&format!("/v1/communities/{home}/partners")).await.ok().to_string();
        assert!(!partners.contains("红色物业"), "{partners}");
        let path = format!("/v1/places/{home}/services/repair");
        let closed = json!({ "name": "报修", "category": "报修", "urgency": "ordinary", "privacy": "normal", "closed": true });
        cast.secretary.put(&path).json(&closed).await.ok();
        cast.wang.post("/v1/orders").json(&kerb()).await.refused_field("/service_key");
        cast.wang.sees(&order).await;
    }

    async fn nobody_governs_beyond_the_own_place(app: &TestApp) {
        let (cast, elsewhere) = (app.xiyuan().await, community("RY"));
        let before = app.database.picture().await;
        let unit = json!({ "place_id": elsewhere, "kind": "shop", "name": "便民店" });
        cast.secretary.post("/v1/admin/organisations").json(&unit).await.refused(404, "not_found");
        cast.secretary.get(&format!("/v1/admin/organisations?place_id={elsewhere}")).await.refused(404, "not_found");
        cast.secretary.get("/v1/admin/places").await.refused(404, "not_found");
        let service = json!({ "name": "维修", "category": "报修", "urgency": "ordinary", "privacy": "normal" });
        cast.secretary.put(&format!("/v1/places/{elsewhere}/services/repair")).json(&service).await.refused(404, "not_found");
        let compound = json!({ "parent_id": community("XY"), "level": "compound", "name": "新小区" });
        for stranger in [&cast.secretary, &cast.clerk, &cast.wang] {
            stranger.post("/v1/admin/places").json(&compound).await.refused(403, "not_permitted");
            stranger.get("/v1/admin/audit").await.refused(403, "not_permitted");
            stranger.get("/v1/admin/health").await.refused(403, "not_permitted");
        }

        // The administrator of a street: the street, and nothing of the whole system.
        let street = persona("demo-xy-street").place_id;
        let admin = app.administrator().await;
        let code = admin.post("/v1/invitations").json(&json!({ "role": "administrator", "place_id": street })).await.value();
        let of_street = app.sign_in_with_phone("test-street-admin", "13900000022").await;
        of_street.post("/v1/invitations/accept").json(&json!({ "code": code["code"] })).await.ok();
        let places = of_street.get(&format!("/v1/admin/places?parent_id={street}")).await.ok();
        assert_eq!(places["items"][0]["name"], "西苑社区");
        of_street.post("/v1/admin/organisations").json(&unit).await.refused(404, "not_found");
        of_street.get("/v1/admin/audit").await.refused(404, "not_found");
        of_street.get("/v1/admin/health").await.refused(404, "not_found");
        of_street.post("/v1/invitations").json(&json!({ "role": "administrator" })).await.refused_field("/place_id");
        let mut after = app.database.picture().await;
        for changed in ["identities", "invitations", "memberships", "persons", "sessions", "refresh_tokens"] {
            after.0.insert(changed, before.0[changed]);
        }
        assert_eq!(after, before);
    }

    async fn health_tells_of_keys_without_telling_them(app: &TestApp) {
        let admin = app.administrator().await;
        let health = admin.get("/v1/admin/health").await.ok();
        assert_eq!((&health["readiness"]["database"], &health["keys"][1]["purpose"]), (&json!("ok"), &json!("lock")));
        assert!(!health.to_string().contains("wrapped"), "{health}");
    }

    async fn the_first_administrator_comes_in_by_a_code_of_the_operator(app: &TestApp) {
        let environment = app.environment().await;
        let run = async |arguments: &[&str]| {
            let output = Program::run(&environment, &[&["admin"], arguments].concat()).await;
            (output.status.success(), String::from_utf8(output.stdout).expect("text"))
        };
        let code = |text: &str| {
            let start = text.find("邀请码：").expect("a code") + "邀请码：".len();
            text[start..start + 11].to_owned()
        };
        let old = code(&run(&["first-code"]).await.1);
        let new = code(&run(&["first-code"]).await.1);
        let admin = app.sign_in_with_phone("test-admin", "13900000099").await;
        let accept = async |code: &str| admin.post("/v1/invitations/accept").json(&json!({ "code": code })).await;
        // The program goes by the clock on the wall, the server by the test's.
        accept(&old).await.refused(422, "verification_failed");
        accept(&new).await.ok();
        assert_eq!(run(&["first-code"]).await.1, "已有系统管理员；请由管理员在系统里邀请新的管理员\n");

        assert!(run(&["add-place", "compound", "空中小区", "--in", "河北省/石家庄市/新华区/西苑街道/西苑社区"]).await.0);
        assert!(!run(&["add-place", "compound", "空中小区", "--in", "河北省/石家庄市/新华区/西苑街道/西苑社区"]).await.0);
        let listed = run(&["places", "河北省/石家庄市/新华区/西苑街道/西苑社区"]).await.1;
        assert!(listed.contains("小区  空中小区") && listed.contains("物业  红色物业西苑管理科"), "{listed}");
        let people = run(&["people", "河北省/石家庄市/新华区/西苑街道/西苑社区"]).await.1;
        assert!(people.contains("书记") && !people.contains("小赵"), "{people}");
        let (is_verified, said) = run(&["audit", "verify"]).await;
        assert!(is_verified && said.ends_with("0 faults\n"), "{said}");
    }
}
