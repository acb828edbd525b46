use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::notice::Outcome;
use domain::ports::{Clock, Parcel, Prepared, TellError};
use wechat_adapter::{Endpoint, WecomApp, WecomReceivers, WecomText};

use super::{WechatMessenger, errors};
use crate::wechat::wording::text;

/// So long WeCom drops a message that is the same in every part.
const ONCE_IN: Duration = Duration::from_secs(30 * 60);

struct WecomMessageOfOurs {
    wecom: Arc<WecomApp>,
    message: WecomText,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl Prepared for WecomMessageOfOurs {
    /// WeCom knows the message again by its words, so that it is sent again where it may have arrived.
    async fn send(&self) -> Result<Option<String>, TellError> {
        let sent = self.wecom.send_text(&self.message).await.map_err(|error| {
            tracing::info!(%error, "wecom not sent");
            errors::of_sending(&error, Endpoint::WecomMessage, true, self.clock.now())
        })?;
        // Partial failure is no error to WeCom, and there is but one receiver.
        if sent.reached_everyone() { Ok(sent.msgid) } else { Err(TellError::Ends(Outcome::InvalidRecipient, None)) }
    }
}

impl WechatMessenger {
    pub(super) async fn wecom_message(&self, parcel: &Parcel, user: &str) -> Result<Box<dyn Prepared>, TellError> {
        let wecom = self.apps.wecom.as_ref().ok_or(TellError::Ends(Outcome::InvalidRecipient, None))?;
        let now = self.clock.now();
        wecom.ready().await.map_err(|error| errors::before_sending(&error, now))?;
        let message = WecomText::new(WecomReceivers::users([user]), text(parcel)).with_duplicate_check(ONCE_IN);
        Ok(Box::new(WecomMessageOfOurs { wecom: wecom.clone(), message, clock: self.clock.clone() }))
    }
}
