use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::deadline::{day_in_shanghai, start_of_day};
use domain::notice::NoticeKind;
use domain::ports::{Clock, Messenger, OutboxItem, Outcome, TellError, WechatStore};
use domain::wechat::{Right, RightChange, WechatAccount};
use strum::IntoEnumIterator;
use wechat_adapter::{Endpoint, ErrorClass, Language, MiniProgramState, SubscribeMessage, WechatError};

use super::wording::{keywords, kinds, lines, template};
use super::{Apps, MiniProgramOfOurs};

/// Tells notices by subscribe messages, and keeps the ledger of rights.
pub struct WechatMessenger {
    pub apps: Arc<Apps>,
    pub ledger: Arc<dyn WechatStore>,
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Messenger for WechatMessenger {
    async fn tell(&self, item: &OutboxItem, accounts: &[WechatAccount]) -> Result<Option<String>, TellError> {
        let Some((to, program)) = self.choose(item, accounts).await else {
            return Err(TellError::Ends(Outcome::InvalidRecipient, None));
        };
        let now = self.clock.now();
        let message = message(program, item, &to.openid, now).await?;
        let sent = program.client.send_subscribe(&message).await;
        self.note(to, &message.template_id, &sent).await;
        sent.map(|sent| sent.msgid).map_err(|error| {
            tracing::info!(kind = %item.kind, error = %error, "wechat.subscribe not sent");
            outcome(&error, item.kind, now)
        })
    }
}

impl WechatMessenger {
    /// The account whose ledger allows this message; the preferred one where none does, or there is but one.
    async fn choose<'a>(
        &self,
        item: &OutboxItem,
        accounts: &'a [WechatAccount],
    ) -> Option<(&'a WechatAccount, &Arc<MiniProgramOfOurs>)> {
        let mut known = accounts.iter().filter_map(|to| Some((to, self.apps.program(Some(&to.app_id))?)));
        let first = known.next()?;
        let others: Vec<_> = known.collect();
        if others.is_empty() {
            return Some(first);
        }
        for (to, program) in std::iter::once(first).chain(others) {
            let right = self.ledger.right(to, template(&program.templates, item.kind)).await;
            if right.is_ok_and(Right::allows) {
                return Some((to, program));
            }
        }
        Some(first)
    }

    /// What the ledger cannot be told now is told by WeChat at the next try.
    async fn note<T>(&self, to: &WechatAccount, template: &str, sent: &Result<T, WechatError>) {
        let change = match sent {
            Ok(_) => RightChange::OneLess,
            Err(error) if error.errcode() == Some(43101) => RightChange::Gone,
            Err(_) => return,
        };
        if let Err(error) = self.ledger.change_right(to, template, change, self.clock.now()).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "wechat.right was not noted");
        }
    }
}

async fn message(
    program: &MiniProgramOfOurs,
    item: &OutboxItem,
    openid: &str,
    now: DateTime<Utc>,
) -> Result<SubscribeMessage, TellError> {
    let id = template(&program.templates, item.kind);
    let own = program.template(id).await.map_err(|error| before_sending(&error, now))?;
    let Some(own) = own else {
        tracing::error!(kind = %item.kind, template = id, "the account has no such template");
        return Err(TellError::Ends(Outcome::OperatorNeeded, Some(40037)));
    };
    let chosen = keywords(&own, &kinds(item.kind)).map_err(|unfit| {
        tracing::error!(kind = %item.kind, template = id, %unfit, "the template does not fit the message");
        TellError::Ends(Outcome::OperatorNeeded, None)
    })?;
    let data: BTreeMap<_, _> = chosen.into_iter().zip(lines(item)).collect();
    Ok(SubscribeMessage {
        touser: openid.to_owned(),
        template_id: id.to_owned(),
        page: Some(format!("pages/order/detail?id={}", item.order)),
        state: MiniProgramState::Formal,
        lang: Language::ChineseMainland,
        data,
    })
}

/// Whether each message fits the account's template: asked when the program starts, so that nobody learns it from a message
/// that does not leave. Says what does not fit.
pub async fn misfits(program: &MiniProgramOfOurs) -> Result<Vec<String>, WechatError> {
    let mut misfits = Vec::new();
    for kind in NoticeKind::iter() {
        let id = template(&program.templates, kind);
        match program.template(id).await? {
            None => misfits.push(format!("{kind}: the account has no template {id}")),
            Some(own) => {
                misfits.extend(keywords(&own, &kinds(kind)).err().map(|unfit| format!("{kind}: {id}: {unfit}")));
            }
        }
    }
    Ok(misfits)
}

/// How a message ended that was not taken.
fn outcome(error: &WechatError, kind: NoticeKind, now: DateTime<Utc>) -> TellError {
    let code = error.errcode();
    if error.is_unknown() {
        metrics::counter!("hgj_wechat_unknown_codes_total").increment(1);
        tracing::error!(%error, "wechat answered a code that no page describes");
    }
    if error.endpoint() != Some(Endpoint::SubscribeSend) {
        return before_sending(error, now);
    }
    let may_have_arrived = error.outcome_unknown() || matches!(error, WechatError::Answer { .. });
    match error.class() {
        // A second message would be a nuisance, and only an alarm is worth that.
        _ if may_have_arrived && kind != NoticeKind::Alarm => TellError::Ends(Outcome::Unconfirmed, code),
        _ if may_have_arrived => TellError::TryLater(code),
        ErrorClass::User if code == Some(43101) => TellError::Ends(Outcome::NoRight, code),
        ErrorClass::User => TellError::Ends(Outcome::InvalidRecipient, code),
        ErrorClass::Drop if code == Some(40003) => TellError::Ends(Outcome::InvalidRecipient, code),
        ErrorClass::Drop => TellError::Ends(Outcome::RejectedContent, code),
        ErrorClass::Bug => TellError::Ends(Outcome::OperatorNeeded, code),
        ErrorClass::Operator if code.is_some_and(is_of_one_template) => TellError::Ends(Outcome::OperatorNeeded, code),
        ErrorClass::Operator | ErrorClass::Quota | ErrorClass::Retry | ErrorClass::Transport | ErrorClass::Token => {
            before_sending(error, now)
        }
    }
}

/// Nothing was sent, and nothing is wrong with this message.
fn before_sending(error: &WechatError, now: DateTime<Utc>) -> TellError {
    let code = error.errcode();
    match error.class() {
        // Too many to one person; a day's quota ends with the day.
        ErrorClass::Quota if code == Some(43117) => TellError::NotBefore(now + SOME_HOURS, code),
        ErrorClass::Quota => TellError::NotBefore(start_of_day(day_in_shanghai(now + TimeDelta::days(1))), code),
        // The whole account: an address, a secret, a contract.
        ErrorClass::Operator => {
            tracing::error!(%error, "wechat takes nothing from this account: somebody must look at its console");
            TellError::NotBefore(now + AN_HOUR, code)
        }
        ErrorClass::Retry | ErrorClass::Transport | ErrorClass::Token => TellError::TryLater(code),
        ErrorClass::Drop | ErrorClass::Bug | ErrorClass::User => TellError::TryLater(code),
    }
}

/// Unknown, banned, or leading to a page that is not released: the account's other messages leave all the same.
fn is_of_one_template(code: i64) -> bool {
    matches!(code, 40036 | 40037 | 40066 | 40165 | 40249 | 41030 | 43107 | 43116)
}

const AN_HOUR: TimeDelta = TimeDelta::hours(1);
const SOME_HOURS: TimeDelta = TimeDelta::hours(6);
