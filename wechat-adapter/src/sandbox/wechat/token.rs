use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{check_app, no_account};
use super::{Refusal, WechatCall};
use crate::sandbox::world::World;
use crate::sandbox::world::accounts::Account;

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
    let app_id = check_app(world, request.appid.as_deref(), request.secret.as_deref())?;
    check_access(world.account(&app_id).ok_or_else(no_account)?, call)?;
    call.count(world, &app_id, now)?;
    let tokens = &mut world.account_mut(&app_id).ok_or_else(no_account)?.tokens;
    let (token, seconds) = if request.force_refresh {
        // UNVERIFIED: the code of the twenty-first forced refresh of a day.
        let too_often = |_| Refusal::new(45009, "reach max api daily quota limit");
        tokens.forced(now).map_err(too_often)?
    } else {
        tokens.normal(now)
    };
    Ok(json!({ "access_token": token, "expires_in": seconds }))
}

/// Both stop nothing but the getting of tokens.
fn check_access(account: &Account, call: &WechatCall<'_>) -> Result<(), Refusal> {
    if account.secret_frozen {
        return Err(Refusal::new(40243, "appsecret is frozen"));
    }
    match (&account.allowed_ips, call.peer) {
        (Some(allowed), Some(peer)) if !allowed.contains(&peer) => {
            Err(Refusal::new(40164, format!("invalid ip {peer} ipv6 ::ffff:{peer}, not in whitelist")))
        }
        _ => Ok(()),
    }
}
