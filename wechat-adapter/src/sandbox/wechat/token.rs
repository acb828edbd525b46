use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::check_app;
use super::{Refusal, WechatCall};
use crate::sandbox::world::World;

#[derive(Deserialize)]
struct TokenRequest {
    grant_type: Option<String>,
    appid: Option<String>,
    secret: Option<String>,
    #[serde(default)]
    force_refresh: bool,
}

pub(super) fn answer(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let request: TokenRequest = call.json()?;
    if request.grant_type.as_deref() != Some("client_credential") {
        return Err(Refusal::new(40002, "invalid grant_type"));
    }
    check_app(world, request.appid.as_deref(), request.secret.as_deref())?;
    let (token, seconds) = if request.force_refresh {
        // UNVERIFIED: the code of the twenty-first forced refresh of a day.
        let too_often = |_| Refusal::new(45009, "reach max api daily quota limit");
        world.tokens.forced(now).map_err(too_often)?
    } else {
        world.tokens.normal(now)
    };
    Ok(json!({ "access_token": token, "expires_in": seconds }))
}
