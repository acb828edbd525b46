//! How fast accounts may send, counted in seconds: by Redis for all processes together, by each for itself without it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use domain::notice::Channel;
use domain::ports::{Clock, Throttle};

use crate::redis::Redis;

const SECOND: Duration = Duration::from_secs(1);

pub struct SecondsThrottle {
    redis: Option<Redis>,
    clock: Arc<dyn Clock>,
    /// Messages of one account in a second.
    most: u32,
    /// The present second of each account, and its messages.
    own: Mutex<HashMap<String, (DateTime<Utc>, u32)>>,
}

impl SecondsThrottle {
    pub fn new(redis: Option<Redis>, clock: Arc<dyn Clock>, most: u32) -> Self {
        Self { redis, clock, most, own: Mutex::default() }
    }

    fn count_here(&self, account: String, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let second = now.trunc_subsecs(0);
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = own.entry(account).or_insert((second, 0));
        if *since != second {
            (*since, *count) = (second, 0);
        }
        *count += 1;
        (*count > self.most).then_some(second + TimeDelta::seconds(1))
    }
}

#[async_trait]
impl Throttle for SecondsThrottle {
    async fn not_before(&self, channel: Channel, app_id: &str) -> Option<DateTime<Utc>> {
        let account = format!("send:{channel}:{app_id}");
        let now = self.clock.now();
        if let Some(redis) = &self.redis {
            match redis.count(&account, self.most, SECOND).await {
                Ok(wait) => return wait.and_then(|wait| TimeDelta::from_std(wait).ok()).map(|wait| now + wait),
                Err(error) => tracing::debug!(%error, "throttle: Redis is away"),
            }
        }
        self.count_here(account, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    #[tokio::test]
    async fn so_many_in_a_second_and_the_next_one_later() {
        let clock = ManualClock::new("2026-11-23T02:00:00.500Z".parse().expect("an instant"));
        let throttle = SecondsThrottle::new(None, Arc::new(clock.clone()), 2);
        let send = async |app| throttle.not_before(Channel::Subscribe, app).await;
        assert_eq!((send("a").await, send("a").await), (None, None));
        let next = "2026-11-23T02:00:01Z".parse::<DateTime<Utc>>().expect("an instant");
        assert_eq!(send("a").await, Some(next));
        assert_eq!(send("b").await, None, "each account has its own");
        clock.set(next);
        assert_eq!(send("a").await, None);
    }
}
