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
    /// Every kind once, in the order of the table. A rehearsal counts, and touches nothing.
    pub async fn run(&self, is_rehearsal: bool) -> Result<Vec<Run>, KeeperError> {
        let at = self.eraser.orders.clock.now();
        let mut runs = Vec::new();
        for kind in Kind::iter() {
            let before = self.periods.ends(kind, at);
            let rows = match is_rehearsal {
                true => self.store.count_old(kind, before).await?,
                false => self.remove(kind, before).await?,
            };
            let run = Run { kind, is_rehearsal, rows, before, at };
            self.store.note_run(&run).await?;
            runs.push(run);
        }
        Ok(runs)
    }

    /// The same, where a day has passed since the last time; says what was done.
    pub async fn run_daily(&self) -> Result<Vec<Run>, KeeperError> {
        let now = self.eraser.orders.clock.now();
        let last = self.store.last_run().await?;
        if last.is_some_and(|last| now - last < EVERY) { Ok(Vec::new()) } else { self.run(false).await }
    }

    async fn remove(&self, kind: Kind, before: DateTime<Utc>) -> Result<u64, KeeperError> {
        match kind {
            Kind::Answers
            | Kind::RefreshTokens
            | Kind::ClosedSessions
            | Kind::Deliveries
            | Kind::Disclosures
            | Kind::WithdrawnConsents
            | Kind::AuditLog => Ok(self.store.delete_old(kind, before).await?),
            Kind::UnattachedPhotos => self.remove_photos(before).await,
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

    async fn deidentify(&self, before: DateTime<Utc>) -> Result<u64, KeeperError> {
        let mut erased = 0;
        loop {
            let old = self.store.old_orders(before, BATCH).await?;
            if old.is_empty() {
                return Ok(erased);
            }
            for id in old {
                self.eraser.erase_order(id, Erasing::Words(Erased::OutOfTime)).await?;
                erased += 1;
            }
        }
    }
}
