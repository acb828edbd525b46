use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use strum::IntoEnumIterator;
use thiserror::Error;

use super::{Kind, Periods, Run};
use crate::erasure::{Eraser, ErasureError};
use crate::order::{Erased, Erasing};
use crate::ports::{AttachmentStore, PhotoStoreError, RetentionStore, StoreError};

/// Rows looked at in one go.
const BATCH: u16 = 100;
/// The worker runs once in this time.
const EVERY: TimeDelta = TimeDelta::days(1);

#[derive(Debug, Error)]
pub enum KeeperError {
    #[error(transparent)]
    Erasure(#[from] ErasureError),
    #[error(transparent)]
    Photo(#[from] PhotoStoreError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Removes what is past its time, and notes that it did.
#[derive(Clone)]
pub struct Keeper {
    pub periods: Periods,
    pub store: Arc<dyn RetentionStore>,
    pub attachments: Arc<dyn AttachmentStore>,
    pub eraser: Eraser,
}

impl Keeper {
    /// Every kind once, in the order of the table; one that fails stops none of the others, and the first error is told at
    /// the end. A rehearsal counts, and touches nothing.
    pub async fn run(&self, is_rehearsal: bool) -> Result<Vec<Run>, KeeperError> {
        let at = self.eraser.orders.clock.now();
        let (mut runs, mut failed) = (Vec::new(), None);
        for kind in Kind::iter() {
            let before = self.periods.ends(kind, at);
            let (rows, error) = match is_rehearsal {
                true => counted(self.store.count_old(kind, before).await),
                false => self.remove(kind, before).await,
            };
            // What went is noted, also where more should have gone; where nothing could be done, nothing is claimed.
            if rows > 0 || error.is_none() {
                let run = Run { kind, is_rehearsal, rows, before, at };
                self.store.note_run(&run).await?;
                runs.push(run);
            }
            failed = failed.or(error);
        }
        failed.map_or(Ok(runs), Err)
    }

    /// The same, where a day has passed since the last time; says what was done.
    pub async fn run_daily(&self) -> Result<Vec<Run>, KeeperError> {
        let now = self.eraser.orders.clock.now();
        let last = self.store.last_run().await?;
        if last.is_some_and(|last| now - last < EVERY) { Ok(Vec::new()) } else { self.run(false).await }
    }

    /// How many went, and why not all.
    async fn remove(&self, kind: Kind, before: DateTime<Utc>) -> (u64, Option<KeeperError>) {
        match kind {
            Kind::Answers
            | Kind::RefreshTokens
            | Kind::ClosedSessions
            | Kind::Deliveries
            | Kind::Disclosures
            | Kind::WithdrawnConsents
            | Kind::ClosedCampaigns
            | Kind::AuditLog => counted(self.store.delete_old(kind, before).await),
            Kind::UnattachedPhotos => counted(self.remove_photos(before).await),
            Kind::ClosedOrders => self.deidentify(before).await,
        }
    }

    /// The row goes first, and only while no order uses the photo: a file without a row costs space, an order without
    /// its photo costs trust.
    /// A file that cannot be removed stops none of the others.
    pub async fn remove_photos(&self, before: DateTime<Utc>) -> Result<u64, KeeperError> {
        let (mut removed, mut failed) = (0, None);
        loop {
            let old = self.attachments.unattached_before(before, BATCH).await?;
            for id in &old {
                if self.attachments.delete(&[*id]).await? == 1 {
                    removed += 1;
                    failed = self.eraser.photos.delete(*id).await.err().or(failed);
                }
            }
            if old.len() < usize::from(BATCH) {
                return failed.map_or(Ok(removed), |error| Err(error.into()));
            }
        }
    }

    /// An order that fails comes again with the oldest: it is passed over, and so many more are asked for.
    async fn deidentify(&self, before: DateTime<Utc>) -> (u64, Option<KeeperError>) {
        let (mut erased, mut first) = (0, None);
        let mut failed = BTreeSet::new();
        loop {
            let limit = u16::try_from(failed.len()).unwrap_or(u16::MAX).saturating_add(BATCH);
            let old = match self.store.old_orders(before, limit).await {
                Ok(old) => old,
                Err(error) => return (erased, first.or(Some(error.into()))),
            };
            let next: Vec<_> = old.into_iter().filter(|id| !failed.contains(id)).collect();
            if next.is_empty() {
                return (erased, first);
            }
            for id in next {
                match self.eraser.erase_order(id, Erasing::Words(Erased::OutOfTime)).await {
                    Ok(()) => erased += 1,
                    Err(error) => {
                        failed.insert(id);
                        first = first.or(Some(error.into()));
                    }
                }
            }
        }
    }
}

fn counted<E: Into<KeeperError>>(rows: Result<u64, E>) -> (u64, Option<KeeperError>) {
    match rows {
        Ok(rows) => (rows, None),
        Err(error) => (0, Some(error.into())),
    }
}
