//! Mini-program codes (小程序码) without a limit to their number.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/API/qrcode-link/qr-code/api_getunlimitedqrcode.html>

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::client::{Answer, MiniProgram, Request, present};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// Which build of the mini-program a code or a link opens. WeChat uses other
/// words here than for messages ([`MiniProgramState`](crate::MiniProgramState)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnvVersion {
    #[default]
    Release,
    Trial,
    Develop,
}

/// The colour of a code's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineColor {
    pub r: u8,
    pub g: u8,
    pub b: u8,
}

/// A code to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnlimitedCode {
    scene: String,
    page: Option<String>,
    check_path: Option<bool>,
    env_version: EnvVersion,
    width: Option<u16>,
    auto_color: Option<bool>,
    line_color: Option<LineColor>,
    is_hyaline: Option<bool>,
}

impl UnlimitedCode {
    /// `scene` is what the page reads as `query.scene`: at most 32 letters,
    /// digits and ``!#$&'()*+,/:;=?@-._~``. The code leads to the home page.
    pub fn new(scene: impl Into<String>) -> Self {
        Self {
            scene: scene.into(),
            page: None,
            check_path: None,
            env_version: EnvVersion::Release,
            width: None,
            auto_color: None,
            line_color: None,
            is_hyaline: None,
        }
    }

    /// A page without a leading slash and without a query.
    #[must_use]
    pub fn with_page(self, page: impl Into<String>) -> Self {
        Self { page: Some(page.into()), ..self }
    }

    /// Whether the page must be in the released version, as it must by
    /// default. Without that check there are 60 000 pages at most.
    #[must_use]
    pub fn with_check_path(self, check_path: bool) -> Self {
        Self { check_path: Some(check_path), ..self }
    }

    #[must_use]
    pub fn with_env_version(self, env_version: EnvVersion) -> Self {
        Self { env_version, ..self }
    }

    /// Pixels, 280 to 1280; WeChat's default is 430.
    #[must_use]
    pub fn with_width(self, width: u16) -> Self {
        Self { width: Some(width), ..self }
    }

    /// Lets WeChat choose the lines' colour.
    #[must_use]
    pub fn with_auto_color(self) -> Self {
        Self { auto_color: Some(true), ..self }
    }

    #[must_use]
    pub fn with_line_color(self, line_color: LineColor) -> Self {
        Self { line_color: Some(line_color), ..self }
    }

    /// Leaves the ground transparent.
    #[must_use]
    pub fn with_transparent_ground(self) -> Self {
        Self { is_hyaline: Some(true), ..self }
    }

    fn check(&self) -> Result<(), WechatError> {
        let refuse = |problem| Err(WechatError::Input { endpoint: Endpoint::UnlimitedCode, problem });
        if !(1..=32).contains(&self.scene.chars().count()) {
            return refuse("the scene has one to 32 characters");
        }
        if !self.scene.chars().all(may_stand_in_a_scene) {
            return refuse("the scene has a character that it must not have");
        }
        if self.page.as_ref().is_some_and(|page| page.starts_with('/') || page.contains('?')) {
            return refuse("the page has a leading slash or a query");
        }
        if self.width.is_some_and(|width| !(280..=1280).contains(&width)) {
            return refuse("the width is 280 to 1280");
        }
        Ok(())
    }

    fn body(&self) -> Result<Value, WechatError> {
        self.check()?;
        Ok(present(json!({
            "scene": self.scene,
            "page": self.page,
            "check_path": self.check_path,
            "env_version": self.env_version,
            "width": self.width,
            "auto_color": self.auto_color,
            "line_color": self.line_color,
            "is_hyaline": self.is_hyaline,
        })))
    }
}

fn may_stand_in_a_scene(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$&'()*+,/:;=?@-._~".contains(c)
}

impl MiniProgram {
    /// Draws a code and answers the PNG or JPEG. Codes last for ever, and
    /// WeChat draws 5000 a minute at most: keep what you got.
    ///
    /// # Errors
    /// [`WechatError::Input`] against the limits above; `Operator` for a page
    /// that is not in the released version.
    pub async fn unlimited_code(&self, code: &UnlimitedCode) -> Result<Bytes, WechatError> {
        let request = Request::post(Endpoint::UnlimitedCode, code.body()?);
        self.account.call_and_read(&request, Answer::image).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_chosen_is_left_to_wechat() {
        let body = UnlimitedCode::new("p=7&d=3").body().unwrap();
        assert_eq!(body, json!({ "scene": "p=7&d=3", "env_version": "release" }));
    }

    #[test]
    fn the_body_has_wechats_own_words() {
        let code = UnlimitedCode::new("7")
            .with_page("pages/place/index")
            .with_check_path(false)
            .with_env_version(EnvVersion::Trial)
            .with_width(1280)
            .with_auto_color()
            .with_line_color(LineColor { r: 200, g: 0, b: 30 })
            .with_transparent_ground();
        assert_eq!(
            code.body().unwrap(),
            json!({
                "scene": "7", "page": "pages/place/index", "check_path": false, "env_version": "trial",
                "width": 1280, "auto_color": true, "line_color": { "r": 200, "g": 0, "b": 30 }, "is_hyaline": true,
            })
        );
    }

    #[test]
    fn every_allowed_character_may_stand_in_a_scene() {
        for scene in ["0123456789abcdefghijABCDEFGHIJ", "!#$&'()*+,/:;=?@-._~", "z", &"7".repeat(32)] {
            assert!(UnlimitedCode::new(scene).check().is_ok(), "{scene}");
        }
    }

    #[test]
    fn what_wechat_would_refuse_is_not_asked() {
        for scene in ["", "100%", "楼", "a b", "a\"b", &"7".repeat(33)] {
            assert!(UnlimitedCode::new(scene).check().is_err(), "{scene}");
        }
        for page in ["/pages/index", "pages/index?id=1"] {
            assert!(UnlimitedCode::new("7").with_page(page).check().is_err(), "{page}");
        }
        for (width, fits) in [(279, false), (280, true), (1280, true), (1281, false)] {
            assert_eq!(UnlimitedCode::new("7").with_width(width).check().is_ok(), fits, "{width}");
        }
    }
}
