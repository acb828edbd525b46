//! How much one person or one address may ask for in a short time.

use futures_util::future::join_all;
use serde_json::json;
use tests::{Client, Reply, on_both};

/// So many requests at once.
async fn flood(client: &Client, path: &str, count: usize) -> Vec<Reply> {
    join_all((0..count).map(|_| client.get(path).into_future())).await
}

fn refused(replies: &[Reply]) -> Vec<&Reply> {
    replies.iter().filter(|reply| reply.status == 429).collect()
}

fn as_delivered(settings: &mut api::config::Settings) {
    settings.limits = api::config::Limits::default();
}

/// A burst of five, and then so little that no slow machine makes the test flicker.
fn five_for_a_person(settings: &mut api::config::Settings) {
    (settings.limits.person_burst, settings.limits.person_per_second) = (5, 1);
}

fn five_for_strangers(settings: &mut api::config::Settings) {
    (settings.limits.anonymous_burst, settings.limits.anonymous_per_second) = (5, 1);
}

on_both! {
    async fn two_hundred_requests_in_a_second_are_too_many(app: &TestApp) with as_delivered {
        let wang = app.sign_in("demo-xy-wang").await;
        let li = app.sign_in("demo-xy-li").await;
        let replies = flood(&wang, "/v1/me", 200).await;
        let refused = refused(&replies);
        assert!(refused.len() > 10 && refused.len() <= 110, "{} of 200", refused.len());
        for reply in refused {
            reply.refused(429, "too_many_requests");
            let seconds: u64 = reply.header("retry-after").and_then(|s| s.parse().ok()).expect("seconds");
            assert!((1..=10).contains(&seconds), "{reply}");
        }
        assert!(replies.iter().all(|reply| [200, 429].contains(&reply.status)));
        // A neighbour in the same house, behind the same address, notices nothing.
        li.get("/v1/me").await.ok();
    }

    async fn a_refused_request_changes_nothing(app: &TestApp) with five_for_a_person {
        let wang = app.sign_in("demo-xy-wang").await;
        let orders = join_all((0..20).map(|_| wang.post("/v1/orders").json(&tests::kerb()).into_future())).await;
        let placed = orders.iter().filter(|reply| reply.status == 201).count();
        assert!((5..20).contains(&placed), "{placed}");
        assert_eq!(app.database.count("orders").await, placed);
    }

    async fn strangers_share_what_an_address_may_ask(app: &TestApp) with five_for_strangers {
        let replies = flood(&app.anonymous(), "/v1/communities", 20).await;
        assert!((1..=15).contains(&refused(&replies).len()));
        app.try_sign_in("made-up").await.refused(429, "too_many_requests");
        // What somebody writes into a header is not an address.
        let ask = app.anonymous().get("/v1/communities").header("x-forwarded-for", "203.0.113.7");
        ask.await.refused(429, "too_many_requests");
    }

    async fn operators_are_always_answered(app: &TestApp) with five_for_strangers {
        flood(&app.anonymous(), "/v1/communities", 20).await;
        for path in ["/healthz", "/readyz", "/metrics"] {
            let replies = flood(&app.anonymous(), path, 20).await;
            assert!(replies.iter().all(|reply| reply.status == 200), "{path}");
        }
        assert_eq!(app.anonymous().get("/healthz").await.ok(), json!({ "status": "ok" }));
    }
}
