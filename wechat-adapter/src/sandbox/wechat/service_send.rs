//! A service account's template message.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::no_account;
use super::card::{labelled, surplus_keyword};
use super::{Refusal, WechatCall};
use crate::callback::{Event, TemplateSendStatus};
use crate::clock::BEIJING;
use crate::sandbox::AccountKind;
use crate::sandbox::world::World;
use crate::sandbox::world::membership::Follow;
use crate::sandbox::world::phones::{Channel, PhoneMessage};

/// How long a `client_msg_id` is remembered.
const REMEMBERED: TimeDelta = TimeDelta::minutes(10);

#[derive(Deserialize)]
struct TemplateRequest {
    #[serde(default)]
    touser: String,
    #[serde(default)]
    template_id: String,
    #[serde(default)]
    data: HashMap<String, Value>,
    url: Option<String>,
    miniprogram: Option<MiniProgramPage>,
    client_msg_id: Option<String>,
}

#[derive(Deserialize)]
struct MiniProgramPage {
    #[serde(default)]
    appid: String,
    pagepath: Option<String>,
}

/// UNVERIFIED: which complaint comes first when there are several.
pub(super) fn answer(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let app_id = call.enter(world, AccountKind::ServiceAccount, now)?;
    let request: TemplateRequest = call.json()?;
    let blocking = follow(world, &app_id, &request)?.blocking;
    let (message, surplus) = card(world, &app_id, &request, now)?;
    let key = request.client_msg_id.clone().map(|id| [app_id.clone(), request.touser.clone(), id]);
    if let Some(msgid) = key.as_ref().and_then(|key| world.sent_before.find(key, REMEMBERED, now)) {
        // UNVERIFIED: that the repeat is answered like the first.
        return Ok(accepted(msgid));
    }
    if let Some(reason) = surplus {
        world.note_unexpected(now, call.method, call.endpoint.path(), reason);
    }
    let msgid = world.next_msgid();
    if let Some(key) = key {
        world.sent_before.remember(key, msgid, now);
    }
    // UNVERIFIED: that the send is taken, and not refused with 43019 or 48002.
    if !blocking {
        world.deliver(&request.touser, PhoneMessage { msgid, ..message });
    }
    let status = if blocking { TemplateSendStatus::UserBlocked } else { TemplateSendStatus::Success };
    let finished = Event::TemplateSendFinished { openid: request.touser, msgid: msgid.to_string(), status };
    world.push(&app_id, now, finished);
    Ok(accepted(msgid))
}

fn accepted(msgid: i64) -> Value {
    json!({ "errcode": 0, "errmsg": "ok", "msgid": msgid })
}

/// How the receiver follows the account.
fn follow<'a>(world: &'a World, app_id: &str, request: &TemplateRequest) -> Result<&'a Follow, Refusal> {
    if !world.people.belongs(&request.touser, app_id) {
        return Err(Refusal::new(40003, "invalid openid"));
    }
    let follow = world.people.membership(&request.touser).and_then(|membership| membership.follow.as_ref());
    follow.ok_or_else(|| Refusal::new(43004, "require subscribe"))
}

/// The message without its id, and what a correct client would not have sent.
fn card(
    world: &World,
    app_id: &str,
    request: &TemplateRequest,
    now: DateTime<Utc>,
) -> Result<(PhoneMessage, Option<String>), Refusal> {
    let account = world.account(app_id).ok_or_else(no_account)?;
    let template = account.template(&request.template_id).ok_or_else(|| Refusal::new(40037, "invalid template_id"))?;
    let jump = request.miniprogram.as_ref();
    // Every mini-program of the sandbox counts as linked with every service account.
    let linked = |app: &str| world.account(app).is_some_and(|other| other.kind == AccountKind::MiniProgram);
    if jump.is_some_and(|jump| !linked(&jump.appid)) {
        return Err(no_account());
    }
    let page = jump.map(|jump| jump.pagepath.clone().unwrap_or_default());
    let message = PhoneMessage {
        msgid: 0,
        channel: Channel::ServiceAccount,
        app_id: app_id.to_owned(),
        account: account.name.clone(),
        agent_id: None,
        template_id: template.id.clone(),
        title: template.title.clone(),
        // The mini-program wins over the web page.
        url: if page.is_some() { None } else { request.url.clone() },
        page,
        data: labelled(template, &request.data)?,
        sent_at: now.with_timezone(&BEIJING),
        read: false,
    };
    Ok((message, surplus_keyword(template, &request.data)))
}
