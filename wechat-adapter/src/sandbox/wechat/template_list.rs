use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::call::no_account;
use super::{Refusal, WechatCall};
use crate::sandbox::world::World;
use crate::sandbox::{AccountKind, SandboxTemplate};

pub(super) fn answer(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let app_id = call.enter(world, AccountKind::MiniProgram, now)?;
    let account = world.account(&app_id).ok_or_else(no_account)?;
    let data: Vec<_> = account.templates.iter().map(printed).collect();
    Ok(json!({ "errcode": 0, "errmsg": "ok", "data": data }))
}

fn printed(template: &SandboxTemplate) -> Value {
    let listed = |(key, values)| json!({ "keywordCode": key, "enumValueList": values });
    json!({
        "priTmplId": template.id,
        "title": template.title,
        "content": template.content(),
        "example": "",
        "type": template.kind.number(),
        "keywordEnumValueList": template.listed.iter().map(listed).collect::<Vec<_>>(),
    })
}
