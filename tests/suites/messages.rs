//! Messages: each reaches the right phone once, whatever WeChat does meanwhile.

use chrono::TimeDelta;
use serde_json::json;
use tests::{ACCEPTED, TestApp, on_both};
use wechat_adapter::Endpoint;
use wechat_adapter::sandbox::Fault;

/// Lets the pauses pass that the worker makes between its tries.
async fn be_patient(app: &TestApp) {
    for _ in 0..16 {
        app.pass(TimeDelta::hours(5));
        app.drain_outbox().await;
    }
}

on_both! {
    async fn who_did_not_agree_is_left_in_peace(app: &TestApp) {
        let cast = app.xiyuan().await;
        cast.accepted().await;
        app.drain_outbox().await;
        assert_eq!(app.database.outcomes().await, ["no_right"]);
        assert_eq!(app.messages_of("demo-xy-wang").len(), 0);
        be_patient(app).await;
        assert_eq!(app.wechat().calls_to(Endpoint::SubscribeSend), 0, "nobody even asks WeChat");
    }

    async fn one_agreement_is_one_message(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages("demo-xy-wang");
        let (first, second) = (cast.submitted().await, cast.submitted().await);
        for order in [&first, &second] {
            cast.clerk.makes("accept", order, &json!({})).await;
        }
        app.drain_outbox().await;
        assert_eq!(app.messages_of("demo-xy-wang").len(), 1);
        assert_eq!(app.database.outcomes().await, ["delivered", "no_right"]);
    }

    async fn moves_do_not_wait_for_wechat(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.wechat_down().await;
        let mut orders = Vec::new();
        for _ in 0..20 {
            app.agrees_to_messages("demo-xy-wang");
            orders.push(cast.submitted().await);
        }
        for order in &orders {
            assert_eq!(cast.clerk.makes("accept", order, &json!({})).await["status"], "accepted");
        }
        app.drain_outbox().await;
        assert_eq!(app.waiting().await, 20, "nothing is given up, nothing is lost");
        app.wechat_up().await;
        app.pass(TimeDelta::minutes(5));
        app.drain_outbox().await;
        assert_eq!((app.waiting().await, app.messages_of("demo-xy-wang").len()), (0, 20));
        assert!(app.messages_of("demo-xy-wang").iter().all(|message| message.template_id == ACCEPTED));
    }

    async fn a_token_that_ended_is_fetched_anew(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages("demo-xy-wang");
        app.agrees_to_messages("demo-xy-wang");
        cast.accepted().await;
        app.drain_outbox().await;
        // Somebody else made WeChat forget the token that we hold.
        app.wechat().revoke_tokens();
        cast.accepted().await;
        app.drain_outbox().await;
        assert_eq!((app.waiting().await, app.messages_of("demo-xy-wang").len()), (0, 2));
        assert_eq!(app.wechat().calls_to(Endpoint::StableToken), 2);
    }

    async fn a_busy_wechat_is_asked_again_after_a_while(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages("demo-xy-wang");
        cast.accepted().await;
        app.wechat().fault(Fault::errcode(Endpoint::SubscribeSend, -1).times(6));
        app.drain_outbox().await;
        assert_eq!(app.waiting().await, 1);
        app.drain_outbox().await;
        assert_eq!(app.messages_of("demo-xy-wang").len(), 0, "not before the pause is over");
        be_patient(app).await;
        assert_eq!((app.waiting().await, app.messages_of("demo-xy-wang").len()), (0, 1));
        assert_eq!(app.database.outcomes().await, ["delivered"]);
    }

    async fn nobody_is_told_twice_after_an_answer_that_did_not_come(app: &TestApp) {
        let cast = app.xiyuan().await;
        for fault in [
            Fault::http_status(Endpoint::SubscribeSend, 502),
            Fault::garbage(Endpoint::SubscribeSend),
        ] {
            app.agrees_to_messages("demo-xy-wang");
            cast.accepted().await;
            app.wechat().fault(fault);
            app.drain_outbox().await;
        }
        be_patient(app).await;
        assert_eq!((app.waiting().await, app.messages_of("demo-xy-wang").len()), (0, 0));
        assert_eq!(app.database.outcomes().await, ["unconfirmed", "unconfirmed"]);
    }

    async fn a_token_that_does_not_come_is_no_message_that_may_have_arrived(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages("demo-xy-wang");
        cast.accepted().await;
        app.wechat().revoke_tokens();
        app.wechat().fault(Fault::http_status(Endpoint::StableToken, 502).times(3));
        app.wechat().fault(Fault::http_status(Endpoint::TemplateList, 502));
        app.drain_outbox().await;
        assert_eq!((app.waiting().await, app.database.outcomes().await.len()), (1, 0));
        be_patient(app).await;
        assert_eq!(app.database.outcomes().await, ["delivered"]);
    }

    async fn a_used_up_day_is_waited_for(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages("demo-xy-wang");
        cast.accepted().await;
        app.wechat().fault(Fault::errcode(Endpoint::SubscribeSend, 45009));
        app.drain_outbox().await;
        app.pass(TimeDelta::hours(13));
        assert_eq!(app.drain_outbox().await, 0, "it is the same day still");
        app.pass(TimeDelta::hours(7));
        assert_eq!(app.drain_outbox().await, 0, "it is night still");
        app.pass(TimeDelta::hours(1));
        app.drain_outbox().await;
        assert_eq!(app.database.outcomes().await, ["delivered"]);
    }

    async fn a_secret_that_was_changed_at_night_silences_no_alarm_for_good(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages(&cast.secretary.openid);
        app.wechat().revoke_tokens();
        app.wechat().fault(Fault::errcode(Endpoint::StableToken, 40125).times(2));
        let gas = tests::order_in("XY", "repair", "家里闻到很浓的煤气味，老人头晕");
        cast.wang.post("/v1/orders").json(&gas).await.ok();
        app.drain_outbox().await;
        assert_eq!(app.waiting().await, 1);
        be_patient(app).await;
        assert_eq!(app.messages_of(&cast.secretary.openid).len(), 1);
    }

    async fn an_alarm_is_sent_again_all_the_same(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages(&cast.secretary.openid);
        app.wechat().fault(Fault::http_status(Endpoint::SubscribeSend, 502).times(2));
        let gas = tests::order_in("XY", "repair", "家里闻到很浓的煤气味，老人头晕");
        cast.wang.post("/v1/orders").json(&gas).await.ok();
        app.drain_outbox().await;
        be_patient(app).await;
        assert_eq!(app.messages_of(&cast.secretary.openid).len(), 1);
    }

    async fn eight_tries_are_enough(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages("demo-xy-wang");
        cast.accepted().await;
        app.wechat().fault(Fault::errcode(Endpoint::SubscribeSend, -1).times(100));
        for (tries, minutes) in [(1, 0), (2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 32), (8, 64)] {
            app.pass(TimeDelta::minutes(minutes));
            app.drain_outbox().await;
            assert_eq!(app.wechat().calls_to(Endpoint::SubscribeSend), tries, "after {minutes} more minutes");
        }
        assert_eq!((app.waiting().await, app.database.outcomes().await), (0, vec!["gave_up".to_owned()]));
    }

    async fn a_wechat_that_stays_away_is_given_up_in_the_end_and_said_so(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages("demo-xy-wang");
        cast.accepted().await;
        app.wechat_down().await;
        be_patient(app).await;
        assert_eq!((app.waiting().await, app.database.outcomes().await), (0, vec!["gave_up".to_owned()]));
    }

    async fn every_worker_of_a_partner_hears_of_its_dispatch(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages("demo-xy-property");
        app.agrees_to_messages("demo-xy-builder");
        cast.dispatched().await;
        app.drain_outbox().await;
        let messages = app.messages_of("demo-xy-property");
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0].data.last().map(|line| line.value.as_str()), Some("请打开小程序签收并按时办理"));
        assert_eq!(app.messages_of("demo-xy-builder").len(), 0, "it is not theirs");
        let told = format!("{messages:?}");
        for secret in ["王女士", "13800000001", "路沿", "尖"] {
            assert!(!told.contains(secret), "a lock screen is read by others: {told}");
        }
    }
}
