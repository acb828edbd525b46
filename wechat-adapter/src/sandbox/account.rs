use secrecy::SecretString;
use serde::Serialize;

use super::SandboxTemplate;

/// Which of WeChat's products an app id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// 小程序
    MiniProgram,
    /// 服务号
    ServiceAccount,
}

/// A mini-program or a service account. All of a sandbox hang on one Open
/// Platform account, so that a person has the same unionid in each.
pub struct SandboxAccount {
    pub app_id: String,
    /// What the cards on the phones call it.
    pub name: String,
    pub secret: SecretString,
    pub kind: AccountKind,
    pub templates: Vec<SandboxTemplate>,
    /// The released pages, without a leading slash. Empty: any page counts as
    /// released.
    pub pages: Vec<String>,
}

impl SandboxAccount {
    #[must_use]
    pub fn mini_program(app_id: impl Into<String>, secret: SecretString) -> Self {
        Self::new(app_id.into(), secret, AccountKind::MiniProgram)
    }

    #[must_use]
    pub fn service_account(app_id: impl Into<String>, secret: SecretString) -> Self {
        Self::new(app_id.into(), secret, AccountKind::ServiceAccount)
    }

    /// Named by its app id, without templates.
    fn new(app_id: String, secret: SecretString, kind: AccountKind) -> Self {
        let name = app_id.clone();
        Self { app_id, name, secret, kind, templates: Vec::new(), pages: Vec::new() }
    }

    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    #[must_use]
    pub fn with_templates(mut self, templates: Vec<SandboxTemplate>) -> Self {
        self.templates = templates;
        self
    }

    #[must_use]
    pub fn with_pages(mut self, pages: &[&str]) -> Self {
        self.pages = pages.iter().map(|page| (*page).to_owned()).collect();
        self
    }
}

/// A corporation in WeCom (企业微信).
pub struct SandboxCorp {
    pub corp_id: String,
    /// What the cards on the phones call it.
    pub name: String,
    pub apps: Vec<SandboxCorpApp>,
    /// User id and label.
    pub members: Vec<(String, String)>,
    pub robots: Vec<SandboxRobot>,
}

/// An app of the corporation (自建应用).
pub struct SandboxCorpApp {
    pub agent_id: i64,
    pub secret: SecretString,
}

/// A robot (消息推送) of a group chat. Its key is its secret.
pub struct SandboxRobot {
    pub key: SecretString,
    /// The group's name.
    pub group: String,
}
