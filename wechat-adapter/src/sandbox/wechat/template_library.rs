//! Reading the public library, and taking templates from it and giving them
//! back.
//!
//! UNVERIFIED: which of 200014 to 200022 means which parameter.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::no_account;
use super::{Refusal, WechatCall};
use crate::sandbox::library::{CATEGORIES, LIBRARY, LibraryKeyword, LibraryTemplate};
use crate::sandbox::world::World;
use crate::sandbox::{AccountKind, SandboxTemplate, chance};

/// UNVERIFIED: WeChat's page names the code (200012) but not the number.
const MOST_TEMPLATES: usize = 50;

pub(super) fn categories(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    call.enter(world, AccountKind::MiniProgram, now)?;
    let data: Vec<_> = CATEGORIES.iter().map(|category| json!({ "id": category.id, "name": category.name })).collect();
    Ok(json!({ "errcode": 0, "errmsg": "ok", "data": data }))
}

pub(super) fn titles(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    call.enter(world, AccountKind::MiniProgram, now)?;
    let ids = call.query("ids").ok_or_else(|| Refusal::new(200_018, "ids missing"))?;
    let ids: Vec<u32> =
        ids.split(',').map(|id| id.trim().parse()).collect::<Result<_, _>>().map_err(|_| invalid(200_019, "ids"))?;
    if !ids.iter().all(|id| CATEGORIES.iter().any(|category| category.id == *id)) {
        return Err(invalid(200_019, "ids"));
    }
    let start = number(call, "start").ok_or_else(|| invalid(200_016, "start"))?;
    let limit = number(call, "limit").filter(|limit| (1..=30).contains(limit));
    let limit = limit.ok_or_else(|| invalid(200_017, "limit"))?;
    let found: Vec<_> = LIBRARY.iter().filter(|template| ids.contains(&template.category)).collect();
    let data: Vec<_> = found.iter().skip(start).take(limit).map(|template| title(template)).collect();
    Ok(json!({ "errcode": 0, "errmsg": "ok", "count": found.len(), "data": data }))
}

fn title(template: &LibraryTemplate) -> Value {
    json!({
        "tid": template.tid,
        "title": template.title,
        "type": template.kind.number(),
        // A string here, though it is a number among the categories.
        "categoryId": template.category.to_string(),
    })
}

pub(super) fn keywords(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    call.enter(world, AccountKind::MiniProgram, now)?;
    let template = call.query("tid").and_then(find).ok_or_else(|| invalid(200_014, "tid"))?;
    let printed = |keyword: &LibraryKeyword| {
        json!({
            "kid": keyword.kid,
            "name": keyword.name,
            "example": keyword.example,
            "rule": keyword.rule,
        })
    };
    let data: Vec<_> = template.keywords.iter().map(printed).collect();
    Ok(json!({ "errcode": 0, "errmsg": "ok", "count": data.len(), "data": data }))
}

#[derive(Deserialize)]
struct AddRequest {
    /// The page prints a string; a number is taken as well.
    tid: Value,
    #[serde(rename = "kidList", default)]
    kids: Vec<u32>,
    #[serde(rename = "sceneDesc", default)]
    scene: String,
}

pub(super) fn add(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let app_id = call.enter(world, AccountKind::MiniProgram, now)?;
    let request: AddRequest = call.json()?;
    let tid = request.tid.as_str().map_or_else(|| request.tid.to_string(), ToOwned::to_owned);
    let template = find(&tid).ok_or_else(|| invalid(200_014, "tid"))?;
    let keywords = chosen(template, &request.kids).ok_or_else(|| invalid(200_020, "kidList"))?;
    if !(1..=15).contains(&request.scene.chars().count()) {
        return Err(invalid(200_021, "sceneDesc"));
    }
    let templates = &mut world.account_mut(&app_id).ok_or_else(no_account)?.templates;
    if templates.len() >= MOST_TEMPLATES {
        return Err(Refusal::new(200_012, "too many private templates"));
    }
    let added = private(template, &keywords);
    let id = added.id.clone();
    templates.push(added);
    Ok(json!({ "errcode": 0, "errmsg": "ok", "priTmplId": id }))
}

/// Two to five of the template's keywords, each once, in the order wanted.
fn chosen<'a>(template: &'a LibraryTemplate, kids: &[u32]) -> Option<Vec<&'a LibraryKeyword>> {
    let twice = kids.iter().enumerate().any(|(place, kid)| kids.iter().take(place).any(|earlier| earlier == kid));
    if twice || !(2..=5).contains(&kids.len()) {
        return None;
    }
    kids.iter().map(|kid| template.keywords.iter().find(|keyword| keyword.kid == *kid)).collect()
}

fn private(template: &LibraryTemplate, keywords: &[&LibraryKeyword]) -> SandboxTemplate {
    let key = |keyword: &LibraryKeyword| format!("{}{}", keyword.rule, keyword.kid);
    let named: Vec<_> = keywords.iter().map(|keyword| (key(keyword), keyword.name)).collect();
    let named: Vec<_> = named.iter().map(|(key, name)| (key.as_str(), *name)).collect();
    let mut made = SandboxTemplate::new(&chance::digits(), template.title, &named);
    made.kind = template.kind;
    for keyword in keywords.iter().filter(|keyword| !keyword.listed.is_empty()) {
        made = made.listing(&key(keyword), keyword.listed);
    }
    made
}

#[derive(Deserialize)]
struct DeleteRequest {
    #[serde(rename = "priTmplId", default)]
    id: String,
}

pub(super) fn delete(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let app_id = call.enter(world, AccountKind::MiniProgram, now)?;
    let request: DeleteRequest = call.json()?;
    let templates = &mut world.account_mut(&app_id).ok_or_else(no_account)?.templates;
    let place = templates.iter().position(|template| template.id == request.id);
    // UNVERIFIED: the code for a template that is not there.
    templates.remove(place.ok_or_else(|| invalid(20002, "priTmplId"))?);
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

fn find(tid: &str) -> Option<&'static LibraryTemplate> {
    LIBRARY.iter().find(|template| template.tid.to_string() == tid)
}

fn number(call: &WechatCall<'_>, name: &str) -> Option<usize> {
    call.query(name)?.parse().ok()
}

fn invalid(errcode: i64, what: &str) -> Refusal {
    Refusal::new(errcode, format!("invalid {what}"))
}
