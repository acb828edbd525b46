//! Who lives alone, and behind which door: only those who must know.

use domain::people::Role;
use domain::place::Level;
use serde_json::{Value, json};
use tests::{Client, id, on_both, partner};

use super::{FIRE, PROPERTY, added, at, elder, households, knocks, opened, reveals, signature, visit, works_at};

const SECRETS: [&str; 6] = ["张大爷爷", "13900000002", "室3017", "独居，耳背", "门铃没用", "燃气软管过期"];

/// Everything that may be asked about this campaign and this door.
pub(super) async fn is_told_nothing(who: &Client, campaign: &Value, door: &Value, status: u16, code: &str) {
    for what in ["", "/totals", "/households"] {
        who.get(&at(campaign, what)).await.refused(status, code);
    }
    reveals(who, door).await.refused(status, code);
    knocks(who, door, &visit(1, "visited")).await.refused(status, code);
}

on_both! {
    async fn strangers_of_every_kind_learn_nothing(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let mut given = elder("西苑小区", "室3017");
        given["partner_id"] = json!(partner(PROPERTY));
        let door = added(&cast.clerk, &campaign, &given).await;
        let before = app.database.count("household_looks").await;
        // Residents, the street and the administrator have no such operation.
        let (street, admin) = (app.sign_in("demo-xy-street").await, app.administrator().await);
        for other in [&cast.wang, &cast.li, &street, &admin] {
            is_told_nothing(other, &campaign, &door, 403, "not_permitted").await;
            other.get("/v1/campaigns").await.refused(403, "not_permitted");
        }
        // Other communities, and a partner that is not named.
        for stranger in ["demo-ry-clerk", "demo-ry-secretary", "demo-ry-property", "demo-xy-builder", "demo-gx-secretary"] {
            let stranger = app.sign_in(stranger).await;
            is_told_nothing(&stranger, &campaign, &door, 404, "not_found").await;
            assert_eq!(stranger.get("/v1/campaigns").await.ok()["items"], json!([]));
        }
        is_told_nothing(&app.anonymous(), &campaign, &door, 401, "unauthenticated").await;
        // The desk of another community changes nothing either.
        let elsewhere = app.sign_in("demo-ry-secretary").await;
        elsewhere.post(&at(&campaign, "/close")).json(&json!({})).await.refused(404, "not_found");
        elsewhere.post(&at(&campaign, "/households")).json(&elder("西苑小区", "1")).await.refused(404, "not_found");
        elsewhere.post(&at(&campaign, "/households/choose")).json(&json!({})).await.refused(404, "not_found");
        elsewhere.post(&at(&campaign, "/assign")).json(&json!({ "household_ids": [id(&door)] })).await.refused(404, "not_found");
        for other in [&cast.property, &app.sign_in("demo-xy-grid").await] {
            other.post(&at(&campaign, "/close")).json(&json!({})).await.refused(403, "not_permitted");
            other.post(&at(&campaign, "/households/choose")).json(&json!({})).await.refused(403, "not_permitted");
            other.post("/v1/campaigns").json(&json!({})).await.refused(403, "not_permitted");
        }
        assert_eq!(app.database.count("household_looks").await, before, "nobody has looked");
    }

    async fn a_grid_worker_knows_the_doors_of_her_grid(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let here = added(&cast.clerk, &campaign, &elder("西苑小区", "室3017")).await;
        let there = added(&cast.clerk, &campaign, &elder("泰华小区", "室3017")).await;
        let grid = app.sign_in("demo-xy-grid").await;
        let other = works_at(app, "demo-xy-li", Role::GridWorker, Level::Grid, "第二网格").await;
        for (who, own, foreign) in [(&grid, &here, &there), (&other, &there, &here)] {
            let seen = households(who, &campaign, "").await;
            assert_eq!(seen.iter().map(id).collect::<Vec<_>>(), [id(own)]);
            reveals(who, own).await.ok();
            reveals(who, foreign).await.refused(404, "not_found");
            knocks(who, foreign, &visit(1, "visited")).await.refused(404, "not_found");
        }
        let new = grid.post(&at(&campaign, "/households")).json(&elder("西苑小区", "202")).await;
        assert_eq!((new.status, &new.value()["room"]), (201, &json!("202")), "{new}");
        grid.post(&at(&campaign, "/households")).json(&elder("泰华小区", "202")).await.refused_field("/compound");
        assert_eq!(app.database.count("households").await, 3);
    }

    async fn a_partner_knows_what_the_campaign_lets_it_know_as_long_as_it_is_open(app: &TestApp) {
        let cast = app.xiyuan().await;
        let fire = app.sign_in("demo-xy-fire").await;
        let campaign = opened(&cast).await;
        let mut given = elder("西苑小区", "室3017");
        given["partner_id"] = json!(partner(PROPERTY));
        let given = added(&cast.clerk, &campaign, &given).await;
        let other = added(&cast.clerk, &campaign, &elder("西苑小区", "室3018")).await;
        assert_eq!(households(&fire, &campaign, "").await.len(), 2, "of all doors");
        assert_eq!(households(&cast.property, &campaign, "").await.len(), 1, "of those that are given to it");
        reveals(&cast.property, &other).await.refused(404, "not_found");
        knocks(&cast.property, &other, &visit(1, "visited")).await.refused(404, "not_found");
        // A partner writes down its own visits.
        knocks(&cast.property, &given, &visit(1, "visited")).await.refused_field("/visitors");
        let mut own = visit(1, "visited");
        own["visitors"] = json!([{ "from": "partner", "partner_id": partner(PROPERTY) }]);
        let proof = signature(&cast.property).await;
        own["handed_out"] = json!([{ "item": "灭火器", "quantity": 1, "attachment_ids": [proof] }]);
        knocks(&cast.property, &given, &own).await.ok();
        let seen = reveals(&fire, &given).await.ok();
        assert_eq!(seen["visits"][0]["visitors"][0]["partner_name"], PROPERTY);
        let looks = app.database.texts("SELECT hat FROM household_looks WHERE partner_id IS NOT NULL").await;
        assert_eq!(looks, ["partner"], "as whom it looked");

        cast.clerk.post(&at(&campaign, "/close")).json(&json!({})).await.ok();
        for partner in [&fire, &cast.property] {
            is_told_nothing(partner, &campaign, &given, 404, "not_found").await;
            assert_eq!(partner.get("/v1/campaigns").await.ok()["items"], json!([]));
        }
        reveals(&cast.secretary, &given).await.ok();
        let grid = app.sign_in("demo-xy-grid").await;
        reveals(&grid, &given).await.ok();
    }

    async fn a_role_that_ended_sees_no_doors(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let door = added(&cast.clerk, &campaign, &elder("西苑小区", "室3017")).await;
        app.database.tamper("DELETE FROM memberships WHERE role = 'intake_clerk'").await;
        is_told_nothing(&cast.clerk, &campaign, &door, 403, "not_permitted").await;
    }

    async fn a_stolen_database_holds_no_list_of_elders(app: &TestApp) {
        let cast = app.xiyuan().await;
        let fire = app.sign_in("demo-xy-fire").await;
        let campaign = opened(&cast).await;
        let door = added(&cast.clerk, &campaign, &elder("西苑小区", "室3017")).await;
        let mut report = visit(1, "visited");
        report["findings"] = json!("燃气软管过期");
        knocks(&fire, &door, &report).key("visit").await.ok();
        let sheet = super::books::xlsx(&[["西苑小区", "3号楼", "", "室3019", "张大爷爷", "13900000002", "独居，耳背"]]);
        super::brings(&cast.clerk, &campaign, "名单.xlsx", sheet).key("import").await.ok();
        reveals(&cast.clerk, &door).await.ok();
        app.drain_outbox().await;
        let stolen = app.database.stolen().await;
        let holds = |needle: &str| stolen.windows(needle.len()).any(|window| window == needle.as_bytes());
        assert!(holds("敲门入户送安全"), "a dump is what it is taken for");
        for secret in SECRETS.into_iter().chain(["室3019", "走访独居老人", "消防员小韩"]) {
            assert!(!holds(secret), "{secret}");
        }
        // Nor do lists, totals and the order tell.
        let seen = [
            cast.clerk.get(&at(&campaign, "/households")).await.text().to_owned(),
            cast.clerk.get(&at(&campaign, "/totals")).await.text().to_owned(),
            cast.clerk.get("/v1/campaigns").await.text().to_owned(),
            cast.clerk.get("/v1/orders?view=community").await.text().to_owned(),
        ];
        for secret in SECRETS {
            assert!(seen.iter().all(|seen| !seen.contains(secret)), "{secret}");
        }
        assert!(seen[2].contains(FIRE), "{}", seen[2]);
    }

    async fn a_closed_campaign_is_forgotten_after_a_year(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let door = added(&cast.clerk, &campaign, &elder("西苑小区", "室3017")).await;
        knocks(&cast.clerk, &door, &visit(1, "visited")).await.ok();
        cast.clerk.post(&at(&campaign, "/close")).json(&json!({})).await.ok();
        app.pass(chrono::TimeDelta::days(364));
        app.keep_house().await;
        let clerk = app.sign_in("demo-xy-clerk").await;
        assert_eq!(reveals(&clerk, &door).await.ok()["room"], "室3017", "not yet");
        app.pass(chrono::TimeDelta::days(2));
        app.keep_house().await;
        let clerk = app.sign_in("demo-xy-clerk").await;
        let seen = reveals(&clerk, &door).await.ok();
        assert_eq!((&seen["room"], &seen["people"], &seen["visits"][0]["outcome"]), (&Value::Null, &json!([]), &json!("visited")));
        assert_eq!(clerk.get(&at(&campaign, "/totals")).await.ok()["visited"], 1);
    }
}
