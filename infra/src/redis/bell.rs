//! The bell that rings in every process.

use futures_util::StreamExt;
use redis::RedisResult;

use super::{PATIENCE, Redis};

impl Redis {
    /// Tells every process that there is something new in the feed.
    pub async fn ring(&self) -> RedisResult<()> {
        redis::cmd("PUBLISH").arg(self.bell()).arg(1).query_async(&mut self.connection.clone()).await
    }

    /// Calls `heard` whenever some process rings, and once at the start for what was missed until then. Comes back when the
    /// line is lost.
    pub async fn hear(&self, heard: impl Fn()) -> RedisResult<()> {
        let line = tokio::time::timeout(PATIENCE * 10, async {
            let mut line = self.client.get_async_pubsub().await?;
            line.subscribe(self.bell()).await?;
            RedisResult::Ok(line)
        });
        let mut rings = line.await.map_err(std::io::Error::from)??.into_on_message();
        heard();
        while rings.next().await.is_some() {
            heard();
        }
        Ok(())
    }

    fn bell(&self) -> String {
        format!("{}feed", self.prefix)
    }
}
