use std::io::Write;

use anyhow::bail;
use chrono::{NaiveDate, TimeDelta};
use clap::Subcommand;
use domain::audit::{Check, Line};
use domain::deadline::{in_shanghai, start_of_day};
use domain::ports::{AuditQuery, AuditStore, Clock, Slice};
use infra::clock::SystemClock;

use super::Desk;
use crate::sheet::plain;

#[derive(Debug, Subcommand)]
pub enum What {
    /// Check the log against its chains of hashes
    Verify,
    /// Print the log as CSV, newest first
    Export {
        /// From this day on, in Shanghai: 2026-11-01
        #[arg(long)]
        since: Option<NaiveDate>,
        /// Up to and with this day
        #[arg(long)]
        until: Option<NaiveDate>,
    },
}

/// Lines read in one go.
const BATCH: u16 = 1000;

pub(super) async fn audit(desk: &Desk, what: &What) -> anyhow::Result<()> {
    let store = desk.storage.stores.audit.as_ref();
    match what {
        What::Verify => verify(store).await,
        What::Export { since, until } => {
            let query = AuditQuery {
                since: since.map(start_of_day),
                until: until.map(|day| start_of_day(day) + TimeDelta::days(1)),
                ..AuditQuery::default()
            };
            desk.note("admin_audit_export", None).await?;
            export(store, &query, &mut std::io::stdout().lock()).await
        }
    }
}

async fn verify(store: &dyn AuditStore) -> anyhow::Result<()> {
    let (mut check, mut after) = (Check::default(), None);
    loop {
        let lines = store.walk_audit(after, BATCH).await?;
        let Some(last) = lines.last() else { break };
        after = Some((last.run, last.seq));
        lines.iter().for_each(|line| check.add(line));
    }
    let (lines, faults) = check.finish(SystemClock.now());
    faults.iter().for_each(|fault| println!("{fault}"));
    println!("{lines} lines, {} faults", faults.len());
    if faults.is_empty() { Ok(()) } else { bail!("the audit log was changed") }
}

async fn export(store: &dyn AuditStore, query: &AuditQuery, out: &mut impl Write) -> anyhow::Result<()> {
    let mut sheet = csv::Writer::from_writer(out);
    sheet.write_record(["at", "person_id", "action", "target_id", "address", "result", "run", "seq", "hash"])?;
    let mut before = None;
    loop {
        let lines = store.lines(query, Slice { before, limit: BATCH }).await?;
        let Some(last) = lines.last() else { break };
        before = Some(last.id);
        for line in &lines {
            sheet.write_record(cells(line).iter().map(|cell| plain(cell).into_owned()))?;
        }
    }
    Ok(sheet.flush()?)
}

fn cells(line: &Line) -> [String; 9] {
    let entry = &line.entry;
    [
        in_shanghai(entry.at).to_rfc3339(),
        entry.person.map(|person| person.to_string()).unwrap_or_default(),
        entry.action.clone(),
        entry.target.map(|target| target.to_string()).unwrap_or_default(),
        entry.address.clone().unwrap_or_default(),
        entry.result.clone(),
        line.run.to_string(),
        line.seq.to_string(),
        format!("{:?}", line.hash),
    ]
}
