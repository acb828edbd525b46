use std::collections::HashSet;

use serde_json::json;
use wechat_adapter::Endpoint;
use wechat_adapter::callback::{Event, RevokedItem};

use crate::stage::{APP_ID, RESIDENT};
use crate::wire::{ONCE, SERVICE, Wire, once};

#[tokio::test]
async fn each_delivery_is_in_the_log_with_an_id_of_its_own() {
    let wire = Wire::set().await;
    for _ in 0..3 {
        wire.wechat().grant(RESIDENT, ONCE);
        wire.post(Endpoint::SubscribeSend, &once()).await;
    }
    assert_eq!(wire.post(Endpoint::SubscribeSend, &once()).await["errcode"], 43101);

    let log = wire.look("/sandbox/deliveries").await;
    let items = log["items"].as_array().unwrap();
    let ids: HashSet<_> = items.iter().map(|item| item["msgid"].as_str().unwrap()).collect();
    assert_eq!((items.len(), ids.len()), (3, 3));
    assert_eq!((&items[0]["openid"], &items[0]["template_id"]), (&json!(RESIDENT), &json!(ONCE)));
    assert_eq!(items[0]["data"][0], json!({ "label": "事项", "value": "楼道灯不亮" }));
}

#[tokio::test]
async fn a_message_stays_unread_until_the_person_looks() {
    let wire = Wire::set().await;
    wire.wechat().grant(RESIDENT, ONCE);
    wire.post(Endpoint::SubscribeSend, &once()).await;
    assert!(!wire.wechat().messages_of(RESIDENT)[0].read);
    assert_eq!(wire.ask("/phone/read", &json!({ "openid": RESIDENT })).await.0, 204);
    assert!(wire.wechat().messages_of(RESIDENT)[0].read);
}

#[tokio::test]
async fn a_person_asks_to_be_forgotten_item_by_item() {
    let wire = Wire::set().await;
    assert_eq!(wire.ask("/phone/revoke", &json!({ "openid": RESIDENT, "item": 8 })).await.0, 204);
    assert_eq!(wire.ask("/phone/clean-profile", &json!({ "openid": RESIDENT })).await.0, 204);
    let openid = RESIDENT.to_owned();
    let items = vec![RevokedItem::PhoneNumber];
    let revoked = Event::AuthorisationRevoked { openid: openid.clone(), items };
    assert_eq!(wire.pushed_to(APP_ID), [revoked, Event::ProfileCleaned { openid }]);
}

#[tokio::test]
async fn who_leaves_wechat_is_gone_from_every_account() {
    let wire = Wire::set().await;
    wire.wechat().grant(RESIDENT, ONCE);
    let there = wire.wechat().follow(RESIDENT, None).unwrap();
    let _ = wire.wechat().take_pushes();

    assert_eq!(wire.ask("/phone/close-account", &json!({ "openid": there })).await.0, 204);
    wire.wechat().close_account(RESIDENT);

    let pushes = wire.look("/sandbox/pushes").await;
    let told: Vec<_> =
        pushes["items"].as_array().unwrap().iter().map(|push| push["app_id"].as_str().unwrap()).collect();
    assert_eq!(told, [APP_ID, SERVICE]);
    let message = &pushes["items"][1]["message"];
    assert_eq!((&message["Event"], &message["OpenID"]), (&json!("user_authorization_cancellation"), &json!(there)));
    assert_eq!(wire.post(Endpoint::SubscribeSend, &once()).await["errcode"], 40003);
    assert!(wire.wechat().phones()[0].closed);
}

#[tokio::test]
async fn whoever_pushes_waits_for_something_to_push() {
    let wire = Wire::set().await;
    let waiting = tokio::spawn({
        let wechat = wire.wechat().clone();
        async move { wechat.next_pushes().await }
    });
    tokio::task::yield_now().await;
    wire.wechat().revoke(RESIDENT, 6);
    assert_eq!(waiting.await.unwrap().len(), 1);
    assert!(wire.wechat().pending_pushes().is_empty());
}

#[tokio::test]
async fn the_page_gets_phones_and_the_accounts_they_may_deal_with() {
    let wire = Wire::set().await;
    let view = wire.look("/sandbox/view").await;
    assert_eq!(view["phones"][0]["label"], "居民王阿姨");
    assert_eq!(view["accounts"][0]["templates"][0]["title"], "诉求受理通知");
    assert_eq!(view["accounts"][2]["kind"], "service_account");
    let printed = view.to_string();
    assert!(!printed.contains(crate::stage::SECRET) && !printed.contains(crate::wire::ROBOT));
}
