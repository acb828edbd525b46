//! WeCom's calls: an app's token, its messages, and a group's robot.
//!
//! UNVERIFIED throughout where a code is not named on the pages of message
//! sending and frequency: WeCom's own answers were not at hand.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::no_token;
use super::wecom_text::{Text, read_text};
use super::{Refusal, WechatCall};
use crate::clock::BEIJING;
use crate::endpoint::Endpoint;
use crate::sandbox::rules::{CallLimit, Window};
use crate::sandbox::world::World;
use crate::sandbox::world::accounts::{Corp, owner};
use crate::sandbox::world::phones::{Channel, LabelledValue, PhoneMessage};

/// To one member; what is more is dropped without a word.
const TO_ONE_MEMBER: CallLimit = CallLimit { per_hour: Some(1_000), ..CallLimit::minute(30) };
const MOST_RECEIVERS: usize = 1000;

/// Repeated calls give the same token.
pub(super) fn token(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let corp_id = call.query("corpid").ok_or_else(|| Refusal::new(41002, "corpid missing"))?;
    let secret = call.query("corpsecret").ok_or_else(|| Refusal::new(41004, "corpsecret missing"))?;
    call.count(world, corp_id, now)?;
    let corp = world.corp.as_mut().filter(|corp| corp.corp_id == corp_id);
    let corp = corp.ok_or_else(|| Refusal::new(40013, "invalid corpid"))?;
    let app = corp.apps.iter_mut().find(|app| app.secret.expose_secret() == secret);
    let app = app.ok_or_else(|| Refusal::new(40001, "invalid credential"))?;
    let (token, seconds) = app.tokens.normal(now);
    Ok(json!({ "errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": seconds }))
}

#[derive(Deserialize)]
struct MessageRequest {
    #[serde(default)]
    touser: String,
    #[serde(default)]
    toparty: String,
    #[serde(default)]
    totag: String,
    agentid: Option<i64>,
    #[serde(default)]
    enable_duplicate_check: i64,
    /// Seconds.
    duplicate_check_interval: Option<i64>,
    #[serde(flatten)]
    body: Value,
}

pub(super) fn message(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let corp = world.corp.as_ref().ok_or_else(not_ours)?;
    let agent_id = owner(&corp.apps, |app| &app.tokens, call.token()?, now).map_err(no_token)?.agent_id;
    check_address(corp, call)?;
    let (corp_id, name) = (corp.corp_id.clone(), corp.name.clone());
    let request: MessageRequest = call.json()?;
    if request.agentid != Some(agent_id) {
        return Err(Refusal::new(40056, "invalid agentid"));
    }
    let text = read_text(call.endpoint, &request.body)?;
    let (members, strangers) = receivers(corp, &request.touser)?;
    call.count(world, &corp_id, now)?;
    let msgid = world.next_msgid();
    if !is_repeat(world, &corp_id, &request, now, msgid) {
        for member in members {
            let card = PhoneMessage { agent_id: Some(agent_id), ..text.card(msgid, &corp_id, &name, now) };
            deliver_to_member(world, &corp_id, &member, card, now);
        }
    }
    // Partial failure is no error. The sandbox has no departments or tags.
    Ok(json!({
        "errcode": 0,
        "errmsg": "ok",
        "invaliduser": strangers.into_iter().map(|userid| userid.to_lowercase()).collect::<Vec<_>>().join("|"),
        "invalidparty": request.toparty,
        "invalidtag": request.totag,
        "msgid": msgid.to_string(),
    }))
}

fn not_ours() -> Refusal {
    Refusal::new(40014, "invalid access_token")
}

/// The apps' trusted addresses (企业可信IP).
fn check_address(corp: &Corp, call: &WechatCall<'_>) -> Result<(), Refusal> {
    match (&corp.allowed_ips, call.peer) {
        (Some(allowed), Some(peer)) if !allowed.contains(&peer) => {
            Err(Refusal::new(60020, format!("not allow to access from your ip, from ip: {peer}")))
        }
        _ => Ok(()),
    }
}

/// Members and strangers among those named.
fn receivers(corp: &Corp, touser: &str) -> Result<(BTreeSet<String>, Vec<String>), Refusal> {
    if touser == "@all" {
        return Ok((corp.members.iter().cloned().collect(), Vec::new()));
    }
    let named: Vec<_> = touser.split('|').map(str::trim).filter(|userid| !userid.is_empty()).collect();
    if named.len() > MOST_RECEIVERS {
        return Err(Refusal::new(40032, "invalid user list size"));
    }
    let members: BTreeSet<_> = named.iter().filter_map(|userid| corp.member(userid).cloned()).collect();
    if members.is_empty() {
        return Err(Refusal::new(81013, "user & party & tag all invalid"));
    }
    let strangers = named.iter().filter(|userid| corp.member(userid).is_none()).map(|userid| (*userid).to_owned());
    Ok((members, strangers.collect()))
}

/// The same words to the same people, within the interval asked for, go once.
fn is_repeat(world: &mut World, corp_id: &str, request: &MessageRequest, now: DateTime<Utc>, msgid: i64) -> bool {
    if request.enable_duplicate_check != 1 {
        return false;
    }
    let key = [corp_id.to_owned(), request.touser.clone(), request.body.to_string()];
    let interval = TimeDelta::seconds(request.duplicate_check_interval.unwrap_or(1800).clamp(0, 86_400));
    let before = world.sent_before.find(&key, interval, now).is_some();
    if !before {
        world.sent_before.remember(key, msgid, now);
    }
    before
}

fn deliver_to_member(world: &mut World, corp_id: &str, member: &str, card: PhoneMessage, now: DateTime<Utc>) {
    let who = format!("{corp_id}/{member}");
    let counted: Result<(), Window> = world.usage.count(&who, Endpoint::WecomMessage, TO_ONE_MEMBER, now);
    if counted.is_ok() {
        world.deliver(member, card);
    }
}

/// A group's robot. Its key is all that it is asked for.
pub(super) fn robot(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let unknown = || Refusal::new(93000, "invalid webhook url");
    let key = call.query("key").ok_or_else(unknown)?;
    let corp = world.corp.as_ref().ok_or_else(unknown)?;
    let group = corp.group(key).ok_or_else(unknown)?.to_owned();
    let (corp_id, name) = (corp.corp_id.clone(), corp.name.clone());
    let text = read_text(call.endpoint, &call.json()?)?;
    call.count(world, key, now)?;
    let msgid = world.next_msgid();
    world.deliver(&group, text.card(msgid, &corp_id, &name, now));
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

impl Text {
    fn card(&self, msgid: i64, corp_id: &str, name: &str, now: DateTime<Utc>) -> PhoneMessage {
        PhoneMessage {
            msgid,
            channel: Channel::Wecom,
            app_id: corp_id.to_owned(),
            account: name.to_owned(),
            agent_id: None,
            template_id: String::new(),
            title: self.title.clone(),
            page: None,
            url: self.url.clone(),
            data: vec![LabelledValue { label: "内容".to_owned(), value: self.words.clone() }],
            sent_at: now.with_timezone(&BEIJING),
            read: false,
        }
    }
}
