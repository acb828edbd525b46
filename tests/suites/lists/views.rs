//! Whose list it is.

use serde_json::json;
use tests::{id, kerb, on_both, order_in, task_for};

on_both! {
    async fn mine_is_what_i_placed(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (own, other) = (cast.submitted().await, cast.li.places(&kerb()).await);
        assert_eq!(cast.wang.list("view=mine").await, [id(&own)]);
        assert_eq!(cast.li.list("").await, [id(&other)], "mine where nothing is said");
        assert_eq!(cast.clerk.list("view=mine").await, Vec::<String>::new());
        assert_eq!(cast.wang.sees(&own).await["mine"], true);
        assert_eq!(cast.clerk.sees(&own).await["mine"], false);
    }

    async fn community_is_the_queue_of_my_desk(app: &TestApp) {
        let cast = app.xiyuan().await;
        let chen = app.sign_in("demo-ry-chen").await;
        let (here, there) = (cast.submitted().await, chen.places(&order_in("RY", "errand", "代缴电费")).await);
        for desk in [&cast.clerk, &cast.secretary] {
            assert_eq!(desk.list("view=community").await, [id(&here)]);
        }
        let desk = app.sign_in("demo-ry-secretary").await;
        assert_eq!(desk.list("view=community").await, [id(&there)]);
        for nobody in [&cast.wang, &cast.property, &chen] {
            nobody.get("/v1/orders?view=community").await.refused(403, "not_permitted");
        }
    }

    async fn assigned_is_what_my_unit_works_on(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, lead) = cast.dispatched().await;
        cast.submitted().await;
        assert_eq!(cast.property.list("view=assigned").await, [id(&order)]);
        assert_eq!(cast.builder.list("view=assigned").await, Vec::<String>::new());
        for nobody in [&cast.wang, &cast.clerk, &cast.secretary] {
            nobody.get("/v1/orders?view=assigned").await.refused(403, "not_permitted");
            nobody.get("/v1/dispatches?view=mine").await.refused(403, "not_permitted");
        }

        // What was returned is no longer worked on, and yet remembered among the dispatches.
        let note = json!({ "reason": "no_capacity", "note": "人手不足" });
        cast.property.does("return", &lead, &note).await;
        assert_eq!(cast.property.list("view=assigned").await, Vec::<String>::new());
        let page = cast.property.get("/v1/dispatches?view=mine").await.ok();
        assert_eq!(page["items"][0]["status"], "returned");
        assert_eq!(page["items"][0]["returned"]["note"], "人手不足");

        // Asked again, the order is there once.
        cast.secretary.dispatches(&order, &task_for("红色物业西苑管理科")).await;
        assert_eq!(cast.property.list("view=assigned").await, [id(&order)]);
        assert_eq!(cast.property.get("/v1/dispatches").await.ok()["items"].as_array().map(Vec::len), Some(2));
    }

    async fn a_partner_cannot_search_words_that_it_may_not_read(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, _) = cast.dispatched().await;
        for words in ["孩子", "尖角危险"] {
            let found = cast.property.get("/v1/orders?view=assigned").query(&[("q", words)]).await;
            assert!(found.status == 400 || found.value()["items"] == json!([]), "{words}: {found}");
        }
        assert_eq!(cast.clerk.list("view=community&q=孩子").await, [id(&order)]);
    }

    async fn a_view_that_does_not_exist_is_refused(app: &TestApp) {
        let cast = app.xiyuan().await;
        for view in ["all", "", "Mine"] {
            cast.clerk.get(&format!("/v1/orders?view={view}")).await.refused(400, "bad_request");
            cast.property.get(&format!("/v1/dispatches?view={view}")).await.refused(400, "bad_request");
        }
    }

    async fn anybody_may_look_at_communities_and_their_services(app: &TestApp) {
        let nobody = app.anonymous();
        let communities = nobody.get("/v1/communities").await.ok();
        let names: Vec<_> = communities["items"].as_array().expect("items").iter().map(|c| c["name"].clone()).collect();
        assert_eq!(names, ["西苑社区", "润园社区", "藏龙福地社区", "革新街社区"]);
        let path = format!("/v1/communities/{}", tests::community("XY"));
        assert_eq!(nobody.get(&path).await.ok()["compounds"][0], "西苑小区");
        let services = nobody.get(&format!("{path}/services")).await.ok();
        assert_eq!(services["items"][0]["key"], "repair");
        let nowhere = "/v1/communities/0197a3c2-5b1e-7c40-9d2f-3a6b8c1d4e5f";
        nobody.get(nowhere).await.refused(404, "not_found");
        nobody.get(&format!("{nowhere}/services")).await.refused(404, "not_found");
        let clerk = app.sign_in("demo-xy-clerk").await;
        clerk.get(&format!("{nowhere}/partners")).await.refused(404, "not_found");
        let elsewhere = format!("/v1/communities/{}/partners", tests::community("RY"));
        clerk.get(&elsewhere).await.refused(403, "not_permitted");
    }
}
