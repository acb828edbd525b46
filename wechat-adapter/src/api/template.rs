//! The message templates that this mini-program owns.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-message-management/subscribe-message/api_getwxapubnewtemplate.html>

use serde::Deserialize;

use crate::client::{MiniProgram, Request};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// A template as the console made it. The digits of its keywords differ per
/// account, so compare them at start-up with what the messages use.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Template {
    #[serde(rename = "priTmplId")]
    pub id: String,
    pub title: String,
    /// One `label:{{thing2.DATA}}` per line.
    pub content: String,
}

impl Template {
    /// The keywords in the template's order, such as `thing2`.
    pub fn keywords(&self) -> impl Iterator<Item = &str> {
        self.content.split("{{").skip(1).filter_map(|rest| rest.split_once(".DATA}}")).map(|(keyword, _)| keyword)
    }
}

#[derive(Deserialize)]
struct TemplatesAnswer {
    #[serde(default)]
    data: Vec<Template>,
}

impl MiniProgram {
    /// Lists the templates.
    ///
    /// # Errors
    /// Those of any call that carries a token.
    pub async fn templates(&self) -> Result<Vec<Template>, WechatError> {
        let request = Request::get(Endpoint::TemplateList);
        let answer: TemplatesAnswer = self.call(&request).await?;
        Ok(answer.data)
    }
}
