//! What Redis does for us: limits, somebody else's tokens, the stream of notices and the bell of those who watch, shared by
//! all processes. Everything here may fail without losing an order.

mod bell;
mod notices;
mod tokens;

pub use notices::Entry;
pub use tokens::SharedToken;

use std::time::Duration;

use redis::Script;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};

/// A request must not wait for a slow Redis longer than this.
const PATIENCE: Duration = Duration::from_millis(100);
/// A token is worth waiting for: without it, each process asks for itself.
const PATIENCE_FOR_TOKENS: Duration = Duration::from_secs(1);
/// Longer than anybody waits for notices.
const PATIENCE_FOR_NOTICES: Duration = Duration::from_secs(5);

/// Counts in fixed windows; the answer is the number of milliseconds to wait, 0 if the request may pass.
const COUNT: &str = r"
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if count <= tonumber(ARGV[1]) then return 0 end
local left = redis.call('PTTL', KEYS[1])
if left < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]); left = tonumber(ARGV[2]) end
return left
";

#[derive(Clone)]
pub struct Redis {
    /// For lines of their own.
    client: redis::Client,
    connection: ConnectionManager,
    /// For tokens and notices.
    patient: ConnectionManager,
    /// For waiting until there is something: while one waits, nobody else gets an answer.
    waiting: ConnectionManager,
    prefix: String,
    count: Script,
}

impl Redis {
    /// Connects in the background and again whenever the connection is lost.
    pub async fn connect(url: &str, prefix: &str) -> redis::RedisResult<Self> {
        let waiting = |patience| {
            let config = ConnectionManagerConfig::new()
                .set_connection_timeout(Some(PATIENCE * 10))
                .set_response_timeout(Some(patience))
                .set_number_of_retries(1);
            ConnectionManager::new_lazy_with_config(redis::Client::open(url)?, config)
        };
        let (connection, patient) = (waiting(PATIENCE)?, waiting(PATIENCE_FOR_TOKENS)?);
        let waiting = waiting(PATIENCE_FOR_NOTICES)?;
        let (client, prefix, count) = (redis::Client::open(url)?, prefix.to_owned(), Script::new(COUNT));
        Ok(Self { client, connection, patient, waiting, prefix, count })
    }

    pub async fn ping(&self) -> redis::RedisResult<()> {
        redis::cmd("PING").query_async(&mut self.connection.clone()).await
    }

    /// Counts one use of `key`. `Some(wait)` where more than `most` came within `window`.
    pub async fn count(&self, key: &str, most: u32, window: Duration) -> redis::RedisResult<Option<Duration>> {
        let window = u64::try_from(window.as_millis()).unwrap_or(u64::MAX);
        let wait: u64 = self
            .count
            .key(format!("{}limit:{key}", self.prefix))
            .arg(most)
            .arg(window)
            .invoke_async(&mut self.connection.clone())
            .await?;
        Ok((wait > 0).then(|| Duration::from_millis(wait)))
    }
}
