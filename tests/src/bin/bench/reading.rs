//! Lists and details, in a small community and in a large one.

use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use serde_json::Value;

use crate::CONNECTIONS;
use crate::line::Line;
use crate::load::{Work, drive};
use crate::report::Report;
use crate::site::Site;

/// Asks for these paths in turn.
struct Read {
    line: Line,
    paths: Vec<String>,
    next: usize,
}

#[async_trait]
impl Work for Read {
    async fn once(&mut self) -> anyhow::Result<bool> {
        self.line.get(&self.paths[self.next % self.paths.len()]).await?;
        self.next += 1;
        Ok(true)
    }
}

const QUEUE: &str = "/v1/orders?view=community";
const PAGES: usize = 50;

pub async fn compare(
    small: &Site,
    large: &Site,
    rounds: usize,
    time: Duration,
    report: &mut Report,
) -> anyhow::Result<()> {
    let (few, many) = (paths(small).await?, paths(large).await?);
    for ((name, few), (_, many)) in few.into_iter().zip(many) {
        eprintln!("{:?}: {name}", small.backend());
        let (mut at_few, mut at_many) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            at_few.push(drive(workers(small, &few).await?, time).await?);
            at_many.push(drive(workers(large, &many).await?, time).await?);
        }
        report.reading(small.backend(), name, at_few, at_many);
    }
    Ok(())
}

/// What is asked for at the desk.
async fn paths(site: &Site) -> anyhow::Result<Vec<(&'static str, Vec<String>)>> {
    let mut line = Line::open(site.program.address(), &site.clerks[0]).await?;
    let (mut details, mut deep) = (Vec::new(), String::new());
    let mut next = format!("{QUEUE}&limit=100");
    for _ in 0..PAGES {
        let page: Value = serde_json::from_slice(&line.get(&next).await?)?;
        let items = page["items"].as_array().context("items")?;
        details.extend(items.iter().map(|order| format!("/v1/orders/{}", tests::id(order))));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        deep = format!("{QUEUE}&limit=20&cursor={cursor}");
        next = format!("{QUEUE}&limit=100&cursor={cursor}");
    }
    Ok(vec![
        ("list of 20, first page", vec![format!("{QUEUE}&limit=20")]),
        ("list of 20, waiting orders only", vec![format!("{QUEUE}&limit=20&status=submitted")]),
        ("list of 20, as deep as 5,000 orders", vec![deep]),
        ("list of 20, a word that every order has", vec![format!("{QUEUE}&limit=20&q=%E8%B7%AF%E7%81%AF")]),
        ("list of 20, a word that no order has", vec![format!("{QUEUE}&limit=20&q=%E7%94%B5%E6%A2%AF")]),
        ("detail", details),
    ])
}

async fn workers(site: &Site, paths: &[String]) -> anyhow::Result<Vec<Box<dyn Work>>> {
    let mut workers: Vec<Box<dyn Work>> = Vec::new();
    for (n, token) in site.clerks.iter().enumerate() {
        let line = Line::open(site.program.address(), token).await?;
        workers.push(Box::new(Read { line, paths: paths.to_vec(), next: n * paths.len() / CONNECTIONS }));
    }
    Ok(workers)
}
