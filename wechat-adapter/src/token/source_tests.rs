//! Several processes, each with a source of its own, over one store.

use std::sync::Mutex as Locked;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use async_trait::async_trait;
use chrono::DateTime;
use futures_util::future::join_all;
use secrecy::ExposeSecret;

use super::*;
use crate::endpoint::Endpoint;
use crate::error::TransportCause;
use crate::token::{MemoryTokenStore, TokenAnswer};

/// WeChat as far as tokens go.
#[derive(Default)]
struct Wechat {
    /// The token is this number in words: `token-0`, `token-1`, …
    token: AtomicU32,
    asked: Locked<Vec<Mode>>,
    /// Requests that get no answer.
    failures: AtomicU32,
}

impl Wechat {
    fn asked(&self) -> Vec<Mode> {
        self.asked.lock().unwrap().clone()
    }

    fn revoke(&self) {
        self.token.fetch_add(1, Ordering::SeqCst);
    }
}

struct Line {
    wechat: Arc<Wechat>,
    can_force: bool,
}

#[async_trait]
impl Issuer for Line {
    async fn issue(&self, mode: Mode) -> Result<TokenAnswer, WechatError> {
        self.wechat.asked.lock().unwrap().push(mode);
        sleep(Duration::from_millis(200)).await;
        if self.wechat.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            let cause = TransportCause::Timeout;
            return Err(WechatError::Transport { endpoint: Endpoint::StableToken, cause, source: None });
        }
        if mode == Mode::Forced {
            self.wechat.revoke();
        }
        let token = format!("token-{}", self.wechat.token.load(Ordering::SeqCst));
        Ok(TokenAnswer { access_token: token.into(), expires_in: 7200 })
    }

    fn can_force(&self) -> bool {
        self.can_force
    }

    fn early(&self) -> TimeDelta {
        if self.can_force { TimeDelta::minutes(5) } else { TimeDelta::zero() }
    }
}

struct Town {
    wechat: Arc<Wechat>,
    store: Arc<MemoryTokenStore>,
    seconds: Arc<AtomicI64>,
    processes: Vec<TokenSource>,
}

impl Town {
    fn of(processes: usize) -> Self {
        let wechat = Arc::new(Wechat::default());
        let store = Arc::new(MemoryTokenStore::default());
        let seconds = Arc::new(AtomicI64::new(1_795_395_600));
        let process = |_| {
            let issuer = Box::new(Line { wechat: Arc::clone(&wechat), can_force: true });
            let seconds = Arc::clone(&seconds);
            let clock: Clock = Arc::new(move || DateTime::from_timestamp(seconds.load(Ordering::SeqCst), 0).unwrap());
            TokenSource::new("wx1".into(), issuer, Arc::clone(&store) as Arc<dyn TokenStore>, clock)
        };
        let processes = (0..processes).map(process).collect();
        Self { wechat, store, seconds, processes }
    }

    async fn all_current(&self) -> Vec<AccessToken> {
        join_all(self.processes.iter().map(TokenSource::current)).await.into_iter().map(Result::unwrap).collect()
    }

    async fn all_replace(&self, refused: &AccessToken) -> Vec<Option<AccessToken>> {
        let replaced = join_all(self.processes.iter().map(|process| process.replace(refused))).await;
        replaced.into_iter().map(Result::unwrap).collect()
    }
}

fn words(token: &AccessToken) -> &str {
    token.value().expose_secret()
}

#[tokio::test(start_paused = true)]
async fn five_processes_fetch_their_first_token_with_one_call() {
    let town = Town::of(5);
    let tokens = town.all_current().await;
    assert!(tokens.iter().all(|token| words(token) == "token-0"));
    assert_eq!(town.wechat.asked(), [Mode::Normal]);
}

#[tokio::test(start_paused = true)]
async fn five_processes_replace_a_dead_token_with_one_call() {
    let town = Town::of(5);
    let dead = town.processes[0].current().await.unwrap();
    town.wechat.revoke();

    let replaced = town.all_replace(&dead).await;

    assert!(replaced.iter().flatten().all(|token| words(token) == "token-1"));
    assert_eq!(replaced.iter().flatten().count(), 5);
    assert_eq!(town.wechat.asked(), [Mode::Normal, Mode::Normal]);
}

#[tokio::test(start_paused = true)]
async fn where_normal_mode_insists_on_the_refused_token_one_process_forces_another() {
    let town = Town::of(5);
    let refused = town.processes[0].current().await.unwrap();

    let replaced = town.all_replace(&refused).await;

    assert!(replaced.iter().flatten().all(|token| words(token) == "token-1"));
    assert_eq!(replaced.iter().flatten().count(), 5);
    assert_eq!(town.wechat.asked(), [Mode::Normal, Mode::Normal, Mode::Forced]);
}

#[tokio::test(start_paused = true)]
async fn forcing_is_rationed_across_processes() {
    let town = Town::of(2);
    for turn in 0..12 {
        let process = &town.processes[turn % 2];
        let refused = process.current().await.unwrap();
        let replaced = process.replace(&refused).await.unwrap();
        assert_eq!(replaced.is_some(), turn < 10, "{turn}");

        let once_more = town.processes[(turn + 1) % 2].replace(&replaced.unwrap_or(refused)).await.unwrap();
        assert!(once_more.is_none(), "within thirty seconds");
        town.seconds.fetch_add(30, Ordering::SeqCst);
    }
    let forced = town.wechat.asked().iter().filter(|mode| **mode == Mode::Forced).count();
    assert_eq!(forced, 10);
}

#[tokio::test(start_paused = true)]
async fn an_issuer_without_force_is_not_forced() {
    let mut town = Town::of(1);
    town.processes[0].issuer = Box::new(Line { wechat: Arc::clone(&town.wechat), can_force: false });
    let refused = town.processes[0].current().await.unwrap();
    assert!(town.processes[0].replace(&refused).await.unwrap().is_none());
    assert_eq!(town.wechat.asked(), [Mode::Normal, Mode::Normal]);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_died_in_its_turn_costs_the_others_one_lease() {
    let town = Town::of(3);
    town.store.claim("wx1", Duration::from_secs(3600)).await.unwrap().unwrap();
    let started = Instant::now();
    let tokens = town.all_current().await;
    assert!(tokens.iter().all(|token| words(token) == "token-0"));
    assert!(started.elapsed() < LEASE + Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn the_next_in_line_asks_again_after_a_failure() {
    let town = Town::of(3);
    town.wechat.failures.store(1, Ordering::SeqCst);

    let outcomes = join_all(town.processes.iter().map(TokenSource::current)).await;

    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_err()).count(), 1);
    assert_eq!(town.wechat.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn many_tasks_of_one_process_do_not_queue_for_an_absent_wechat() {
    let town = Town::of(1);
    town.wechat.failures.store(1000, Ordering::SeqCst);
    let started = Instant::now();

    let outcomes = join_all((0..200).map(|_| town.processes[0].current())).await;

    assert!(outcomes.iter().all(Result::is_err));
    assert!(started.elapsed() < LEASE + Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn accounts_do_not_share_a_token() {
    let town = Town::of(2);
    let other = TokenSource { key: "wecom:corp:7".into(), ..Town::of(1).processes.remove(0) };
    let other = TokenSource { store: Arc::clone(&town.store) as Arc<dyn TokenStore>, ..other };
    town.wechat.revoke();
    assert_eq!(words(&town.processes[0].current().await.unwrap()), "token-1");
    assert_eq!(words(&other.current().await.unwrap()), "token-0");
    assert_eq!(words(&town.processes[1].current().await.unwrap()), "token-1");
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_when_the_next_one_can_be_had() {
    for (can_force, last_second) in [(true, 7200 - 301), (false, 7199)] {
        let mut town = Town::of(1);
        town.processes[0].issuer = Box::new(Line { wechat: Arc::clone(&town.wechat), can_force });
        let process = &town.processes[0];
        process.current().await.unwrap();
        town.seconds.fetch_add(last_second, Ordering::SeqCst);
        process.current().await.unwrap();
        assert_eq!(town.wechat.asked().len(), 1);

        town.seconds.fetch_add(1, Ordering::SeqCst);
        process.current().await.unwrap();
        assert_eq!(town.wechat.asked().len(), 2);
    }
}
