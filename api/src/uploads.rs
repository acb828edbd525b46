//! Whose turn it is to upload a photo.

use std::sync::Arc;
use std::time::Duration;

use domain::ids::PersonId;
use moka::sync::Cache;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// Files of up to 20 MB each that are in memory at the same time, outside the darkroom's own bound.
const AT_ONCE: usize = 12;
/// Of these, one person's: a phone on a slow line, or somebody who only pretends to send, keeps nobody else waiting.
const OF_ONE_PERSON: usize = 3;
/// After this long without an upload nothing is remembered of a person.
const REMEMBERED: Duration = Duration::from_secs(600);

pub struct Uploads {
    all: Arc<Semaphore>,
    persons: Cache<PersonId, Arc<Semaphore>>,
}

/// May hold one file; given back when it is dropped.
pub struct Turn {
    _own: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Default for Uploads {
    fn default() -> Self {
        let persons = Cache::builder().time_to_idle(REMEMBERED).build();
        Self { all: Arc::new(Semaphore::new(AT_ONCE)), persons }
    }
}

impl Uploads {
    /// Waits for the person's own turn first, and only then for that among all.
    pub async fn turn(&self, person: PersonId) -> Result<Turn, AcquireError> {
        let own = self.persons.get_with(person, || Arc::new(Semaphore::new(OF_ONE_PERSON)));
        let own = own.acquire_owned().await?;
        let all = self.all.clone().acquire_owned().await?;
        Ok(Turn { _own: own, _all: all })
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::PersonId;
    use futures_util::FutureExt;
    use uuid::Uuid;

    use super::*;

    fn person(n: usize) -> PersonId {
        PersonId(Uuid::from_u128(n as u128))
    }

    #[tokio::test]
    async fn one_person_keeps_nobody_else_waiting() {
        let uploads = Uploads::default();
        let held: Vec<_> = (0..AT_ONCE).map(|_| uploads.turn(person(1)).now_or_never()).collect();
        assert_eq!(held.iter().flatten().count(), OF_ONE_PERSON);
        assert!(uploads.turn(person(2)).now_or_never().is_some());
        drop(held);
        assert!(uploads.turn(person(1)).now_or_never().is_some(), "a turn that ended is another's");
    }

    #[tokio::test]
    async fn all_together_hold_a_bounded_number_of_files() {
        let uploads = Uploads::default();
        let held: Vec<_> = (0..2 * AT_ONCE).map(|n| uploads.turn(person(n)).now_or_never()).collect();
        assert_eq!(held.iter().flatten().count(), AT_ONCE);
    }
}
