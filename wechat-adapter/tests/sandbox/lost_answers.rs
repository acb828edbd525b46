//! A message may be on the phone although the caller saw nothing of it.

use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Value, json};
use wechat_adapter::Endpoint;
use wechat_adapter::sandbox::{Fault, Harm};

use crate::stage::{APP_ID, RESIDENT};
use crate::wire::{ONCE, SERVICE, Wire, notice, once, text};

/// Each call that sends to a person, signed and with its body.
async fn sends(wire: &Wire) -> [(Endpoint, String, Value); 3] {
    wire.wechat().grant(RESIDENT, ONCE);
    let follower = wire.wechat().follow(RESIDENT, None).unwrap();
    [
        (Endpoint::SubscribeSend, wire.signed(APP_ID, Endpoint::SubscribeSend).await, once()),
        (Endpoint::ServiceTemplateSend, wire.signed(SERVICE, Endpoint::ServiceTemplateSend).await, notice(&follower)),
        (Endpoint::WecomMessage, wire.signed_by_corp().await, text("Li")),
    ]
}

/// With a patience of 100 ms.
async fn impatiently(url: &str, body: &Value) -> reqwest::Result<Value> {
    let client = Client::builder().no_proxy().timeout(Duration::from_millis(100)).build().unwrap();
    client.post(url).json(body).send().await?.json().await
}

/// What arrived, once it is as much as is wanted.
async fn arrivals(wire: &Wire, wanted: usize) -> usize {
    let start = Instant::now();
    while wire.wechat().deliveries().len() < wanted && start.elapsed() < Duration::from_secs(5) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    wire.wechat().deliveries().len()
}

#[tokio::test]
async fn an_answer_is_lost_after_the_message_arrived() {
    let wire = Wire::set().await;
    for (place, (endpoint, url, body)) in sends(&wire).await.into_iter().enumerate() {
        wire.wechat().fault(Fault::lost_answer(endpoint));
        assert!(impatiently(&url, &body).await.is_err(), "{endpoint}");
        assert_eq!(arrivals(&wire, place + 1).await, place + 1, "{endpoint}");
    }
}

#[tokio::test]
async fn an_answer_comes_too_late_for_a_message_that_arrived() {
    let wire = Wire::set().await;
    for (place, (endpoint, url, body)) in sends(&wire).await.into_iter().enumerate() {
        wire.wechat().fault(Fault::late_answer(endpoint, Duration::from_secs(60)));
        assert!(impatiently(&url, &body).await.unwrap_err().is_timeout(), "{endpoint}");
        assert_eq!(arrivals(&wire, place + 1).await, place + 1, "{endpoint}");
    }
}

#[tokio::test]
async fn a_call_that_hangs_is_done_at_last_although_nobody_waits() {
    let wire = Wire::set().await;
    for (place, (endpoint, url, body)) in sends(&wire).await.into_iter().enumerate() {
        wire.wechat().fault(Fault::delay(endpoint, Duration::from_millis(500)));
        assert!(impatiently(&url, &body).await.unwrap_err().is_timeout(), "{endpoint}");
        assert_eq!(wire.wechat().deliveries().len(), place, "{endpoint}");
        assert_eq!(arrivals(&wire, place + 1).await, place + 1, "{endpoint}");
    }
}

#[tokio::test]
async fn a_call_may_hang_and_come_to_nothing() {
    let wire = Wire::set().await;
    let [(endpoint, url, body), ..] = sends(&wire).await;
    wire.wechat().fault(Fault::harm(endpoint, Harm::CutBefore).after(Duration::from_millis(120)));
    assert!(impatiently(&url, &body).await.unwrap_err().is_timeout());
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert!(wire.wechat().deliveries().is_empty());
    assert_eq!(wire.post(endpoint, &body).await["errcode"], 0);
}

#[tokio::test]
async fn late_answers_may_be_scripted_over_http() {
    let wire = Wire::set().await;
    let [(endpoint, url, body), ..] = sends(&wire).await;
    let fault = json!({ "api": endpoint.path(), "answer_delay_ms": 60_000, "times": 1 });
    assert_eq!(wire.ask("/sandbox/faults", &fault).await.0, 204);
    assert!(impatiently(&url, &body).await.unwrap_err().is_timeout());
    assert_eq!(arrivals(&wire, 1).await, 1);
}
