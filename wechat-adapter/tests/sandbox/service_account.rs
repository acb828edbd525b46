use serde_json::{Value, json};
use wechat_adapter::Endpoint;
use wechat_adapter::callback::{Event, TemplateSendStatus};

use crate::stage::{APP_ID, RESIDENT};
use crate::wire::{SERVICE, Wire, notice};

async fn send(wire: &Wire, body: &Value) -> Value {
    wire.post_as(SERVICE, Endpoint::ServiceTemplateSend, body).await
}

async fn follower(wire: &Wire, openid: &str) -> Value {
    wire.get_as(SERVICE, Endpoint::FollowerInfo, &[("openid", openid), ("lang", "zh_CN")]).await
}

#[tokio::test]
async fn only_followers_get_messages() {
    let wire = Wire::set().await;
    let there = wire.wechat().openid_in(RESIDENT, SERVICE).unwrap();
    assert_eq!(send(&wire, &notice(&there)).await["errcode"], 43004);

    wire.wechat().follow(RESIDENT, None).unwrap();
    let sent = send(&wire, &notice(&there)).await;
    assert_eq!(sent["errcode"], 0);
    assert_eq!(wire.wechat().messages_of(&there)[0].account, "西苑社区");

    wire.wechat().unfollow(RESIDENT, None).unwrap();
    assert_eq!(send(&wire, &notice(&there)).await["errcode"], 43004);
    let finished = Event::TemplateSendFinished {
        openid: there.clone(),
        msgid: sent["msgid"].to_string(),
        status: TemplateSendStatus::Success,
    };
    let followed = Event::Followed { openid: there.clone(), scene: None };
    assert_eq!(wire.pushed_to(SERVICE), [followed, finished, Event::Unfollowed { openid: there }]);
}

#[tokio::test]
async fn who_blocks_follows_but_gets_nothing() {
    let wire = Wire::set().await;
    let there = wire.wechat().follow(RESIDENT, None).unwrap();
    let _ = wire.wechat().take_pushes();
    assert_eq!(wire.ask("/phone/block", &json!({ "openid": RESIDENT })).await, (200, json!({ "openid": there })));
    assert!(wire.wechat().phones()[0].accounts[1].blocking);

    let sent = send(&wire, &notice(&there)).await;
    assert_eq!(sent["errcode"], 0);
    assert!(wire.wechat().messages_of(&there).is_empty());
    let (msgid, status) = (sent["msgid"].to_string(), TemplateSendStatus::UserBlocked);
    let failed = Event::TemplateSendFinished { openid: there.clone(), msgid, status };
    assert_eq!(wire.pushed_to(SERVICE), [failed]);

    wire.ask("/phone/unblock", &json!({ "openid": RESIDENT })).await;
    send(&wire, &notice(&there)).await;
    assert_eq!(wire.wechat().messages_of(&there).len(), 1);
}

#[tokio::test]
async fn the_openid_of_a_mini_program_is_none_here() {
    let wire = Wire::set().await;
    wire.wechat().follow(RESIDENT, None).unwrap();
    assert_eq!(send(&wire, &notice(RESIDENT)).await["errcode"], 40003);
    assert_eq!(follower(&wire, RESIDENT).await["errcode"], 40003);
}

#[tokio::test]
async fn an_id_of_the_clients_is_sent_once_in_ten_minutes() {
    let wire = Wire::set().await;
    let there = wire.wechat().follow(RESIDENT, None).unwrap();
    let mut message = notice(&there);
    message["client_msg_id"] = json!("order-42");

    let first = send(&wire, &message).await;
    wire.clock.advance_seconds(599);
    assert_eq!(send(&wire, &message).await["msgid"], first["msgid"]);
    assert_eq!(wire.wechat().messages_of(&there).len(), 1);

    wire.clock.advance_seconds(1);
    assert_ne!(send(&wire, &message).await["msgid"], first["msgid"]);
    assert_eq!(wire.wechat().messages_of(&there).len(), 2);
}

#[tokio::test]
async fn values_keep_to_their_keywords() {
    let wire = Wire::set().await;
    let there = wire.wechat().follow(RESIDENT, None).unwrap();
    let cases =
        [("thing1", "二十个字以上的内容在公众号里也是不行的请写得短一些"), ("time2", "明天"), ("const3", "停气")];
    for (key, value) in cases {
        let mut message = notice(&there);
        message["data"][key]["value"] = json!(value);
        let refused = send(&wire, &message).await;
        assert_eq!(refused["errcode"], 47003);
        assert!(refused["errmsg"].as_str().unwrap().contains(key));
    }
}

#[tokio::test]
async fn a_card_leads_to_a_mini_program_of_the_same_owner() {
    let wire = Wire::set().await;
    let there = wire.wechat().follow(RESIDENT, None).unwrap();
    let mut message = notice(&there);
    message["url"] = json!("https://example.test/");
    message["miniprogram"] = json!({ "appid": APP_ID, "pagepath": "pages/index" });
    send(&wire, &message).await;
    let [arrived] = &*wire.wechat().messages_of(&there) else { panic!("expected one message") };
    assert_eq!((arrived.page.as_deref(), arrived.url.as_deref()), (Some("pages/index"), None));

    message["miniprogram"]["appid"] = json!("wx-foreign");
    assert_eq!(send(&wire, &message).await["errcode"], 40013);
}

#[tokio::test]
async fn a_follower_is_joined_by_unionid_and_others_show_nothing() {
    let wire = Wire::set().await;
    let there = wire.wechat().openid_in(RESIDENT, SERVICE).unwrap();
    let stranger = follower(&wire, &there).await;
    assert_eq!(stranger["subscribe"], 0);
    assert!(stranger.get("unionid").is_none());

    let scan = json!({ "openid": RESIDENT, "scene": "building-3" });
    assert_eq!(wire.ask("/phone/scan", &scan).await.1["openid"], json!(there));
    let known = follower(&wire, &there).await;
    assert_eq!(known["unionid"], json!(wire.wechat().phones()[0].unionid));
    assert_eq!(known["qr_scene_str"], "building-3");

    wire.ask("/phone/scan", &scan).await;
    let followed = Event::Followed { openid: there.clone(), scene: Some("building-3".into()) };
    let scanned = Event::Scanned { openid: there, scene: "building-3".into() };
    assert_eq!(wire.pushed_to(SERVICE), [followed, scanned]);
}
