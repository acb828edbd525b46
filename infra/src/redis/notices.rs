//! The stream of notices.

use std::time::Duration;

use redis::RedisResult;
use redis::streams::{StreamAutoClaimReply, StreamId, StreamReadReply};

use super::Redis;

/// The consumer group of all workers.
const GROUP: &str = "workers";
/// What is finished is deleted; should that ever fail, no more than about this many entries stay.
const MOST: usize = 100_000;
/// A worker that has held entries for so long is dead.
const DEAD_AFTER: Duration = Duration::from_secs(10);
const FIELD: &str = "notice";

/// One entry of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    pub value: String,
}

impl Redis {
    /// Adds all of them in one round trip.
    pub async fn add_notices(&self, values: &[String]) -> RedisResult<()> {
        let mut all = redis::pipe();
        for value in values {
            all.cmd("XADD").arg(self.stream()).arg("MAXLEN").arg("~").arg(MOST).arg("*").arg(FIELD).arg(value).ignore();
        }
        all.query_async(&mut self.patient.clone()).await
    }

    /// Those first that a dead worker left behind. Waits for one so long, or not at all.
    pub async fn take_notices(&self, consumer: &str, most: u16, wait: Duration) -> RedisResult<Vec<Entry>> {
        match self.take_from_group(consumer, most, wait).await {
            // Redis was emptied, or nobody came before us.
            Err(error) if error.code() == Some("NOGROUP") => {
                self.make_group().await?;
                self.take_from_group(consumer, most, wait).await
            }
            taken => taken,
        }
    }

    async fn take_from_group(&self, consumer: &str, most: u16, wait: Duration) -> RedisResult<Vec<Entry>> {
        let left: StreamAutoClaimReply = redis::cmd("XAUTOCLAIM")
            .arg(self.stream())
            .arg(GROUP)
            .arg(consumer)
            .arg(milliseconds(DEAD_AFTER))
            .arg("0")
            .arg("COUNT")
            .arg(most)
            .query_async(&mut self.patient.clone())
            .await?;
        if !left.claimed.is_empty() {
            return Ok(entries(left.claimed));
        }
        let mut read = redis::cmd("XREADGROUP");
        read.arg("GROUP").arg(GROUP).arg(consumer).arg("COUNT").arg(most);
        if !wait.is_zero() {
            read.arg("BLOCK").arg(milliseconds(wait));
        }
        read.arg("STREAMS").arg(self.stream()).arg(">");
        let fresh: Option<StreamReadReply> = read.query_async(&mut self.waiting.clone()).await?;
        let fresh = fresh.map(|reply| reply.keys).unwrap_or_default();
        Ok(fresh.into_iter().flat_map(|key| entries(key.ids)).collect())
    }

    async fn make_group(&self) -> RedisResult<()> {
        let made: RedisResult<()> = redis::cmd("XGROUP")
            .arg("CREATE")
            .arg(self.stream())
            .arg(GROUP)
            .arg("0")
            .arg("MKSTREAM")
            .query_async(&mut self.patient.clone())
            .await;
        match made {
            Err(error) if error.code() == Some("BUSYGROUP") => Ok(()),
            made => made,
        }
    }

    /// They are done, and nobody needs them any more.
    pub async fn finish_notices(&self, entries: &[&str]) -> RedisResult<()> {
        redis::pipe()
            .cmd("XACK")
            .arg(self.stream())
            .arg(GROUP)
            .arg(entries)
            .ignore()
            .cmd("XDEL")
            .arg(self.stream())
            .arg(entries)
            .ignore()
            .query_async(&mut self.patient.clone())
            .await
    }

    fn stream(&self) -> String {
        format!("{}notices", self.prefix)
    }
}

fn entries(ids: Vec<StreamId>) -> Vec<Entry> {
    let entry = |id: StreamId| Some(Entry { value: id.get(FIELD)?, id: id.id });
    ids.into_iter().filter_map(entry).collect()
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
