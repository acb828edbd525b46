//! The message templates that this mini-program owns.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-message-management/subscribe-message/api_getwxapubnewtemplate.html>

use serde::{Deserialize, Serialize};

use crate::client::{MiniProgram, Request};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// A template as the console made it. The digits of its keywords differ per
/// account, so choose them at start-up by their kinds:
/// [`keywords_of`](Self::keywords_of).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Template {
    #[serde(rename = "priTmplId")]
    pub id: String,
    pub title: String,
    /// One `label:{{thing2.DATA}}` per line.
    pub content: String,
    /// The same lines with values in them.
    #[serde(default)]
    pub example: String,
    #[serde(default, rename = "type")]
    pub kind: TemplateKind,
    /// The words that its `enum_string` keywords admit.
    #[serde(default, rename = "keywordEnumValueList")]
    pub enums: Vec<KeywordWords>,
}

/// How long one acceptance lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "i64", into = "i64")]
pub enum TemplateKind {
    /// One message (一次性).
    #[default]
    OneTime,
    /// Until the person refuses (长期).
    LongTerm,
    /// A kind that no page describes.
    Other(i64),
}

impl From<i64> for TemplateKind {
    fn from(number: i64) -> Self {
        match number {
            2 => Self::OneTime,
            3 => Self::LongTerm,
            other => Self::Other(other),
        }
    }
}

impl From<TemplateKind> for i64 {
    fn from(kind: TemplateKind) -> Self {
        match kind {
            TemplateKind::OneTime => 2,
            TemplateKind::LongTerm => 3,
            TemplateKind::Other(other) => other,
        }
    }
}

/// What one keyword may say.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct KeywordWords {
    /// Such as `enum_string1`.
    #[serde(rename = "keywordCode")]
    pub keyword: String,
    #[serde(rename = "enumValueList")]
    pub words: Vec<String>,
}

impl Template {
    /// The keywords in the template's order, such as `thing2`.
    pub fn keywords(&self) -> impl Iterator<Item = &str> {
        self.content.split("{{").skip(1).filter_map(|rest| rest.split_once(".DATA}}")).map(|(keyword, _)| keyword)
    }

    /// The words that `keyword` admits; none if it is not limited to some.
    #[must_use]
    pub fn words_of(&self, keyword: &str) -> Option<&[String]> {
        self.enums.iter().find(|list| list.keyword == keyword).map(|list| list.words.as_slice())
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
        let answer: TemplatesAnswer = self.account.call(&request).await?;
        Ok(answer.data)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_template_is_read_with_its_kind_and_words() {
        let printed = json!({
            "priTmplId": "t1",
            "title": "办理进度",
            "content": "事项:{{thing2.DATA}}\n状态:{{enum_string1.DATA}}\n",
            "example": "事项:路灯\n状态:处理中\n",
            "type": 3,
            "keywordEnumValueList": [{ "keywordCode": "enum_string1", "enumValueList": ["处理中", "已办结"] }],
        });
        let template: Template = serde_json::from_value(printed).unwrap();
        assert_eq!(template.kind, TemplateKind::LongTerm);
        assert_eq!(template.keywords().collect::<Vec<_>>(), ["thing2", "enum_string1"]);
        assert_eq!(template.words_of("enum_string1").unwrap(), ["处理中", "已办结"]);
        assert_eq!(template.words_of("thing2"), None);
    }

    #[test]
    fn a_kind_keeps_its_number() {
        for number in [2, 3, 9] {
            assert_eq!(i64::from(TemplateKind::from(number)), number);
        }
    }
}
