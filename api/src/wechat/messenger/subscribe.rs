use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::notice::{Outcome, Template, template};
use domain::ports::{Clock, Parcel, Prepared, TellError};
use domain::wechat::{Right, WechatAccount};
use strum::IntoEnumIterator;
use wechat_adapter::{Endpoint, Language, MiniProgramState, SubscribeMessage, WechatError};

use super::{WechatMessenger, errors, is_told_again, page};
use crate::wechat::MiniProgramOfOurs;
use crate::wechat::wording::{kinds, lines};

struct SubscribeMessageOfOurs {
    program: Arc<MiniProgramOfOurs>,
    message: SubscribeMessage,
    told_again: bool,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl Prepared for SubscribeMessageOfOurs {
    async fn send(&self) -> Result<Option<String>, TellError> {
        let sent = self.program.client.send_subscribe(&self.message).await;
        sent.map(|sent| sent.msgid).map_err(|error| {
            tracing::info!(%error, "wechat.subscribe not sent");
            errors::of_sending(&error, Endpoint::SubscribeSend, self.told_again, self.clock.now())
        })
    }
}

impl WechatMessenger {
    pub(super) async fn subscribe_message(
        &self,
        parcel: &Parcel,
        to: &WechatAccount,
    ) -> Result<Box<dyn Prepared>, TellError> {
        let program = self.apps.program(Some(&to.app_id)).ok_or(TellError::Ends(Outcome::InvalidRecipient, None))?;
        let slot = template(parcel.kind, parcel.side);
        let id = program.templates.id(slot);
        // What another message used up meanwhile is not asked for. A ledger that cannot be read says nothing.
        if self.ledger.right(to, id).await.is_ok_and(|right| !Right::allows(right)) {
            return Err(TellError::Ends(Outcome::NoRight, None));
        }
        let message = message(program, parcel, slot, to, self).await?;
        let now = self.clock.now();
        program.client.ready().await.map_err(|error| errors::before_sending(&error, now))?;
        let (program, clock) = (program.clone(), self.clock.clone());
        Ok(Box::new(SubscribeMessageOfOurs { program, message, told_again: is_told_again(parcel), clock }))
    }
}

async fn message(
    program: &MiniProgramOfOurs,
    parcel: &Parcel,
    slot: Template,
    to: &WechatAccount,
    messenger: &WechatMessenger,
) -> Result<SubscribeMessage, TellError> {
    let id = program.templates.id(slot);
    let own = program.template(id).await;
    let own = own.map_err(|error| errors::before_sending(&error, messenger.clock.now()))?;
    let Some(own) = own else {
        tracing::error!(kind = %parcel.kind, template = id, "the account has no such template");
        return Err(TellError::Ends(Outcome::OperatorNeeded, Some(40037)));
    };
    let chosen = own.keywords_of(&kinds(slot)).map_err(|misfit| {
        tracing::error!(kind = %parcel.kind, %misfit, "the template does not fit the message");
        TellError::Ends(Outcome::OperatorNeeded, None)
    })?;
    let data: BTreeMap<_, _> = chosen.into_iter().zip(lines(parcel)).collect();
    Ok(SubscribeMessage {
        touser: to.openid.clone(),
        template_id: id.to_owned(),
        page: Some(page(parcel)),
        state: MiniProgramState::Formal,
        lang: Language::ChineseMainland,
        data,
    })
}

/// Whether each message fits the account's template: asked when the program starts, so that nobody learns it from a message
/// that does not leave. Says what does not fit.
pub async fn misfits(program: &MiniProgramOfOurs) -> Result<Vec<String>, WechatError> {
    let mut misfits = Vec::new();
    for slot in Template::iter() {
        let id = program.templates.id(slot);
        match program.template(id).await? {
            None => misfits.push(format!("{slot}: the account has no template {id}")),
            Some(own) => misfits.extend(own.keywords_of(&kinds(slot)).err().map(|misfit| format!("{slot}: {misfit}"))),
        }
    }
    Ok(misfits)
}
