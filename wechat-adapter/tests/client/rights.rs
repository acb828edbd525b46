//! Content checks, codes, links, quotas, and the service account.

use serde_json::{Value, json};
use wechat_adapter::{
    ContentScene, Endpoint, ErrorClass, MediaCheck, MediaKind, Phrase, Suggest, TemplateMessage, TextCheck, Thing,
    UnlimitedCode, UrlLink, WechatError,
};
use wiremock::matchers::{body_partial_json, body_string_contains, method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::stub::{Stub, TOKEN, pair, query};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

fn verdict(suggest: &str, label: i64, trace: &str) -> Value {
    json!({ "errcode": 0, "errmsg": "ok", "trace_id": trace, "result": { "suggest": suggest, "label": label } })
}

/// Judges a piece by the word in it.
async fn judge(stub: &Stub, word: &str, priority: u8, answer: Value) {
    Mock::given(method("POST"))
        .and(path(Endpoint::TextCheck.path()))
        .and(body_string_contains(word))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .with_priority(priority)
        .mount(&stub.server)
        .await;
}

#[tokio::test]
async fn of_a_long_text_the_worst_piece_counts() {
    let stub = Stub::start().await;
    judge(&stub, "广告", 1, verdict("review", 10001, "second")).await;
    judge(&stub, "字", 5, verdict("pass", 100, "other")).await;
    let text = format!("{}广告{}", "字".repeat(3000), "字".repeat(3000));

    let verdict = stub.mini_program().check_text(&TextCheck::new("o1", ContentScene::Forum, text)).await.unwrap();

    assert_eq!((verdict.suggest, verdict.trace_id.as_str()), (Suggest::Review, "second"));
    assert_eq!(stub.calls(Endpoint::TextCheck).await.len(), 3);
}

#[tokio::test]
async fn after_a_risky_piece_nothing_more_is_asked() {
    let stub = Stub::start().await;
    judge(&stub, "字", 5, verdict("risky", 20001, "first")).await;
    let text = TextCheck::new("o1", ContentScene::Forum, "字".repeat(9000));

    let verdict = stub.mini_program().check_text(&text).await.unwrap();

    assert_eq!(verdict.suggest, Suggest::Risky);
    assert_eq!(stub.calls(Endpoint::TextCheck).await.len(), 1);
}

#[tokio::test]
async fn without_a_verdict_a_text_does_not_pass() {
    let stub = Stub::start().await;
    stub.answers("POST", Endpoint::TextCheck, json!({ "errcode": 0, "errmsg": "ok" })).await;
    let text = TextCheck::new("o1", ContentScene::Comment, "谢谢");
    let error = stub.mini_program().check_text(&text).await.unwrap_err();
    assert!(matches!(error, WechatError::Answer { .. }));
}

#[tokio::test]
async fn an_author_who_was_away_has_to_come_back() {
    let stub = Stub::start().await;
    stub.answers("POST", Endpoint::TextCheck, json!({ "errcode": 61010, "errmsg": "code is expired" })).await;
    let text = TextCheck::new("o1", ContentScene::Comment, "谢谢");
    let error = stub.mini_program().check_text(&text).await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::User);
}

#[tokio::test]
async fn a_file_is_judged_later_under_its_trace_id() {
    let stub = Stub::start().await;
    stub.answers("POST", Endpoint::MediaCheck, json!({ "errcode": 0, "errmsg": "ok", "trace_id": "m-1" })).await;
    let media = MediaCheck::new("o1", ContentScene::Forum, MediaKind::Image, "https://a.cn/1.png");
    assert_eq!(stub.mini_program().check_media(&media).await.unwrap(), "m-1");
}

#[tokio::test]
async fn a_code_is_an_image_whatever_its_content_type() {
    let stub = Stub::start().await;
    Mock::given(path(Endpoint::UnlimitedCode.path()))
        .and(body_partial_json(json!({ "scene": "p=7", "page": "pages/place" })))
        .respond_with(ResponseTemplate::new(200).set_body_raw(PNG, "application/json"))
        .mount(&stub.server)
        .await;
    let code = UnlimitedCode::new("p=7").with_page("pages/place");
    assert_eq!(stub.mini_program().unlimited_code(&code).await.unwrap(), PNG);
}

#[tokio::test]
async fn a_refused_code_says_why_even_as_plain_text() {
    let stub = Stub::start().await;
    let refusal = r#"{"errcode":41030,"errmsg":"invalid page rid: 1-2-3"}"#;
    Mock::given(path(Endpoint::UnlimitedCode.path()))
        .respond_with(ResponseTemplate::new(200).set_body_raw(refusal, "text/plain"))
        .mount(&stub.server)
        .await;
    let error = stub.mini_program().unlimited_code(&UnlimitedCode::new("7")).await.unwrap_err();
    assert_eq!((error.errcode(), error.class()), (Some(41030), ErrorClass::Operator));
}

#[tokio::test]
async fn a_code_is_asked_for_again_with_a_new_token() {
    let stub = Stub::start().await;
    let refusal = json!({ "errcode": 40001, "errmsg": "invalid credential" });
    Mock::given(path(Endpoint::UnlimitedCode.path()))
        .respond_with(ResponseTemplate::new(200).set_body_json(refusal))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&stub.server)
        .await;
    Mock::given(path(Endpoint::StableToken.path()))
        .and(body_partial_json(json!({ "force_refresh": true })))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({ "access_token": "token-1", "expires_in": 7200 })),
        )
        .with_priority(1)
        .mount(&stub.server)
        .await;
    Mock::given(path(Endpoint::UnlimitedCode.path()))
        .respond_with(ResponseTemplate::new(200).set_body_bytes(PNG))
        .mount(&stub.server)
        .await;

    assert_eq!(stub.mini_program().unlimited_code(&UnlimitedCode::new("7")).await.unwrap(), PNG);

    let calls = stub.calls(Endpoint::UnlimitedCode).await;
    let tokens: Vec<_> = calls.iter().flat_map(query).map(|(_, token)| token).collect();
    assert_eq!(tokens, [TOKEN, "token-1"]);
}

#[tokio::test]
async fn a_link_is_made() {
    let stub = Stub::start().await;
    stub.answers("POST", Endpoint::UrlLink, json!({ "errcode": 0, "url_link": "https://wxaurl.cn/x" })).await;
    assert_eq!(stub.mini_program().url_link(&UrlLink::new()).await.unwrap(), "https://wxaurl.cn/x");
}

#[tokio::test]
async fn a_quota_is_asked_for_by_the_calls_path() {
    let stub = Stub::start().await;
    let answer = json!({
        "errcode": 0, "quota": { "daily_limit": 1000, "used": 1, "remain": 999 },
        "rate_limit": { "call_count": 100, "refresh_second": 60 },
    });
    stub.answers("POST", Endpoint::Quota, answer).await;

    let quota = stub.mini_program().quota(Endpoint::SubscribeSend).await.unwrap();

    assert_eq!((quota.daily_limit, quota.used, quota.remain), (1000, 1, 999));
    assert_eq!(quota.rate.unwrap().call_count, 100);
    assert_eq!(stub.bodies(Endpoint::Quota).await, [json!({ "cgi_path": "/cgi-bin/message/subscribe/send" })]);
    for without in [Endpoint::CodeToSession, Endpoint::WecomMessage] {
        assert!(stub.service_account().quota(without).await.is_err());
    }
    assert_eq!(stub.calls(Endpoint::Quota).await.len(), 1);
}

#[tokio::test]
async fn a_service_account_sends_and_knows_its_followers() {
    let stub = Stub::start().await;
    let taken = json!({ "errcode": 0, "errmsg": "ok", "msgid": 1_864_323_726_461_255_681_i64 });
    stub.answers("POST", Endpoint::ServiceTemplateSend, taken).await;
    stub.answers("GET", Endpoint::FollowerInfo, json!({ "subscribe": 1, "openid": "os1", "unionid": "u1" })).await;
    let account = stub.service_account();
    let message = TemplateMessage::new("os1", "t1")
        .with(Thing::new("路灯").unwrap().keyed(2))
        .with(Phrase::new("已派单").unwrap().keyed(3))
        .with_client_msg_id("notice-42");

    let sent = account.send_template(&message).await.unwrap();
    let follower = account.follower("os1").await.unwrap();

    assert_eq!(sent.msgid.as_deref(), Some("1864323726461255681"));
    assert_eq!(follower.unionid.as_deref(), Some("u1"));
    assert_eq!(stub.bodies(Endpoint::ServiceTemplateSend).await[0]["client_msg_id"], "notice-42");
    let asked = query(&stub.calls(Endpoint::FollowerInfo).await[0]);
    assert_eq!(asked, [pair("openid", "os1"), pair("lang", "zh_CN"), pair("access_token", TOKEN)]);
    assert_eq!(stub.bodies(Endpoint::StableToken).await[0]["appid"], "wx-service");
}

#[tokio::test]
async fn who_does_not_follow_gets_no_template_message() {
    let stub = Stub::start().await;
    let refusal = json!({ "errcode": 43004, "errmsg": "require subscribe" });
    stub.answers("POST", Endpoint::ServiceTemplateSend, refusal).await;
    let error = stub.service_account().send_template(&TemplateMessage::new("os1", "t1")).await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::User);
    assert!(!error.retryable() && !error.outcome_unknown());
}
