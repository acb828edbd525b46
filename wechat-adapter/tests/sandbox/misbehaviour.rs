use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wechat_adapter::Endpoint;
use wechat_adapter::sandbox::{BadShares, Harm, Misbehaviour};

use crate::stage::{APP_ID, RESIDENT};
use crate::wire::{ONCE, Wire, once};

const SEND: &str = "/cgi-bin/message/subscribe/send";

async fn misbehaving(api: &str, harm: &str) -> Wire {
    let wire = Wire::set().await;
    wire.wechat().grant(RESIDENT, ONCE);
    let plan = json!({ "seed": 1, "shares": { harm: 1.0 }, "apis": [api] });
    assert_eq!(wire.ask("/sandbox/misbehave", &plan).await.0, 204);
    wire
}

async fn inflicted(wire: &Wire) -> Value {
    wire.look("/sandbox/misbehave").await["inflicted"].clone()
}

#[tokio::test]
async fn refusals_by_chance_do_nothing_and_are_nobodys_mistake() {
    for (harm, errcode) in [("busy", -1), ("quota", 45009)] {
        let wire = misbehaving(SEND, harm).await;
        assert_eq!(wire.post(Endpoint::SubscribeSend, &once()).await["errcode"], errcode);
        assert!(wire.wechat().deliveries().is_empty());
        assert!(wire.wechat().unexpected().is_empty());
        assert_eq!(inflicted(&wire).await, json!({ harm: 1 }));
    }
}

#[tokio::test]
async fn getting_a_token_may_fail_by_chance() {
    for (harm, errcode) in [("frozen_secret", 40243), ("ip_refused", 40164)] {
        let wire = misbehaving("/cgi-bin/stable_token", harm).await;
        assert_eq!(wire.token_of(APP_ID).await["errcode"], errcode);
    }
}

#[tokio::test]
async fn an_answer_may_be_no_answer() {
    let wire = misbehaving(SEND, "http_500").await;
    let response = wire.send(APP_ID, Endpoint::SubscribeSend, &once()).await.unwrap();
    assert_eq!(response.status(), 500);

    let wire = misbehaving(SEND, "garbage").await;
    let response = wire.send(APP_ID, Endpoint::SubscribeSend, &once()).await.unwrap();
    assert!(response.text().await.unwrap().starts_with("<html>"));
    assert!(wire.wechat().deliveries().is_empty());
}

#[tokio::test]
async fn a_cut_connection_does_not_tell_whether_the_thing_was_done() {
    for (harm, done) in [("cut_before", 0), ("cut_after", 1)] {
        let wire = misbehaving(SEND, harm).await;
        let outcome = match wire.send(APP_ID, Endpoint::SubscribeSend, &once()).await {
            Ok(response) => response.bytes().await.map(|_| ()),
            Err(error) => Err(error),
        };
        assert!(outcome.is_err(), "{harm}");
        assert_eq!(wire.wechat().deliveries().len(), done, "{harm}");
    }
}

#[tokio::test]
async fn a_token_that_died_is_replaced_by_the_next() {
    let wire = misbehaving(SEND, "expired_token").await;
    let before = wire.token_of(APP_ID).await;
    assert_eq!(wire.post(Endpoint::SubscribeSend, &once()).await["errcode"], 42001);
    assert_ne!(wire.token_of(APP_ID).await["access_token"], before["access_token"]);
    wire.wechat().behave();
    assert_eq!(wire.post(Endpoint::SubscribeSend, &once()).await["errcode"], 0);
}

#[tokio::test]
async fn latency_delays_a_true_answer() {
    let wire = Wire::set().await;
    wire.wechat().grant(RESIDENT, ONCE);
    let plan = json!({ "shares": { "latency": 1.0 }, "latency_ms": 30, "apis": [SEND] });
    wire.ask("/sandbox/misbehave", &plan).await;
    let start = Instant::now();
    assert_eq!(wire.post(Endpoint::SubscribeSend, &once()).await["errcode"], 0);
    assert!(start.elapsed() >= Duration::from_millis(30));
}

#[tokio::test]
async fn a_seed_makes_the_same_run_again() {
    let run = async || {
        let wire = Wire::set().await;
        let shares = BTreeMap::from([(Harm::Busy, 0.3), (Harm::Quota, 0.2)]);
        let endpoints = [Endpoint::TemplateList].into();
        wire.wechat().misbehave(Misbehaviour { seed: 42, shares, endpoints, ..Misbehaviour::default() }).unwrap();
        let mut errcodes = Vec::new();
        for _ in 0..40 {
            errcodes.push(wire.get_as(APP_ID, Endpoint::TemplateList, &[]).await["errcode"].as_i64().unwrap());
        }
        (errcodes, wire.wechat().inflicted())
    };
    let (errcodes, counts) = run().await;
    let count = |errcode| errcodes.iter().filter(|own| **own == errcode).count();
    assert_eq!(counts[&Harm::Busy], count(-1) as u64);
    assert_eq!(counts[&Harm::Quota], count(45009) as u64);
    assert!(count(-1) > 0 && count(45009) > 0 && count(0) > 0);
    assert_eq!(run().await, (errcodes, counts));
}

#[tokio::test]
async fn one_harm_may_be_scripted() {
    let wire = Wire::set().await;
    wire.wechat().grant(RESIDENT, ONCE);
    let fault = json!({ "api": SEND, "harm": "cut_after", "times": 1 });
    assert_eq!(wire.ask("/sandbox/faults", &fault).await.0, 204);
    assert!(wire.send(APP_ID, Endpoint::SubscribeSend, &once()).await.is_err());
    assert_eq!(wire.wechat().deliveries().len(), 1);
    // The right is gone with the message that nobody knows of.
    assert_eq!(wire.post(Endpoint::SubscribeSend, &once()).await["errcode"], 43101);
}

#[tokio::test]
async fn plans_that_cannot_be_are_refused() {
    let wire = Wire::set().await;
    for plan in [
        json!({ "shares": { "busy": 0.6, "garbage": 0.6 } }),
        json!({ "shares": { "busy": 2 } }),
        json!({ "shares": { "bad_mood": 0.1 } }),
        json!({ "shares": {}, "apis": ["/no/such"] }),
    ] {
        assert_eq!(wire.ask("/sandbox/misbehave", &plan).await.0, 400, "{plan}");
    }
    let shares = BTreeMap::from([(Harm::Busy, f64::NAN)]);
    assert_eq!(wire.wechat().misbehave(Misbehaviour { shares, ..Misbehaviour::default() }), Err(BadShares));
}

#[tokio::test]
async fn the_client_says_that_the_outcome_is_unknown() {
    let stage = crate::stage::Stage::set().await;
    stage.wechat().grant(RESIDENT, crate::stage::ACCEPTED);
    let shares = BTreeMap::from([(Harm::CutAfter, 1.0)]);
    let endpoints = [Endpoint::SubscribeSend].into();
    stage.wechat().misbehave(Misbehaviour { shares, endpoints, ..Misbehaviour::default() }).unwrap();

    let error = stage.client.send_subscribe(&crate::stage::accepted_message()).await.unwrap_err();

    assert!(error.outcome_unknown());
    assert_eq!(stage.wechat().messages_of(RESIDENT).len(), 1);
    assert_eq!(stage.wechat().calls_to(Endpoint::SubscribeSend), 1);
}
