//! Workers that do one thing again and again, each as soon as its last was answered.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use hdrhistogram::Histogram;
use tokio::task::JoinSet;

#[async_trait]
pub trait Work: Send {
    /// Does it once; false where nothing is left to do.
    async fn once(&mut self) -> anyhow::Result<bool>;
}

pub struct Measured {
    pub per_second: f64,
    /// Microseconds.
    pub latency: Histogram<u64>,
}

pub async fn drive(workers: Vec<Box<dyn Work>>, time: Duration) -> anyhow::Result<Measured> {
    let start = Instant::now();
    let mut running: JoinSet<_> = workers.into_iter().map(|worker| repeat(worker, start + time)).collect();
    let mut latency = Histogram::new(3)?;
    while let Some(ended) = running.join_next().await {
        latency.add(ended??)?;
    }
    let per_second = latency.len() as f64 / start.elapsed().as_secs_f64();
    Ok(Measured { per_second, latency })
}

async fn repeat(mut worker: Box<dyn Work>, end: Instant) -> anyhow::Result<Histogram<u64>> {
    let mut latency = Histogram::new(3)?;
    let mut asked = Instant::now();
    while asked < end && worker.once().await? {
        let answered = Instant::now();
        latency.record(u64::try_from((answered - asked).as_micros())?)?;
        asked = answered;
    }
    Ok(latency)
}
