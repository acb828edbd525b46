use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, WechatCall};
use crate::api::subscribe::{Language, MiniProgramState};
use crate::api::template_value::KeywordKind;
use crate::clock::BEIJING;
use crate::endpoint::Endpoint;
use crate::sandbox::SandboxTemplate;
use crate::sandbox::world::World;
use crate::sandbox::world::phones::{LabelledValue, PhoneMessage};

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
    call.check_token(world, now)?;
    let request: SendRequest = call.json()?;
    check_words(&request)?;
    if !world.phones.knows(&request.touser) {
        return Err(Refusal::new(40003, "invalid openid"));
    }
    let template = world.template(&request.template_id).ok_or_else(|| Refusal::new(40037, "invalid template_id"))?;
    let data = labelled(template, &request.data)?;
    let surplus = surplus_keyword(template, &request.data);
    let message = PhoneMessage {
        template_id: template.id.clone(),
        title: template.title.clone(),
        page: request.page,
        data,
        sent_at: now.with_timezone(&BEIJING),
    };
    world.phones.deliver(&request.touser, message).map_err(|_| Refusal::new(43101, "user refuse to accept the msg"))?;
    if let Some(reason) = surplus {
        world.note_unexpected(now, call.method, Endpoint::SubscribeSend.path(), reason);
    }
    Ok(json!({ "errcode": 0, "errmsg": "ok", "msgid": world.next_msgid() }))
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

/// The card's lines, if every keyword of the template has a fitting value.
fn labelled(template: &SandboxTemplate, data: &HashMap<String, Value>) -> Result<Vec<LabelledValue>, Refusal> {
    template
        .keywords
        .iter()
        .map(|(key, label)| {
            let value = data
                .get(key)
                .and_then(|entry| entry.get("value")?.as_str())
                .filter(|value| fits(key, value))
                .ok_or_else(|| invalid_value(key))?;
            Ok(LabelledValue { label: label.clone(), value: value.to_owned() })
        })
        .collect()
}

fn fits(key: &str, value: &str) -> bool {
    match KeywordKind::of_key(key) {
        Some(kind) => kind.check(value).is_ok(),
        None => !value.trim().is_empty(),
    }
}

fn invalid_value(key: &str) -> Refusal {
    Refusal::new(47003, format!("argument invalid! data.{key}.value invalid"))
}

/// UNVERIFIED: whether WeChat minds a keyword that the template lacks. The
/// sandbox delivers, and notes that a correct client would not send it.
fn surplus_keyword(template: &SandboxTemplate, data: &HashMap<String, Value>) -> Option<String> {
    let belongs = |key: &String| template.keywords.iter().any(|(own, _)| own == key);
    let key = data.keys().find(|key| !belongs(key))?;
    Some(format!("data.{key} is not in the template"))
}
