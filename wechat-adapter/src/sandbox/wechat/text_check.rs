use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::author::check_author;
use super::{Refusal, WechatCall};
use crate::api::verdict::Suggest;
use crate::sandbox::judgement::{label, of_text};
use crate::sandbox::world::World;
use crate::sandbox::{AccountKind, chance};

const MOST_CHARACTERS: usize = 2500;

#[derive(Deserialize)]
struct TextRequest {
    #[serde(default)]
    content: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    nickname: String,
    version: Option<i64>,
    scene: Option<i64>,
    #[serde(default)]
    openid: String,
}

pub(super) fn answer(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let app_id = call.enter(world, AccountKind::MiniProgram, now)?;
    let request: TextRequest = call.json()?;
    // UNVERIFIED: the codes for a wrong version and for a text that is empty or too long.
    if request.version != Some(2) {
        return Err(Refusal::new(40097, "invalid args: version"));
    }
    check_scene(request.scene)?;
    if request.content.is_empty() || request.content.chars().count() > MOST_CHARACTERS {
        return Err(Refusal::new(40097, "invalid args: content"));
    }
    check_author(world, &app_id, &request.openid, now)?;
    let texts = [&request.content, &request.title, &request.nickname];
    let worst = texts.into_iter().map(|text| of_text(text)).max().unwrap_or(Suggest::Pass);
    if call.escapes_letters() {
        // People report that WeChat finds escaped text harmless, whatever it says.
        world.note_unexpected(now, call.method, call.endpoint.path(), "the text is escaped".to_owned());
        return Ok(verdict(Suggest::Pass));
    }
    Ok(verdict(worst))
}

/// 1 profile, 2 comment, 3 forum, 4 social log.
pub(super) fn check_scene(scene: Option<i64>) -> Result<(), Refusal> {
    match scene {
        Some(1..=4) => Ok(()),
        _ => Err(Refusal::new(40129, "invalid scene")),
    }
}

/// Bad text is no error: the verdict stands in `result`. One strategy always
/// fails here, as one may in production: its entry does not count.
fn verdict(suggest: Suggest) -> Value {
    let label = label(suggest);
    json!({
        "errcode": 0,
        "errmsg": "ok",
        "trace_id": chance::request_id(),
        "result": { "suggest": suggest, "label": label },
        "detail": [
            { "strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90 },
            { "strategy": "keyword", "errcode": -1, "suggest": "pass", "label": 100 },
        ],
    })
}
