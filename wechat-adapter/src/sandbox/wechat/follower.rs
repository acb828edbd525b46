use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Refusal, WechatCall};
use crate::sandbox::AccountKind;
use crate::sandbox::world::World;

/// No nickname and no picture: WeChat gives none since the end of 2021.
pub(super) fn answer(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let app_id = call.enter(world, AccountKind::ServiceAccount, now)?;
    let openid = call.query("openid").unwrap_or_default();
    let membership = world.people.membership(openid).filter(|_| world.people.belongs(openid, &app_id));
    let membership = membership.ok_or_else(|| Refusal::new(40003, "invalid openid"))?;
    let Some(follow) = &membership.follow else {
        return Ok(json!({ "subscribe": 0, "openid": openid }));
    };
    let scene = follow.scene.as_deref();
    Ok(json!({
        "subscribe": 1,
        "openid": openid,
        "unionid": world.people.unionid(openid),
        "language": "zh_CN",
        "subscribe_time": follow.since.timestamp(),
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": if scene.is_some() { "ADD_SCENE_QR_CODE" } else { "ADD_SCENE_SEARCH" },
        "qr_scene": 0,
        "qr_scene_str": scene.unwrap_or_default(),
    }))
}
