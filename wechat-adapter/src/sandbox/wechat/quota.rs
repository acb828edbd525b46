use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, WechatCall};
use crate::endpoint::Endpoint;
use crate::sandbox::rules::Window;
use crate::sandbox::world::World;

#[derive(Deserialize)]
struct QuotaRequest {
    #[serde(default)]
    cgi_path: String,
}

pub(super) fn answer(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let app_id = call.enter_any(world, now)?;
    let request: QuotaRequest = call.json()?;
    if request.cgi_path.starts_with("/sns/") {
        return Err(Refusal::new(76022, "could not use this cgi_path, no permission"));
    }
    let asked = Endpoint::from_path(&request.cgi_path).filter(|endpoint| !is_wecoms(*endpoint));
    let asked = asked.ok_or_else(|| Refusal::new(76021, "cgi_path not found, please check"))?;
    let limit = world.rules.limit(asked);
    let used = world.usage.calls(&app_id, asked, Window::Day, now);
    // UNVERIFIED: what stands here for a call without a daily limit.
    let most = limit.per_day.unwrap_or(u32::MAX);
    let mut answer = json!({
        "errcode": 0,
        "errmsg": "ok",
        "quota": { "daily_limit": most, "used": used, "remain": most.saturating_sub(used) },
    });
    if let (Some(calls), Some(body)) = (limit.per_minute, answer.as_object_mut()) {
        body.insert("rate_limit".to_owned(), json!({ "call_count": calls, "refresh_second": 60 }));
    }
    Ok(answer)
}

const fn is_wecoms(endpoint: Endpoint) -> bool {
    matches!(endpoint, Endpoint::WecomToken | Endpoint::WecomMessage | Endpoint::WecomRobot)
}
