//! The system's clock and randomness behind the ports, and a clock moved by hand.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use uuid::{ContextV7, NoContext, Timestamp, Uuid};

use domain::order::Salt;
use domain::ports::{Clock, Ids};

#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for the time")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn at(&self, at: DateTime<Utc>) -> Uuid {
        uuid_at(at)
    }

    fn salt(&self) -> Salt {
        Salt(rand::random())
    }
}

/// A version 7 UUID of this instant; one before 1970 counts as 1970.
pub(crate) fn uuid_at(at: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, at.timestamp_subsec_nanos()))
}

/// As [`uuid_at`], and greater than those that this process made so before, also within one millisecond.
pub(crate) fn next_uuid_at(at: DateTime<Utc>) -> Uuid {
    static MADE_BEFORE: Mutex<ContextV7> = Mutex::new(ContextV7::new());
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(&MADE_BEFORE, seconds, at.timestamp_subsec_nanos()))
}

/// Stands still until it is moved; for tests and the demo. Clones show the same time.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(Arc::new(AtomicI64::new(at.timestamp_millis())))
    }

    pub fn set(&self, at: DateTime<Utc>) {
        self.0.store(at.timestamp_millis(), Ordering::SeqCst);
    }

    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        // Milliseconds that came from an instant make one again.
        DateTime::from_timestamp_millis(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-11-23T12:00:00.123Z".parse().expect("an instant")
    }

    #[test]
    fn ids_carry_their_instant_and_sort_by_it() {
        let id = SystemIds.at(noon());
        assert_eq!(id.get_version_num(), 7);
        let (seconds, nanos) = id.get_timestamp().expect("a time part").to_unix();
        assert_eq!((seconds, nanos), (1_795_435_200, 123_000_000));
        assert!(id < SystemIds.at(noon() + TimeDelta::milliseconds(1)));
        assert_ne!(id, SystemIds.at(noon()));
        assert_ne!(SystemIds.salt(), SystemIds.salt());
    }

    #[test]
    fn the_system_clock_shows_whole_milliseconds() {
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1_000_000, 0);
    }

    #[test]
    fn clones_of_a_manual_clock_show_the_same_time() {
        let clock = ManualClock::new(noon());
        let same = clock.clone();
        clock.advance(TimeDelta::minutes(5));
        assert_eq!(same.now(), noon() + TimeDelta::minutes(5));
        same.set(noon());
        assert_eq!(clock.now(), noon());
    }
}
