use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::no_account;
use super::{Refusal, WechatCall};
use crate::sandbox::AccountKind;
use crate::sandbox::world::World;

#[derive(Deserialize)]
struct PhoneRequest {
    code: Option<String>,
    openid: Option<String>,
}

pub(super) fn answer(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let app_id = call.enter(world, AccountKind::MiniProgram, now)?;
    let request: PhoneRequest = call.json()?;
    // UNVERIFIED: the code for a missing one, taken over from login.
    let code = request.code.ok_or_else(|| Refusal::new(41008, "missing code"))?;
    let account = world.account_mut(&app_id).ok_or_else(no_account)?;
    let (owner, number) = account.phone_codes.spend(&code, now).map_err(|_| Refusal::new(40029, "invalid code"))?;
    if request.openid.is_some_and(|openid| openid != owner) {
        // UNVERIFIED: WeChat documents an error here but not its number, nor
        // whether the code is spent by it.
        return Err(Refusal::new(40003, "invalid openid"));
    }
    Ok(json!({
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": number,
            "purePhoneNumber": number,
            "countryCode": "86",
            "watermark": { "timestamp": now.timestamp(), "appid": app_id },
        },
    }))
}
