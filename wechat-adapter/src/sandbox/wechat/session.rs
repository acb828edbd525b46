use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::call::{check_app, no_account};
use super::{Refusal, WechatCall};
use crate::sandbox::AccountKind;
use crate::sandbox::chance;
use crate::sandbox::world::World;
use crate::sandbox::world::codes::CodeFault;

pub(super) fn answer(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let app_id = check_app(world, call.query("appid"), call.query("secret"))?;
    if call.query("grant_type") != Some("authorization_code") {
        return Err(Refusal::new(40002, "invalid grant_type"));
    }
    let code = call.query("js_code").ok_or_else(|| Refusal::new(41008, "missing code"))?;
    let account = world.account_mut(&app_id).filter(|account| account.kind == AccountKind::MiniProgram);
    let account = account.ok_or_else(no_account)?;
    let openid = account.login_codes.spend(code, now).map_err(refuse)?;
    if !world.people.belongs(&openid, &app_id) {
        // UNVERIFIED: what a code of somebody who left WeChat meanwhile earns.
        return Err(refuse(CodeFault::UnknownOrExpired));
    }
    call.count(world, &openid, now)?;
    Ok(json!({
        "unionid": world.people.unionid(&openid),
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
