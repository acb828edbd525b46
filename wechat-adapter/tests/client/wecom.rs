use serde_json::json;
use wechat_adapter::{
    Endpoint, ErrorClass, RobotText, WecomApp, WecomConfig, WecomReceivers, WecomRobot, WecomText, WecomTextCard,
};

use crate::stub::{SECRET, Stub, TOKEN, pair, query};

fn to_wang() -> WecomReceivers {
    WecomReceivers::users(["wang", "li"])
}

#[tokio::test]
async fn an_app_gets_its_token_by_corp_and_secret() {
    let stub = Stub::start().await;
    stub.answers("POST", Endpoint::WecomMessage, json!({ "errcode": 0, "errmsg": "ok", "msgid": "m1" })).await;

    let card = WecomTextCard::new(to_wang(), "新工单", "东门路灯", "https://a.cn/42");
    let sent = stub.wecom().send_text_card(&card).await.unwrap();

    assert!(sent.reached_everyone());
    let asked = query(&stub.calls(Endpoint::WecomToken).await[0]);
    assert_eq!(asked, [pair("corpid", "ww1"), pair("corpsecret", SECRET)]);
    assert_eq!(query(&stub.calls(Endpoint::WecomMessage).await[0]), [pair("access_token", TOKEN)]);
    assert_eq!(stub.bodies(Endpoint::WecomMessage).await[0]["agentid"], 7);
}

#[tokio::test]
async fn a_part_of_the_receivers_may_be_missed() {
    let stub = Stub::start().await;
    let answer = json!({ "errcode": 0, "errmsg": "ok", "invaliduser": "li", "unlicenseduser": "wang", "msgid": "m1" });
    stub.answers("POST", Endpoint::WecomMessage, answer).await;
    let sent = stub.wecom().send_text(&WecomText::new(to_wang(), "新工单")).await.unwrap();
    assert_eq!(
        (sent.invalid_users.as_slice(), sent.unlicensed_users.as_slice()),
        (&["li".into()][..], &["wang".into()][..])
    );
}

#[tokio::test]
async fn nobody_reached_is_an_error() {
    let stub = Stub::start().await;
    stub.answers("POST", Endpoint::WecomMessage, json!({ "errcode": 81013, "errmsg": "all invalid" })).await;
    let error = stub.wecom().send_text(&WecomText::new(to_wang(), "新工单")).await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::User);
}

#[tokio::test]
async fn a_refused_wecom_token_is_asked_for_again_but_never_forced() {
    let stub = Stub::start().await;
    stub.answers("POST", Endpoint::WecomMessage, json!({ "errcode": 42001, "errmsg": "expired" })).await;
    let error = stub.wecom().send_text(&WecomText::new(to_wang(), "新工单")).await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::Token);
    assert_eq!(stub.calls(Endpoint::WecomToken).await.len(), 2);
    assert_eq!(stub.calls(Endpoint::WecomMessage).await.len(), 1);
}

#[tokio::test]
async fn a_robot_is_known_by_its_key() {
    let stub = Stub::start().await;
    stub.answers("POST", Endpoint::WecomRobot, json!({ "errcode": 0, "errmsg": "ok" })).await;
    let robot = WecomRobot::at(&stub.server.uri(), "the-robot-key".into()).unwrap();

    robot.send_text(&RobotText::new("新工单").with_everyone()).await.unwrap();
    robot.send_markdown("**新工单** <@wang>").await.unwrap();

    let calls = stub.calls(Endpoint::WecomRobot).await;
    assert!(calls.iter().all(|call| query(call) == [pair("key", "the-robot-key")]));
    let bodies = stub.bodies(Endpoint::WecomRobot).await;
    assert_eq!(bodies[0]["text"]["mentioned_list"], json!(["@all"]));
    assert_eq!(bodies[1], json!({ "msgtype": "markdown", "markdown": { "content": "**新工单** <@wang>" } }));
}

#[test]
fn a_key_or_secret_never_leaves_the_machine_in_clear() {
    assert!(WecomRobot::at("http://qyapi.weixin.qq.com", "k".into()).is_err());
    let config = WecomConfig::new("ww1", SECRET.into(), 7).with_base_url("http://qyapi.weixin.qq.com");
    assert!(WecomApp::new(config, std::sync::Arc::new(wechat_adapter::MemoryTokenStore::default())).is_err());
}
