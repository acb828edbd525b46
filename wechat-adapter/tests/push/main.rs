//! The sandbox pushes to a server that answers as it is told, over real HTTP
//! on a loopback port.

#![expect(clippy::unwrap_used, reason = "a stage that cannot be set fails its test")]

mod server;

use std::time::Duration;

use chrono::{DateTime, Utc};
use wechat_adapter::callback::seal::{Format, Mode};
use wechat_adapter::callback::{Callback, CallbackConfig, Event, RevokedItem};
use wechat_adapter::sandbox::push::{PushOutcome, PushTarget, PushTargetError, Pusher};

use crate::server::{Answer, Server};

/// 2026-11-23 09:00 in Beijing.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_395_600, 0).unwrap()
}

fn config() -> CallbackConfig {
    CallbackConfig {
        app_id: "wx-hongguanjia".into(),
        token: "community-token".into(),
        encoding_aes_key: Some("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG".into()),
        require_encryption: false,
    }
}

fn target(url: &str) -> PushTarget {
    PushTarget { retry_delays: vec![Duration::ZERO; 3], ..PushTarget::new(url, config()) }
}

fn revoked() -> Event {
    Event::AuthorisationRevoked { openid: "openid-resident".into(), items: vec![RevokedItem::PhoneNumber] }
}

async fn pusher_and_server(answers: Vec<Answer>) -> (Pusher, Server) {
    let server = Server::start(Callback::new(config()).unwrap(), now(), answers).await;
    (Pusher::new(target(server.url())).unwrap(), server)
}

#[tokio::test]
async fn what_is_taken_is_pushed_once() {
    for answer in [Answer::Words(200, "success"), Answer::Words(200, "")] {
        let (pusher, server) = pusher_and_server(vec![answer]).await;
        let pushed = pusher.push(&revoked(), now()).await;
        assert_eq!((pushed.tries, pushed.outcome), (1, PushOutcome::Taken));
        assert_eq!(pusher.pushed(), [pushed]);
        let opened = server.opened();
        assert_eq!(opened.len(), 1);
        assert_eq!(opened[0].event, revoked());
        assert_eq!(opened[0].created_at, now());
    }
}

#[tokio::test]
async fn every_format_and_mode_arrives() {
    for format in [Format::Json, Format::Xml] {
        for mode in [Mode::Plain, Mode::Compatible, Mode::Safe] {
            let server = Server::start(Callback::new(config()).unwrap(), now(), Vec::new()).await;
            let pusher = Pusher::new(PushTarget { format, mode, ..target(server.url()) }).unwrap();
            assert_eq!(pusher.push(&revoked(), now()).await.outcome, PushOutcome::Taken);
            assert_eq!(server.opened()[0].event, revoked());
        }
    }
}

#[tokio::test]
async fn repetitions_carry_the_same_id() {
    let (pusher, server) = pusher_and_server(vec![Answer::Words(500, ""), Answer::Words(200, "ok")]).await;
    let pushed = pusher.push(&revoked(), now()).await;
    assert_eq!((pushed.tries, pushed.outcome), (3, PushOutcome::Taken));
    let opened = server.opened();
    assert_eq!(opened.len(), 3);
    assert!(opened.iter().all(|push| push.id == opened[0].id));
}

#[tokio::test]
async fn after_four_tries_wechat_gives_up() {
    for (answer, outcome) in [
        (Answer::Words(500, ""), PushOutcome::Status(500)),
        (Answer::Words(302, ""), PushOutcome::Status(302)),
        (Answer::Words(200, "{\"ok\":true}"), PushOutcome::OtherWords),
    ] {
        let (pusher, server) = pusher_and_server(vec![answer; 4]).await;
        let pushed = pusher.push(&revoked(), now()).await;
        assert_eq!((pushed.tries, pushed.outcome), (4, outcome));
        assert_eq!(server.opened().len(), 4);
    }
}

#[tokio::test]
async fn who_says_nothing_is_asked_again() {
    let server = Server::start(Callback::new(config()).unwrap(), now(), vec![Answer::Silence]).await;
    let target = PushTarget { answer_within: Duration::from_secs(1), ..target(server.url()) };
    let pushed = Pusher::new(target).unwrap().push(&revoked(), now()).await;
    assert_eq!((pushed.tries, pushed.outcome), (2, PushOutcome::Taken));

    let silent = Server::start(Callback::new(config()).unwrap(), now(), vec![Answer::Silence]).await;
    let target = PushTarget {
        answer_within: Duration::from_millis(50),
        retry_delays: Vec::new(),
        ..PushTarget::new(silent.url(), config())
    };
    let pushed = Pusher::new(target).unwrap().push(&revoked(), now()).await;
    assert_eq!((pushed.tries, pushed.outcome), (1, PushOutcome::TimedOut));
}

#[tokio::test]
async fn nobody_there_is_an_outcome_too() {
    // Port 1 of the loopback address: nothing listens there.
    let pusher = Pusher::new(target("http://127.0.0.1:1/wechat")).unwrap();
    let pushed = pusher.push(&revoked(), now()).await;
    assert_eq!((pushed.tries, pushed.outcome), (4, PushOutcome::Unreachable));
    assert!(!pusher.verify(now()).await);
}

#[tokio::test]
async fn the_address_is_verified_as_the_console_does() {
    let (pusher, server) = pusher_and_server(Vec::new()).await;
    assert!(pusher.verify(now()).await);
    let other = CallbackConfig { token: "another".into(), ..config() };
    let stranger = Pusher::new(PushTarget::new(server.url(), other)).unwrap();
    assert!(!stranger.verify(now()).await);
}

#[test]
fn what_can_never_arrive_is_told_at_once() {
    let refused = |target| Pusher::new(target).err().unwrap();
    assert!(matches!(refused(target("not a url")), PushTargetError::Url));
    let keyless = CallbackConfig { encoding_aes_key: None, ..config() };
    let keyless = PushTarget { mode: Mode::Safe, ..PushTarget::new("http://127.0.0.1:1", keyless) };
    assert!(matches!(refused(keyless), PushTargetError::Config(_)));
}
