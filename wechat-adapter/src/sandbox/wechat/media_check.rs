use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::author::check_author;
use super::text_check::check_scene;
use super::{Refusal, WechatCall};
use crate::clock::BEIJING;
use crate::sandbox::judgement::MediaVerdict;
use crate::sandbox::world::World;
use crate::sandbox::world::media::PendingMedia;
use crate::sandbox::{AccountKind, chance};

#[derive(Deserialize)]
struct MediaRequest {
    #[serde(default)]
    media_url: String,
    media_type: Option<i64>,
    version: Option<i64>,
    scene: Option<i64>,
    #[serde(default)]
    openid: String,
}

/// Takes the media in; the verdict comes as a push. The sandbox fetches
/// nothing: it judges by a marker in the URL, by its rules or when told to.
pub(super) fn answer(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let app_id = call.enter(world, AccountKind::MiniProgram, now)?;
    let request: MediaRequest = call.json()?;
    check(&request)?;
    check_author(world, &app_id, &request.openid, now)?;
    let trace_id = chance::request_id();
    let marked = MediaVerdict::of_url(&request.media_url);
    match marked.or(world.rules.unmarked_media.map(MediaVerdict::from)) {
        Some(verdict) => world.push(&app_id, now, verdict.event(trace_id.clone())),
        None => world.media.add(PendingMedia {
            trace_id: trace_id.clone(),
            app_id,
            openid: request.openid,
            media_url: request.media_url,
            since: now.with_timezone(&BEIJING),
        }),
    }
    Ok(json!({ "errcode": 0, "errmsg": "ok", "trace_id": trace_id }))
}

/// UNVERIFIED: the codes for a wrong version and for a URL that is none.
fn check(request: &MediaRequest) -> Result<(), Refusal> {
    // 1 audio, 2 image
    if !matches!(request.media_type, Some(1 | 2)) {
        return Err(Refusal::new(40004, "invalid media type"));
    }
    if request.version != Some(2) {
        return Err(Refusal::new(40097, "invalid args: version"));
    }
    check_scene(request.scene)?;
    if !request.media_url.starts_with("http://") && !request.media_url.starts_with("https://") {
        return Err(Refusal::new(40097, "invalid args: media_url"));
    }
    Ok(())
}
