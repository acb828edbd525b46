//! What somebody would try who holds a small role, or one elsewhere.

use domain::ids::{CommunityId, PersonId};
use domain::people::{Membership, Role};
use domain::ports::Grant;
use serde_json::{Value, json};
use tests::{Person, TestApp, community, id, kerb, on_both};

async fn with_role(app: &TestApp, openid: &str, role: Role) -> Person {
    let person = app.sign_in(openid).await;
    let here = CommunityId(community("XY").parse().expect("an id"));
    let (by, until) = (None, None);
    let holder = PersonId(person.id.parse().expect("an id"));
    app.grant(&Grant { person: holder, membership: Membership::at(here, role), by, at: app.now(), until }).await;
    person
}

on_both! {
    async fn a_monitor_a_volunteer_and_a_matchmaker_read_no_lists_of_people(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        let here = community("XY");
        for (openid, role) in [("m", Role::ClassMonitor), ("v", Role::Volunteer), ("r", Role::Matchmaker)] {
            let person = with_role(app, openid, role).await;
            for path in [
                format!("/v1/memberships?place_id={here}"),
                format!("/v1/invitations?place_id={here}"),
                format!("/v1/communities/{here}/residents"),
                format!("/v1/communities/{here}/residents?phone=13800000001"),
                format!("/v1/communities/{here}/residences"),
                format!("/v1/communities/{here}/partners"),
                "/v1/orders?view=community".to_owned(),
                "/v1/admin/audit".to_owned(),
            ] {
                person.get(&path).await.refused(403, "not_permitted");
            }
            person.looks_at(&order).await.refused(404, "not_found");
            let own = person.get("/v1/me/export").await.ok().to_string();
            assert!(!own.contains("王女士") && !own.contains("138000"), "{role}: {own}");
        }
    }

    async fn another_communitys_id_opens_nothing(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        let (here, secretary) = (community("XY"), app.sign_in("demo-ry-secretary").await);
        for path in [
            format!("/v1/memberships?place_id={here}"),
            format!("/v1/invitations?place_id={here}"),
            format!("/v1/communities/{here}/residents"),
            format!("/v1/communities/{here}/residences"),
            format!("/v1/admin/organisations?place_id={here}"),
            format!("/v1/admin/places?parent_id={here}"),
        ] {
            secretary.get(&path).await.refused(404, "not_found");
        }
        secretary.get(&format!("/v1/communities/{here}/partners")).await.refused(403, "not_permitted");
        for smuggled in ["community_id", "place_id", "tenant", "requester_id"] {
            secretary.get(&format!("/v1/orders?view=community&{smuggled}={here}")).await.refused(400, "bad_request");
        }
        let before = app.database.picture().await;
        let kept = json!({ "name": "张大爷", "residence": { "compound": "西苑小区" } });
        secretary.post(&format!("/v1/communities/{here}/residents")).json(&kept).await.refused(404, "not_found");
        let role = json!({ "role": "volunteer", "place_id": here });
        secretary.post("/v1/invitations").json(&role).await.refused_field("/place_id");
        let unit = json!({ "place_id": here, "kind": "shop", "name": "便民店" });
        secretary.post("/v1/admin/organisations").json(&unit).await.refused(404, "not_found");
        let service = json!({ "name": "维修", "category": "报修", "urgency": "ordinary", "privacy": "normal" });
        secretary.put(&format!("/v1/places/{here}/services/repair")).json(&service).await.refused(404, "not_found");
        secretary.tries("accept", &order, &json!({ "community_id": community("RY") })).await.refused_field("/community_id");
        secretary.tries("accept", &order, &json!({})).await.refused(404, "not_found");
        assert_eq!(app.database.picture().await, before);

        // What one orders elsewhere is one's own, and no more than that.
        let own = secretary.places(&kerb()).await;
        secretary.tries("accept", &own, &json!({})).await.refused(403, "not_permitted");
        assert_eq!(secretary.list("view=community").await, Vec::<String>::new());
    }

    async fn nobody_sets_what_is_not_theirs_to_set(app: &TestApp) {
        let cast = app.xiyuan().await;
        let before = app.database.picture().await;
        for (field, value) in [
            ("requester", json!(cast.li.id)),
            ("status", json!("resolved")),
            ("number", json!("XY-20261123-9999")),
            ("sealed", json!(false)),
            ("urgency", json!("urgent")),
            ("emergency", Value::Null),
            ("minor", json!(false)),
            ("source", json!("import")),
        ] {
            let mut order = kerb();
            order[field] = value;
            cast.wang.post("/v1/orders").json(&order).await.refused_field(&format!("/{field}"));
        }
        for body in [
            json!({ "nickname": "王", "memberships": [{ "role": "secretary" }] }),
            json!({ "nickname": "王", "phone": "13900000001" }),
            json!({ "nickname": "王", "id": cast.li.id }),
        ] {
            cast.wang.put("/v1/me").json(&body).await.refused(422, "invalid_fields");
        }
        assert_eq!(app.database.picture().await, before);
    }

    async fn a_recalled_partner_reads_no_timeline_and_no_photo_link(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, dispatch) = cast.signed().await;
        let path = format!("/v1/orders/{}/timeline", id(&order));
        cast.property.get(&path).await.ok();
        cast.clerk.does("recall", &dispatch, &json!({ "reason": "换一个单位" })).await;
        cast.property.get(&path).await.refused(404, "not_found");
        cast.property.looks_at(&order).await.refused(404, "not_found");
        let own = cast.property.get(&format!("/v1/dispatches/{}", id(&dispatch))).await;
        assert!(own.status == 404 || own.value()["attachments"] == json!([]), "{own}");
        assert!(!own.text().contains("3号楼") && !own.text().contains("王"), "{own}");
        cast.property.post(&format!("/v1/dispatches/{}/reveal", id(&dispatch))).json(&json!({ "purpose": "home_visit" })).await.refused(404, "not_found");
    }

    async fn a_saved_answer_shows_nothing_after_the_right_to_see_it(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        let accept = |clerk: &Person| clerk.tries("accept", &order, &json!({})).key("k1");
        accept(&cast.clerk).await.ok();
        accept(&cast.clerk).await.ok();
        let page = cast.secretary.get(&format!("/v1/memberships?place_id={}&limit=100", community("XY"))).await.ok();
        let held = page["items"].as_array().expect("items").iter().find(|held| held["role"] == "intake_clerk").expect("it");
        assert_eq!(cast.secretary.delete(&format!("/v1/memberships/{}", id(held))).await.status, 204);
        let dismissed = app.sign_in("demo-xy-clerk").await;
        accept(&dismissed).await.refused(404, "not_found");

        // A partner that was recalled asks again for what it was answered.
        let order = {
            let placed = cast.submitted().await;
            cast.secretary.makes("accept", &placed, &json!({})).await
        };
        let dispatch = cast.secretary.dispatches(&order, &tests::task_for("红色物业西苑管理科")).await;
        let sign = || cast.property.tries_task("sign", &dispatch, &json!({})).key("k2");
        sign().await.ok();
        cast.secretary.does("recall", &dispatch, &json!({ "reason": "换一个单位" })).await;
        sign().await.refused(404, "not_found");
    }

    async fn the_handler_of_an_earlier_round_sees_the_place_no_more(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, dispatch) = cast.completed().await;
        let path = format!("/v1/dispatches/{}", id(&dispatch));
        cast.clerk.makes("resolve", &order, &json!({ "result": "已抹平" })).await;
        cast.wang.makes("reopen", &order, &json!({ "reason": "又裂开了" })).await;
        for seen in [cast.property.get(&path).await, cast.property.get("/v1/dispatches?view=mine").await] {
            assert!(!seen.text().contains("3号楼"), "{seen}");
        }
    }
}
