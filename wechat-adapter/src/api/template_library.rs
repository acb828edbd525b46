//! The public library from which an account takes its templates, and the
//! account's own shelf.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-message-management/subscribe-message/api_addwxanewtemplate.html>,
//! with `api_delwxanewtemplate`, `api_getcategory`, `api_getpubnewtemplatetitles`
//! and `api_getpubnewtemplatekeywords` beside it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::template::TemplateKind;
use crate::client::{MiniProgram, Request, text_or_number};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// A category (类目) that the mini-program was given in the console.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TemplateCategory {
    pub id: i64,
    pub name: String,
}

/// Which part of the library to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleQuery {
    categories: Vec<i64>,
    start: u32,
    limit: u32,
}

/// Titles at a time, at most.
const TITLES_AT_ONCE: u32 = 30;

impl TitleQuery {
    /// The first titles of these categories.
    pub fn of(categories: impl IntoIterator<Item = i64>) -> Self {
        Self { categories: categories.into_iter().collect(), start: 0, limit: TITLES_AT_ONCE }
    }

    /// Leaves out the first `start` titles.
    #[must_use]
    pub fn with_start(self, start: u32) -> Self {
        Self { start, ..self }
    }

    /// Takes `limit` titles, 30 at most.
    #[must_use]
    pub fn with_limit(self, limit: u32) -> Self {
        Self { limit, ..self }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TitlePage {
    /// Titles in all, not on this page.
    pub count: u32,
    #[serde(default, rename = "data")]
    pub titles: Vec<LibraryTemplate>,
}

/// A template of the public library.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LibraryTemplate {
    pub tid: i64,
    pub title: String,
    #[serde(rename = "type")]
    pub kind: TemplateKind,
    /// Digits; printed as text or as a number.
    #[serde(default, rename = "categoryId", deserialize_with = "text_or_number")]
    pub category_id: Option<String>,
}

/// A keyword that a template of the library offers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LibraryKeyword {
    pub kid: i64,
    pub name: String,
    #[serde(default)]
    pub example: String,
    /// The kind, such as `thing`.
    #[serde(default)]
    pub rule: String,
}

/// A template to take from the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTemplate {
    tid: i64,
    keywords: Vec<i64>,
    scene: String,
}

impl NewTemplate {
    /// `keywords` are two to five `kid`s in the order of the card's lines;
    /// `scene` says in 15 characters at most what the messages are for.
    pub fn new(tid: i64, keywords: impl IntoIterator<Item = i64>, scene: impl Into<String>) -> Self {
        Self { tid, keywords: keywords.into_iter().collect(), scene: scene.into() }
    }

    fn body(&self) -> Result<Value, WechatError> {
        if !(2..=5).contains(&self.keywords.len()) {
            return refuse(Endpoint::TemplateAdd, "a template has two to five keywords");
        }
        if !(1..=15).contains(&self.scene.chars().count()) {
            return refuse(Endpoint::TemplateAdd, "the scene has one to fifteen characters");
        }
        Ok(json!({ "tid": self.tid.to_string(), "kidList": self.keywords, "sceneDesc": self.scene }))
    }
}

fn refuse<T>(endpoint: Endpoint, problem: &'static str) -> Result<T, WechatError> {
    Err(WechatError::Input { endpoint, problem })
}

#[derive(Deserialize)]
struct Listed<T> {
    #[serde(default = "Vec::new")]
    data: Vec<T>,
}

#[derive(Deserialize)]
struct Added {
    #[serde(rename = "priTmplId")]
    id: String,
}

#[derive(Deserialize)]
struct Nothing {}

impl MiniProgram {
    /// Lists the mini-program's categories: what the library offers depends on them.
    ///
    /// # Errors
    /// Those of any call that carries a token.
    pub async fn template_categories(&self) -> Result<Vec<TemplateCategory>, WechatError> {
        let answer: Listed<_> = self.account.call(&Request::get(Endpoint::TemplateCategories)).await?;
        Ok(answer.data)
    }

    /// Looks through the library.
    ///
    /// # Errors
    /// [`WechatError::Input`] for more than 30 titles or no category.
    pub async fn template_titles(&self, query: &TitleQuery) -> Result<TitlePage, WechatError> {
        if query.categories.is_empty() || !(1..=TITLES_AT_ONCE).contains(&query.limit) {
            return refuse(Endpoint::TemplateTitles, "at least one category, and one to thirty titles");
        }
        let ids = query.categories.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        let (start, limit) = (query.start.to_string(), query.limit.to_string());
        let request =
            Request::get(Endpoint::TemplateTitles).query("ids", &ids).query("start", &start).query("limit", &limit);
        self.account.call(&request).await
    }

    /// Lists what a template of the library can say.
    ///
    /// # Errors
    /// Those of any call that carries a token.
    pub async fn template_keywords(&self, tid: i64) -> Result<Vec<LibraryKeyword>, WechatError> {
        let tid = tid.to_string();
        let request = Request::get(Endpoint::TemplateKeywords).query("tid", &tid);
        let answer: Listed<_> = self.account.call(&request).await?;
        Ok(answer.data)
    }

    /// Puts a template of the library on the account's shelf and answers the
    /// id to send with. WeChat makes another one each time.
    ///
    /// # Errors
    /// [`WechatError::Input`] against the limits of [`NewTemplate`];
    /// `Operator` where the shelf is full.
    pub async fn add_template(&self, template: &NewTemplate) -> Result<String, WechatError> {
        let request = Request::post(Endpoint::TemplateAdd, template.body()?);
        let answer: Added = self.account.call(&request).await?;
        Ok(answer.id)
    }

    /// Takes a template off the shelf. Rights that people gave for it are lost.
    ///
    /// # Errors
    /// `Bug` for an id that is not the account's.
    pub async fn delete_template(&self, id: &str) -> Result<(), WechatError> {
        let request = Request::post(Endpoint::TemplateDelete, json!({ "priTmplId": id }));
        let Nothing {} = self.account.call(&request).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_template_has_wechats_own_words() {
        let body = NewTemplate::new(401, [1, 2], "工单进度").body().unwrap();
        assert_eq!(body, json!({ "tid": "401", "kidList": [1, 2], "sceneDesc": "工单进度" }));
    }

    #[test]
    fn limits_are_known_before_asking() {
        let long = "长".repeat(16);
        for (keywords, scene) in [(1, "好"), (6, "好"), (3, ""), (3, long.as_str())] {
            let error = NewTemplate::new(401, 0..keywords, scene).body().unwrap_err();
            assert!(matches!(error, WechatError::Input { .. }), "{keywords} {scene}");
        }
    }

    #[test]
    fn a_category_id_may_be_text_or_a_number() {
        for id in [json!("616"), json!(616)] {
            let printed =
                json!({ "count": 55, "data": [{ "tid": 99, "title": "付款提醒", "type": 2, "categoryId": id }] });
            let page: TitlePage = serde_json::from_value(printed).unwrap();
            assert_eq!(page.titles[0].category_id.as_deref(), Some("616"));
        }
    }
}
