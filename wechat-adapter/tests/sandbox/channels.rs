//! One person's phone, whichever way a message comes.

use serde_json::{Value, json};
use wechat_adapter::Endpoint;
use wechat_adapter::sandbox::{Channel, Fault, UnknownAccount};

use crate::stage::{APP_ID, RESIDENT};
use crate::wire::{AGENT, CORP, ONCE, ROBOT, SERVICE, Wire, notice, once, text};

async fn wecom(wire: &Wire, body: &Value) -> Value {
    wire.http.post(wire.signed_by_corp().await).json(body).send().await.unwrap().json().await.unwrap()
}

/// Somebody of the staff, who got one message each way.
async fn reached() -> (Wire, String) {
    let wire = Wire::set().await;
    wire.wechat().join(RESIDENT, CORP, "li").unwrap();
    wire.wechat().grant(RESIDENT, ONCE);
    let follower = wire.wechat().follow(RESIDENT, None).unwrap();
    wire.post(Endpoint::SubscribeSend, &once()).await;
    wire.post_as(SERVICE, Endpoint::ServiceTemplateSend, &notice(&follower)).await;
    wecom(&wire, &text("Li")).await;
    (wire, follower)
}

#[tokio::test]
async fn a_phone_shows_every_channel_whichever_openid_is_asked_for() {
    let (wire, follower) = reached().await;
    for openid in [RESIDENT, &follower, "Li"] {
        let messages = wire.wechat().messages_of(openid);
        let from: Vec<_> = messages.iter().map(|message| (message.channel, message.app_id.as_str())).collect();
        assert_eq!(
            from,
            [(Channel::Subscribe, APP_ID), (Channel::ServiceAccount, SERVICE), (Channel::Wecom, CORP)],
            "{openid}"
        );
        assert_eq!(messages[2].agent_id, Some(AGENT));
    }
    assert_eq!(wire.wechat().deliveries()[1].channel, Channel::ServiceAccount);
}

#[tokio::test]
async fn one_accounts_messages_may_be_asked_for() {
    let (wire, _) = reached().await;
    let all = wire.look(&format!("/phone/messages?openid={RESIDENT}")).await;
    let channels: Vec<_> = all["items"].as_array().unwrap().iter().map(|item| &item["channel"]).collect();
    assert_eq!(channels, ["subscribe", "service_account", "wecom"]);

    let ours = wire.look(&format!("/phone/messages?openid={RESIDENT}&app_id={CORP}")).await;
    assert_eq!(ours["items"].as_array().unwrap().len(), 1);
    let unknown = wire.url(&format!("/phone/messages?openid={RESIDENT}&app_id=wx-none"));
    assert_eq!(wire.http.get(unknown).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_member_becomes_the_person_with_all_that_reached_them() {
    let wire = Wire::set().await;
    wecom(&wire, &text("Li")).await;
    let phones = wire.wechat().phones().len();
    assert_eq!(wire.wechat().join(RESIDENT, CORP, "nobody"), Err(UnknownAccount));

    wire.wechat().join(RESIDENT, CORP, "LI").unwrap();
    wire.wechat().join(RESIDENT, CORP, "Li").unwrap();

    assert_eq!(wire.wechat().phones().len(), phones - 1);
    assert_eq!(wire.wechat().messages_of(RESIDENT).len(), 1);
    // Those who became known later are still themselves.
    wecom(&wire, &text("zhao")).await;
    let zhao = wire.wechat().phones().into_iter().find(|phone| phone.label == "赵主任").unwrap();
    assert_eq!((zhao.openid.as_str(), zhao.messages.len()), ("zhao", 1));
    assert_eq!(wire.wechat().messages_of(RESIDENT).len(), 1);
}

#[tokio::test]
async fn a_robots_message_is_no_apps() {
    let wire = Wire::set().await;
    let body = json!({ "msgtype": "text", "text": { "content": "三号楼漏水" } });
    wire.ask(&format!("{}?key={ROBOT}", Endpoint::WecomRobot.path()), &body).await;
    let [told] = &*wire.wechat().messages_of("值班群") else { panic!("expected one message") };
    assert_eq!((told.channel, told.agent_id), (Channel::Wecom, None));
}

#[tokio::test]
async fn every_channel_can_be_made_to_refuse() {
    let (wire, follower) = reached().await;
    let faults =
        [(Endpoint::SubscribeSend, 43101), (Endpoint::ServiceTemplateSend, 48002), (Endpoint::WecomMessage, 60020)];
    for (endpoint, errcode) in faults {
        wire.wechat().fault(Fault::errcode(endpoint, errcode).times(2));
    }
    for _ in 0..2 {
        assert_eq!(wire.post(Endpoint::SubscribeSend, &once()).await["errcode"], 43101);
        let refused = wire.post_as(SERVICE, Endpoint::ServiceTemplateSend, &notice(&follower)).await;
        assert_eq!(refused["errcode"], 48002);
        assert_eq!(wecom(&wire, &text("Li")).await["errcode"], 60020);
    }
    assert_eq!(wecom(&wire, &text("Li")).await["errcode"], 0);
    assert_eq!(wire.wechat().deliveries().len(), 4);
}
