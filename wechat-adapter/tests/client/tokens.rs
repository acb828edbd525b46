//! Several clients over one store, as several processes are.

use futures_util::future::join_all;
use serde_json::json;
use wechat_adapter::{AccessToken, Endpoint, ErrorClass, MiniProgram, TokenStore, WecomReceivers, WecomText};
use wiremock::matchers::{body_partial_json, method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::stub::{Stub, TOKEN};

fn templates() -> serde_json::Value {
    json!({ "errcode": 0, "errmsg": "ok", "data": [] })
}

/// A token that WeChat has forgotten and every process still believes in.
async fn plant_a_dead_token(stub: &Stub) {
    let dead = AccessToken::new("dead".into(), "2999-01-01T00:00:00Z".parse().unwrap());
    stub.store.put("wx1", &dead).await.unwrap();
}

#[tokio::test]
async fn five_processes_replace_a_dead_token_with_one_call() {
    let stub = Stub::start().await;
    stub.answers_to(TOKEN, "GET", Endpoint::TemplateList, templates()).await;
    plant_a_dead_token(&stub).await;
    let clients: Vec<_> = (0..5).map(|_| stub.mini_program()).collect();

    let outcomes = join_all(clients.iter().map(MiniProgram::templates)).await;

    assert!(outcomes.iter().all(Result::is_ok));
    let asked = stub.bodies(Endpoint::StableToken).await;
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0]["force_refresh"], false);
}

#[tokio::test]
async fn a_token_that_is_handed_out_again_is_forced_once() {
    let stub = Stub::start().await;
    stub.answers_to("token-1", "GET", Endpoint::TemplateList, templates()).await;
    let forced = json!({ "access_token": "token-1", "expires_in": 7200 });
    Mock::given(method("POST"))
        .and(path(Endpoint::StableToken.path()))
        .and(body_partial_json(json!({ "force_refresh": true })))
        .respond_with(ResponseTemplate::new(200).set_body_json(forced))
        .with_priority(1)
        .mount(&stub.server)
        .await;
    let clients: Vec<_> = (0..5).map(|_| stub.mini_program()).collect();

    let outcomes = join_all(clients.iter().map(MiniProgram::templates)).await;

    assert!(outcomes.iter().all(Result::is_ok));
    let forced = stub.bodies(Endpoint::StableToken).await.iter().filter(|body| body["force_refresh"] == true).count();
    assert_eq!(forced, 1);
}

#[tokio::test]
async fn a_token_that_is_always_refused_is_a_token_error_after_one_retry() {
    let stub = Stub::start().await;
    stub.answers("GET", Endpoint::TemplateList, json!({ "errcode": 42001, "errmsg": "expired rid: 1-2-3" })).await;
    let client = stub.mini_program();

    // WeChat ignores the forced refresh and repeats its token: there is nothing to retry with.
    let error = client.templates().await.unwrap_err();
    assert_eq!((error.class(), error.errcode()), (ErrorClass::Token, Some(42001)));
    assert_eq!(stub.calls(Endpoint::TemplateList).await.len(), 1);

    // The next force is not due for thirty seconds.
    client.templates().await.unwrap_err();
    let forced = stub.bodies(Endpoint::StableToken).await.iter().filter(|body| body["force_refresh"] == true).count();
    assert_eq!(forced, 1);
}

#[tokio::test]
async fn accounts_share_a_store_and_no_token() {
    let stub = Stub::start().await;
    stub.answers("GET", Endpoint::TemplateList, templates()).await;
    stub.answers("GET", Endpoint::FollowerInfo, json!({ "subscribe": 0, "openid": "os1" })).await;
    stub.answers("POST", Endpoint::WecomMessage, json!({ "errcode": 0, "errmsg": "ok", "msgid": "m1" })).await;

    stub.mini_program().templates().await.unwrap();
    stub.service_account().follower("os1").await.unwrap();
    stub.wecom().send_text(&WecomText::new(WecomReceivers::everyone(), "新工单")).await.unwrap();

    let apps: Vec<_> = stub.bodies(Endpoint::StableToken).await.iter().map(|body| body["appid"].clone()).collect();
    assert_eq!(apps, ["wx1", "wx-service"]);
    assert_eq!(stub.calls(Endpoint::WecomToken).await.len(), 1);
    for key in ["wx1", "wx-service", "wecom:ww1:7"] {
        assert!(stub.store.get(key).await.unwrap().is_some(), "{key}");
    }
}
