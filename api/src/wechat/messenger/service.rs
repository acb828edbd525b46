use std::sync::Arc;

use async_trait::async_trait;
use domain::notice::{Outcome, Side};
use domain::ports::{Clock, Parcel, Prepared, TellError};
use domain::wechat::WechatAccount;
use wechat_adapter::{Endpoint, MiniProgramPage, TemplateMessage};

use super::{WechatMessenger, errors, page};
use crate::wechat::ServiceAccountOfOurs;
use crate::wechat::wording::lines;

struct TemplateMessageOfOurs {
    service: Arc<ServiceAccountOfOurs>,
    message: TemplateMessage,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl Prepared for TemplateMessageOfOurs {
    /// WeChat knows the message again by its id, so that it is sent again where it may have arrived.
    async fn send(&self) -> Result<Option<String>, TellError> {
        let sent = self.service.client.send_template(&self.message).await;
        sent.map(|sent| sent.msgid).map_err(|error| {
            tracing::info!(%error, "wechat.service not sent");
            errors::of_sending(&error, Endpoint::ServiceTemplateSend, true, self.clock.now())
        })
    }
}

impl WechatMessenger {
    pub(super) async fn service_message(
        &self,
        parcel: &Parcel,
        to: &WechatAccount,
    ) -> Result<Box<dyn Prepared>, TellError> {
        let service = self.apps.service_account.as_ref().filter(|service| service.app_id == to.app_id);
        let with_templates = service.and_then(|service| Some((service, service.templates.as_ref()?)));
        let (service, templates) = with_templates.ok_or(TellError::Ends(Outcome::InvalidRecipient, None))?;
        let now = self.clock.now();
        service.client.ready().await.map_err(|error| errors::before_sending(&error, now))?;
        let template = match parcel.side {
            Side::Resident => &templates.progress,
            Side::Partner | Side::Desk => &templates.task,
        };
        let message = TemplateMessage {
            data: templates.keywords.iter().cloned().zip(lines(parcel)).collect(),
            client_msg_id: parcel.deliveries.first().map(ToString::to_string),
            mini_program: self
                .apps
                .program(None)
                .map(|program| MiniProgramPage { app_id: program.app_id.clone(), path: Some(page(parcel)) }),
            ..TemplateMessage::new(&to.openid, template)
        };
        let (service, clock) = (service.clone(), self.clock.clone());
        Ok(Box::new(TemplateMessageOfOurs { service, message, clock }))
    }
}
