//! Units that go along: whom they may call, and when they see nothing any more.

use serde_json::{Value, json};
use tests::{Client, community, id, on_both, partner};

use super::lists::lives;
use super::seal::is_told_nothing;
use super::{FIRE, PROPERTY, added, at, elder, households, knocks, opened, reveals, visit};

/// What the secretary writes down of the property company.
async fn keeps(secretary: &Client, mut body: Value) {
    body["name"] = json!(PROPERTY);
    let path = format!("/v1/communities/{}/partners/{}", community("XY"), partner(PROPERTY));
    secretary.put(&path).json(&body).await.ok();
}

/// Name and number as somebody reads them at the door, and as they stand in the list.
async fn seen(who: &Client, campaign: &Value, door: &Value) -> [Value; 4] {
    let full = reveals(who, door).await.ok();
    let listed = households(who, campaign, "").await;
    let (full, listed) = (&full["people"][0], &listed[0]["people"][0]);
    [full["name"].clone(), full["phone"].clone(), listed["name"].clone(), listed["phone"].clone()]
}

on_both! {
    async fn whom_they_may_call_says_the_resident(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let wang = app.sign_in_with_phone("demo-xy-wang", "13812345678").await;
        lives(app, "demo-xy-wang", "西苑小区", "5号楼", Some("室5017"), true).await;
        let choice = json!({ "building": "5", "partner_id": partner(PROPERTY) });
        cast.secretary.post(&at(&campaign, "/households/choose")).json(&choice).await.ok();
        let [door] = households(&cast.clerk, &campaign, "").await.try_into().expect("one door");
        let (fire, grid) = (app.sign_in("demo-xy-fire").await, app.sign_in("demo-xy-grid").await);
        let partners: [&Client; 2] = [&cast.property, &fire];
        let known = [json!("王女士"), json!("13812345678")];
        let nothing = [Value::Null, Value::Null, Value::Null, Value::Null];
        let all_see = async |expected: &[Value]| {
            for partner in partners {
                assert_eq!(seen(partner, &campaign, &door).await[..expected.len()], *expected);
            }
        };
        all_see(&nothing).await;
        assert_eq!(reveals(&fire, &door).await.ok()["room"], "室5017", "whoever knocks finds the door");
        let desk: [&Client; 3] = [&cast.clerk, &cast.secretary, &grid];
        for staff in desk {
            assert_eq!(seen(staff, &campaign, &door).await[..3], [known[0].clone(), known[1].clone(), json!("王**")]);
        }
        let consent = async |purpose: &str| {
            wang.post("/v1/me/consents").json(&json!({ "purpose": purpose, "version": 1 })).await.ok();
        };
        consent("share_contact").await;
        all_see(&[known[0].clone(), known[1].clone(), json!("王**")]).await;
        wang.post("/v1/me/consents/share_contact/withdraw").await.ok();
        all_see(&nothing).await;

        // A child is called by no partner, whatever it agreed to itself before.
        app.pass(chrono::TimeDelta::seconds(1));
        consent("child_data").await;
        consent("share_contact").await;
        wang.put("/v1/me").json(&json!({ "age_band": "under_14" })).await.ok();
        all_see(&nothing).await;
        cast.li.post("/v1/me/consents").json(&json!({ "purpose": "child_data", "version": 1 })).await.ok();
        all_see(&nothing).await;
        // As the desk will enter it: given by the guardian, about the child.
        let child = "SELECT person_id FROM identities WHERE openid = 'demo-xy-wang'";
        app.database.tamper(&format!("UPDATE consents SET channel = 'desk', person_id = ({child}) WHERE purpose = 'child_data'")).await;
        all_see(&known).await;
        wang.post("/v1/me/consents/child_data/withdraw").await.ok();
        all_see(&nothing).await;
        assert_eq!(seen(&cast.clerk, &campaign, &door).await[..2], known, "the desk may have to help");
    }

    async fn whom_the_desk_wrote_down_is_written_down_for_those_who_come(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let fire = app.sign_in("demo-xy-fire").await;
        let door = added(&cast.clerk, &campaign, &elder("西苑小区", "室3017")).await;
        assert_eq!(seen(&fire, &campaign, &door).await, [json!("张大爷爷"), json!("13900000002"), json!("张***"), json!("139****0002")]);
    }

    async fn a_unit_that_may_not_work_knows_of_no_door(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let mut given = elder("西苑小区", "室3017");
        given["partner_id"] = json!(partner(PROPERTY));
        let door = added(&cast.clerk, &campaign, &given).await;
        for bar in [
            json!({ "suspended": { "reason": "整改" } }),
            json!({ "licences": [{ "kind": "营业执照", "number": "1", "valid_until": "2026-11-22" }] }),
            json!({ "agreement": { "from": "2025-01-01", "until": "2026-11-22" } }),
            json!({ "agreement": { "from": "2026-11-24", "until": "2027-11-22" } }),
            json!({ "closed": true }),
        ] {
            reveals(&cast.property, &door).await.ok();
            keeps(&cast.secretary, bar).await;
            is_told_nothing(&cast.property, &campaign, &door, 404, "not_found").await;
            assert_eq!(cast.property.get("/v1/campaigns").await.ok()["items"], json!([]));
            reveals(&cast.clerk, &door).await.ok();
            keeps(&cast.secretary, json!({})).await;
        }
        assert_eq!(households(&cast.property, &campaign, "").await.len(), 1);
    }

    async fn a_unit_is_taken_out_and_what_it_did_stays(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let mut given = elder("西苑小区", "室3017");
        given["partner_id"] = json!(partner(PROPERTY));
        let door = added(&cast.clerk, &campaign, &given).await;
        let mut own = visit(1, "not_at_home");
        own["visitors"] = json!([{ "from": "partner", "partner_id": partner(PROPERTY) }]);
        knocks(&cast.property, &door, &own).await.ok();
        let path = at(&campaign, "/dismiss");
        let body = json!({ "partner_id": partner(PROPERTY) });
        let (grid, elsewhere) = (app.sign_in("demo-xy-grid").await, app.sign_in("demo-ry-secretary").await);
        let before = app.database.picture().await;
        let others: [&Client; 3] = [&cast.property, &cast.wang, &grid];
        for other in others {
            other.post(&path).json(&body).await.refused(403, "not_permitted");
        }
        elsewhere.post(&path).json(&body).await.refused(404, "not_found");
        cast.clerk.post(&path).json(&json!({ "partner_id": partner("润园物业服务中心") })).await.refused_field("/partner_id");
        assert_eq!(app.database.picture().await, before);

        let left = cast.clerk.post(&path).json(&body).key("dismiss-1").await.ok();
        let names: Vec<_> = left["partners"].as_array().expect("partners").iter().map(|p| &p["partner_name"]).collect();
        assert_eq!(names, [FIRE]);
        assert_eq!(cast.clerk.post(&path).json(&body).key("dismiss-1").await.ok(), left);
        is_told_nothing(&cast.property, &campaign, &door, 404, "not_found").await;
        let [listed] = households(&cast.clerk, &campaign, "").await.try_into().expect("one door");
        assert_eq!((&listed["partner_id"], &listed["rounds"]), (&Value::Null, &json!(1)));
        let seen = reveals(&cast.clerk, &door).await.ok();
        assert_eq!(seen["visits"][0]["visitors"][0]["partner_name"], PROPERTY);
        cast.clerk.post(&path).json(&body).await.refused_field("/partner_id");
        let doors = json!({ "partner_id": partner(PROPERTY), "household_ids": [id(&door)] });
        cast.clerk.post(&at(&campaign, "/assign")).json(&doors).await.refused_field("/partner_id");
        cast.clerk.post(&at(&campaign, "/close")).json(&json!({})).await.ok();
        cast.clerk.post(&path).json(&json!({ "partner_id": partner(FIRE) })).await.refused(409, "campaign_closed");
    }

    async fn one_key_is_one_answer_however_often_it_is_asked(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        lives(app, "demo-xy-wang", "西苑小区", "5号楼", Some("501"), true).await;
        let ask = |path: &str, body: Value, key: &str| {
            let (path, key) = (at(&campaign, path), key.to_owned());
            let clerk = &cast.clerk;
            async move { futures_util::future::join_all((0..6).map(|_| clerk.post(&path).key(&key).json(&body).send())).await }
        };
        for reply in ask("/households/choose", json!({}), "choose-1").await {
            assert_eq!(reply.expect("an answer").ok(), json!({ "added": 1, "known": 0, "without_room": 0 }));
        }
        let [door] = households(&cast.clerk, &campaign, "").await.try_into().expect("one door");
        let doors = json!({ "partner_id": partner(PROPERTY), "household_ids": [id(&door)] });
        for reply in ask("/assign", doors, "assign-1").await {
            assert_eq!(reply.expect("an answer").ok(), json!({ "assigned": 1 }));
        }
    }
}
