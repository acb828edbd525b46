//! One read for everybody who asks the same at the same time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as Turns, SetOnce};

/// Whoever asks while a read is under way waits for the next one, which serves all who came meanwhile. So nobody is
/// answered from a read that began before they asked: who has just changed something sees it.
pub struct SharedReads<K, V> {
    lanes: Mutex<HashMap<K, Weak<Lane<V>>>>,
}

struct Lane<V> {
    /// Held by the one who reads.
    turn: Turns<()>,
    /// What the read that has not begun yet will find.
    next: Mutex<Arc<SetOnce<V>>>,
}

impl<K, V> Default for SharedReads<K, V> {
    fn default() -> Self {
        Self { lanes: Mutex::default() }
    }
}

impl<K: Eq + Hash, V: Clone> SharedReads<K, V> {
    /// What `read` finds for `key`, or what somebody else's read found that began after this call.
    pub async fn read(&self, key: K, read: impl AsyncFnOnce() -> V) -> V {
        let lane = self.lane(key);
        let next = lane.next();
        // Who is gone in the middle leaves the turn to the others.
        let _turn = tokio::select! {
            biased;
            found = next.wait() => return found.clone(),
            turn = lane.turn.lock() => turn,
        };
        if let Some(found) = next.get() {
            return found.clone();
        }
        lane.begin(&next);
        let found = read().await;
        // Nobody else has had the turn since.
        let _ = next.set(found.clone());
        found
    }

    fn lane(&self, key: K) -> Arc<Lane<V>> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get(&key).and_then(Weak::upgrade) {
            return lane;
        }
        lanes.retain(|_, lane| lane.strong_count() > 0);
        let lane = Arc::new(Lane { turn: Turns::default(), next: Mutex::default() });
        lanes.insert(key, Arc::downgrade(&lane));
        lane
    }
}

impl<V> Lane<V> {
    fn next(&self) -> Arc<SetOnce<V>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who comes from now on waits for the read after this one.
    fn begin(&self, read: &Arc<SetOnce<V>>) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&next, read) {
            *next = Arc::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures_util::future::join_all;
    use tokio::sync::Notify;
    use tokio::task::yield_now;

    use super::*;

    #[derive(Default)]
    struct Shelf {
        reads: SharedReads<&'static str, u32>,
        begun: AtomicU32,
        may_end: Notify,
    }

    impl Shelf {
        /// Says how many reads had begun when this one did, itself included.
        async fn look(&self, key: &'static str) -> u32 {
            let read = async || {
                let number = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
                self.may_end.notified().await;
                number
            };
            self.reads.read(key, read).await
        }

        async fn begun(&self, wanted: u32) {
            while self.begun.load(Ordering::SeqCst) < wanted {
                yield_now().await;
            }
        }
    }

    #[tokio::test]
    async fn fifty_who_come_during_a_read_share_the_next_one() {
        let shelf = Arc::new(Shelf::default());
        let ask = |shelf: &Arc<Shelf>| {
            let shelf = shelf.clone();
            tokio::spawn(async move { shelf.look("dates").await })
        };
        let first = ask(&shelf);
        shelf.begun(1).await;
        let later: Vec<_> = (0..50).map(|_| ask(&shelf)).collect();
        yield_now().await;
        shelf.may_end.notify_one();
        assert_eq!(first.await.unwrap(), 1);
        shelf.begun(2).await;
        shelf.may_end.notify_one();
        let found: Vec<u32> = join_all(later).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(found, [2; 50], "none of them is answered from the read that was under way");
    }

    #[tokio::test]
    async fn others_read_on_when_the_reader_is_gone() {
        let shelf = Arc::new(Shelf::default());
        let (one, other) = (shelf.clone(), shelf.clone());
        let gone = tokio::spawn(async move { one.look("dates").await });
        shelf.begun(1).await;
        let left = tokio::spawn(async move { other.look("dates").await });
        yield_now().await;
        gone.abort();
        shelf.begun(2).await;
        shelf.may_end.notify_one();
        assert_eq!(left.await.unwrap(), 2);
    }

    #[tokio::test]
    async fn other_questions_do_not_wait_and_nothing_is_kept() {
        let shelf = Arc::new(Shelf::default());
        let (one, other) = (shelf.clone(), shelf.clone());
        let dates = tokio::spawn(async move { one.look("dates").await });
        shelf.begun(1).await;
        let places = tokio::spawn(async move { other.look("places").await });
        shelf.begun(2).await;
        shelf.may_end.notify_one();
        shelf.may_end.notify_one();
        // Which of the two ends first is open.
        yield_now().await;
        shelf.may_end.notify_one();
        let mut found = [dates.await.unwrap(), places.await.unwrap()];
        found.sort_unstable();
        assert_eq!(found, [1, 2]);
        shelf.may_end.notify_one();
        assert_eq!(shelf.look("third").await, 3);
        assert_eq!(shelf.reads.lanes.lock().unwrap().len(), 1, "what nobody asks for any more is forgotten");
    }
}
