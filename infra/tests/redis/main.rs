//! What several processes share through a real Redis. `HGJ_TEST_REDIS` names one, such as `redis://127.0.0.1:6379`.

#![expect(clippy::expect_used, reason = "a test fails loudly")]

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::ports::{Clock, Ids};
use infra::clock::{SystemClock, SystemIds};
use infra::redis::{Redis, SharedToken};
use infra::worker::Bell;
use tokio_util::sync::CancellationToken;

const ACCOUNT: &str = "wx1";
const LEASE: Duration = Duration::from_secs(60);
const APART: Duration = Duration::from_secs(60);

fn url() -> String {
    std::env::var("HGJ_TEST_REDIS").expect("HGJ_TEST_REDIS must hold the URL of a Redis")
}

/// Two processes with one Redis, in a corner of it that nobody else uses.
async fn two_processes() -> (Redis, Redis) {
    let url = url();
    let prefix = format!("hgj_redis_{}:", SystemIds.at(SystemClock.now()).simple());
    let connect = async || Redis::connect(&url, &prefix).await.expect("a URL of a Redis");
    (connect().await, connect().await)
}

fn token(value: &str) -> SharedToken {
    let expires_at = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(1_795_395_600);
    SharedToken { value: value.into(), expires_at }
}

fn day(of_month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, of_month).expect("a day of November")
}

#[tokio::test]
async fn a_token_is_seen_by_the_other_process_as_it_was_kept() {
    let (one, other) = two_processes().await;
    assert_eq!(other.find_token(ACCOUNT).await.expect("an answer"), None);
    one.keep_token(ACCOUNT, &token("long-ago")).await.expect("kept");
    one.keep_token(ACCOUNT, &token("now")).await.expect("kept");
    assert_eq!(other.find_token(ACCOUNT).await.expect("an answer"), Some(token("now")));
    assert_eq!(other.find_token("wx2").await.expect("an answer"), None);
}

#[tokio::test]
async fn only_the_token_that_was_refused_is_forgotten() {
    let (one, other) = two_processes().await;
    one.keep_token(ACCOUNT, &token("new")).await.expect("kept");
    other.forget_token(ACCOUNT, "old").await.expect("an answer");
    assert_eq!(one.find_token(ACCOUNT).await.expect("an answer"), Some(token("new")));
    other.forget_token(ACCOUNT, "new").await.expect("an answer");
    assert_eq!(one.find_token(ACCOUNT).await.expect("an answer"), None);
}

#[tokio::test]
async fn one_process_has_the_turn_until_it_ends_it() {
    let (one, other) = two_processes().await;
    let turn = one.take_turn(ACCOUNT, LEASE).await.expect("an answer").expect("a turn");
    assert_eq!(other.take_turn(ACCOUNT, LEASE).await.expect("an answer"), None);
    assert!(other.take_turn("wx2", LEASE).await.expect("an answer").is_some());

    one.end_turn(ACCOUNT, turn).await.expect("ended");
    let next = other.take_turn(ACCOUNT, LEASE).await.expect("an answer").expect("a turn");
    assert_ne!(turn, next);
    // The late owner of an earlier turn cannot end this one.
    one.end_turn(ACCOUNT, turn).await.expect("an answer");
    assert_eq!(one.take_turn(ACCOUNT, LEASE).await.expect("an answer"), None);
}

#[tokio::test]
async fn a_turn_that_nobody_ends_runs_out() {
    let (one, other) = two_processes().await;
    one.take_turn(ACCOUNT, Duration::from_millis(1)).await.expect("an answer").expect("a turn");
    while other.take_turn(ACCOUNT, LEASE).await.expect("an answer").is_none() {}
}

#[tokio::test]
async fn renewals_are_counted_for_both_processes_together() {
    let (one, other) = two_processes().await;
    assert!(one.spend_renewal(ACCOUNT, day(23), 2, APART).await.expect("an answer"));
    assert!(!other.spend_renewal(ACCOUNT, day(24), 2, APART).await.expect("an answer"), "too close");
    assert!(other.spend_renewal("wx2", day(23), 2, APART).await.expect("an answer"));
}

#[tokio::test]
async fn a_days_renewals_are_used_up() {
    let (one, other) = two_processes().await;
    let soon = Duration::from_millis(1);
    for _ in 0..2 {
        // Refused only while the one before is less than a millisecond old.
        while !one.spend_renewal(ACCOUNT, day(23), 2, soon).await.expect("an answer") {}
    }
    // So that it is the day's count that refuses, and not the distance.
    tokio::time::sleep(soon * 2).await;
    assert!(!other.spend_renewal(ACCOUNT, day(23), 2, soon).await.expect("an answer"));
    assert!(other.spend_renewal(ACCOUNT, day(24), 2, soon).await.expect("an answer"));
}

#[tokio::test]
async fn the_bell_rings_in_the_other_process_also_when_its_line_was_cut() {
    let (one, other) = two_processes().await;
    let (one, other) = (Bell::new(Some(one)), Bell::new(Some(other)));
    let stop = CancellationToken::new();
    let listening = tokio::spawn(other.clone().listen(stop.clone()));
    let heard = async |why: &str| tokio::time::timeout(Duration::from_secs(20), other.heard()).await.expect(why);
    heard("a line that is new rings once").await;
    one.ring();
    heard("the other process rang").await;

    // Of everybody who listens at this Redis: they all come back.
    let client = redis::Client::open(url()).expect("a URL of a Redis");
    let mut connection = client.get_multiplexed_async_connection().await.expect("a connection");
    let cut = redis::cmd("CLIENT").arg("KILL").arg("TYPE").arg("pubsub").exec_async(&mut connection).await;
    cut.expect("cut");
    heard("a line that is back rings for what was missed").await;
    one.ring();
    heard("it rings again").await;
    stop.cancel();
    listening.await.expect("an end");
}
