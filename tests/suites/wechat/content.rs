use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Picture, TestApp, id, on_both, order_in};
use wechat_adapter::Endpoint;
use wechat_adapter::sandbox::{Fault, MediaVerdict};

const RISKY: &str = "楼道灯不亮【违规】";
const DOUBTFUL: &str = "楼道灯不亮【待审】";

async fn upload(who: &tests::Client) -> Value {
    who.post("/v1/attachments").file("file", "kerb.jpg", Picture { width: 64, height: 48 }.jpeg()).await.ok()
}

/// A photo is read once it belongs to something.
async fn with_a_photo(cast: &tests::Cast) -> Value {
    let mut order = tests::kerb();
    order["attachment_ids"] = json!([id(&upload(&cast.wang).await)]);
    cast.wang.places(&order).await
}

/// WeChat's verdict on the only photo that waits for one.
async fn judge(app: &TestApp, verdict: MediaVerdict) {
    app.check_contents().await;
    let [waiting] = &app.wechat().pending_media()[..] else { panic!("one photo") };
    app.wechat().judge(&waiting.trace_id, verdict).expect("a trace");
    app.hear_from_wechat().await;
}

on_both! {
    async fn what_is_risky_is_refused_kindly_and_nothing_is_kept(app: &TestApp) {
        let cast = app.xiyuan().await;
        let reply = cast.wang.post("/v1/orders").json(&order_in("XY", "repair", RISKY)).await;
        reply.refused(422, "content_refused");
        assert_eq!(cast.wang.list("view=mine").await, [""; 0]);
        let order = cast.submitted().await;
        let comment = cast.wang.tries("comments", &order, &json!({ "text": RISKY })).await;
        comment.refused(422, "content_refused");
        let resolved = cast.resolved().await;
        let rating = json!({ "solved": true, "satisfaction": 5, "comment": RISKY });
        cast.wang.tries("rate", &resolved, &rating).await.refused(422, "content_refused");
    }

    async fn a_risky_nickname_is_refused_and_any_other_waits_for_nobody(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let called = |name: &str| json!({ "nickname": name });
        wang.put("/v1/me").json(&called("王【违规】")).await.refused(422, "content_refused");
        for name in ["王【待审】", "王女士"] {
            assert_eq!(wang.put("/v1/me").json(&called(name)).await.ok()["nickname"], name);
        }
        app.wechat_down().await;
        assert_eq!(wang.put("/v1/me").json(&called("小王")).await.ok()["nickname"], "小王");
        app.wechat_up().await;
    }

    async fn a_cry_for_help_is_never_refused(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.wang.places(&order_in("XY", "repair", "家里煤气泄漏，老人晕倒了【违规】")).await;
        assert_eq!(cast.secretary.sees(&order).await["unchecked"], true);
    }

    async fn a_cry_for_help_in_a_comment_is_not_refused_either(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        cast.wang.makes("comments", &order, &json!({ "text": "又闻到煤气味，我头晕了【违规】" })).await;
        assert_eq!(cast.secretary.sees(&order).await["unchecked"], true);
    }

    async fn whoever_may_not_speak_is_not_read(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        let before = app.wechat().calls_to(Endpoint::TextCheck);
        cast.li.tries("comments", &order, &json!({ "text": RISKY })).await.refused(404, "not_found");
        assert_eq!(app.wechat().calls_to(Endpoint::TextCheck), before, "checks are counted");
    }

    async fn staff_answer_for_their_own_words_and_photos(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.pass(TimeDelta::hours(3));
        let photo = upload(&cast.clerk).await;
        let mut order = order_in("XY", "repair", "张大爷来电：楼道灯不亮");
        (order["on_behalf_of"], order["attachment_ids"]) = (json!({ "name": "张大爷" }), json!([id(&photo)]));
        let order = cast.clerk.places(&order).await;
        assert_eq!(cast.secretary.sees(&order).await["unchecked"], false);
    }

    async fn what_is_in_doubt_goes_to_the_desk_marked(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.wang.places(&order_in("XY", "repair", DOUBTFUL)).await;
        assert_eq!(cast.wang.sees(&order).await["unchecked"], false, "the resident is not told");
        assert_eq!(cast.clerk.sees(&order).await["unchecked"], true);
        let page = cast.clerk.get("/v1/orders?view=community").await.ok();
        assert_eq!(page["items"][0]["unchecked"], true);
        cast.submitted().await;
        assert_eq!(cast.clerk.list("view=community&unchecked=true").await, [id(&order)]);
        cast.wang.get("/v1/orders?unchecked=true").await.refused(400, "bad_request");
        let clear = format!("/v1/orders/{}/clear", id(&order));
        assert_eq!(cast.wang.post(&clear).json(&json!({})).await.status, 403);
        assert_eq!(cast.clerk.post(&clear).json(&json!({})).await.ok()["unchecked"], false);
    }

    async fn whoever_wechat_has_not_seen_for_hours_is_marked_and_left_to_people(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.pass(TimeDelta::hours(3));
        let order = cast.submitted().await;
        assert_eq!(cast.clerk.sees(&order).await["unchecked"], true);
        assert_eq!(app.check_contents().await, 0, "asking again would bring nothing");
    }

    async fn an_outage_loses_nothing_and_is_made_up_for(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.wechat_down().await;
        let order = cast.submitted().await;
        assert_eq!(cast.clerk.sees(&order).await["unchecked"], true);
        app.wechat_up().await;
        app.pass(TimeDelta::minutes(2));
        app.check_contents().await;
        assert_eq!(cast.clerk.sees(&order).await["unchecked"], false);
        assert_eq!(app.database.texts("SELECT state FROM marked_words").await, [""; 0], "the copy of the words is gone");
    }

    async fn a_check_that_stays_away_leaves_it_to_people(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.wechat().fault(Fault::errcode(Endpoint::TextCheck, 45009).times(100));
        let order = cast.submitted().await;
        for _ in 0..10 {
            app.pass(TimeDelta::minutes(10));
            app.check_contents().await;
        }
        assert_eq!(app.check_contents().await, 0);
        assert_eq!(cast.clerk.sees(&order).await["unchecked"], true);
        cast.clerk.post(&format!("/v1/orders/{}/clear", id(&order))).json(&json!({})).await.ok();
        assert_eq!(cast.clerk.sees(&order).await["unchecked"], false);
    }

    async fn a_photo_waits_for_wechats_verdict(app: &TestApp) {
        let cast = app.xiyuan().await;
        let photo = upload(&cast.wang).await;
        assert_eq!(photo["check"], json!(null), "the resident is not told");
        assert_eq!(app.check_contents().await, 0, "what nobody has used yet may become a part of a sealed matter");
        let mut order = tests::kerb();
        order["attachment_ids"] = json!([id(&photo)]);
        let order = cast.wang.places(&order).await;
        assert_eq!(cast.clerk.sees(&order).await["unchecked"], true);
        assert_eq!(cast.clerk.list("view=community&unchecked=true").await, [id(&order)]);
        judge(app, MediaVerdict::Pass).await;
        assert_eq!(cast.clerk.list("view=community&unchecked=true").await, [""; 0]);
        let seen = cast.clerk.sees(&order).await;
        assert_eq!((&seen["unchecked"], &seen["attachments"][0]["check"]), (&json!(false), &json!("passed")));
    }

    async fn a_risky_photo_is_seen_at_the_desk_only(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = with_a_photo(&cast).await;
        judge(app, MediaVerdict::Risky).await;
        let seen = cast.wang.sees(&order).await;
        assert_eq!((&seen["attachments"], &seen["hidden_photos"]), (&json!([]), &json!(1)));
        cast.clerk.post(&format!("/v1/orders/{}/clear", id(&order))).json(&json!({})).await.ok();
        assert_eq!(cast.wang.sees(&order).await["attachments"], json!([]), "who clears the rest releases nothing risky");
        assert_eq!(cast.secretary.sees(&order).await["attachments"][0]["check"], "risky");
    }

    async fn a_photo_that_wechat_could_not_open_is_handed_over_again(app: &TestApp) {
        let cast = app.xiyuan().await;
        with_a_photo(&cast).await;
        judge(app, MediaVerdict::Unreachable).await;
        assert_eq!(app.check_contents().await, 1);
        judge(app, MediaVerdict::Pass).await;
        let states = app.database.texts("SELECT check_state FROM attachments").await;
        assert_eq!(states, ["passed"]);
    }

    async fn a_verdict_that_never_comes_leaves_the_photo_to_people(app: &TestApp) {
        let cast = app.xiyuan().await;
        with_a_photo(&cast).await;
        for _ in 0..10 {
            app.login_code("demo-xy-wang");
            app.pass(TimeDelta::minutes(32));
            app.check_contents().await;
        }
        assert_eq!(app.database.texts("SELECT check_state FROM attachments").await, ["review"]);
    }
}
