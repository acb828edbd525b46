//! Tokens that another system gave to all our processes together.
//!
//! They lie in Redis in the clear, for two hours at most: whoever reads this Redis may speak in our name for as long.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use redis::{AsyncCommands, RedisResult, Script};

use super::Redis;

/// No token of WeChat lives longer. What a clock of ours says of its expiry is kept beside it and decides nothing here.
const LONGEST_LIFE: Duration = Duration::from_secs(7200);
/// A day's count is looked at on that day, in whichever time zone.
const COUNT_LIFE: Duration = Duration::from_secs(2 * 24 * 3600);

/// Forgets the token if it is still the one that is kept.
const FORGET: &str = r"
if redis.call('HGET', KEYS[1], 'value') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
";

/// Numbers the turns, so that a late owner cannot end somebody else's; 0 while one is taken.
const TAKE_TURN: &str = r"
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local turn = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], turn, 'NX', 'PX', ARGV[1])
return turn
";

const END_TURN: &str = r"
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
";

/// Counts one use, unless another was too close or the day's are used up.
const SPEND: &str = r"
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if tonumber(redis.call('GET', KEYS[2]) or '0') >= tonumber(ARGV[1]) then return 0 end
redis.call('INCR', KEYS[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.call('SET', KEYS[1], '', 'PX', ARGV[3])
return 1
";

/// A token and when its giver stops taking it.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedToken {
    pub value: String,
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for SharedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedToken").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl Redis {
    /// The token of `account`, or none.
    pub async fn find_token(&self, account: &str) -> RedisResult<Option<SharedToken>> {
        let (value, expires_at): (Option<String>, Option<i64>) =
            self.patient.clone().hmget(self.token_key("token", account), &["value", "expires_at"]).await?;
        let expires_at = expires_at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        Ok(value.zip(expires_at).map(|(value, expires_at)| SharedToken { value, expires_at }))
    }

    /// Replaces the token of `account`.
    pub async fn keep_token(&self, account: &str, token: &SharedToken) -> RedisResult<()> {
        let key = self.token_key("token", account);
        redis::pipe()
            .atomic()
            .hset_multiple(&key, &[("value", &token.value), ("expires_at", &token.expires_at.timestamp().to_string())])
            .ignore()
            .pexpire(&key, milliseconds(LONGEST_LIFE))
            .ignore()
            .query_async(&mut self.patient.clone())
            .await
    }

    /// Forgets the token of `account` if it is still `value`.
    pub async fn forget_token(&self, account: &str, value: &str) -> RedisResult<()> {
        let script = Script::new(FORGET);
        script.key(self.token_key("token", account)).arg(value).invoke_async(&mut self.patient.clone()).await
    }

    /// Takes the turn to fetch the token of `account`; none while somebody else has it. It ends after `lease`.
    pub async fn take_turn(&self, account: &str, lease: Duration) -> RedisResult<Option<u64>> {
        let turn: u64 = Script::new(TAKE_TURN)
            .key(self.token_key("turn", account))
            .key(self.token_key("turns", account))
            .arg(milliseconds(lease))
            .invoke_async(&mut self.patient.clone())
            .await?;
        Ok((turn > 0).then_some(turn))
    }

    /// Ends `turn`, unless it has ended already.
    pub async fn end_turn(&self, account: &str, turn: u64) -> RedisResult<()> {
        let script = Script::new(END_TURN);
        script.key(self.token_key("turn", account)).arg(turn).invoke_async(&mut self.patient.clone()).await
    }

    /// Counts one forced renewal on `day`, if it is the first within `apart` and one of the day's first `most`.
    pub async fn spend_renewal(&self, account: &str, day: NaiveDate, most: u32, apart: Duration) -> RedisResult<bool> {
        Script::new(SPEND)
            .key(self.token_key("renewed", account))
            .key(format!("{}:{day}", self.token_key("renewals", account)))
            .arg(most)
            .arg(milliseconds(COUNT_LIFE))
            .arg(milliseconds(apart))
            .invoke_async(&mut self.patient.clone())
            .await
    }

    fn token_key(&self, what: &str, account: &str) -> String {
        format!("{}wechat:{what}:{account}", self.prefix)
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
