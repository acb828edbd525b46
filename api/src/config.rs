//! Settings: built-in defaults < `hongguanjia.toml` < environment (`HGJ_…`). Unknown keys are refused.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, bail};
use domain::notice::Template;
use domain::retention::Periods;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub environment: Environment,
    /// host:port; port 0 takes a free one.
    pub listen: String,
    /// Where the sandbox of WeChat listens, in the demo.
    pub sandbox_listen: String,
    pub data_dir: PathBuf,
    /// `sqlite:FILE` or `postgres://…`; a file in `data_dir` where it is left out.
    pub database_url: Option<String>,
    /// Connections that one process keeps to PostgreSQL.
    pub database_connections: u32,
    pub redis_url: Option<String>,
    /// Starts every key in Redis, so that several installations may share one.
    pub redis_prefix: String,
    /// How clients reach us, without a slash at the end; the address listened on where it is left out.
    pub public_url: Option<String>,
    /// The last address in `X-Forwarded-For` is the client's. Only behind a proxy of ours.
    pub trust_forwarded: bool,
    /// Origins of browsers that may call; none by default, mini-programs need none.
    pub cors_origins: Vec<String>,
    pub tokens: TokenSettings,
    pub vault: VaultSettings,
    pub limits: Limits,
    /// Days for which each kind of data is kept.
    pub retention: Periods,
    pub wechat: WechatSettings,
    pub log: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    Development,
    Production,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenSettings {
    /// `id:base64` of 32 bytes or more, the signing one first. A file in `data_dir` is used where there are none.
    #[serde(serialize_with = "hidden")]
    pub keys: Vec<SecretString>,
    pub access_minutes: i64,
    pub refresh_days: i64,
    /// Staff who signed in at a desk are signed out when nobody used it for so long.
    pub desk_idle_minutes: u32,
    /// A link to a photo lives between one and two of these.
    pub photo_link_minutes: i64,
}

/// Keys that lock the database's own keys, which lock what speaks of people.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaultSettings {
    /// `id:base64` of 32 bytes, the present one first. A file in `data_dir` is used where there are none.
    #[serde(serialize_with = "hidden")]
    pub keys: Vec<SecretString>,
}

/// What one person or one address may do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Requests of one signed-in person: so many at once, refilled at so many a second.
    pub person_burst: u32,
    pub person_per_second: u32,
    /// Requests from one address that come with a token, or open a photo. Phones of one carrier may share an address.
    pub address_burst: u32,
    pub address_per_second: u32,
    /// Requests from one address without a token: signing in, looking around.
    pub anonymous_burst: u32,
    pub anonymous_per_second: u32,
    /// Bytes of a JSON body.
    pub json_bytes: usize,
    /// Seconds between two exports of everything about one person; 0 is no limit.
    pub export_every_seconds: u32,
    /// Megabytes of memory for all photos that are decoded at the same time.
    pub photo_memory_mb: u32,
    /// How often a stream of events says that it lives, and whether its session does.
    pub heartbeat_seconds: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WechatSettings {
    pub base_url: String,
    pub app_id: String,
    #[serde(serialize_with = "hidden_one")]
    pub secret: SecretString,
    pub templates: Templates,
    /// What WeChat's console says of the message push of this mini-program.
    pub callback: CallbackSettings,
    /// More mini-programs that are served besides; `base_url` is the same for all.
    pub others: Vec<MiniProgramSettings>,
    /// The service account (服务号) of the same operator, at most one.
    pub service_account: Option<ServiceAccountSettings>,
    /// The app in WeCom (企业微信) that tells those who work here.
    pub wecom: Option<WecomSettings>,
    /// Whether WeChat is asked about words and photos before they are taken in.
    pub check_content: bool,
    /// Messages that one account sends in a second, all processes together.
    pub sends_per_second: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WecomSettings {
    #[serde(default = "wecom_base_url")]
    pub base_url: String,
    pub corp_id: String,
    #[serde(serialize_with = "hidden_one")]
    pub secret: SecretString,
    pub agent_id: u64,
}

fn wecom_base_url() -> String {
    wechat_adapter::WECOM_BASE_URL.to_owned()
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MiniProgramSettings {
    pub app_id: String,
    #[serde(serialize_with = "hidden_one")]
    pub secret: SecretString,
    pub templates: Templates,
    #[serde(default)]
    pub callback: CallbackSettings,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccountSettings {
    pub app_id: String,
    #[serde(serialize_with = "hidden_one")]
    pub secret: SecretString,
    #[serde(default)]
    pub callback: CallbackSettings,
    /// Nothing is sent through it where they are left out.
    #[serde(default)]
    pub templates: Option<ServiceTemplates>,
}

/// Ids of the service account's own templates, with the keywords of number, matter, status and time, in this order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceTemplates {
    /// To residents.
    pub progress: String,
    /// To those who work.
    pub task: String,
    #[serde(default = "service_keywords")]
    pub keywords: [String; 4],
}

fn service_keywords() -> [String; 4] {
    ["character_string1", "thing2", "thing3", "time4"].map(str::to_owned)
}

impl ServiceTemplates {
    pub fn new(progress: impl Into<String>, task: impl Into<String>) -> Self {
        Self { progress: progress.into(), task: task.into(), keywords: service_keywords() }
    }
}

/// Where both are empty, nothing that WeChat tells of its own accord is taken in. With a key, only what is encrypted is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallbackSettings {
    #[serde(serialize_with = "hidden_one")]
    pub token: SecretString,
    /// 43 characters.
    #[serde(serialize_with = "hidden_one")]
    pub encoding_aes_key: SecretString,
}

impl WechatSettings {
    fn callbacks(&self) -> impl Iterator<Item = &CallbackSettings> {
        let others = self.others.iter().map(|of| &of.callback);
        let service = self.service_account.iter().map(|of| &of.callback);
        std::iter::once(&self.callback).chain(others).chain(service)
    }
}

impl CallbackSettings {
    /// A signature without encryption does not cover the body.
    fn is_readable_by_others(&self) -> bool {
        !self.token.expose_secret().is_empty() && self.encoding_aes_key.expose_secret().is_empty()
    }
}

/// Ids of the account's own templates.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Templates {
    pub accepted: String,
    pub dispatched: String,
    pub resolved: String,
    pub ordered_for_you: String,
    /// To those on duty, when somebody may be in danger.
    pub alarm: String,
    /// To residents: everything else.
    #[serde(default = "progress_template")]
    pub progress: String,
    /// To those who work: everything else.
    #[serde(default = "task_template")]
    pub task: String,
}

impl Templates {
    pub fn id(&self, template: Template) -> &str {
        match template {
            Template::Accepted => &self.accepted,
            Template::Dispatched => &self.dispatched,
            Template::Resolved => &self.resolved,
            Template::OrderedForYou => &self.ordered_for_you,
            Template::Alarm => &self.alarm,
            Template::Progress => &self.progress,
            Template::Task => &self.task,
        }
    }
}

fn progress_template() -> String {
    "hgj-order-progress".to_owned()
}

fn task_template() -> String {
    "hgj-order-task".to_owned()
}

pub const WECHAT: &str = "https://api.weixin.qq.com";

impl Default for Settings {
    fn default() -> Self {
        Self {
            environment: Environment::Development,
            listen: "127.0.0.1:8080".into(),
            sandbox_listen: "127.0.0.1:8081".into(),
            data_dir: "data".into(),
            database_url: None,
            database_connections: 16,
            redis_url: None,
            redis_prefix: "hgj:".into(),
            public_url: None,
            trust_forwarded: false,
            cors_origins: Vec::new(),
            tokens: TokenSettings {
                keys: Vec::new(),
                access_minutes: 15,
                refresh_days: 30,
                desk_idle_minutes: 30,
                photo_link_minutes: 10,
            },
            vault: VaultSettings::default(),
            limits: Limits::default(),
            retention: Periods::default(),
            wechat: WechatSettings {
                base_url: WECHAT.into(),
                app_id: String::new(),
                secret: SecretString::default(),
                templates: Templates {
                    accepted: "hgj-order-accepted".into(),
                    dispatched: "hgj-order-dispatched".into(),
                    resolved: "hgj-order-resolved".into(),
                    ordered_for_you: "hgj-ordered-for-you".into(),
                    alarm: "hgj-order-alarm".into(),
                    progress: progress_template(),
                    task: task_template(),
                },
                callback: CallbackSettings::default(),
                others: Vec::new(),
                service_account: None,
                wecom: None,
                check_content: true,
                sends_per_second: 100,
            },
            log: LogFormat::Text,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            person_burst: 90,
            person_per_second: 30,
            address_burst: 2000,
            address_per_second: 1000,
            anonymous_burst: 100,
            anonymous_per_second: 50,
            json_bytes: 256 * 1024,
            export_every_seconds: 60,
            photo_memory_mb: 384,
            heartbeat_seconds: 15,
        }
    }
}

impl Settings {
    /// Nested keys in the environment take two underscores: `HGJ_WECHAT__APP_ID`.
    pub fn load() -> anyhow::Result<Self> {
        let settings: Self = Figment::from(Serialized::defaults(Self::default()))
            .merge(given())
            .extract()
            .context("the settings cannot be read")?;
        settings.check()?;
        Ok(settings)
    }

    /// Whether somebody set this key; otherwise it has its built-in default.
    pub fn is_given(key: &str) -> bool {
        given().contains(key)
    }

    pub fn database_url(&self) -> String {
        let default = || format!("sqlite:{}", self.data_dir.join("hongguanjia.db").display());
        self.database_url.clone().unwrap_or_else(default)
    }

    /// Where generated signing keys lie, if the settings name none.
    pub fn signing_keys_file(&self) -> PathBuf {
        self.data_dir.join("signing-keys")
    }

    /// Where a generated master key lies, if the settings name none.
    pub fn master_keys_file(&self) -> PathBuf {
        self.data_dir.join("master-keys")
    }

    /// What the law does not allow, and what must never be true where real people depend on it.
    fn check(&self) -> anyhow::Result<()> {
        self.retention.check()?;
        if self.environment != Environment::Production {
            return Ok(());
        }
        if self.tokens.keys.is_empty() {
            bail!("production needs signing keys of its own: set tokens.keys (HGJ_TOKENS__KEYS)");
        }
        if self.vault.keys.is_empty() {
            bail!(
                "production needs master keys of its own, kept apart from the data: set vault.keys (HGJ_VAULT__KEYS)"
            );
        }
        if self.wechat.base_url != WECHAT || self.wechat.app_id.is_empty() {
            bail!("production talks to WeChat itself: set wechat.app_id and wechat.secret, leave wechat.base_url");
        }
        if self.wechat.wecom.as_ref().is_some_and(|app| app.base_url != wechat_adapter::WECOM_BASE_URL) {
            bail!("production talks to WeCom itself: leave wechat.wecom.base_url");
        }
        if self.wechat.callbacks().any(CallbackSettings::is_readable_by_others) {
            bail!("production takes in only what WeChat encrypts: set encoding_aes_key beside each callback token");
        }
        if self.public_url.as_deref().is_none_or(|url| !url.starts_with("https://")) {
            bail!("production needs public_url (HGJ_PUBLIC_URL) starting with https://");
        }
        Ok(())
    }
}

/// What the file and the environment say.
fn given() -> Figment {
    let environment = Env::prefixed("HGJ_").ignore(&["test_postgres", "test_redis", "bench_postgres"]).split("__");
    Figment::from(Toml::file("hongguanjia.toml")).merge(environment)
}

/// `host:port`, resolved.
pub fn address(text: &str) -> anyhow::Result<SocketAddr> {
    use std::net::ToSocketAddrs;
    let mut found = text.to_socket_addrs().with_context(|| format!("{text} is not host:port"))?;
    found.next().with_context(|| format!("{text} has no address"))
}

/// figment reads the defaults through serde; these two carry the (empty) default secrets through it.
fn hidden<S: Serializer>(secrets: &[SecretString], out: S) -> Result<S::Ok, S::Error> {
    out.collect_seq(secrets.iter().map(ExposeSecret::expose_secret))
}

fn hidden_one<S: Serializer>(secret: &SecretString, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(secret.expose_secret())
}
