//! Who speaks to WeChat, and how: accounts, HTTP, the shape of answers.

mod account;
mod envelope;
mod mini_program;
mod redaction;
mod service_account;
mod transport;

pub(crate) use account::Account;
pub(crate) use envelope::{Answer, text_or_number};
pub use mini_program::MiniProgram;
pub use service_account::ServiceAccount;
pub(crate) use transport::{Request, Transport, present};

use secrecy::SecretString;

/// Where WeChat listens.
pub const WECHAT_BASE_URL: &str = "https://api.weixin.qq.com";

/// Which mini-program or service account speaks, and to which WeChat.
#[derive(Clone, Debug)]
pub struct Config {
    /// [`WECHAT_BASE_URL`], or a sandbox on this machine.
    pub base_url: String,
    pub app_id: String,
    pub secret: SecretString,
}

impl Config {
    /// An account of the real WeChat.
    pub fn new(app_id: impl Into<String>, secret: SecretString) -> Self {
        Self { base_url: WECHAT_BASE_URL.to_owned(), app_id: app_id.into(), secret }
    }

    /// The same account at another address: https, or http on this machine.
    #[must_use]
    pub fn with_base_url(self, base_url: impl Into<String>) -> Self {
        Self { base_url: base_url.into(), ..self }
    }
}
