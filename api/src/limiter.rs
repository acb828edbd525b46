//! How much one person or one address may ask in a short time.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use domain::ids::PersonId;
use governor::clock::Clock;
use governor::{DefaultKeyedRateLimiter, Quota};
use infra::redis::Redis;

use crate::config::Limits;
use crate::problem::{Code, Problem};

/// Counts in Redis where there is one, so that all processes share the limits; in process otherwise and while Redis is away.
pub struct Limiter {
    persons: Allowance<PersonId>,
    addresses: Allowance<String>,
    anonymous: Allowance<String>,
    refusals: DefaultKeyedRateLimiter<String>,
    exports: Option<Allowance<PersonId>>,
    redis: Option<Redis>,
}

/// Refusals of one address without a token that leave a line each minute.
const REFUSALS_NOTED: Quota = Quota::per_minute(NonZeroU32::MIN.saturating_add(29));

struct Allowance<K: Hash + Eq + Clone> {
    name: &'static str,
    burst: u32,
    window: Duration,
    local: DefaultKeyedRateLimiter<K>,
}

impl Limiter {
    pub fn new(limits: &Limits, redis: Option<Redis>) -> Self {
        Self {
            persons: Allowance::new("person", limits.person_burst, limits.person_per_second),
            addresses: Allowance::new("address", limits.address_burst, limits.address_per_second),
            anonymous: Allowance::new("anonymous", limits.anonymous_burst, limits.anonymous_per_second),
            refusals: DefaultKeyedRateLimiter::dashmap(REFUSALS_NOTED),
            exports: Some(limits.export_every_seconds).filter(|seconds| *seconds > 0).map(Allowance::one_in),
            redis,
        }
    }

    pub async fn check_person(&self, person: PersonId) -> Result<(), Problem> {
        self.persons.check(&person, self.redis.as_ref()).await
    }

    pub async fn check_address(&self, address: String) -> Result<(), Problem> {
        self.addresses.check(&address, self.redis.as_ref()).await
    }

    pub async fn check_anonymous(&self, address: String) -> Result<(), Problem> {
        self.anonymous.check(&address, self.redis.as_ref()).await
    }

    /// Whether one more refusal of somebody unknown from this address is worth a line: nobody fills the disk with them.
    pub fn may_note_refusal(&self, address: &str) -> bool {
        self.refusals.check_key(&address.to_owned()).is_ok()
    }

    /// An export reads everything about a person at once.
    pub async fn check_export(&self, person: PersonId) -> Result<(), Problem> {
        match &self.exports {
            Some(exports) => exports.check(&person, self.redis.as_ref()).await,
            None => Ok(()),
        }
    }

    /// Forgets those who have been quiet, so that memory does not grow with the number of people.
    pub fn forget_the_quiet(&self) {
        self.persons.local.retain_recent();
        self.addresses.local.retain_recent();
        self.anonymous.local.retain_recent();
        self.refusals.retain_recent();
        if let Some(exports) = &self.exports {
            exports.local.retain_recent();
        }
    }
}

impl<K: Hash + Eq + Clone + ToString> Allowance<K> {
    fn new(name: &'static str, burst: u32, per_second: u32) -> Self {
        let at_least_one = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst));
        let window = Duration::from_secs_f64(f64::from(burst.max(1)) / f64::from(per_second.max(1)));
        Self { name, burst, window, local: DefaultKeyedRateLimiter::dashmap(quota) }
    }

    fn one_in(seconds: u32) -> Self {
        let window = Duration::from_secs(seconds.into());
        let quota = Quota::with_period(window).unwrap_or(Quota::per_minute(NonZeroU32::MIN));
        Self { name: "export", burst: 1, window, local: DefaultKeyedRateLimiter::dashmap(quota) }
    }

    async fn check(&self, key: &K, redis: Option<&Redis>) -> Result<(), Problem> {
        if let Some(redis) = redis {
            match redis.count(&format!("{}:{}", self.name, key.to_string()), self.burst, self.window).await {
                Ok(wait) => return wait.map_or(Ok(()), |wait| Err(too_fast(wait))),
                Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "redis.limit failed"),
            }
        }
        self.local.check_key(key).map_err(|not_until| too_fast(not_until.wait_time_from(self.local.clock().now())))
    }
}

fn too_fast(wait: Duration) -> Problem {
    let seconds = wait.as_secs() + 1;
    let mut problem = Problem::new(Code::TooManyRequests, format!("操作太快了，请 {seconds} 秒后再试"));
    problem.retry_after = Some(seconds);
    problem
}
