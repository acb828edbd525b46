//! What WeChat tells of its own accord, put into our own words.

use anyhow::Context;
use domain::wechat::{Item, News, RightChange, Told};
use secrecy::ExposeSecret;
use wechat_adapter::TemplateKind;
use wechat_adapter::callback::{Callback, CallbackConfig, Event, Push, RevokedItem, SubscribeResult, SubscribeStatus};

use super::{MiniProgramOfOurs, in_our_words};
use crate::config::CallbackSettings;

/// Where WeChat knocks for one account.
pub struct Door {
    pub callback: Callback,
}

impl Door {
    /// `None` where nothing is configured.
    pub fn of(app_id: &str, settings: &CallbackSettings) -> anyhow::Result<Option<Self>> {
        let key = &settings.encoding_aes_key;
        if settings.token.expose_secret().is_empty() && key.expose_secret().is_empty() {
            return Ok(None);
        }
        let encoding_aes_key = (!key.expose_secret().is_empty()).then(|| key.clone());
        let config = CallbackConfig {
            app_id: app_id.to_owned(),
            token: settings.token.clone(),
            require_encryption: encoding_aes_key.is_some(),
            encoding_aes_key,
        };
        let callback = Callback::new(config).with_context(|| format!("the callback of {app_id} is set up wrongly"))?;
        Ok(Some(Self { callback }))
    }
}

/// `program`: whose news it is, where it is a mini-program's.
pub fn told(app_id: &str, program: Option<&MiniProgramOfOurs>, push: Push) -> Told {
    let name = push.event.name().to_owned();
    Told { id: push.id, app_id: app_id.to_owned(), name, news: news(program, push.event) }
}

fn news(program: Option<&MiniProgramOfOurs>, event: Event) -> News {
    match event {
        Event::SubscribePopup { openid, results } => News::Rights { openid, changes: rights(program, &results, true) },
        Event::SubscribeChange { openid, results } => {
            News::Rights { openid, changes: rights(program, &results, false) }
        }
        Event::MediaChecked { trace_id, verdict, .. } => {
            let verdict = verdict.map(|verdict| in_our_words(verdict.suggest));
            News::PhotoJudged { trace: trace_id, verdict }
        }
        // WeChat found the name or the picture unfit: ours goes too.
        Event::ProfileCleaned { openid } => News::Forget { openid, items: vec![Item::Nickname] },
        Event::AuthorisationRevoked { openid, items } => News::Forget { openid, items: revoked(&items) },
        Event::AccountClosed { openid } => News::AccountClosed { openid },
        Event::Followed { openid, .. } | Event::Scanned { openid, .. } => News::Followed { openid },
        Event::Unfollowed { openid } => News::Unfollowed { openid },
        Event::SubscribeSent { results, .. } => {
            let failed = results.into_iter().filter(|result| result.error_code != 0);
            let messages: Vec<_> = failed.map(|result| (result.msgid, result.error_code)).collect();
            if messages.is_empty() { News::Noted } else { News::Undelivered { messages } }
        }
        Event::TemplateSendFinished { .. } => News::Noted,
        Event::Punished { event_type, punish_id, .. } => {
            tracing::error!(event_type, punish_id, "wechat punishes the mini-program: see its console");
            News::Noted
        }
        Event::Unknown { raw, .. } => News::Strange { raw },
    }
}

/// A prompt that was refused takes nothing away: rights that were given before stay. In WeChat's settings a refusal does.
fn rights(
    program: Option<&MiniProgramOfOurs>,
    results: &[SubscribeResult],
    is_prompt: bool,
) -> Vec<(String, RightChange)> {
    let is_standing = |id: &str| {
        program.and_then(|program| program.known_template(id)).is_some_and(|own| own.kind == TemplateKind::LongTerm)
    };
    let change = |result: &SubscribeResult| match &result.status {
        SubscribeStatus::Accept if is_standing(&result.template_id) => Some(RightChange::Standing),
        SubscribeStatus::Accept => Some(RightChange::OneMore),
        SubscribeStatus::Reject if is_prompt => None,
        SubscribeStatus::Reject | SubscribeStatus::Ban => Some(RightChange::Gone),
        SubscribeStatus::Filter | SubscribeStatus::Other(_) => None,
    };
    results.iter().filter_map(|result| Some((result.template_id.clone(), change(result)?))).collect()
}

/// Where WeChat names nothing, it is everything. What we never keep, nobody can take back.
fn revoked(items: &[RevokedItem]) -> Vec<Item> {
    if items.is_empty() {
        return vec![Item::Phone, Item::Nickname, Item::Photos];
    }
    let item = |item: &RevokedItem| match item {
        RevokedItem::PhoneNumber => Some(Item::Phone),
        RevokedItem::NicknameAndAvatar | RevokedItem::TypedNickname => Some(Item::Nickname),
        RevokedItem::Camera | RevokedItem::ChosenMedia | RevokedItem::ChosenFile => Some(Item::Photos),
        RevokedItem::NumberPlate
        | RevokedItem::Address
        | RevokedItem::Invoice
        | RevokedItem::Bluetooth
        | RevokedItem::Microphone
        | RevokedItem::Steps
        | RevokedItem::Location
        | RevokedItem::Email
        | RevokedItem::ChosenPlace
        | RevokedItem::ChosenAvatar
        | RevokedItem::Other(_) => None,
    };
    let mut items: Vec<_> = items.iter().filter_map(item).collect();
    items.dedup();
    items
}
