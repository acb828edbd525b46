//! Accounts that staff keep, and how they become somebody's own.

use serde_json::json;
use tests::{id, kerb, on_both};

use super::{elder, home, ids, in_community, items, kept_by, verifies_phone};

const PHONE: &str = "13800000009";

on_both! {
    async fn staff_keep_accounts_for_people_without_wechat(app: &TestApp) {
        let cast = app.xiyuan().await;
        let grid = app.sign_in("demo-xy-grid").await;
        let residents = in_community("XY", "residents");
        let ask = || cast.clerk.post(&residents).json(&elder(Some("+86 138 0000 0009"))).key("k1");
        let zhang = ask().await.ok();
        assert_eq!((&zhang["name"], &zhang["phone"]), (&json!("张**"), &json!("138****0009")));
        assert_eq!((&zhang["kept"], &zhang["homes"][0]["room"]), (&json!(true), &json!("1**")));
        assert_eq!(id(&ask().await.ok()), id(&zhang), "a second try keeps no second account");
        cast.wang.put("/v1/me/residence").json(&home("泰华小区", "1")).await.ok();

        assert_eq!(items(&cast.secretary.get(&residents).await.ok()).len(), 2);
        assert_eq!(ids(&grid.get(&residents).await.ok()), [id(&zhang)], "her own grid");
        assert_eq!(ids(&cast.clerk.get(&residents).query(&[("phone", PHONE)]).await.ok()), [id(&zhang)]);
        let mut far = elder(None);
        far["residence"]["compound"] = json!("泰华小区");
        grid.post(&residents).json(&far).await.refused_field("/residence/compound");
        cast.clerk.post(&residents).json(&far).await.ok();
    }

    async fn a_number_is_looked_up_among_ones_own_residents_only(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (foreign, chen) = (app.sign_in("demo-ry-secretary").await, app.sign_in("demo-ry-chen").await);
        kept_by(&cast.clerk, Some(PHONE)).await;
        verifies_phone(app, &chen, "13800000002").await;
        let look = |who: &tests::Client, prefix: &str, phone: &str| {
            who.get(&in_community(prefix, "residents")).query(&[("phone", phone)])
        };
        // Known elsewhere, known and living nowhere, known to nobody: one and the same answer.
        let nobody = json!({ "items": [], "next_cursor": null });
        for phone in [PHONE, "13800000002", "13999999999"] {
            assert_eq!(look(&foreign, "RY", phone).await.ok(), nobody, "{phone}");
            look(&foreign, "XY", phone).await.refused(404, "not_found");
            look(&cast.wang, "XY", phone).await.refused(403, "not_permitted");
        }
        look(&cast.clerk, "XY", "138").await.refused(400, "bad_request");
        // Only the whole number finds somebody.
        assert_eq!(look(&cast.clerk, "XY", "13800000008").await.ok(), nobody);
    }

    async fn an_account_that_was_kept_becomes_ones_own(app: &TestApp) {
        let cast = app.xiyuan().await;
        let grid = app.sign_in("demo-xy-grid").await;
        let zhang = kept_by(&cast.clerk, Some(PHONE)).await;
        let consent = json!({ "principal_id": id(&zhang), "delegate_id": grid.id, "days": 30, "evidence_note": "本人口头同意" });
        grid.post(&in_community("XY", "delegations")).json(&consent).await.ok();
        let mut order = kerb();
        order["on_behalf_of"] = json!({ "person_id": id(&zhang) });
        let order = grid.places(&order).await;
        app.drain_outbox().await;
        let calls = "SELECT kind FROM deliveries WHERE channel = 'call' AND state = 'queued'";
        assert_eq!(app.database.texts(calls).await, ["ordered_for_you"], "he has no WeChat: somebody calls him");

        let phone = app.sign_in("a-new-phone").await;
        phone.looks_at(&order).await.refused(404, "not_found");
        assert_eq!(verifies_phone(app, &phone, PHONE).await["mergeable"], true);
        phone.post("/v1/me/merge").json(&json!({ "name": "李大爷" })).await.refused(409, "nothing_to_merge");
        let me = phone.post("/v1/me/merge").json(&json!({ "name": "张大爷" })).await.ok();
        assert_eq!((&me["id"], &me["residence"]["room"]), (&json!(phone.id), &json!("101")));
        phone.post("/v1/me/merge").json(&json!({ "name": "张大爷" })).await.ok();
        assert_eq!(verifies_phone(app, &phone, PHONE).await["mergeable"], false);

        assert_eq!(phone.list("view=mine").await, [id(&order)]);
        assert_eq!(phone.sees(&order).await["mine"], true);
        assert_eq!(phone.timeline(&order).await.len(), 1);
        cast.clerk.makes("accept", &order, &json!({})).await;
        cast.clerk.makes("resolve", &order, &json!({ "result": "已修好" })).await;
        let rated = phone.makes("rate", &order, &json!({ "solved": true, "satisfaction": 5 })).await;
        assert_eq!(rated["rating"]["by_proxy"], false, "it is his own voice");
        assert_eq!(ids(&cast.clerk.get(&in_community("XY", "residents")).await.ok()), [phone.id.as_str()]);
        let given = phone.get("/v1/me/delegations").await.ok();
        assert_eq!((&given["items"][0]["direction"], &given["items"][0]["active"]), (&json!("given"), &json!(true)));
        phone.delete(&format!("/v1/me/delegations/{}", id(&given["items"][0]))).await.ok();
        let mut next = kerb();
        next["on_behalf_of"] = json!({ "person_id": id(&zhang) });
        grid.post("/v1/orders").json(&next).await.refused_field("/on_behalf_of/person_id");
    }

    async fn an_account_that_was_taken_over_goes_with_its_person(app: &TestApp) {
        let cast = app.xiyuan().await;
        let grid = app.sign_in("demo-xy-grid").await;
        let zhang = kept_by(&cast.clerk, Some(PHONE)).await;
        let consent = json!({ "principal_id": id(&zhang), "delegate_id": grid.id, "days": 30, "evidence_note": "张大爷口头同意" });
        grid.post(&in_community("XY", "delegations")).json(&consent).await.ok();
        let mut order = kerb();
        order["on_behalf_of"] = json!({ "person_id": id(&zhang) });
        let order = grid.places(&order).await;
        let phone = app.sign_in("a-new-phone").await;
        verifies_phone(app, &phone, PHONE).await;
        phone.post("/v1/me/merge").json(&json!({ "name": "张大爷" })).await.ok();
        let own = phone.places(&kerb()).await;
        phone.post("/v1/me/delegations").json(&json!({ "days": 30 })).await;

        assert_eq!(phone.delete("/v1/me").await.ok()["finished"], true);
        let left = format!("{}{}", app.database.dump().await, app.opened().await);
        for gone in ["张大爷", PHONE, "听力不好", "口头同意", "a-new-phone"] {
            assert!(!left.contains(gone), "{gone}");
        }
        for table in ["residences", "delegations", "delegation_offers"] {
            assert_eq!(app.database.count(table).await, 0, "{table}");
        }
        let seen = grid.sees(&order).await;
        assert_eq!((&seen["on_behalf_of"], &seen["mine"]), (&json!(null), &json!(true)));
        assert_eq!(cast.clerk.sees(&own).await["status"], "withdrawn");
        assert_eq!(items(&cast.clerk.get(&in_community("XY", "residents")).await.ok()), Vec::<serde_json::Value>::new());
    }

    async fn nobody_takes_over_somebody_elses_account(app: &TestApp) {
        let cast = app.xiyuan().await;
        let name = json!({ "name": "张大爷" });
        kept_by(&cast.clerk, Some(PHONE)).await;
        // No number, another number, and a number that was typed.
        cast.li.post("/v1/me/merge").json(&name).await.refused(409, "nothing_to_merge");
        assert_eq!(verifies_phone(app, &cast.li, "13800000007").await["mergeable"], false);
        cast.li.post("/v1/me/merge").json(&name).await.refused(409, "nothing_to_merge");
        let typed = json!({ "name": "张大爷", "phone": PHONE, "person_id": cast.wang.id });
        cast.li.post("/v1/me/merge").json(&typed).await.refused(422, "invalid_fields");

        // A number that moved on, or that two verified: neither takes the other's account.
        for owner in [&cast.wang, &cast.li] {
            verifies_phone(app, owner, "13800000006").await;
        }
        let nickname = json!({ "name": "王女士" });
        cast.li.post("/v1/me/merge").json(&nickname).await.refused(409, "nothing_to_merge");
        let order = cast.submitted().await;
        cast.li.looks_at(&order).await.refused(404, "not_found");

        // Who has the number without the name may not guess for long.
        verifies_phone(app, &cast.li, PHONE).await;
        for _ in 0..5 {
            cast.li.post("/v1/me/merge").json(&json!({ "name": "王大爷" })).await.refused(409, "nothing_to_merge");
        }
        assert_eq!(verifies_phone(app, &cast.li, PHONE).await["mergeable"], false);
        cast.li.post("/v1/me/merge").json(&name).await.refused(409, "nothing_to_merge");
        assert_eq!(app.database.count("former_selves").await, 0);
    }

    async fn a_relative_who_comes_again_takes_no_elders_account_over(app: &TestApp) {
        let cast = app.xiyuan().await;
        // The elder gave the daughter's number.
        let zhang = kept_by(&cast.clerk, Some(PHONE)).await;
        let daughter = app.sign_in("phone-of-the-daughter").await;
        daughter.put("/v1/me/residence").json(&home("西苑小区", "1")).await.ok();
        let consent = json!({ "principal_id": id(&zhang), "delegate_id": daughter.id, "days": 30, "evidence_note": "本人口头同意" });
        cast.clerk.post(&in_community("XY", "delegations")).json(&consent).await.ok();
        assert_eq!(verifies_phone(app, &daughter, PHONE).await["mergeable"], false);

        assert_eq!(daughter.delete("/v1/me").await.ok()["finished"], true);
        let again = app.sign_in("phone-of-the-daughter").await;
        assert_eq!(verifies_phone(app, &again, PHONE).await["mergeable"], false);
        again.post("/v1/me/merge").json(&json!({ "name": "张大爷" })).await.refused(409, "nothing_to_merge");
        assert_eq!(app.database.count("former_selves").await, 0);
    }
}
