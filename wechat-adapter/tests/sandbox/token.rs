use std::sync::Arc;

use wechat_adapter::sandbox::Fault;
use wechat_adapter::{Endpoint, ErrorClass};

use crate::stage::{ACCEPTED, RESIDENT, Stage, accepted_message, client_of, refused};

#[tokio::test]
async fn twenty_sends_at_once_fetch_one_token() {
    let stage = Stage::set().await;
    for _ in 0..20 {
        stage.wechat().grant(RESIDENT, ACCEPTED);
    }
    let wechat = stage.wechat().clone();
    let client = Arc::new(stage.client);
    let sends: Vec<_> = (0..20)
        .map(|_| {
            let client = Arc::clone(&client);
            tokio::spawn(async move { client.send_subscribe(&accepted_message()).await })
        })
        .collect();
    for send in sends {
        send.await.unwrap().unwrap();
    }

    assert_eq!(wechat.calls_to(Endpoint::StableToken), 1);
    assert_eq!(wechat.messages_of(RESIDENT).len(), 20);
}

#[tokio::test]
async fn an_expired_token_is_replaced_with_one_retry() {
    let stage = Stage::set().await;
    stage.client.templates().await.unwrap();
    // Only WeChat's clock moves: the client still believes in its token.
    stage.wechat_clock.advance_seconds(3 * 3600);

    stage.client.templates().await.unwrap();

    assert_eq!(stage.wechat().calls_to(Endpoint::StableToken), 2);
    assert_eq!(stage.wechat().calls_to(Endpoint::TemplateList), 3);
}

#[tokio::test]
async fn a_token_killed_by_a_forced_refresh_is_replaced_as_well() {
    let stage = Stage::set().await;
    stage.client.templates().await.unwrap();
    stage.wechat().revoke_tokens();

    stage.client.templates().await.unwrap();

    assert_eq!(stage.wechat().calls_to(Endpoint::StableToken), 2);
}

#[tokio::test]
async fn a_token_that_stays_refused_is_not_tried_a_third_time() {
    let stage = Stage::set().await;
    stage.wechat().fault(Fault::errcode(Endpoint::TemplateList, 40001).times(10));

    let error = stage.client.templates().await.unwrap_err();

    assert_eq!(error.class(), ErrorClass::Token);
    assert_eq!(stage.wechat().calls_to(Endpoint::TemplateList), 2);
    // The first; the same once more; another by force.
    assert_eq!(stage.wechat().calls_to(Endpoint::StableToken), 3);
}

#[tokio::test]
async fn a_token_is_renewed_in_its_last_five_minutes() {
    let stage = Stage::set().await;
    let both_clocks_advance = |seconds| {
        stage.wechat_clock.advance_seconds(seconds);
        stage.client_clock.advance_seconds(seconds);
    };
    stage.client.templates().await.unwrap();
    both_clocks_advance(7200 - 301);
    stage.client.templates().await.unwrap();
    assert_eq!(stage.wechat().calls_to(Endpoint::StableToken), 1);

    both_clocks_advance(1);
    stage.client.templates().await.unwrap();
    assert_eq!(stage.wechat().calls_to(Endpoint::StableToken), 2);
    assert_eq!(stage.wechat().calls_to(Endpoint::TemplateList), 3);
}

#[tokio::test]
async fn a_refused_secret_ends_the_call_before_it_is_made() {
    let stage = Stage::set().await;
    let client = client_of(&stage.sandbox, "wrong");

    let error = client.templates().await.unwrap_err();

    assert_eq!(error.class(), ErrorClass::Operator);
    assert_eq!(refused(error).endpoint, Endpoint::StableToken);
    assert_eq!(stage.wechat().calls_to(Endpoint::TemplateList), 0);
}
