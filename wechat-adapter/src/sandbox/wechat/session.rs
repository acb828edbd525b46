use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::call::check_app;
use super::{Refusal, WechatCall};
use crate::sandbox::chance;
use crate::sandbox::world::World;
use crate::sandbox::world::codes::CodeFault;

pub(super) fn answer(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    check_app(world, call.query("appid"), call.query("secret"))?;
    if call.query("grant_type") != Some("authorization_code") {
        return Err(Refusal::new(40002, "invalid grant_type"));
    }
    let code = call.query("js_code").ok_or_else(|| Refusal::new(41008, "missing code"))?;
    let openid = world.login_codes.spend(code, now).map_err(refuse)?;
    Ok(json!({
        "unionid": format!("union-{openid}"),
        "openid": openid,
        "session_key": session_key(),
    }))
}

fn refuse(fault: CodeFault) -> Refusal {
    match fault {
        CodeFault::UnknownOrExpired => Refusal::new(40029, "invalid code"),
        CodeFault::Used => Refusal::new(40163, "code been used"),
    }
}

/// Base64 of sixteen bytes: 21 free characters (hexadecimal digits will do),
/// one with four low bits of zero, and the padding.
fn session_key() -> String {
    format!("{:.21}A==", chance::digits())
}
