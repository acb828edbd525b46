use wechat_adapter::sandbox::{Choice, order_templates};
use wechat_adapter::{Endpoint, ErrorClass, WechatError};

use crate::stage::{ACCEPTED, RESIDENT, Stage, accepted_message, refused};

#[tokio::test]
async fn an_accepted_prompt_lets_one_message_through() {
    let stage = Stage::set().await;
    stage.wechat().subscribe(RESIDENT, ACCEPTED, Choice::Accept).unwrap();

    let sent = stage.client.send_subscribe(&accepted_message()).await;
    let msgid: i64 = sent.unwrap().msgid.unwrap().parse().unwrap();
    assert!(msgid > 1 << 53);

    let [message] = &*stage.wechat().messages_of(RESIDENT) else {
        panic!("expected one message");
    };
    assert_eq!(message.title, "诉求接单通知");
    assert_eq!(message.page.as_deref(), Some("pages/order/detail?id=42"));
    assert_eq!(message.sent_at.to_rfc3339(), "2026-11-23T09:00:00+08:00");
    let shown: Vec<_> = message.data.iter().map(|line| (line.label.as_str(), line.value.as_str())).collect();
    assert_eq!(shown[1], ("事项", "东门外的路灯已经坏了三天晚上很黑请尽快…"));
    assert_eq!(shown[2], ("进度", "已接单"));

    let second = stage.client.send_subscribe(&accepted_message()).await;
    let error = second.unwrap_err();
    assert_eq!(error.class(), ErrorClass::User);
    assert_eq!(refused(error).errcode, 43101);
    assert_eq!(stage.wechat().messages_of(RESIDENT).len(), 1);
    assert!(stage.wechat().unexpected().is_empty());
}

#[tokio::test]
async fn any_other_answer_to_the_prompt_gives_no_right() {
    let stage = Stage::set().await;
    for choice in [Choice::Reject, Choice::Ban, Choice::Filter] {
        assert_eq!(stage.wechat().subscribe(RESIDENT, ACCEPTED, choice), Ok(0));
    }
    let error = stage.client.send_subscribe(&accepted_message()).await;
    assert_eq!(refused(error.unwrap_err()).errcode, 43101);
}

#[tokio::test]
async fn a_missing_keyword_is_named_and_costs_no_right() {
    let stage = Stage::set().await;
    stage.wechat().grant(RESIDENT, ACCEPTED);
    let mut message = accepted_message();
    message.data.remove("phrase3");

    let error = stage.client.send_subscribe(&message).await.unwrap_err();

    assert_eq!(error.class(), ErrorClass::Drop);
    let refusal = refused(error);
    assert_eq!(refusal.errcode, 47003);
    assert_eq!(refusal.keyword(), Some("phrase3"));
    let [noted] = &*stage.wechat().unexpected() else {
        panic!("expected one note");
    };
    assert!(noted.reason.contains("data.phrase3.value"));
    stage.client.send_subscribe(&accepted_message()).await.unwrap();
}

#[tokio::test]
async fn a_value_that_cannot_fit_is_not_sent() {
    let stage = Stage::set().await;
    let mut message = accepted_message();
    message.data.insert("phrase3".into(), "in progress".into());

    let error = stage.client.send_subscribe(&message).await.unwrap_err();

    assert!(matches!(error, WechatError::Value { key, .. } if key == "phrase3"));
    assert_eq!(stage.wechat().calls_to(Endpoint::SubscribeSend), 0);
}

#[tokio::test]
async fn strangers_and_unknown_templates_are_refused() {
    let stage = Stage::set().await;
    let mut to_stranger = accepted_message();
    to_stranger.touser = "stranger".into();
    let error = stage.client.send_subscribe(&to_stranger).await;
    assert_eq!(refused(error.unwrap_err()).errcode, 40003);
    assert!(stage.wechat().unexpected().is_empty());

    let mut of_no_template = accepted_message();
    of_no_template.template_id = "no-such".into();
    let error = stage.client.send_subscribe(&of_no_template).await;
    assert_eq!(refused(error.unwrap_err()).errcode, 40037);
    assert_eq!(stage.wechat().unexpected().len(), 1);
}

#[tokio::test]
async fn a_surplus_keyword_is_delivered_but_noted() {
    let stage = Stage::set().await;
    stage.wechat().grant(RESIDENT, ACCEPTED);
    let mut message = accepted_message();
    message.data.insert("thing9".into(), "多余".into());

    stage.client.send_subscribe(&message).await.unwrap();

    assert_eq!(stage.wechat().unexpected()[0].reason, "data.thing9 is not in the template");
}

#[tokio::test]
async fn templates_tell_their_keywords() {
    let stage = Stage::set().await;
    let listed = stage.client.templates().await.unwrap();
    for (listed, own) in listed.iter().zip(order_templates()) {
        assert_eq!(listed.id, own.id);
        let own_keys = own.keywords.iter().map(|(key, _)| key.as_str());
        assert!(listed.keywords().eq(own_keys));
    }
    assert_eq!(listed.len(), order_templates().len());
}
