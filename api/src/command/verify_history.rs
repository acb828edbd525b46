use std::sync::Arc;

use anyhow::bail;
use domain::order::{Fault, Order, verify};
use domain::ports::{History, HistoryStore};
use infra::clock::SystemClock;

use crate::config::Settings;
use crate::storage::Storage;

/// Orders read in one go.
const BATCH: u16 = 200;

pub(super) async fn verify_history(settings: &Settings) -> anyhow::Result<()> {
    let storage = Storage::open(settings, Arc::new(SystemClock)).await?;
    let report = walk(storage.stores.history.as_ref()).await?;
    for fault in &report.faults {
        println!("{fault}");
    }
    let Report { orders, events, erased, faults } = &report;
    println!("{orders} orders, {events} events, {} faults", faults.len());
    if *erased > 0 {
        println!("{erased} of the events lost their words on purpose");
    }
    if report.faults.is_empty() { Ok(()) } else { bail!("the history was changed") }
}

/// What a verification found.
#[derive(Debug, Default)]
pub struct Report {
    pub orders: u64,
    pub events: u64,
    /// Events out of which words were taken, on purpose.
    pub erased: u64,
    /// In the operator's words.
    pub faults: Vec<String>,
}

pub async fn walk(history: &dyn HistoryStore) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut after = None;
    loop {
        let batch = history.walk(after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(report) };
        after = Some(last.order);
        for History { order, read } in &batch {
            report.orders += 1;
            match read {
                Ok((order, rows)) => {
                    report.events += rows.len() as u64;
                    report.erased += rows.iter().filter(|row| row.is_erased).count() as u64;
                    report.faults.extend(check(order, rows).err().map(|fault| fault.to_string()));
                }
                Err(why) => report.faults.push(format!("order {order}: {why}")),
            }
        }
    }
}

/// The chain holds, the order's row stands at its end, and the history makes exactly this order.
fn check(order: &Order, rows: &[domain::order::ChainRow]) -> Result<(), Fault> {
    let head = verify(rows)?;
    let seq = rows.last().map_or(0, |row| row.event.seq);
    if seq != order.version || head != order.head {
        return Err(Fault::Head { order: order.id, version: order.version, seq });
    }
    let events: Vec<_> = rows.iter().map(|row| row.event.clone()).collect();
    let rebuilt = Order::replay(&events).map(|rebuilt| Order { head, ..rebuilt });
    if rebuilt.as_ref() == Ok(order) { Ok(()) } else { Err(Fault::Drift { order: order.id }) }
}
