use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::call::no_account;
use super::picture::code_picture;
use super::{Refusal, WechatCall};
use crate::sandbox::AccountKind;
use crate::sandbox::world::World;
use crate::sandbox::world::accounts::Account;

/// Beside digits and letters.
const SCENE_SIGNS: &str = "!#$&'()*+,/:;=?@-._~";
const MOST_SCENE: usize = 32;
const WIDTHS: std::ops::RangeInclusive<u32> = 280..=1280;
const USUAL_WIDTH: u32 = 430;

#[derive(Deserialize)]
struct CodeRequest {
    #[serde(default)]
    scene: String,
    #[serde(default)]
    page: String,
    check_path: Option<bool>,
    env_version: Option<Value>,
    width: Option<u32>,
}

/// A picture that a phone can scan; it says app id, page and scene.
pub(super) fn answer(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Vec<u8>, Refusal> {
    let app_id = call.enter(world, AccountKind::MiniProgram, now)?;
    // A body that is no JSON earns the code of a bad scene here.
    let request: CodeRequest =
        call.json().map_err(|_| Refusal::new(40169, "invalid length for scene, or json error"))?;
    check_scene(&request.scene)?;
    check_page(world.account(&app_id).ok_or_else(no_account)?, &request)?;
    check_env_version(request.env_version.as_ref())?;
    let width = request.width.unwrap_or(USUAL_WIDTH);
    if !WIDTHS.contains(&width) {
        return Err(Refusal::new(40097, "invalid args: width"));
    }
    let says = format!("{app_id}/{}?scene={}", request.page, request.scene);
    // Not WeChat's fault, nor the caller's: 32 characters fit any code.
    code_picture(&says, width).map_err(|_| Refusal::new(-1, "system error"))
}

fn check_scene(scene: &str) -> Result<(), Refusal> {
    if scene.is_empty() || scene.chars().count() > MOST_SCENE {
        return Err(Refusal::new(40169, "invalid length for scene, or json error"));
    }
    if !scene.chars().all(|sign| sign.is_ascii_alphanumeric() || SCENE_SIGNS.contains(sign)) {
        return Err(Refusal::new(40129, "invalid scene"));
    }
    Ok(())
}

/// UNVERIFIED: 41030 for a leading slash or a query as well.
fn check_page(account: &Account, request: &CodeRequest) -> Result<(), Refusal> {
    let page = &request.page;
    let shaped = !page.starts_with('/') && !page.contains('?');
    let there = page.is_empty() || request.check_path == Some(false) || account.has_released(page);
    if shaped && there { Ok(()) } else { Err(Refusal::new(41030, "invalid page")) }
}

/// These words are others than those of a message's `miniprogram_state`.
pub(super) fn check_env_version(env_version: Option<&Value>) -> Result<(), Refusal> {
    match env_version.map(Value::as_str) {
        None | Some(Some("release" | "trial" | "develop")) => Ok(()),
        // UNVERIFIED: the code.
        Some(_) => Err(Refusal::new(40097, "invalid args: env_version")),
    }
}
