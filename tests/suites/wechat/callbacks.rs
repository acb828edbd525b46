use chrono::TimeDelta;
use serde_json::json;
use tests::{APP_ID, Picture, SERVICE_APP_ID, id, on_both};
use wechat_adapter::callback::{Event, SentResult};
use wechat_adapter::sandbox::push::PushOutcome;

const PHOTO: Picture = Picture { width: 64, height: 48 };

fn address(app_id: &str) -> String {
    format!("/wechat/{app_id}/callback")
}

on_both! {
    async fn strangers_are_not_believed(app: &TestApp) {
        let event = json!({ "MsgType": "event", "Event": "user_authorization_cancellation", "OpenID": "demo-xy-wang" });
        for query in ["", "?signature=abc&timestamp=1795435200&nonce=1", "?msg_signature=0&timestamp=x&nonce=1"] {
            let reply = app.anonymous().post(&format!("{}{query}", address(APP_ID))).json(&event).await;
            reply.refused(403, "not_permitted");
        }
        let unknown = app.anonymous().post(&address("wx-nobody")).json(&event).await;
        assert_eq!(unknown.status, 404);
        assert_eq!(app.database.texts("SELECT name FROM wechat_events").await, [""; 0]);
    }

    async fn what_wechat_took_and_did_not_deliver_is_said_so(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages("demo-xy-wang");
        cast.accepted().await;
        app.drain_outbox().await;
        let msgid = app.messages_of("demo-xy-wang")[0].msgid.to_string();
        let failed = |msgid: &str| Event::SubscribeSent {
            openid: "demo-xy-wang".into(),
            results: vec![SentResult {
                template_id: tests::ACCEPTED.into(),
                msgid: msgid.into(),
                error_code: 43101,
                error_status: "failed: system failed".into(),
            }],
        };
        assert_eq!(app.hear(&failed(&msgid)).await, PushOutcome::Taken);
        assert_eq!(app.database.outcomes().await, ["undelivered"]);
        assert_eq!(app.hear(&failed("1")).await, PushOutcome::Status(503), "told before it is written down: again, please");
    }

    async fn ten_megabytes_are_not_read(app: &TestApp) {
        let heap = vec![b'x'; 10 * 1024 * 1024];
        let reply = app.anonymous().post(&address(APP_ID)).text("text/xml", heap).await;
        assert_eq!(reply.status, 413, "{reply}");
    }

    async fn whoever_takes_the_phone_back_has_it_taken_out_of_everything(app: &TestApp) {
        let cast = app.xiyuan().await;
        let wang = app.sign_in_with_phone("demo-xy-wang", "13800000001").await;
        let order = wang.places(&tests::kerb()).await;
        app.wechat().revoke("demo-xy-wang", 8);
        let [pushed] = &app.hear_from_wechat().await[..] else { panic!("one push") };
        assert_eq!(pushed.outcome, PushOutcome::Taken);
        app.run_errands().await;
        assert_eq!(wang.get("/v1/me").await.ok()["phone"], json!(null));
        assert_eq!(wang.sees(&order).await["contact"], json!(null), "nor does the order say it");
        assert_eq!(wang.sees(&order).await["description"], tests::kerb()["description"], "the order stays");
        let reveal = cast.clerk.post(&format!("/v1/orders/{}/reveal", id(&order)));
        let revealed = reveal.json(&json!({ "purpose": "contact_resident" })).await.ok();
        assert_eq!(revealed["contact"], json!(null));
        assert!(!app.opened().await.contains("13800000001"), "in no locked cell either");
        let actions = app.database.texts("SELECT action FROM audit_log WHERE action LIKE 'user_%'").await;
        assert_eq!(actions, ["user_authorization_revoke"]);
    }

    async fn a_photo_that_was_taken_back_goes_unless_it_is_part_of_an_order(app: &TestApp) {
        let cast = app.xiyuan().await;
        let upload = || cast.wang.post("/v1/attachments").file("file", "a.jpg", PHOTO.jpeg());
        let (used, loose) = (upload().await.ok(), upload().await.ok());
        let mut order = tests::kerb();
        order["attachment_ids"] = json!([id(&used)]);
        let order = cast.wang.places(&order).await;
        app.wechat().revoke("demo-xy-wang", 14);
        app.hear_from_wechat().await;
        app.run_errands().await;
        assert_ne!(cast.wang.sees(&order).await["contact"], json!(null), "the number was not taken back");
        let files = app.photo_files().join("\n");
        assert!(files.contains(id(&used)) && !files.contains(id(&loose)), "{files}");
    }

    async fn a_number_goes_out_of_what_others_ordered_for_the_person_too(app: &TestApp) {
        let cast = app.xiyuan().await;
        let li = app.sign_in_with_phone("demo-xy-li", "13800000002").await;
        let offer = li.post("/v1/me/delegations").json(&json!({ "days": 30 })).await.ok();
        let code = json!({ "code": offer["code"] });
        cast.wang.post("/v1/me/delegations/accept").json(&code).await.ok();
        let mut order = tests::kerb();
        order["on_behalf_of"] = json!({ "person_id": li.id });
        let order = cast.wang.places(&order).await;
        assert!(app.opened().await.contains("13800000002"));
        app.wechat().revoke("demo-xy-li", 8);
        app.hear_from_wechat().await;
        app.run_errands().await;
        assert!(!app.opened().await.contains("13800000002"));
        assert_eq!(li.sees(&order).await["mine"], true, "the order stays hers");
    }

    async fn a_nickname_that_wechat_cleans_goes_here_too(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        wang.put("/v1/me").json(&json!({ "nickname": "王女士" })).await.ok();
        app.wechat().clean_profile("demo-xy-wang");
        app.hear_from_wechat().await;
        assert_eq!(wang.get("/v1/me").await.ok()["nickname"], json!(null));
    }

    async fn with_the_wechat_account_goes_everything_personal(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, secretary) = (cast.resolved().await, &cast.secretary);
        app.wechat().close_account("demo-xy-wang");
        app.hear_from_wechat().await;
        app.keep_house().await;
        app.pass(TimeDelta::minutes(11));
        app.keep_house().await;
        assert_eq!(cast.wang.get("/v1/me").await.status, 401, "signed out at once");
        let left = secretary.sees(&order).await;
        assert_eq!((left["status"].as_str(), left["erased"].as_bool()), (Some("resolved"), Some(true)), "{left}");
        assert!(!app.opened().await.contains("王女士"));
    }

    async fn a_secretary_whose_wechat_is_closed_loses_the_role_with_it(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        app.wechat().close_account(&cast.secretary.openid);
        app.hear_from_wechat().await;
        assert_eq!(cast.secretary.looks_at(&order).await.status, 401);
        assert_eq!(cast.clerk.makes("accept", &order, &json!({})).await["status"], "accepted", "work goes on");
    }

    async fn told_twice_it_happens_once(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        app.wechat().clean_profile("demo-xy-wang");
        let at = app.wechat().pending_pushes();
        app.hear_from_wechat().await;
        wang.put("/v1/me").json(&json!({ "nickname": "新名字" })).await.ok();
        app.wechat().clean_profile("demo-xy-wang");
        assert_eq!(app.wechat().pending_pushes(), at, "the same thing at the same moment");
        app.hear_from_wechat().await;
        assert_eq!(wang.get("/v1/me").await.ok()["nickname"], "新名字", "known already");
        assert_eq!(app.database.texts("SELECT name FROM wechat_events").await, ["user_info_modified"]);
    }

    async fn followers_are_joined_with_people_by_what_all_accounts_call_them(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let follower = app.wechat().follow("demo-xy-wang", Some(SERVICE_APP_ID)).expect("a service account");
        app.hear_from_wechat().await;
        app.run_errands().await;
        let joined = "SELECT f.openid FROM followers f JOIN persons p ON p.unionid = f.unionid";
        assert_eq!(app.database.texts(joined).await, [follower]);
        app.wechat().unfollow("demo-xy-wang", Some(SERVICE_APP_ID)).expect("a service account");
        app.hear_from_wechat().await;
        assert_eq!(app.database.texts("SELECT openid FROM followers").await, [""; 0]);
        wang.get("/v1/me").await.ok();
    }
}
