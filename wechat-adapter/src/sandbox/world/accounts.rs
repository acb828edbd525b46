use std::net::IpAddr;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::codes::OneUseCodes;
use super::tokens::{TokenLedger, TokenState};
use crate::sandbox::account::{AccountKind, SandboxAccount, SandboxCorp};
use crate::sandbox::template::SandboxTemplate;

/// A mini-program or service account, and what WeChat keeps of it.
pub(crate) struct Account {
    pub(crate) app_id: String,
    pub(crate) name: String,
    pub(crate) secret: SecretString,
    pub(crate) kind: AccountKind,
    pub(crate) templates: Vec<SandboxTemplate>,
    pages: Vec<String>,
    /// Each code stands for an openid.
    pub(crate) login_codes: OneUseCodes<String>,
    /// Each code stands for an openid and the number it shared.
    pub(crate) phone_codes: OneUseCodes<(String, String)>,
    pub(crate) tokens: TokenLedger,
    pub(crate) secret_frozen: bool,
    /// None: the allow-list is off.
    pub(crate) allowed_ips: Option<Vec<IpAddr>>,
}

impl Account {
    pub(super) fn new(made: SandboxAccount) -> Self {
        Self {
            app_id: made.app_id,
            name: made.name,
            secret: made.secret,
            kind: made.kind,
            templates: made.templates,
            pages: made.pages,
            login_codes: OneUseCodes::default(),
            phone_codes: OneUseCodes::default(),
            tokens: TokenLedger::default(),
            secret_frozen: false,
            allowed_ips: None,
        }
    }

    pub(crate) fn template(&self, id: &str) -> Option<&SandboxTemplate> {
        self.templates.iter().find(|template| template.id == id)
    }

    /// Whether the released version has this page; its query does not matter.
    pub(crate) fn has_released(&self, page: &str) -> bool {
        let path = page.split(['?', '#']).next().unwrap_or(page).trim_start_matches('/');
        self.pages.is_empty() || self.pages.iter().any(|own| own == path)
    }
}

/// What WeCom keeps of a corporation.
pub(crate) struct Corp {
    pub(crate) corp_id: String,
    pub(crate) name: String,
    pub(crate) apps: Vec<CorpApp>,
    /// Key and the group's name.
    pub(crate) robots: Vec<(SecretString, String)>,
    pub(crate) members: Vec<String>,
    /// None: every address is trusted.
    pub(crate) allowed_ips: Option<Vec<IpAddr>>,
}

pub(crate) struct CorpApp {
    pub(crate) agent_id: i64,
    pub(crate) secret: SecretString,
    pub(crate) tokens: TokenLedger,
}

impl Corp {
    pub(super) fn new(made: SandboxCorp) -> Self {
        let app = |app: crate::sandbox::account::SandboxCorpApp| CorpApp {
            agent_id: app.agent_id,
            secret: app.secret,
            tokens: TokenLedger::default(),
        };
        Self {
            corp_id: made.corp_id,
            name: made.name,
            apps: made.apps.into_iter().map(app).collect(),
            robots: made.robots.into_iter().map(|robot| (robot.key, robot.group)).collect(),
            members: made.members.into_iter().map(|(userid, _)| userid).collect(),
            allowed_ips: None,
        }
    }

    /// The user id as the corporation spells it: case does not tell ids apart.
    pub(crate) fn member(&self, userid: &str) -> Option<&String> {
        self.members.iter().find(|member| member.eq_ignore_ascii_case(userid))
    }

    /// The group behind a robot's key.
    pub(crate) fn group(&self, key: &str) -> Option<&str> {
        self.robots.iter().find(|(own, _)| own.expose_secret() == key).map(|(_, group)| group.as_str())
    }
}

/// Whoever issued `token`, or why it does not work.
pub(crate) fn owner<'a, T>(
    holders: &'a [T],
    ledger: impl Fn(&T) -> &TokenLedger,
    token: &str,
    now: DateTime<Utc>,
) -> Result<&'a T, TokenState> {
    let mut worst = TokenState::Unknown;
    for holder in holders {
        match ledger(holder).state_of(token, now) {
            TokenState::Valid => return Ok(holder),
            TokenState::Expired => worst = TokenState::Expired,
            TokenState::Unknown => {}
        }
    }
    Err(worst)
}
