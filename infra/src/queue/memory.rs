use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::ids::OutboxId;
use domain::ports::{NoticeQueue, QueueAway, Ticketed};
use tokio::sync::Notify;

/// For one process. What it held when the process died lies in the outbox.
#[derive(Default)]
pub struct MemoryQueue {
    waiting: Mutex<VecDeque<OutboxId>>,
    more: Notify,
}

impl MemoryQueue {
    fn take_now(&self, most: u16) -> Vec<Ticketed> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.len().min(usize::from(most));
        waiting.drain(..count).map(|notice| Ticketed { notice, entry: String::new() }).collect()
    }
}

#[async_trait]
impl NoticeQueue for MemoryQueue {
    async fn push(&self, notices: &[OutboxId]) -> Result<(), QueueAway> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).extend(notices);
        self.more.notify_one();
        Ok(())
    }

    async fn take(&self, most: u16, wait: Duration) -> Result<Vec<Ticketed>, QueueAway> {
        let some = self.take_now(most);
        if !some.is_empty() || wait.is_zero() {
            return Ok(some);
        }
        // Whoever pushes between the look and the wait leaves a mark that ends the wait at once.
        let _ = tokio::time::timeout(wait, self.more.notified()).await;
        Ok(self.take_now(most))
    }

    async fn done(&self, _: &[Ticketed]) -> Result<(), QueueAway> {
        Ok(())
    }
}
