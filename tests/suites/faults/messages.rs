//! A worker that is killed at each step of a message, and what becomes of the message.

use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use domain::notice::{Importance, after_quiet_hours};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use serde_json::json;
use tests::{ACCEPTED, ALARM, Backend, Program, TestApp, on_both};
use wechat_adapter::Endpoint;
use wechat_adapter::sandbox::Fault;

/// Longer than the worker lives.
const FOR_EVER: Duration = Duration::from_secs(3600);
const RESIDENT: &str = "demo-xy-wang";
const SECRETARY: &str = "demo-xy-secretary";

/// An acceptance and an alarm, each with one person who may be told, expanded and not sent.
async fn two_messages(app: &TestApp) {
    let cast = app.xiyuan().await;
    app.agrees_to(RESIDENT, ACCEPTED);
    // Once for each try.
    app.agrees_to(SECRETARY, ALARM);
    app.agrees_to(SECRETARY, ALARM);
    app.sign_in(SECRETARY).await;
    cast.accepted().await;
    cast.wang.places(&tests::order_in("XY", "repair", "家里闻到很浓的煤气味，老人头晕")).await;
    app.pass_on().await;
}

/// Starts a worker, waits until `seen` says so, and kills it.
async fn killed_when(app: &TestApp, seen: impl AsyncFn() -> bool) {
    let (program, at) = (Path::new(env!("CARGO_BIN_EXE_worker")), app.now().to_rfc3339());
    let mut worker = Program::start_other(program, &app.environment().await, &[&at]);
    while !seen().await {
        assert!(worker.try_wait().expect("a process").is_none(), "the worker ended by itself");
        tokio::task::yield_now().await;
    }
    worker.kill().await.expect("dead");
}

/// Another worker, when the leases of the dead one are over.
async fn goes_on(app: &TestApp) {
    app.wechat().no_more_faults();
    app.pass(TimeDelta::minutes(10));
    app.drain_outbox().await;
}

async fn of(app: &TestApp, columns: &str, filter: &str) -> Vec<String> {
    let pushed = "channel <> 'inbox' AND app_id <> ''";
    app.database.texts(&format!("SELECT {columns} FROM deliveries WHERE {pushed} AND {filter} ORDER BY kind")).await
}

async fn phones(app: &TestApp) -> [usize; 2] {
    [RESIDENT, SECRETARY].map(|openid| app.messages_of(openid).len())
}

async fn ends(app: &TestApp) -> Vec<String> {
    of(app, "kind || ' ' || state", "ended_at IS NOT NULL").await
}

/// Keeps everybody from writing into the table of deliveries.
async fn lock_out(app: &TestApp) -> DatabaseConnection {
    let mut options = ConnectOptions::new(app.database.url.clone());
    options.max_connections(1).sqlx_logging(false);
    let beside = Database::connect(options).await.expect("a connection");
    let lock = match app.database.backend {
        Backend::Sqlite => "BEGIN IMMEDIATE",
        Backend::Postgres => "BEGIN; LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE",
    };
    beside.execute_unprepared(lock).await.expect("a lock");
    beside
}

on_both! {
    async fn killed_after_the_claim_each_message_is_sent_once(app: &TestApp) {
        two_messages(app).await;
        // The worker asks for the templates before a channel hears of anything.
        app.wechat().fault(Fault::delay(Endpoint::TemplateList, FOR_EVER).times(1000));
        killed_when(app, async || of(app, "kind", "state = 'sending' AND begun_at IS NULL").await.len() == 2).await;
        assert_eq!(phones(app).await, [0, 0]);
        goes_on(app).await;
        assert_eq!(phones(app).await, [1, 1]);
        assert_eq!(ends(app).await, ["accepted delivered", "alarm delivered"]);
    }

    async fn killed_after_sending_nobody_is_told_twice_but_of_danger(app: &TestApp) {
        two_messages(app).await;
        app.wechat().fault(Fault::late_answer(Endpoint::SubscribeSend, FOR_EVER).times(1000));
        killed_when(app, async || phones(app).await == [1, 1]).await;
        assert_eq!(ends(app).await, Vec::<String>::new());
        goes_on(app).await;
        assert_eq!(phones(app).await, [1, 2]);
        assert_eq!(ends(app).await, ["accepted unconfirmed", "alarm delivered"]);
    }

    async fn killed_before_the_record_nobody_is_told_twice_but_of_danger(app: &TestApp) {
        two_messages(app).await;
        app.wechat().fault(Fault::delay(Endpoint::SubscribeSend, Duration::from_secs(1)).times(1000));
        let lock = tokio::sync::OnceCell::new();
        killed_when(app, async || {
            if lock.get().is_some() {
                return phones(app).await == [1, 1];
            }
            if of(app, "kind", "state = 'sending' AND begun_at IS NOT NULL").await.len() == 2 {
                lock.set(lock_out(app).await).expect("the only one");
            }
            false
        })
        .await;
        lock.into_inner().expect("it was taken").close().await.expect("closed");
        assert_eq!(ends(app).await, Vec::<String>::new(), "nothing could be recorded");
        goes_on(app).await;
        assert_eq!(phones(app).await, [1, 2]);
        assert_eq!(ends(app).await, ["accepted unconfirmed", "alarm delivered"]);
    }

    async fn killed_before_anything_was_expanded_nothing_is_missing(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.agrees_to(RESIDENT, ACCEPTED);
        let program = Program::serve(&app.environment().await).await;
        let wang = app.sign_in_at(&program, RESIDENT).await;
        let order = wang.places(&tests::kerb()).await;
        program.dies().await;
        cast.clerk.makes("accept", &order, &json!({})).await;
        // The program went by the clock on the wall, which may stand at night.
        app.clock.set(after_quiet_hours(Importance::Ordinary, app.now().max(chrono::Utc::now())));
        goes_on(app).await;
        let told = app.database.texts(
            "SELECT kind || ' ' || channel FROM deliveries WHERE side = 'resident' ORDER BY kind, channel"
        );
        assert_eq!(told.await, ["accepted inbox", "accepted subscribe", "received inbox"]);
        assert_eq!(app.messages_of(RESIDENT).len(), 1);
    }
}
