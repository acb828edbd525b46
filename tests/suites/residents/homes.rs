//! Where people live, and what staff confirm.

use chrono::TimeDelta;
use serde_json::json;
use tests::{id, on_both};

use super::{home, ids, in_community, items};

on_both! {
    async fn a_person_has_a_main_home_and_others(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let me = wang.put("/v1/me/residence").json(&home("西苑小区", "1204室")).await.ok();
        assert_eq!((&me["residence"]["compound"], &me["residence"]["verified"]), (&json!("西苑小区"), &json!(false)));
        for room in ["1", "2", "3", "4"] {
            app.pass(TimeDelta::seconds(1));
            let added = wang.post("/v1/me/residences").json(&home("联盟小区", room)).key(room).await;
            assert_eq!((added.status, &added.value()["is_main"]), (201, &json!(false)), "{added}");
            let again = wang.post("/v1/me/residences").json(&home("联盟小区", room)).key(room).await;
            assert_eq!(id(&again.value()), id(&added.value()), "the same key gives the same home");
        }
        wang.post("/v1/me/residences").json(&home("联盟小区", "5")).await.refused(409, "too_many_residences");
        wang.post("/v1/me/residences").json(&home("联盟小区", "4")).await.refused_field("/compound");
        let all = wang.get("/v1/me/residences").await.ok();
        assert_eq!((items(&all).len(), &all["items"][0]["room"]), (5, &json!("1204室")));
        wang.delete(&format!("/v1/me/residences/{}", id(&me["residence"]))).await.ok();
        assert_eq!(wang.get("/v1/me").await.ok()["residence"]["room"], "1", "the next one is the main one");
        let elsewhere = json!({ "community_id": uuid::Uuid::nil(), "compound": "西苑小区" });
        wang.put("/v1/me/residence").json(&elsewhere).await.refused_field("/community_id");
    }

    async fn staff_of_the_place_confirm_a_home(app: &TestApp) {
        let cast = app.xiyuan().await;
        let grid = app.sign_in("demo-xy-grid").await;
        let in_grid = cast.wang.put("/v1/me/residence").json(&home("西苑小区", "1204室")).await.ok()["residence"].clone();
        // The same door, as somebody else writes it.
        cast.builder.put("/v1/me/residence").json(&home("西苑小区", "１２０４")).await.ok();
        let beside = cast.li.put("/v1/me/residence").json(&home("泰华小区", "1")).await.ok()["residence"].clone();
        let homes = in_community("XY", "residences");
        let seen = cast.clerk.get(&format!("{homes}?verified=false")).await.ok();
        assert_eq!(items(&seen).len(), 3);
        let wangs = items(&seen).into_iter().find(|item| id(item) == id(&in_grid)).expect("her home");
        assert_eq!((&wangs["name"], &wangs["room"]), (&json!("王**"), &json!("1****")), "masked");
        assert_eq!(wangs["others_in_home"], 1);
        let first = cast.clerk.get(&format!("{homes}?limit=2")).await.ok();
        let cursor = first["next_cursor"].as_str().expect("a next page");
        let second = cast.clerk.get(&format!("{homes}?limit=2&cursor={cursor}")).await.ok();
        assert_eq!([ids(&first), ids(&second)].concat(), ids(&seen));

        let of_grid = grid.get(&homes).await.ok();
        assert!(items(&of_grid).len() == 2 && !of_grid.to_string().contains("泰华"), "{of_grid}");
        let verify = |home: &serde_json::Value| format!("/v1/residences/{}/verify", id(home));
        let yes = json!({ "verified": true });
        grid.post(&verify(&beside)).json(&yes).await.refused(404, "not_found");
        assert_eq!(grid.post(&verify(&in_grid)).json(&yes).await.ok()["verified"], true);
        assert_eq!(cast.wang.get("/v1/me").await.ok()["residence"]["verified"], true);
        assert_eq!(items(&cast.secretary.get(&format!("{homes}?verified=true")).await.ok()).len(), 1);

        // Another address has to be confirmed anew, and nobody confirms an address that was not looked at.
        let moved = cast.wang.put("/v1/me/residence").json(&home("西苑小区", "1205")).await.ok();
        assert_eq!(moved["residence"]["verified"], false);
        grid.post(&verify(&in_grid)).json(&yes).await.refused(404, "not_found");
        cast.secretary.post(&verify(&moved["residence"])).json(&yes).await.ok();
        cast.secretary.post(&verify(&moved["residence"])).json(&json!({ "verified": false })).await.ok();
        assert_eq!(cast.wang.get("/v1/me").await.ok()["residence"]["verified"], false);
    }

    async fn nobody_confirms_what_is_not_theirs(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (foreign, chen) = (app.sign_in("demo-ry-secretary").await, app.sign_in("demo-ry-chen").await);
        let home_of_wang = cast.wang.put("/v1/me/residence").json(&home("西苑小区", "1")).await.ok()["residence"].clone();
        let verify = format!("/v1/residences/{}/verify", id(&home_of_wang));
        let nobodys = format!("/v1/residences/{}/verify", uuid::Uuid::now_v7());
        let yes = json!({ "verified": true });
        let before = app.database.picture().await;
        let hidden = foreign.post(&verify).json(&yes).await.refused(404, "not_found");
        let missing = foreign.post(&nobodys).json(&yes).await.refused(404, "not_found");
        assert_eq!(hidden["detail"], missing["detail"], "nothing tells the two apart");
        for resident in [&cast.wang, &chen, &cast.property] {
            resident.post(&verify).json(&yes).await.refused(403, "not_permitted");
            resident.get(&in_community("XY", "residences")).await.refused(403, "not_permitted");
        }
        foreign.get(&in_community("XY", "residences")).await.refused(404, "not_found");
        assert_eq!(items(&foreign.get(&in_community("RY", "residences")).await.ok()), [json!(null); 0]);
        // Somebody else's home is nobody's to give up.
        cast.li.delete(&format!("/v1/me/residences/{}", id(&home_of_wang))).await.refused(404, "not_found");
        assert_eq!(app.database.picture().await, before);
        assert_eq!(app.database.texts("SELECT 'verified' FROM residences WHERE verified_at IS NOT NULL").await.len(), 0);

        let own = cast.clerk.put("/v1/me/residence").json(&home("西苑小区", "7")).await.ok()["residence"].clone();
        let own = format!("/v1/residences/{}/verify", id(&own));
        cast.clerk.post(&own).json(&yes).await.refused(403, "not_permitted");
        cast.secretary.post(&own).json(&yes).await.ok();
    }

    async fn nobody_confirms_a_home_by_writing_so_into_a_body(app: &TestApp) {
        let cast = app.xiyuan().await;
        for field in ["verified", "is_main", "verified_at", "person_id", "compound_id", "since", "id"] {
            for (method, path) in [("PUT", "/v1/me/residence"), ("POST", "/v1/me/residences")] {
                let mut body = home("西苑小区", "1");
                body[field] = json!(true);
                let ask = cast.wang.ask(method.parse().expect("a method"), path).json(&body);
                ask.await.refused_field(&format!("/{field}"));
            }
        }
        for field in ["kept_by", "person_id", "verified", "openid"] {
            let mut body = super::elder(None);
            body[field] = json!("x");
            cast.clerk.post(&in_community("XY", "residents")).json(&body).await.refused_field(&format!("/{field}"));
        }
        cast.wang.put("/v1/me").json(&json!({ "phone": "13800000001" })).await.refused_field("/phone");
    }
}
