//! Submit and accept over HTTP, and the same statements without the server, in turns on one database.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use serde::Deserialize;
use tokio::time::sleep;
use uuid::Uuid;

use crate::CONNECTIONS;
use crate::line::Line;
use crate::load::{Work, drive};
use crate::recipe::{Beside, Recipe};
use crate::report::Report;
use crate::site::Site;

/// Orders that wait to be accepted by the same way on which they were submitted.
type Waiting = Arc<Mutex<Vec<Uuid>>>;

struct Submit {
    line: Line,
    body: Bytes,
    waiting: Waiting,
}

struct Accept {
    line: Line,
    waiting: Waiting,
}

struct RawSubmit {
    beside: Beside,
    recipe: Recipe,
    waiting: Waiting,
}

struct RawAccept {
    beside: Beside,
    recipe: Recipe,
    waiting: Waiting,
}

#[derive(Deserialize)]
struct Placed {
    id: Uuid,
}

fn push(waiting: &Waiting, order: Uuid) {
    waiting.lock().expect("nobody panicked").push(order);
}

fn pop(waiting: &Waiting) -> Option<Uuid> {
    waiting.lock().expect("nobody panicked").pop()
}

#[async_trait]
impl Work for Submit {
    async fn once(&mut self) -> anyhow::Result<bool> {
        let key = Uuid::new_v4().to_string();
        let Placed { id } = serde_json::from_slice(&self.line.post("/v1/orders", &key, self.body.clone()).await?)?;
        push(&self.waiting, id);
        Ok(true)
    }
}

#[async_trait]
impl Work for Accept {
    async fn once(&mut self) -> anyhow::Result<bool> {
        let Some(order) = pop(&self.waiting) else { return Ok(false) };
        let key = Uuid::new_v4().to_string();
        self.line.post(&format!("/v1/orders/{order}/accept"), &key, Bytes::from_static(b"{}")).await?;
        Ok(true)
    }
}

#[async_trait]
impl Work for RawSubmit {
    async fn once(&mut self) -> anyhow::Result<bool> {
        let order = Uuid::now_v7();
        self.recipe.cook(&self.beside, order).await?;
        push(&self.waiting, order);
        Ok(true)
    }
}

#[async_trait]
impl Work for RawAccept {
    async fn once(&mut self) -> anyhow::Result<bool> {
        let Some(order) = pop(&self.waiting) else { return Ok(false) };
        self.recipe.cook(&self.beside, order).await?;
        Ok(true)
    }
}

pub async fn compare(site: &Site, rounds: usize, time: Duration, report: &mut Report) -> anyhow::Result<()> {
    let beside = Beside::open(site.backend(), &site.app.database.url, u32::try_from(CONNECTIONS)?).await?;
    let (waiting, raw_waiting) = (Waiting::default(), Waiting::default());
    let [mut submit, mut raw_submit, mut accept, mut raw_accept] = [const { Vec::new() }; 4];
    for round in 1..=rounds {
        eprintln!("{:?}: submit and accept, round {round}", site.backend());
        submit.push(drive(submitters(site, &waiting).await?, time).await?);
        raw_submit.push(drive(raw_submitters(site, &beside, &raw_waiting), time).await?);
        accept.push(drive(acceptors(site, &waiting).await?, time).await?);
        messages_are_sent(site).await;
        raw_accept.push(drive(raw_acceptors(site, &beside, &raw_waiting), time).await?);
    }
    report.writing(site.backend(), "submit", submit, raw_submit);
    report.writing(site.backend(), "accept", accept, raw_accept);
    beside.close().await
}

/// So that the worker is at rest when something else is measured.
async fn messages_are_sent(site: &Site) {
    let waiting = "SELECT 'row' FROM outbox WHERE due_at < '9000-01-01' UNION ALL \
                   SELECT 'row' FROM deliveries WHERE state = 'sending' OR (state = 'queued' AND due_at <= queued_at)";
    while !site.app.database.texts(waiting).await.is_empty() {
        sleep(Duration::from_millis(50)).await;
    }
}

async fn submitters(site: &Site, waiting: &Waiting) -> anyhow::Result<Vec<Box<dyn Work>>> {
    let body = Bytes::from(tests::kerb().to_string());
    let mut workers: Vec<Box<dyn Work>> = Vec::new();
    for token in &site.residents {
        let line = Line::open(site.program.address(), token).await?;
        workers.push(Box::new(Submit { line, body: body.clone(), waiting: waiting.clone() }));
    }
    Ok(workers)
}

async fn acceptors(site: &Site, waiting: &Waiting) -> anyhow::Result<Vec<Box<dyn Work>>> {
    let mut workers: Vec<Box<dyn Work>> = Vec::new();
    for token in &site.clerks {
        let line = Line::open(site.program.address(), token).await?;
        workers.push(Box::new(Accept { line, waiting: waiting.clone() }));
    }
    Ok(workers)
}

fn raw_submitters(site: &Site, beside: &Beside, waiting: &Waiting) -> Vec<Box<dyn Work>> {
    let worker = |recipe: &Recipe| -> Box<dyn Work> {
        Box::new(RawSubmit { beside: beside.clone(), recipe: recipe.clone(), waiting: waiting.clone() })
    };
    site.submits.iter().map(worker).collect()
}

fn raw_acceptors(site: &Site, beside: &Beside, waiting: &Waiting) -> Vec<Box<dyn Work>> {
    let worker = |recipe: &Recipe| -> Box<dyn Work> {
        Box::new(RawAccept { beside: beside.clone(), recipe: recipe.clone(), waiting: waiting.clone() })
    };
    site.accepts.iter().map(worker).collect()
}
