use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::no_account;
use super::card::{labelled, surplus_keyword};
use super::{Refusal, WechatCall};
use crate::api::subscribe::{Language, MiniProgramState};
use crate::callback::{Event, SentResult};
use crate::clock::BEIJING;
use crate::sandbox::AccountKind;
use crate::sandbox::world::World;
use crate::sandbox::world::phones::{Channel, PhoneMessage};

#[derive(Deserialize)]
struct SendRequest {
    #[serde(default)]
    touser: String,
    #[serde(default)]
    template_id: String,
    page: Option<String>,
    miniprogram_state: Option<Value>,
    lang: Option<Value>,
    #[serde(default)]
    data: HashMap<String, Value>,
}

/// UNVERIFIED: which complaint comes first when there are several.
pub(super) fn answer(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let app_id = call.enter(world, AccountKind::MiniProgram, now)?;
    let request: SendRequest = call.json()?;
    check_words(&request)?;
    if !world.people.belongs(&request.touser, &app_id) {
        return Err(Refusal::new(40003, "invalid openid"));
    }
    let (message, surplus) = card(world, &app_id, &request, now)?;
    let spent = world.people.spend_right(&request.touser, &request.template_id);
    spent.map_err(|_| Refusal::new(43101, "user refuse to accept the msg"))?;
    if let Some(reason) = surplus {
        world.note_unexpected(now, call.method, call.endpoint.path(), reason);
    }
    let msgid = world.next_msgid();
    world.deliver(&request.touser, PhoneMessage { msgid, ..message });
    let result = SentResult {
        template_id: request.template_id,
        msgid: msgid.to_string(),
        error_code: 0,
        error_status: "success".to_owned(),
    };
    world.push(&app_id, now, Event::SubscribeSent { openid: request.touser, results: vec![result] });
    Ok(json!({ "errcode": 0, "errmsg": "ok", "msgid": msgid }))
}

/// The message without its id, and what a correct client would not have sent.
fn card(
    world: &World,
    app_id: &str,
    request: &SendRequest,
    now: DateTime<Utc>,
) -> Result<(PhoneMessage, Option<String>), Refusal> {
    let account = world.account(app_id).ok_or_else(no_account)?;
    let template = account.template(&request.template_id).ok_or_else(|| Refusal::new(40037, "invalid template_id"))?;
    if request.page.as_deref().is_some_and(|page| !account.has_released(page)) {
        return Err(Refusal::new(41030, "invalid page"));
    }
    let message = PhoneMessage {
        msgid: 0,
        channel: Channel::Subscribe,
        app_id: app_id.to_owned(),
        account: account.name.clone(),
        agent_id: None,
        template_id: template.id.clone(),
        title: template.title.clone(),
        page: request.page.clone(),
        url: None,
        data: labelled(template, &request.data)?,
        sent_at: now.with_timezone(&BEIJING),
        read: false,
    };
    Ok((message, surplus_keyword(template, &request.data)))
}

/// UNVERIFIED: the code for a word that is none of the documented ones. The
/// usual slip is a build name (`release`) where a state (`formal`) belongs.
fn check_words(request: &SendRequest) -> Result<(), Refusal> {
    let known = |state: &Value| MiniProgramState::deserialize(state).is_ok();
    if !request.miniprogram_state.as_ref().is_none_or(known) {
        return Err(Refusal::new(40097, "invalid args: miniprogram_state"));
    }
    let known = |lang: &Value| Language::deserialize(lang).is_ok();
    if !request.lang.as_ref().is_none_or(known) {
        return Err(Refusal::new(40097, "invalid args: lang"));
    }
    Ok(())
}
