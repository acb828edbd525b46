//! What the desk keeps of a partner, and who may change it.

use chrono::TimeDelta;
use domain::people::Membership;
use domain::ports::Grant;
use serde_json::{Value, json};
use tests::{TestApp, community, id, on_both, partner};

use super::{PROPERTY, a_shop, added, path, path_of};

const BUILDER: &str = "老旧小区改造施工方";

async fn refusal(app: &TestApp, ask: tests::Ask) -> tests::Reply {
    let before = app.database.picture().await;
    let reply = ask.await;
    assert_eq!(app.database.picture().await, before, "{reply}");
    reply
}

on_both! {
    async fn the_secretary_keeps_everything_and_the_desk_reads_it(app: &TestApp) {
        let (secretary, clerk) = (app.sign_in("demo-ry-secretary").await, app.sign_in("demo-ry-clerk").await);
        let path = format!("/v1/communities/{}/partners", community("RY"));
        let shop = secretary.post(&path).json(&a_shop()).key("shop-1").await.ok();
        assert_eq!(secretary.post(&path).json(&a_shop()).key("shop-1").await.ok(), shop, "one shop");
        assert_eq!((&shop["agreement"]["until"], &shop["licences"][0]["number"]), (&json!("2026-12-31"), &json!("冀卫-0107")));
        assert_eq!((&shop["open_job_limit"], &shop["open_jobs"], &shop["not_now"]), (&json!(5), &json!(0), &Value::Null));
        assert_eq!(clerk.get(&path_of(&shop)).await.ok(), shop);
        let listed = clerk.get(&path).await.ok();
        assert!(listed["items"].as_array().expect("items").contains(&shop), "{listed}");

        // What is left out is gone, but for the opening.
        let changed = secretary.put(&path_of(&shop)).json(&json!({ "name": "润园理发店" })).await.ok();
        assert_eq!((&changed["name"], &changed["agreement"], &changed["licences"]), (&json!("润园理发店"), &Value::Null, &json!([])));
        assert_eq!(changed["offers"], shop["offers"]);
        let suspended = json!({ "name": "润园理发店", "suspended": { "reason": "整改" } });
        let first = secretary.put(&path_of(&shop)).json(&suspended).await.ok();
        assert_eq!(first["suspended"], json!({ "since": "2026-11-23T10:00:00+08:00", "reason": "整改" }));
        assert_eq!(first["not_now"], "该单位已于 2026年11月23日 暂停派单（整改），请改派其他单位");
        app.pass(TimeDelta::days(1));
        let again = json!({ "name": "润园理发店", "suspended": { "reason": "仍在整改" } });
        let later = secretary.put(&path_of(&shop)).json(&again).await.ok();
        assert_eq!(later["suspended"], json!({ "since": "2026-11-23T10:00:00+08:00", "reason": "仍在整改" }));
    }

    async fn what_is_wrong_is_named_and_changes_nothing(app: &TestApp) {
        let secretary = app.sign_in("demo-ry-secretary").await;
        let shop = added(&secretary, &a_shop()).await;
        let add = format!("/v1/communities/{}/partners", community("RY"));
        let other = |change: Value| {
            let mut body = a_shop();
            (body["name"], body["uscc"]) = (json!("另一家"), Value::Null);
            for (pointer, value) in change.as_object().expect("an object") {
                let (parent, field) = pointer.rsplit_once('/').expect("a pointer");
                body.pointer_mut(parent).expect("a place")[field] = value.clone();
            }
            body
        };
        for (change, field) in [
            (json!({ "/uscc": "91350100M000100Y44" }), "/uscc"),
            (json!({ "/uscc": "91350100M000100Y43" }), "/uscc"),
            (json!({ "/name": "润园便民理发店" }), "/name"),
            (json!({ "/name": "两行\n店" }), "/name"),
            (json!({ "/kind": Value::Null }), "/kind"),
            (json!({ "/kind": "bank" }), "/kind"),
            (json!({ "/phone": "12345" }), "/phone"),
            (json!({ "/open_job_limit": 0 }), "/open_job_limit"),
            (json!({ "/agreement/until": "2025-12-31" }), "/agreement/until"),
            (json!({ "/agreement/until": "2026-02-30" }), "/agreement/until"),
            (json!({ "/opening/hours/mon": [{ "opens": "8:30", "closes": "12:00" }] }), "/opening/hours/mon/0/opens"),
            (json!({ "/opening/hours/tue": [{ "opens": "12:00", "closes": "08:00" }] }), "/opening/hours/tue/0"),
            (json!({ "/opening/hours/sun": [{ "opens": "08:00", "closes": "12:00" }, { "opens": "11:00", "closes": "13:00" }] }), "/opening/hours/sun/1"),
            (json!({ "/opening/offers": [{ "name": "理发" }] }), "/opening/offers/0/price"),
            (json!({ "/opening/offers": [{ "name": "理发", "price": "10 元", "free": true }] }), "/opening/offers/0/price"),
        ] {
            let reply = refusal(app, secretary.post(&add).json(&other(change))).await;
            reply.refused_field(field);
        }
        let mut body = a_shop();
        body["kind"] = json!("contractor");
        refusal(app, secretary.put(&path_of(&shop)).json(&body)).await.refused_field("/kind");
        // The same code may stand in another community, and an organisation keeps its own.
        let xiyuan = app.sign_in("demo-xy-secretary").await;
        let there = format!("/v1/communities/{}/partners", community("XY"));
        assert_eq!(xiyuan.post(&there).json(&a_shop()).await.status, 201);
        secretary.put(&path_of(&shop)).json(&a_shop()).await.ok();
        let twice = json!({ "place_id": community("RY"), "kind": "shop", "name": "第三家", "uscc": "91350100M000100Y43" });
        refusal(app, secretary.post("/v1/admin/organisations").json(&twice)).await.refused_field("/uscc");
    }

    async fn two_secretaries_who_add_the_same_code_at_once_add_one(app: &TestApp) {
        let secretary = app.sign_in("demo-ry-secretary").await;
        let path = format!("/v1/communities/{}/partners", community("RY"));
        let bodies: Vec<Value> = (0..8).map(|n| json!({ "kind": "shop", "name": format!("店{n}"), "uscc": "91350100M000100Y43" })).collect();
        let replies = futures_util::future::join_all(bodies.iter().map(|body| secretary.post(&path).json(body).into_future())).await;
        let added = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(added, 1, "{replies:?}");
        replies.iter().filter(|reply| reply.status != 201).for_each(|reply| drop(reply.refused_field("/uscc")));
    }

    async fn its_own_staff_open_and_close_and_nothing_else(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (own, others) = (path("XY", PROPERTY), path("XY", BUILDER));
        let opening = json!({ "hours": { "sat": [{ "opens": "09:00", "closes": "17:00" }] }, "offers": [{ "name": "开锁", "price": "50 元" }], "on_duty": false });
        let opened = cast.property.put(&format!("{own}/opening")).json(&opening).key("opening").await.ok();
        assert_eq!((&opened["on_duty"], &opened["offers"][0]["name"], &opened["hours"]["sat"][0]["closes"]), (&json!(false), &json!("开锁"), &json!("17:00")));
        assert_eq!(cast.property.put(&format!("{own}/opening")).json(&opening).key("opening").await.ok(), opened);
        assert_eq!(cast.property.get(&own).await.ok()["on_duty"], false);
        // The desk may do it for them, and what the secretary wrote down stays.
        super::keeps(&cast.secretary, json!({ "open_job_limit": 3 })).await;
        cast.clerk.put(&format!("{own}/opening")).json(&json!({ "on_duty": true })).await.ok();
        let seen = cast.property.get(&own).await.ok();
        assert_eq!((&seen["on_duty"], &seen["open_job_limit"], &seen["offers"]), (&json!(true), &json!(3), &json!([])));

        refusal(app, cast.property.put(&format!("{others}/opening")).json(&opening)).await.refused(404, "not_found");
        cast.property.get(&others).await.refused(404, "not_found");
        cast.property.get(&format!("{others}/record")).await.refused(404, "not_found");
        refusal(app, cast.property.put(&own).json(&json!({ "name": PROPERTY }))).await.refused(403, "not_permitted");
        // A partner is found in its own community only.
        let crossed = format!("/v1/communities/{}/partners/{}", community("RY"), partner(PROPERTY));
        for ask in [cast.property.get(&crossed), cast.property.put(&format!("{crossed}/opening")).json(&opening)] {
            refusal(app, ask).await.refused(404, "not_found");
        }
    }

    async fn strangers_change_nothing(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (admin, grid, street) = (app.administrator().await, app.sign_in("demo-xy-grid").await, app.sign_in("demo-xy-street").await);
        let (far_clerk, far_secretary, far_staff) =
            (app.sign_in("demo-ry-clerk").await, app.sign_in("demo-ry-secretary").await, app.sign_in("demo-ry-property").await);
        let (own, add) = (path("XY", PROPERTY), format!("/v1/communities/{}/partners", community("XY")));
        let opening = json!({ "on_duty": false });
        let kept = json!({ "name": PROPERTY });
        for nobody in [&cast.wang, &grid, &admin] {
            for path in [own.clone(), format!("{own}/record")] {
                nobody.get(&path).await.refused(403, "not_permitted");
            }
            refusal(app, nobody.put(&format!("{own}/opening")).json(&opening)).await.refused(403, "not_permitted");
            refusal(app, nobody.put(&own).json(&kept)).await.refused(403, "not_permitted");
            refusal(app, nobody.post(&add).json(&a_shop())).await.refused(403, "not_permitted");
        }
        for elsewhere in [&far_clerk, &far_secretary, &far_staff] {
            for path in [own.clone(), format!("{own}/record")] {
                elsewhere.get(&path).await.refused(404, "not_found");
            }
            refusal(app, elsewhere.put(&format!("{own}/opening")).json(&opening)).await.refused(404, "not_found");
        }
        refusal(app, far_secretary.put(&own).json(&kept)).await.refused(404, "not_found");
        refusal(app, far_secretary.post(&add).json(&a_shop())).await.refused(404, "not_found");
        for no_secretary in [&cast.clerk, &cast.property, &far_clerk] {
            refusal(app, no_secretary.put(&own).json(&kept)).await.refused(403, "not_permitted");
            refusal(app, no_secretary.post(&add).json(&a_shop())).await.refused(403, "not_permitted");
        }
        // The street looks, and changes nothing.
        street.get(&own).await.ok();
        street.get(&format!("{own}/record")).await.ok();
        refusal(app, street.put(&format!("{own}/opening")).json(&opening)).await.refused(403, "not_permitted");
        app.anonymous().get(&own).await.refused(401, "unauthenticated");
        let unknown = format!("/v1/communities/{}/partners/{}", community("XY"), uuid::Uuid::nil());
        refusal(app, cast.secretary.put(&unknown).json(&kept)).await.refused(404, "not_found");
    }

    async fn a_role_that_ended_opens_nothing(app: &TestApp) {
        let cast = app.xiyuan().await;
        let opening = format!("{}/opening", path("XY", PROPERTY));
        app.database.tamper("DELETE FROM memberships WHERE role = 'partner_staff'").await;
        cast.property.put(&opening).json(&json!({ "on_duty": false })).await.refused(403, "not_permitted");
        let person = domain::ids::PersonId(cast.property.id.parse().expect("an id"));
        let home = domain::ids::CommunityId(community("XY").parse().expect("an id"));
        let membership = Membership::staff(home, domain::ids::PartnerId(partner(BUILDER).parse().expect("an id")));
        app.grant(&Grant { person, membership, by: None, at: app.now(), until: None }).await;
        cast.property.put(&opening).json(&json!({ "on_duty": false })).await.refused(404, "not_found");
        let seen = cast.property.get(&path("XY", BUILDER)).await.ok();
        assert_eq!(id(&seen), partner(BUILDER));
    }
}
