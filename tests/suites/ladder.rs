//! The ladder of channels: where the nearest way does not reach somebody, the next one does.

use chrono::TimeDelta;
use serde_json::json;
use tests::{ALARM, SERVICE_APP_ID, TASK, TestApp, on_both, order_in};
use wechat_adapter::Endpoint;
use wechat_adapter::sandbox::{Channel, Fault, PhoneMessage};

const WANG: &str = "demo-xy-wang";
/// What the corporation in WeCom calls the clerk.
const MEMBER: &str = "ZhaoXiao";
const GAS: &str = "家里闻到很浓的煤气味，老人头晕";

/// Follows the service account, and is known there as who she is.
async fn follows(app: &TestApp, openid: &str) {
    app.wechat().follow(openid, Some(SERVICE_APP_ID)).expect("a service account");
    app.hear_from_wechat().await;
    app.run_errands().await;
}

fn said(messages: &[PhoneMessage]) -> Vec<(Channel, String)> {
    let last = |message: &PhoneMessage| message.data.last().map(|line| line.value.clone()).unwrap_or_default();
    messages.iter().map(|message| (message.channel, last(message))).collect()
}

/// The clerk is a member of the corporation in WeCom.
async fn in_wecom(app: &TestApp, clerk: &tests::Person) {
    let path = format!("/v1/admin/wecom-members/{}", clerk.id);
    app.administrator().await.put(&path).json(&json!({ "user_id": MEMBER })).await.ok();
}

on_both! {
    async fn who_did_not_subscribe_and_follows_is_told_by_the_service_account(app: &TestApp) {
        let cast = app.xiyuan().await;
        follows(app, WANG).await;
        cast.accepted().await;
        app.drain_outbox().await;
        let messages = app.messages_of(WANG);
        assert_eq!(messages.iter().map(|message| message.channel).collect::<Vec<_>>(), [Channel::ServiceAccount]);
        let lines: Vec<_> = messages[0].data.iter().map(|line| line.value.as_str()).collect();
        assert_eq!(lines[1..], ["公共设施报修", "已接单", "2026年11月23日 10:00"]);
        assert_eq!(app.database.outcomes().await, ["delivered", "no_right"], "and why not by the nearest way");
    }

    async fn a_follower_is_told_once_where_the_answer_is_lost(app: &TestApp) {
        let cast = app.xiyuan().await;
        follows(app, WANG).await;
        cast.accepted().await;
        app.wechat().fault(Fault::lost_answer(Endpoint::ServiceTemplateSend));
        app.drain_outbox().await;
        assert_eq!((app.waiting().await, app.messages_of(WANG).len()), (1, 1));
        app.pass(TimeDelta::minutes(2));
        app.drain_outbox().await;
        assert_eq!(app.messages_of(WANG).len(), 1, "WeChat knows it again by its id");
        assert_eq!(app.database.outcomes().await, ["delivered", "no_right"]);
    }

    async fn a_right_that_wechat_does_not_know_leads_on(app: &TestApp) {
        let cast = app.xiyuan().await;
        follows(app, WANG).await;
        app.agrees_to(WANG, tests::ACCEPTED);
        cast.accepted().await;
        app.wechat().fault(Fault::errcode(Endpoint::SubscribeSend, 43101));
        app.drain_outbox().await;
        assert_eq!(app.database.outcomes().await, ["delivered", "no_right"]);
        assert_eq!(app.messages_of(WANG)[0].channel, Channel::ServiceAccount);
    }

    async fn danger_does_not_wait_for_the_operator(app: &TestApp) {
        let cast = app.xiyuan().await;
        in_wecom(app, &cast.clerk).await;
        app.agrees_to(&cast.clerk.openid, ALARM);
        app.wechat().fault(Fault::errcode(Endpoint::SubscribeSend, 48001));
        cast.wang.places(&order_in("XY", "repair", GAS)).await;
        app.drain_outbox().await;
        let messages = app.messages_of(MEMBER);
        assert_eq!(messages.iter().map(|message| message.channel).collect::<Vec<_>>(), [Channel::Wecom]);
        let shown = format!("{messages:?}");
        assert!(shown.contains("疑似紧急情况") && !shown.contains("煤气"), "a lock screen is read by others: {shown}");
    }

    async fn danger_goes_round_a_channel_that_is_closed_already(app: &TestApp) {
        let cast = app.xiyuan().await;
        in_wecom(app, &cast.clerk).await;
        app.agrees_to(&cast.clerk.openid, ALARM);
        app.agrees_to(WANG, tests::ACCEPTED);
        cast.accepted().await;
        // The day's quota is used up.
        app.wechat().fault(Fault::errcode(Endpoint::SubscribeSend, 45009));
        app.drain_outbox().await;
        let before = app.messages_of(MEMBER).len();
        let order = cast.wang.places(&order_in("XY", "repair", GAS)).await;
        app.drain_outbox().await;
        let shown = format!("{:?}", &app.messages_of(MEMBER)[before..]);
        assert!(shown.contains("疑似紧急情况"), "the same minute, not tomorrow: {shown}");
        let told = cast.secretary.timeline(&order).await[0]["told"].to_string();
        assert!(told.contains("社区未收到微信消息（通道故障，待管理员处理），改用企业微信通知"), "{told}");
    }

    async fn an_alarm_that_no_open_channel_takes_is_counted(app: &TestApp) {
        let cast = app.xiyuan().await;
        let unheard = async || {
            let figures = app.anonymous().get("/metrics").await;
            let line = figures.text().lines().find(|line| line.starts_with("hgj_alarms_unheard_total ")).map(str::to_owned);
            line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or_default()
        };
        app.agrees_to(&cast.clerk.openid, ALARM);
        app.agrees_to(WANG, tests::ACCEPTED);
        cast.accepted().await;
        app.wechat().fault(Fault::errcode(Endpoint::SubscribeSend, 45009));
        app.drain_outbox().await;
        let before = unheard().await;
        cast.wang.places(&order_in("XY", "repair", GAS)).await;
        app.drain_outbox().await;
        assert!(unheard().await > before, "it waits for a channel that is closed");
        assert_eq!(app.messages_of(&cast.clerk.openid).len(), 0);
    }

    async fn two_comments_are_two_messages_in_wecom(app: &TestApp) {
        let cast = app.xiyuan().await;
        in_wecom(app, &cast.clerk).await;
        let order = cast.accepted().await;
        app.drain_outbox().await;
        let before = app.messages_of(MEMBER).len();
        for text in ["明天在家", "后天也在家"] {
            app.pass(TimeDelta::minutes(6));
            cast.wang.makes("comment", &order, &json!({ "text": text })).await;
            // An answer that is lost: WeCom knows the same one again.
            app.wechat().fault(Fault::lost_answer(Endpoint::WecomMessage));
            app.drain_outbox().await;
            app.pass(TimeDelta::minutes(2));
            app.drain_outbox().await;
        }
        let messages = &app.messages_of(MEMBER)[before..];
        assert_eq!(messages.len(), 2, "{messages:?}");
    }

    async fn the_own_order_of_somebody_who_works_here_is_none_of_wecoms(app: &TestApp) {
        let cast = app.xiyuan().await;
        in_wecom(app, &cast.clerk).await;
        let own = cast.clerk.places(&order_in("XY", "repair", "我家门口的灯坏了，晚上看不见")).await;
        cast.secretary.makes("refuse", &own, &json!({ "reason": "other" })).await;
        app.drain_outbox().await;
        let shown = format!("{:?}", app.messages_of(MEMBER));
        assert!(!shown.contains("不予受理"), "{shown}");
    }

    async fn an_emergency_at_night_is_dispatched_at_night(app: &TestApp) {
        let cast = app.xiyuan().await;
        (0..3).for_each(|_| app.agrees_to("demo-xy-property", tests::DISPATCHED));
        app.pass(TimeDelta::hours(13));
        cast.dispatched().await;
        app.drain_outbox().await;
        assert_eq!(app.messages_of("demo-xy-property").len(), 0, "it is eleven at night");
        let gas = cast.wang.places(&order_in("XY", "repair", GAS)).await;
        let gas = cast.clerk.makes("accept", &gas, &json!({})).await;
        let task = json!({ "partner_id": tests::partner("红色物业西苑管理科"), "role": "lead", "task": "马上关阀、疏散" });
        cast.secretary.dispatches(&gas, &task).await;
        app.drain_outbox().await;
        let messages = app.messages_of("demo-xy-property");
        assert_eq!(said(&messages), [(Channel::Subscribe, "请打开小程序签收并按时办理".into())]);
    }

    async fn three_new_orders_are_one_message(app: &TestApp) {
        let cast = app.xiyuan().await;
        (0..5).for_each(|_| app.agrees_to(&cast.clerk.openid, TASK));
        let place = async |minutes: i64| {
            app.pass(TimeDelta::minutes(minutes));
            let order = cast.submitted().await;
            app.drain_outbox().await;
            order
        };
        place(0).await;
        for _ in 0..3 {
            place(1).await;
        }
        assert_eq!(said(&app.messages_of(&cast.clerk.openid)), [(Channel::Subscribe, "请打开小程序接单".into())]);
        app.pass(TimeDelta::minutes(2));
        app.drain_outbox().await;
        let messages = app.messages_of(&cast.clerk.openid);
        assert_eq!(said(&messages)[1..], [(Channel::Subscribe, "3 个新订单".into())]);
        assert_eq!(messages[1].page.as_deref(), Some("pages/inbox/index"));
    }

    async fn what_can_wait_waits_for_the_morning(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages(WANG);
        app.pass(TimeDelta::hours(13));
        cast.accepted().await;
        app.drain_outbox().await;
        assert_eq!(app.messages_of(WANG).len(), 0, "it is eleven at night");
        app.pass(TimeDelta::hours(7) + TimeDelta::minutes(59));
        app.drain_outbox().await;
        assert_eq!(app.messages_of(WANG).len(), 0);
        app.pass(TimeDelta::minutes(1));
        app.drain_outbox().await;
        assert_eq!(app.messages_of(WANG).len(), 1, "and rings at seven");
    }

    async fn whose_visit_is_planned_is_told_when(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to_messages(WANG);
        app.agrees_to_messages(WANG);
        let (_, task) = cast.dispatched().await;
        let sign = format!("/v1/dispatches/{}/sign", tests::id(&task));
        let past = cast.property.post(&sign).json(&json!({ "visit_at": "2026-11-23T09:00:00+08:00" })).await;
        past.refused_field("/visit_at");
        let signed = cast.property.post(&sign).json(&json!({ "visit_at": "2026-11-23T15:00:00+08:00" })).await.ok();
        assert_eq!((&signed["status"], &signed["visit_at"]), (&json!("signed"), &json!("2026-11-23T15:00:00+08:00")));
        app.drain_outbox().await;
        let told = |messages: &[PhoneMessage]| messages.last().map(|message| message.data[2].value.clone());
        assert_eq!(told(&app.messages_of(WANG)).as_deref(), Some("11月23日 15:00 上门"));
        // Another time is another visit; the same again is not.
        for time in ["2026-11-24T09:00:00+08:00", "2026-11-24T09:00:00+08:00"] {
            cast.property.post(&sign).json(&json!({ "visit_at": time })).await.ok();
        }
        app.drain_outbox().await;
        assert_eq!(told(&app.messages_of(WANG)).as_deref(), Some("11月24日 09:00 上门"));
        assert_eq!(app.messages_of(WANG).len(), 4, "accepted, dispatched, and two times");
    }
}
