use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::no_account;
use super::code::check_env_version;
use super::{Refusal, WechatCall};
use crate::sandbox::world::World;
use crate::sandbox::{AccountKind, chance};

const MOST_QUERY: usize = 1024;
const LONGEST_LIFE: TimeDelta = TimeDelta::days(30);

#[derive(Deserialize)]
struct LinkRequest {
    #[serde(default)]
    path: String,
    #[serde(default)]
    query: String,
    env_version: Option<Value>,
    /// 0: at an instant, 1: after days.
    #[serde(default)]
    expire_type: i64,
    /// Unix seconds.
    expire_time: Option<i64>,
    /// Days.
    expire_interval: Option<i64>,
}

pub(super) fn answer(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let app_id = call.enter(world, AccountKind::MiniProgram, now)?;
    let request: LinkRequest = call.json()?;
    if request.path.contains('?') {
        return Err(Refusal::new(40165, "invalid weapp pagepath"));
    }
    if request.query.chars().count() > MOST_QUERY {
        return Err(Refusal::new(40212, "invalid query"));
    }
    check_env_version(request.env_version.as_ref())?;
    check_life(&request, now)?;
    if !request.path.is_empty() && !world.account(&app_id).ok_or_else(no_account)?.has_released(&request.path) {
        return Err(Refusal::new(40165, "invalid weapp pagepath"));
    }
    let link = format!("https://wxaurl.cn/{:.12}", chance::digits());
    Ok(json!({ "errcode": 0, "errmsg": "ok", "url_link": link }))
}

/// UNVERIFIED: that a link without an end is refused here, since none may
/// outlive thirty days; the sandbox gives it thirty.
fn check_life(request: &LinkRequest, now: DateTime<Utc>) -> Result<(), Refusal> {
    let life = match request.expire_type {
        0 => {
            request.expire_time.map(|until| TimeDelta::seconds(until.saturating_sub(now.timestamp()).clamp(-1, MONTHS)))
        }
        1 => Some(TimeDelta::days(request.expire_interval.unwrap_or(30).clamp(-1, 365))),
        _ => return Err(Refusal::new(40097, "invalid args: expire_type")),
    };
    match life {
        Some(life) if life <= TimeDelta::zero() || life > LONGEST_LIFE => {
            Err(Refusal::new(85401, "invalid expire time"))
        }
        _ => Ok(()),
    }
}

/// A bound beyond any valid life, so that no sum overflows; in seconds.
const MONTHS: i64 = 365 * 24 * 3600;
