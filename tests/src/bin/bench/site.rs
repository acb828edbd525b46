//! One installation: a database with so many orders, the program on it, and people who are signed in.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use api::command::Running;
use api::config::Settings;
use api::storage::Storage;
use api::wiring::Seams;
use bytes::Bytes;
use chrono::{TimeDelta, Utc};
use domain::deadline::WorkCalendar;
use domain::ids::CommunityId;
use domain::order::usecase::{Destination, Letter, Orders};
use domain::service::{Edition, Terms};
use infra::clock::{SystemClock, SystemIds};
use serde_json::{Value, json};
use tests::{Backend, Program, TestApp, community};
use uuid::Uuid;

use crate::CONNECTIONS;
use crate::line::Line;
use crate::recipe::{Recipe, Record};

pub struct Site {
    /// The database, a WeChat, and the settings; its own server stands still.
    pub app: TestApp,
    /// What is measured.
    pub program: Program,
    /// Access tokens, one for each connection: residents, and the sessions of one clerk.
    pub residents: Vec<String>,
    pub clerks: Vec<String>,
    /// What each of them made the server execute.
    pub submits: Vec<Recipe>,
    pub accepts: Vec<Recipe>,
}

/// Kilobytes.
pub struct Memory {
    pub now: u64,
    pub most: u64,
}

impl Site {
    pub async fn open(backend: Backend, orders: usize) -> anyhow::Result<Self> {
        eprintln!("{backend:?}: {orders} orders");
        let app = TestApp::start(backend, |_| {}).await;
        fill(&app.settings().await, orders).await?;
        let (residents, clerks, submits, accepts) = rehearse(&app).await?;
        let mut environment = app.environment().await;
        // WeChat's check is another system's time.
        environment.push(("HGJ_WECHAT__CHECK_CONTENT".to_owned(), "false".to_owned()));
        let program = Program::serve(&environment).await;
        Ok(Self { app, program, residents, clerks, submits, accepts })
    }

    pub fn backend(&self) -> Backend {
        self.app.database.backend
    }

    pub async fn close(self) {
        self.program.is_told_to_stop().await;
        self.program.ends().await;
        // What the raw statements wrote is nobody's fault.
        self.app.finish().await;
    }

    /// How long each of these starts took, until `/readyz` said yes.
    pub async fn restart(&mut self, times: usize) -> anyhow::Result<Vec<Duration>> {
        let mut taken = Vec::new();
        for _ in 0..times {
            self.program.is_told_to_stop().await;
            let start = Instant::now();
            let next = Program::serve(&self.app.environment().await).await;
            Line::open(next.address(), "").await?.get("/readyz").await?;
            taken.push(start.elapsed());
            std::mem::replace(&mut self.program, next).ends().await;
        }
        Ok(taken)
    }

    /// What the server's process holds.
    pub fn memory(&self) -> anyhow::Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.program.id()))?;
        let kilobytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).context("a line of /proc")?;
            Ok::<_, anyhow::Error>(line.trim().trim_end_matches(" kB").parse()?)
        };
        Ok(Memory { now: kilobytes("VmRSS:")?, most: kilobytes("VmHWM:")? })
    }
}

/// Real histories: half of the letters are answered, the other half wait at the desk.
async fn fill(settings: &Settings, count: usize) -> anyhow::Result<()> {
    let Storage { database, stores, .. } = Storage::open(settings, Arc::new(SystemClock)).await?;
    let orders = Orders {
        store: stores.orders.clone(),
        bookings: stores.bookings.clone(),
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
        calendar: Arc::new(WorkCalendar::announced()),
    };
    let community_id: CommunityId = Uuid::parse_str(&community("XY"))?.into();
    let to = Destination {
        system: "bench".into(),
        community: community_id,
        prefix: "XY".into(),
        service_key: "repair".into(),
        terms: Terms { edition: Edition { place: community_id.into(), version: 1 }, ..Terms::default() },
        sealed: false,
    };
    let now = Utc::now();
    let letter = |n: usize| {
        let created_at = now - TimeDelta::minutes(15 * n as i64 + 60);
        Letter {
            reference: n.to_string(),
            author: format!("A{}", n % 5_000),
            created_at,
            subject: format!("{}号楼路灯不亮", n % 40),
            body: format!("{}号楼东侧的路灯从昨晚开始不亮，老人夜里走路不方便，请尽快安排检查。", n % 40).repeat(3),
            replied_at: n.is_multiple_of(2).then(|| created_at + TimeDelta::minutes(30)),
            result: None,
            compound: None,
        }
    };
    let letters: Vec<_> = (0..count).map(letter).collect();
    for batch in letters.chunks(1_000) {
        orders.bring_over(stores.newcomers.as_ref(), batch, &to).await?;
    }
    Ok(database.close().await?)
}

type Rehearsed = (Vec<String>, Vec<String>, Vec<Recipe>, Vec<Recipe>);

/// Everybody signs in and does once, in front of a watched server, what will be measured.
async fn rehearse(app: &TestApp) -> anyhow::Result<Rehearsed> {
    let record = Record::default();
    let settings = Settings { listen: "127.0.0.1:0".into(), ..app.settings().await };
    let running = Running::start(&settings, Seams { watch: Some(record.watch()), ..Seams::default() }, false).await?;
    let address = running.address.to_string();
    let (mut residents, mut clerks, mut submits, mut accepts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for n in 0..CONNECTIONS {
        let mut resident = sign_in(app, &address, &format!("bench-{n}")).await?;
        let mut clerk = sign_in(app, &address, "demo-xy-clerk").await?;
        let (body, key) = (Bytes::from(tests::kerb().to_string()), format!("rehearsal-{n}"));
        // What is read once and kept in memory is not part of the path.
        resident.post("/v1/orders", &format!("first-{n}"), body.clone()).await?;
        record.take();
        let order: Value = serde_json::from_slice(&resident.post("/v1/orders", &key, body).await?)?;
        let (id, number) = (Uuid::parse_str(tests::id(&order))?, order["number"].as_str().context("a number")?);
        submits.push(Recipe::of(record.take(), id, number, &key)?);
        clerk.post(&format!("/v1/orders/{id}/accept"), &key, Bytes::from_static(b"{}")).await?;
        accepts.push(Recipe::of(record.take(), id, number, &key)?);
        residents.push(resident.token);
        clerks.push(clerk.token);
    }
    running.stop().await?;
    Ok((residents, clerks, submits, accepts))
}

async fn sign_in(app: &TestApp, address: &str, openid: &str) -> anyhow::Result<Line> {
    let mut line = Line::open(address, "").await?;
    let code = json!({ "code": app.login_code(openid) }).to_string();
    let signed_in: Value = serde_json::from_slice(&line.post("/v1/auth/wechat", "sign-in", code.into()).await?)?;
    line.token = signed_in["access_token"].as_str().context("a token")?.to_owned();
    Ok(line)
}
