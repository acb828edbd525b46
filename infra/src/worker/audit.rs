use std::sync::Arc;
use std::time::Duration;

use domain::audit::{Entry, Head, Line};
use domain::ids::{AuditId, RunId};
use domain::ports::{AuditStore, Clock, Ids, StoreError};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

/// Entries that wait to be written; whoever brings more waits.
const ROOM: usize = 4096;
/// Lines written in one transaction.
const BATCH: usize = 500;
/// How long entries that nobody waits for are gathered.
const GATHER: Duration = Duration::from_millis(200);
/// Pause before a batch is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// An answer waits no longer than this for its line.
const PATIENCE: Duration = Duration::from_secs(5);

/// Takes entries from everywhere in the process and writes them as one chain.
pub struct AuditLog {
    store: Arc<dyn AuditStore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    sender: mpsc::Sender<Note>,
    receiver: Mutex<mpsc::Receiver<Note>>,
}

struct Note {
    entry: Entry,
    /// Rung when the line is on disk.
    written: Option<oneshot::Sender<()>>,
}

impl AuditLog {
    pub fn new(store: Arc<dyn AuditStore>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        let (sender, receiver) = mpsc::channel(ROOM);
        Self { store, clock, ids, sender, receiver: Mutex::new(receiver) }
    }

    /// The line follows within moments. For what stands in an order's own history already.
    pub async fn note(&self, entry: Entry) {
        self.send(Note { entry, written: None }).await;
    }

    /// Returns when the line is on disk, or when the database has not taken it for a while: it is tried on.
    pub async fn write(&self, entry: Entry) {
        let (written, heard) = oneshot::channel();
        self.send(Note { entry, written: Some(written) }).await;
        if timeout(PATIENCE, heard).await.is_err() {
            tracing::warn!("audit: a line could not be written yet");
        }
    }

    async fn send(&self, note: Note) {
        if self.sender.send(note).await.is_err() {
            tracing::error!("audit: the log is closed; a line is lost");
        }
    }

    /// Writes until told to stop, and then what is left.
    pub async fn keep(&self, stop: CancellationToken) {
        let mut notes = self.receiver.lock().await;
        let mut head = None;
        while let Some(first) = next(&mut notes, &stop).await {
            let batch = gather(first, &mut notes).await;
            self.write_batch(&mut head, batch, &stop).await;
        }
    }

    /// Again and again until the database takes the lines; when stopping, once more.
    async fn write_batch(&self, head: &mut Option<Head>, batch: Vec<Note>, stop: &CancellationToken) {
        let (entries, waiting): (Vec<_>, Vec<_>) = batch.into_iter().map(|note| (note.entry, note.written)).unzip();
        loop {
            let last_try = stop.is_cancelled();
            match self.append(*head, &entries).await {
                Ok(end) => {
                    *head = Some(end);
                    for written in waiting.into_iter().flatten() {
                        // Whoever waited may have given up.
                        let _ = written.send(());
                    }
                    return;
                }
                Err(error) if last_try => {
                    let lines = entries.len();
                    tracing::error!(lines, error = &error as &dyn std::error::Error, "audit: lines are lost");
                    return;
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "audit.append failed; trying again");
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = sleep(AGAIN) => {}
                    }
                }
            }
        }
    }

    async fn append(&self, head: Option<Head>, entries: &[Entry]) -> Result<Head, StoreError> {
        let mut lines = Vec::with_capacity(entries.len() + 1);
        let mut head = match head {
            Some(head) => head,
            None => self.open(&mut lines, entries).await?,
        };
        lines.extend(entries.iter().map(|entry| head.tie(self.new_id(entry), entry.clone())));
        self.store.append(&lines).await?;
        Ok(head)
    }

    /// The first line of this run, tied to the last one of the log.
    async fn open(&self, lines: &mut Vec<Line>, entries: &[Entry]) -> Result<Head, StoreError> {
        // Not younger than the lines after it: they are taken away by their age.
        let at = entries.iter().map(|entry| entry.at).min().unwrap_or_else(|| self.clock.now());
        let (mut head, opening) = Head::of_new_run(RunId(self.ids.at(at)), self.store.last_line().await?, at);
        lines.push(head.tie(self.new_id(&opening), opening));
        Ok(head)
    }

    fn new_id(&self, entry: &Entry) -> AuditId {
        AuditId(self.ids.at(entry.at))
    }
}

/// `None` when the program stops and nothing is left.
async fn next(notes: &mut mpsc::Receiver<Note>, stop: &CancellationToken) -> Option<Note> {
    tokio::select! {
        biased;
        note = notes.recv() => note,
        () = stop.cancelled() => notes.try_recv().ok(),
    }
}

/// What may be written together with the first one: all that is there, or, where nobody waits, all of a moment.
async fn gather(first: Note, notes: &mut mpsc::Receiver<Note>) -> Vec<Note> {
    let until = Instant::now() + GATHER;
    let mut batch = vec![first];
    while batch.len() < BATCH {
        let is_awaited = batch.iter().any(|note| note.written.is_some());
        let more =
            if is_awaited { notes.try_recv().ok() } else { timeout_at(until, notes.recv()).await.ok().flatten() };
        match more {
            Some(note) => batch.push(note),
            None => break,
        }
    }
    batch
}
