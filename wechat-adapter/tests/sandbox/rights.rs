use serde_json::{Value, json};
use wechat_adapter::Endpoint;
use wechat_adapter::callback::{Event, SentResult, SubscribeResult, SubscribeStatus};
use wechat_adapter::sandbox::Choice;

use crate::stage::{APP_ID, RESIDENT};
use crate::wire::{ALWAYS, ONCE, Wire, once};

fn always() -> Value {
    json!({ "touser": RESIDENT, "template_id": ALWAYS, "data": { "thing1": { "value": "停水通知" } } })
}

#[tokio::test]
async fn a_long_term_subscription_lets_messages_through_until_it_is_withdrawn() {
    let wire = Wire::set().await;
    assert_eq!(wire.wechat().subscribe(RESIDENT, ALWAYS, Choice::Accept), Ok(1));
    for _ in 0..5 {
        assert_eq!(wire.post(Endpoint::SubscribeSend, &always()).await["errcode"], 0);
    }
    let (status, _) = wire.ask("/phone/withdraw", &json!({ "openid": RESIDENT, "template_id": ALWAYS })).await;
    assert_eq!(status, 204);
    assert_eq!(wire.post(Endpoint::SubscribeSend, &always()).await["errcode"], 43101);
    assert_eq!(wire.wechat().messages_of(RESIDENT).len(), 5);
}

#[tokio::test]
async fn a_no_to_the_prompt_ends_a_long_term_subscription_only() {
    let wire = Wire::set().await;
    for template in [ONCE, ALWAYS] {
        wire.wechat().subscribe(RESIDENT, template, Choice::Accept).unwrap();
    }
    assert_eq!(wire.wechat().subscribe(RESIDENT, ALWAYS, Choice::Reject), Ok(0));
    assert_eq!(wire.wechat().subscribe(RESIDENT, ONCE, Choice::Reject), Ok(1));
}

#[tokio::test]
async fn a_withdrawal_takes_one_time_rights_as_well() {
    let wire = Wire::set().await;
    wire.wechat().grant(RESIDENT, ONCE);
    wire.wechat().grant(RESIDENT, ONCE);
    wire.wechat().withdraw(RESIDENT, ONCE).unwrap();
    assert_eq!(wire.post(Endpoint::SubscribeSend, &once()).await["errcode"], 43101);
}

#[tokio::test]
async fn events_tell_the_server_what_became_of_a_right() {
    let wire = Wire::set().await;
    wire.wechat().subscribe(RESIDENT, ONCE, Choice::Accept).unwrap();
    let sent = wire.post(Endpoint::SubscribeSend, &once()).await;
    wire.wechat().withdraw(RESIDENT, ONCE).unwrap();

    let (openid, template_id) = (RESIDENT.to_owned(), ONCE.to_owned());
    let answered = |status| vec![SubscribeResult { template_id: template_id.clone(), status, scene: Some(0) }];
    let popup = Event::SubscribePopup { openid: openid.clone(), results: answered(SubscribeStatus::Accept) };
    let refused = Event::SubscribeChange { openid: openid.clone(), results: answered(SubscribeStatus::Reject) };
    let result = SentResult {
        template_id: template_id.clone(),
        msgid: sent["msgid"].to_string(),
        error_code: 0,
        error_status: "success".into(),
    };
    let arrived = Event::SubscribeSent { openid, results: vec![result] };
    assert_eq!(wire.pushed_to(APP_ID), [popup, arrived, refused]);
}
