use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Refusal, WechatCall};
use crate::sandbox::SandboxTemplate;
use crate::sandbox::world::World;

/// One-time (一次性), in the platform's numbering.
const ONE_TIME: u8 = 2;

pub(super) fn answer(world: &World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    call.check_token(world, now)?;
    let data: Vec<_> = world.templates.iter().map(printed).collect();
    Ok(json!({ "errcode": 0, "errmsg": "ok", "data": data }))
}

fn printed(template: &SandboxTemplate) -> Value {
    json!({
        "priTmplId": template.id,
        "title": template.title,
        "content": template.content(),
        "example": "",
        "type": ONE_TIME,
    })
}
