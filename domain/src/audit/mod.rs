//! The audit log: who did what, to whom, from where, and how it ended.
//!
//! Orders have histories of their own, written with each move. The audit log stands beside them: it also tells of
//! sign-ins, refusals, looks at full data and administration, and from which address they came. It names nobody: people
//! and things stand in it as ids.
//!
//! Each run of the program writes a chain of its own, so that several may write at once. The first line of a run follows
//! the last one that it found of another run: a chain whose end was cut off is noticed by the next run's beginning.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use thiserror::Error;
use uuid::Uuid;

use crate::ids::{AuditId, PersonId, RunId};
use crate::order::ChainHash;

/// What the first line of each run says.
pub const OPENED: &str = "audit_log_opened";
/// While no line is older than this, no beginning can be gone: retention keeps lines for half a year, and a month is left
/// for a time in which nothing happened.
const FRONT_STAYS_DAYS: i64 = 150;
/// How a line ends that was not refused.
pub const DONE: &str = "done";

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub at: DateTime<Utc>,
    /// `None` where nobody had signed in, or the program itself did it.
    pub person: Option<PersonId>,
    /// The operation by its name in `openapi.yaml`, or what the program itself did.
    pub action: String,
    /// To what it was done: a person, an order, a membership.
    pub target: Option<Uuid>,
    /// The network address that it came from.
    pub address: Option<String>,
    /// [`DONE`], or the code of the refusal.
    pub result: String,
}

/// A line as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: AuditId,
    pub run: RunId,
    /// 1, 2, 3 … without gaps in each run.
    pub seq: i64,
    pub entry: Entry,
    /// The hash of the line before; of a run's first line, that of another run's last one.
    pub previous: ChainHash,
    pub hash: ChainHash,
}

/// The end of a chain, to which the next line is tied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub run: RunId,
    pub seq: i64,
    pub hash: ChainHash,
}

impl Head {
    /// A new run, begun after the line that it found at the end of the log, and what its first line says.
    pub fn of_new_run(run: RunId, last: Option<(AuditId, ChainHash)>, at: DateTime<Utc>) -> (Self, Entry) {
        let (action, result) = (OPENED.to_owned(), DONE.to_owned());
        let target = last.map(|(id, _)| id.0);
        let hash = last.map_or(ChainHash::START, |(_, hash)| hash);
        (Self { run, seq: 0, hash }, Entry { at, person: None, action, target, address: None, result })
    }

    /// The next line of the chain, which it moves on to.
    pub fn tie(&mut self, id: AuditId, entry: Entry) -> Line {
        let (run, seq, previous) = (self.run, self.seq + 1, self.hash);
        let hash = hash(run, seq, &entry, previous);
        *self = Self { run, seq, hash };
        Line { id, run, seq, entry, previous, hash }
    }
}

/// Where the log is not what was once written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("run {run}: line {seq} was changed")]
    Changed { run: RunId, seq: i64 },
    #[error("run {run}: line {expected} is missing, {found} stands in its place")]
    Gap { run: RunId, expected: i64, found: i64 },
    #[error("run {run}: line {seq} does not follow from the one before it")]
    Link { run: RunId, seq: i64 },
    #[error("run {run}: its beginning is gone, and its time is not over")]
    Front { run: RunId },
    #[error("run {run}: it began after a line that is no more: the end of another run was cut off")]
    CutOff { run: RunId },
}

/// Checks lines that come run by run, each by its numbers; keeps one hash a run and one for each run's beginning.
#[derive(Debug, Default)]
pub struct Check {
    last: Option<Head>,
    ends: HashMap<ChainHash, RunId>,
    /// Beginnings of runs: what each followed.
    beginnings: Vec<(RunId, ChainHash, Option<Uuid>)>,
    /// Runs of which the beginning is gone.
    fronts: Vec<RunId>,
    oldest: Option<DateTime<Utc>>,
    pub lines: u64,
    pub faults: Vec<Fault>,
}

impl Check {
    pub fn add(&mut self, line: &Line) {
        let (run, seq) = (line.run, line.seq);
        self.lines += 1;
        self.oldest = Some(self.oldest.map_or(line.entry.at, |oldest| oldest.min(line.entry.at)));
        if hash(run, seq, &line.entry, line.previous) != line.hash {
            self.faults.push(Fault::Changed { run, seq });
        }
        match self.last.filter(|last| last.run == run) {
            Some(last) if last.seq + 1 != seq => {
                self.faults.push(Fault::Gap { run, expected: last.seq + 1, found: seq });
            }
            Some(last) if last.hash != line.previous => self.faults.push(Fault::Link { run, seq }),
            Some(_) => {}
            None if seq == 1 => self.beginnings.push((run, line.previous, line.entry.target)),
            None => self.fronts.push(run),
        }
        self.ends.insert(line.hash, run);
        self.last = Some(Head { run, seq, hash: line.hash });
    }

    /// After the last line: whether every run began after a line that still stands, and whether what is gone from the front
    /// could be gone already.
    pub fn finish(mut self, now: DateTime<Utc>) -> (u64, Vec<Fault>) {
        // Lines are taken away by their age, so the oldest that is left is about as old as lines become.
        let may_be_gone = self.oldest.is_some_and(|oldest| oldest < now - TimeDelta::days(FRONT_STAYS_DAYS));
        if !may_be_gone {
            self.faults.extend(self.fronts.iter().map(|run| Fault::Front { run: *run }));
        }
        for (run, previous, followed) in &self.beginnings {
            let is_first = *previous == ChainHash::START;
            if !is_first && !self.ends.contains_key(previous) && !self.is_over(*followed) {
                self.faults.push(Fault::CutOff { run: *run });
            }
        }
        (self.lines, self.faults)
    }
}

impl Check {
    /// Whether the line with this id was older than all that are left: its time was over. Ids carry their time.
    fn is_over(&self, line: Option<Uuid>) -> bool {
        let made = line.and_then(|id| id.get_timestamp()).map(|time| time.to_unix());
        let made = made.and_then(|(seconds, nanos)| DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos));
        made.zip(self.oldest).is_some_and(|(made, oldest)| made < oldest)
    }
}

/// Every part has a fixed length or ends with a zero byte, which none of them holds.
fn hash(run: RunId, seq: i64, entry: &Entry, previous: ChainHash) -> ChainHash {
    let person = entry.person.map_or(Uuid::nil(), |person| person.0);
    let mut hash = Sha256::new()
        .chain_update(previous.0)
        .chain_update(run.0.as_bytes())
        .chain_update(seq.to_be_bytes())
        .chain_update(entry.at.timestamp_millis().to_be_bytes())
        .chain_update(person.as_bytes())
        .chain_update(entry.target.unwrap_or_default().as_bytes());
    for text in [&entry.action, entry.address.as_ref().unwrap_or(&String::new()), &entry.result] {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    ChainHash(hash.finalize().into())
}

#[cfg(test)]
mod tests;
