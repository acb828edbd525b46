//! Measures how long it takes from an acceptance to the resident's phone, and what messages cost the intake of orders.
//!
//! `FSYNC=on tests/servers run cargo run --release -p tests --bin phone`, after
//! `cargo build --release --bin hongguanjia`; docs/performance.md tells what it said.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::Parser;
use futures_util::future::join_all;
use hdrhistogram::Histogram;
use serde_json::json;
use tests::{ACCEPTED, Backend, Person, Program, TestApp, id, order_in};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

#[derive(Debug, Parser)]
struct Options {
    /// Acceptances in a second
    #[arg(long, default_value_t = 50)]
    rate: u32,
    /// How long acceptances come in, and how long each round of submits takes
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// Rounds of submits with messages and without, in turns; the median counts
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

const RESIDENTS: usize = 200;
/// Connections that submit as fast as they are answered.
const CONNECTIONS: usize = 8;
/// How often the phones are looked at.
const LOOK: Duration = Duration::from_millis(10);

#[tokio::main(worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    ensure!(!cfg!(debug_assertions), "measure with --release");
    println!(
        "| | accept to phone p50 | p99 | most | submits/s without messages | with | share |\n|---|---|---|---|---|---|---|"
    );
    for backend in [Backend::Sqlite, Backend::Postgres] {
        measure(backend, &options).await?;
    }
    Ok(())
}

async fn measure(backend: Backend, options: &Options) -> anyhow::Result<()> {
    let app = TestApp::start(backend, |_| {}).await;
    let seconds = to_phone(&app, options).await?;
    let (without, with) = intake(&app, options).await?;
    let millis = |quantile| seconds.value_at_quantile(quantile) as f64 / 1e3;
    println!(
        "| {backend:?} | {:.0} ms | {:.0} ms | {:.0} ms | {without:.0} | {with:.0} | {:.2} |",
        millis(0.5),
        millis(0.99),
        seconds.max() as f64 / 1e3,
        with / without
    );
    app.finish().await;
    Ok(())
}

/// WeChat's check is another system's time.
async fn environment(app: &TestApp) -> Vec<(String, String)> {
    let mut environment = app.environment().await;
    environment.push(("HGJ_WECHAT__CHECK_CONTENT".to_owned(), "false".to_owned()));
    environment
}

async fn residents(app: &TestApp, program: &Program, count: usize) -> Vec<Person> {
    let mut all = Vec::new();
    for n in 0..count {
        all.push(app.sign_in_at(program, &format!("resident-{n}")).await);
    }
    all
}

/// Microseconds from the answer to an acceptance until the message is on the phone.
async fn to_phone(app: &TestApp, options: &Options) -> anyhow::Result<Histogram<u64>> {
    let program = Program::serve(&environment(app).await).await;
    let residents = residents(app, &program, RESIDENTS).await;
    let clerk = app.sign_in_at(&program, "demo-xy-clerk").await;
    let mut orders = Vec::new();
    for n in 0..usize::try_from(options.rate * options.seconds)? {
        let resident = &residents[n % RESIDENTS];
        app.agrees_to(&resident.openid, ACCEPTED);
        // Of an emergency is told day and night.
        orders.push(resident.places(&order_in("XY", "repair", "楼道里有很浓的煤气味")).await);
    }
    app.pass_on().await;
    while app.waiting().await > 0 {
        sleep(LOOK).await;
    }

    let accepted: Arc<Mutex<HashMap<String, Instant>>> = Arc::default();
    let mut ticks = interval(Duration::from_secs(1) / options.rate);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let expected = orders.len();
    let phones = watch_phones(app, expected);
    let accepting = async {
        let mut under_way = JoinSet::new();
        for order in orders {
            ticks.tick().await;
            let (clerk, accepted) = (clerk.clone(), accepted.clone());
            under_way.spawn(async move {
                clerk.post(&format!("/v1/orders/{}/accept", id(&order))).json(&json!({})).await.ok();
                let number = order["number"].as_str().unwrap_or_default().to_owned();
                accepted.lock().await.insert(number, Instant::now());
            });
        }
        while under_way.join_next().await.is_some() {}
    };
    let (arrived, ()) = tokio::join!(phones, accepting);
    let accepted = accepted.lock().await;
    let mut seconds = Histogram::new(3)?;
    for (number, at) in arrived {
        let since = accepted.get(&number).context("an acceptance")?;
        seconds.record(u64::try_from(at.saturating_duration_since(*since).as_micros())?)?;
    }
    ensure!(seconds.len() == u64::try_from(expected)?, "each order has its message");
    program.is_told_to_stop().await;
    program.ends().await;
    Ok(seconds)
}

/// When the message of each order was first seen on a phone.
async fn watch_phones(app: &TestApp, expected: usize) -> HashMap<String, Instant> {
    let mut arrived = HashMap::new();
    let mut seen = 0;
    while arrived.len() < expected {
        sleep(LOOK).await;
        let all = app.wechat().deliveries();
        let now = Instant::now();
        for delivery in &all[seen..] {
            arrived.entry(delivery.data[0].value.clone()).or_insert(now);
        }
        seen = all.len();
    }
    arrived
}

/// Submits in a second without anybody who passes notices on, and with.
async fn intake(app: &TestApp, options: &Options) -> anyhow::Result<(f64, f64)> {
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        without.push(submits(app, Program::serve_alone(&environment(app).await).await, options).await?);
        with.push(submits(app, Program::serve(&environment(app).await).await, options).await?);
    }
    Ok((median(without), median(with)))
}

async fn submits(app: &TestApp, program: Program, options: &Options) -> anyhow::Result<f64> {
    let residents = residents(app, &program, CONNECTIONS).await;
    let end = Instant::now() + Duration::from_secs(options.seconds.into());
    let start = Instant::now();
    let submitting = residents.iter().map(|resident| async move {
        let mut count = 0_u32;
        while Instant::now() < end {
            resident.places(&tests::kerb()).await;
            count += 1;
        }
        count
    });
    let count: u32 = join_all(submitting).await.into_iter().sum();
    let taken = start.elapsed().as_secs_f64();
    program.is_told_to_stop().await;
    program.ends().await;
    // What is left is passed on before the next round begins.
    app.pass_on().await;
    Ok(f64::from(count) / taken)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
