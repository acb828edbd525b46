//! Whatever WeChat repeats to us, an error shows none of it.

use serde_json::json;
use wechat_adapter::{
    ContentScene, Endpoint, MediaCheck, MediaKind, RobotText, TemplateMessage, TextCheck, WechatError, WecomReceivers,
    WecomRobot, WecomText,
};

use crate::stub::{SECRET, Stub, TOKEN};

/// Names everything that was sent, as an unkind server would.
const CHATTY: &str =
    "bad: token-0 the-app-secret openid-of-wang https://a.cn/1.png?sig=s 13800000001 the-robot-key wang";

fn assert_hides(error: &WechatError, private: &[&str]) {
    let printed = format!("{error} {error:?}");
    assert_eq!(error.errcode(), Some(40097), "{printed}");
    for private in private.iter().chain(&["127.0.0.1", "access_token"]) {
        assert!(!printed.contains(private), "{private} in {printed}");
    }
}

async fn chatty(verb: &str, endpoint: Endpoint) -> Stub {
    let stub = Stub::start().await;
    stub.answers(verb, endpoint, json!({ "errcode": 40097, "errmsg": CHATTY })).await;
    stub
}

#[tokio::test]
async fn content_checks() {
    let stub = chatty("POST", Endpoint::TextCheck).await;
    let text = TextCheck::new("openid-of-wang", ContentScene::Forum, "谢谢");
    assert_hides(&stub.mini_program().check_text(&text).await.unwrap_err(), &[TOKEN, "openid-of-wang"]);

    let stub = chatty("POST", Endpoint::MediaCheck).await;
    let url = "https://a.cn/1.png?sig=s";
    let media = MediaCheck::new("openid-of-wang", ContentScene::Forum, MediaKind::Image, url);
    assert_hides(&stub.mini_program().check_media(&media).await.unwrap_err(), &[TOKEN, "openid-of-wang", "sig=s"]);
}

#[tokio::test]
async fn the_service_account() {
    let stub = chatty("POST", Endpoint::ServiceTemplateSend).await;
    let message = TemplateMessage::new("openid-of-wang", "t1");
    assert_hides(&stub.service_account().send_template(&message).await.unwrap_err(), &[TOKEN, "openid-of-wang"]);

    let stub = chatty("GET", Endpoint::FollowerInfo).await;
    assert_hides(&stub.service_account().follower("openid-of-wang").await.unwrap_err(), &[TOKEN, "openid-of-wang"]);
}

#[tokio::test]
async fn wecom() {
    let stub = chatty("POST", Endpoint::WecomMessage).await;
    let text = WecomText::new(WecomReceivers::users(["wang"]), "新工单");
    assert_hides(&stub.wecom().send_text(&text).await.unwrap_err(), &[TOKEN, "wang"]);

    let stub = chatty("POST", Endpoint::WecomRobot).await;
    let robot = WecomRobot::at(&stub.server.uri(), "the-robot-key".into()).unwrap();
    let text = RobotText::new("新工单").with_mobiles(["13800000001"]);
    assert_hides(&robot.send_text(&text).await.unwrap_err(), &["the-robot-key", "13800000001"]);
    assert!(!format!("{robot:?}").contains("the-robot-key"));
}

#[tokio::test]
async fn debug_of_the_clients() {
    let stub = Stub::start().await;
    let printed = format!("{:?} {:?} {:?}", stub.mini_program(), stub.service_account(), stub.wecom());
    assert!(!printed.contains(SECRET));
}
