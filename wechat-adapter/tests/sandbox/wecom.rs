use serde_json::{Value, json};
use wechat_adapter::Endpoint;

use crate::stage::SECRET;
use crate::wire::{CORP, ROBOT, Wire, text};

async fn token(wire: &Wire, corp_id: &str, secret: &str) -> Value {
    let query = format!("{}?corpid={corp_id}&corpsecret={secret}", Endpoint::WecomToken.path());
    wire.look(&query).await
}

async fn send(wire: &Wire, body: &Value) -> Value {
    wire.http.post(wire.signed_by_corp().await).json(body).send().await.unwrap().json().await.unwrap()
}

async fn robot(wire: &Wire, key: &str, body: &Value) -> Value {
    wire.ask(&format!("{}?key={key}", Endpoint::WecomRobot.path()), body).await.1
}

#[tokio::test]
async fn the_corporation_gets_the_same_token_until_it_ages() {
    let wire = Wire::set().await;
    let first = token(&wire, CORP, SECRET).await;
    assert_eq!(token(&wire, CORP, SECRET).await["access_token"], first["access_token"]);
    assert_eq!(token(&wire, "ww-none", SECRET).await["errcode"], 40013);
    assert_eq!(token(&wire, CORP, "wrong").await["errcode"], 40001);

    wire.clock.advance_seconds(7200);
    let path = format!("{}?access_token={}", Endpoint::WecomMessage.path(), first["access_token"].as_str().unwrap());
    assert_eq!(wire.ask(&path, &text("Li")).await.1["errcode"], 42001);
}

#[tokio::test]
async fn some_strangers_among_the_receivers_are_no_error() {
    let wire = Wire::set().await;
    let sent = send(&wire, &text("li|Nobody|zhao")).await;
    assert_eq!((&sent["errcode"], &sent["invaliduser"]), (&json!(0), &json!("nobody")));
    assert_eq!(wire.wechat().messages_of("Li").len(), 1);
    assert_eq!(send(&wire, &text("Nobody")).await["errcode"], 81013);
    assert_eq!(send(&wire, &text("@all")).await["errcode"], 0);
    assert_eq!(wire.wechat().messages_of("zhao").len(), 2);
}

#[tokio::test]
async fn departments_and_tags_are_none_here() {
    let wire = Wire::set().await;
    let mut body = text("Li");
    body["toparty"] = json!("7|8");
    let sent = send(&wire, &body).await;
    assert_eq!((&sent["errcode"], &sent["invalidparty"], &sent["invalidtag"]), (&json!(0), &json!("7|8"), &json!("")));
    body["touser"] = json!("");
    assert_eq!(send(&wire, &body).await["errcode"], 81013);
}

#[tokio::test]
async fn an_address_that_is_not_trusted_sends_nothing() {
    let wire = Wire::set().await;
    let list = json!({ "app_id": CORP, "allowed_ips": [] });
    assert_eq!(wire.ask("/sandbox/accounts", &list).await.0, 204);
    assert_eq!(send(&wire, &text("Li")).await["errcode"], 60020);
    wire.wechat().allow_ips(CORP, None).unwrap();
    assert_eq!(send(&wire, &text("Li")).await["errcode"], 0);
}

#[tokio::test]
async fn bytes_agent_and_type_are_checked() {
    let wire = Wire::set().await;
    let changed = |change: fn(&mut Value)| {
        let mut body = text("Li");
        change(&mut body);
        body
    };
    let cases = [
        (changed(|body| body["agentid"] = json!(7)), 40056),
        (changed(|body| body["msgtype"] = json!("poem")), 40008),
        (changed(|body| body["text"]["content"] = json!("")), 44004),
        // 683 Chinese characters are 2049 bytes.
        (changed(|body| body["text"]["content"] = json!("水".repeat(683))), 45002),
    ];
    for (body, errcode) in cases {
        assert_eq!(send(&wire, &body).await["errcode"], errcode, "{body}");
    }
}

#[tokio::test]
async fn a_repeat_within_the_interval_is_not_shown_again() {
    let wire = Wire::set().await;
    let mut body = text("Li");
    body["enable_duplicate_check"] = json!(1);
    body["duplicate_check_interval"] = json!(60);
    for seconds in [0, 59, 1] {
        wire.clock.advance_seconds(seconds);
        assert_eq!(send(&wire, &body).await["errcode"], 0);
    }
    assert_eq!(wire.wechat().messages_of("Li").len(), 2);
}

#[tokio::test]
async fn beyond_thirty_a_minute_to_one_member_is_dropped_without_a_word() {
    let wire = Wire::set().await;
    for _ in 0..31 {
        assert_eq!(send(&wire, &text("Li")).await["errcode"], 0);
    }
    assert_eq!(wire.wechat().messages_of("Li").len(), 30);
}

#[tokio::test]
async fn a_robot_speaks_twenty_times_a_minute() {
    let wire = Wire::set().await;
    let markdown = json!({ "msgtype": "markdown", "markdown": { "content": "**紧急** 三号楼漏水" } });
    for _ in 0..20 {
        assert_eq!(robot(&wire, ROBOT, &markdown).await["errcode"], 0);
    }
    assert_eq!(robot(&wire, ROBOT, &markdown).await["errcode"], 45009);
    wire.clock.advance_seconds(60);
    assert_eq!(robot(&wire, ROBOT, &markdown).await["errcode"], 0);
    assert_eq!(wire.wechat().messages_of("值班群").len(), 21);
    assert_eq!(robot(&wire, "no-key", &markdown).await["errcode"], 93000);

    let long = |bytes: usize| json!({ "msgtype": "markdown", "markdown": { "content": "x".repeat(bytes) } });
    assert_eq!(robot(&wire, ROBOT, &long(4096)).await["errcode"], 0);
    assert_eq!(robot(&wire, ROBOT, &long(4097)).await["errcode"], 45002);
}
