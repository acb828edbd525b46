use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::answer::{Message, Order};
use super::client::{CallError, Client};
use super::script::{Step, Story};

/// How long messages may take to reach the phones.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The messages that a story brings to its phones.
pub struct Mailbox {
    story: &'static Story,
    expected: usize,
}

/// A message and the phone that it stands on.
pub struct Arrived {
    pub openid: &'static str,
    pub message: Message,
}

impl Mailbox {
    pub fn new(story: &'static Story) -> Self {
        Self { story, expected: 0 }
    }

    pub fn expect(&mut self, step: &Step) {
        self.expected += step.rings(self.story.requester).len();
    }

    /// All messages about the order, oldest first. Waits until as many came as are expected, but not for ever.
    pub async fn collect(&self, client: &Client, order: &Order) -> Result<Vec<Arrived>, CallError> {
        let started = Instant::now();
        loop {
            let mut arrived = self.look(client, order).await?;
            if arrived.len() >= self.expected || started.elapsed() > PATIENCE {
                arrived.sort_by_key(|arrived| arrived.message.sent_at);
                return Ok(arrived);
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    async fn look(&self, client: &Client, order: &Order) -> Result<Vec<Arrived>, CallError> {
        let mut arrived = Vec::new();
        for openid in self.story.phones() {
            let messages = client.messages(openid).await?.into_iter().filter(|message| message.is_about(order));
            arrived.extend(messages.map(|message| Arrived { openid, message }));
        }
        Ok(arrived)
    }
}
