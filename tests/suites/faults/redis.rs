//! Redis is emptied, killed and started again while two servers take two thousand orders and two workers tell of them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::iter;
use serde_json::{Value, json};
use tests::{ACCEPTED, Ask, Backend, Client, Program, TestApp, run_on};
use tokio::process::{Child, Command};

const ORDERS: usize = 2_000;
const RESIDENTS: usize = 40;
/// Requests at a time.
const AT_ONCE: usize = 16;
/// No order waits for Redis longer than this, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// A Redis of this test's own, which nobody else misses.
struct OwnRedis {
    port: u16,
    server: Child,
}

impl OwnRedis {
    async fn start(port: u16) -> Self {
        let port_text = port.to_string();
        let server = Command::new("redis-server")
            .args(["--port", &port_text, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("redis-server, which tests/servers installs");
        let own = Self { port, server };
        while own.ask("PING").await.is_err() {
            tokio::task::yield_now().await;
        }
        own
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    async fn ask(&self, command: &str) -> redis::RedisResult<String> {
        let client = redis::Client::open(self.url())?;
        redis::cmd(command).query_async(&mut client.get_multiplexed_async_connection().await?).await
    }

    async fn dies(mut self) -> u16 {
        self.server.kill().await.expect("dead");
        self.port
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port()
}

/// Asks again under the same key where the connection broke, as phones do.
async fn answer(ask: impl Fn() -> Ask) -> Value {
    loop {
        if let Ok(reply) = ask().send().await {
            return reply.ok();
        }
    }
}

/// Places an emergency, of which is told day and night, and has it accepted; how long the slower of both took.
async fn one_order(n: usize, resident: &Client, clerk: &Client) -> Duration {
    let started = Instant::now();
    let gas = tests::order_in("XY", "repair", "楼道里有很浓的煤气味");
    let order = answer(|| resident.post("/v1/orders").key(&format!("place-{n}")).json(&gas)).await;
    let placed = started.elapsed();
    let accept = format!("/v1/orders/{}/accept", tests::id(&order));
    answer(|| clerk.post(&accept).key(&format!("accept-{n}")).json(&json!({}))).await;
    placed.max(started.elapsed() - placed)
}

/// How often each order's resident has each of these, by channel and kind.
async fn told(app: &TestApp) -> BTreeMap<String, usize> {
    let rows = "SELECT kind || ' ' || channel || ' ' || state FROM deliveries WHERE side = 'resident'";
    let mut counts = BTreeMap::new();
    for row in app.database.texts(rows).await {
        *counts.entry(row).or_default() += 1;
    }
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn emptied_killed_and_started_again_nothing_is_missing_and_nothing_comes_twice() {
    let nothing_else = |settings: &mut api::config::Settings| settings.wechat.check_content = false;
    run_on(Backend::Postgres, nothing_else, async |app: &TestApp| {
        let redis = OwnRedis::start(free_port()).await;
        let mut environment = app.environment().await;
        environment.retain(|(name, _)| name != "HGJ_REDIS_URL");
        environment.push(("HGJ_REDIS_URL".into(), redis.url()));
        environment.push(("HGJ_WECHAT__CHECK_CONTENT".into(), "false".into()));

        let servers = [Program::serve_alone(&environment).await, Program::serve_alone(&environment).await];
        let workers = [Program::start(&environment, &["worker"]), Program::start(&environment, &["worker"])];
        let clerk = app.sign_in_at(&servers[1], "demo-xy-clerk").await;
        let mut residents = Vec::new();
        for n in 0..RESIDENTS {
            let openid = format!("resident-{n}");
            residents.push(app.sign_in_at(&servers[0], &openid).await);
            (0..ORDERS / RESIDENTS).for_each(|_| app.agrees_to(&openid, ACCEPTED));
        }
        app.pass_on().await;

        let done = Arc::new(AtomicUsize::new(0));
        let placing = iter(0..ORDERS).map(|n| {
            // Either half of an order goes to another server.
            let (resident, clerk, done) = (residents[n % RESIDENTS].clone(), clerk.clone(), done.clone());
            async move {
                let took = one_order(n, &resident, &clerk).await;
                done.fetch_add(1, Ordering::SeqCst);
                took
            }
        });
        let reached = async |count| {
            while done.load(Ordering::SeqCst) < count {
                tokio::task::yield_now().await;
            }
        };
        let mischief = async {
            reached(ORDERS / 4).await;
            redis.ask("FLUSHALL").await.expect("emptied");
            reached(ORDERS / 2).await;
            let port = redis.dies().await;
            reached(ORDERS * 3 / 4).await;
            OwnRedis::start(port).await
        };
        let (slowest, redis) =
            tokio::join!(placing.buffer_unordered(AT_ONCE).fold(Duration::ZERO, async |a, b| a.max(b)), mischief);
        assert!(slowest < PATIENCE, "an order waited for Redis: {slowest:?}");

        while app.waiting().await > 0 {}
        let all = [
            ("accepted inbox delivered", ORDERS),
            ("accepted subscribe delivered", ORDERS),
            ("received inbox delivered", ORDERS),
        ];
        assert_eq!(told(app).await, all.map(|(what, count)| (what.to_owned(), count)).into());
        let numbers: Vec<String> =
            residents.iter().flat_map(|r| app.messages_of(&r.openid)).map(|m| m.data[0].value.clone()).collect();
        assert_eq!((numbers.len(), numbers.iter().collect::<BTreeSet<_>>().len()), (ORDERS, ORDERS), "each once");
        for mut worker in workers {
            worker.kill().await.expect("dead");
        }
        for server in servers {
            server.dies().await;
        }
        redis.dies().await;
    })
    .await;
}
