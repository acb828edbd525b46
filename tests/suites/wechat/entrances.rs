use serde_json::json;
use tests::{community, id, on_both};
use wechat_adapter::Endpoint;
use wechat_adapter::sandbox::Fault;

fn of_xiyuan() -> String {
    format!("/v1/communities/{}/entrances", community("XY"))
}

on_both! {
    async fn a_code_on_the_wall_opens_the_form_with_the_place_filled_in(app: &TestApp) {
        let cast = app.xiyuan().await;
        let wanted = json!({ "compound": "西苑小区", "building": "3号楼", "service_key": "repair" });
        let made = cast.clerk.post(&of_xiyuan()).json(&wanted).key("wall-3").await.ok();
        let again = cast.clerk.post(&of_xiyuan()).json(&wanted).key("wall-3").await.ok();
        assert_eq!(made, again, "the same code, not a second one");
        let scene = made["scene"].as_str().expect("a scene");
        assert!(scene.len() <= 32 && scene.chars().all(|c| c.is_ascii_alphanumeric()), "{scene}");

        let picture = cast.clerk.get(&format!("/v1/entrances/{}/code", id(&made))).await;
        assert_eq!((picture.status, picture.header("content-type")), (200, Some("image/png")));
        assert!(picture.body.starts_with(b"\x89PNG"));

        let leads_to = app.anonymous().get(&format!("/v1/scenes/{scene}")).await.ok();
        assert_eq!(leads_to["community_id"], community("XY"));
        assert_eq!((&leads_to["compound"], &leads_to["building"]), (&json!("西苑小区"), &json!("3号楼")));
        assert_eq!(leads_to["service_name"], "公共设施报修");
    }

    async fn forged_codes_and_those_that_were_taken_down_lead_nowhere(app: &TestApp) {
        let cast = app.xiyuan().await;
        let made = cast.clerk.post(&of_xiyuan()).json(&json!({})).await.ok();
        let scene = made["scene"].as_str().expect("a scene");
        let forged = scene.replace(|c: char| c.is_ascii_digit(), "7");
        for wrong in [forged.as_str(), "e", "e01z0zhja98765432", "e%00"] {
            let reply = app.anonymous().get(&format!("/v1/scenes/{wrong}")).await;
            assert_eq!(reply.status, 404, "{wrong}: {reply}");
        }
        assert_eq!(cast.secretary.delete(&format!("/v1/entrances/{}", id(&made))).await.status, 204);
        app.anonymous().get(&format!("/v1/scenes/{scene}")).await.refused(404, "not_found");
        assert_eq!(cast.clerk.get(&of_xiyuan()).await.ok()["items"], json!([]));
    }

    async fn only_staff_of_the_community_make_its_codes(app: &TestApp) {
        let cast = app.xiyuan().await;
        cast.wang.post(&of_xiyuan()).json(&json!({})).await.refused(403, "not_permitted");
        let elsewhere = format!("/v1/communities/{}/entrances", community("RY"));
        cast.clerk.post(&elsewhere).json(&json!({})).await.refused(404, "not_found");
        let made = cast.clerk.post(&of_xiyuan()).json(&json!({})).await.ok();
        let stranger = app.sign_in("demo-ry-secretary").await;
        for reply in [
            stranger.get(&format!("/v1/entrances/{}/code", id(&made))).await,
            stranger.delete(&format!("/v1/entrances/{}", id(&made))).await,
        ] {
            reply.refused(404, "not_found");
        }
        cast.clerk.post(&of_xiyuan()).json(&json!({ "compound": "月球小区" })).await.refused_field("/compound");
        cast.clerk.post(&of_xiyuan()).json(&json!({ "service_key": "none" })).await.refused_field("/service_key");
    }

    async fn a_wechat_that_makes_no_code_is_said_kindly(app: &TestApp) {
        let cast = app.xiyuan().await;
        let made = cast.clerk.post(&of_xiyuan()).json(&json!({})).await.ok();
        app.wechat().fault(Fault::errcode(Endpoint::UnlimitedCode, 45009));
        let reply = cast.clerk.get(&format!("/v1/entrances/{}/code", id(&made))).await;
        reply.refused(502, "wechat_unavailable");
    }
}
