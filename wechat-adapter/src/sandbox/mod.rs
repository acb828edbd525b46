//! A stand-in for WeChat on a port of this machine.
//!
//! Its WeChat side has WeChat's own paths and keeps WeChat's own rules; its
//! phone side (`/phone/…`) stands for what a person's WeChat would do; its
//! control side (`/sandbox/…`) is for tests. `GET /` shows the phones.
//!
//! Where WeChat documents nothing, the sandbox picks something and a comment
//! with the word UNVERIFIED says so: do not learn WeChat's habits from those.

mod account;
mod chance;
mod control;
mod courier;
mod fault;
mod judgement;
mod library;
mod misbehaviour;
mod order_templates;
mod page;
mod pending;
mod people_acts;
mod phone_side;
pub mod push;
mod rules;
mod server;
mod state;
mod template;
mod test_acts;
mod wechat;
mod world;

pub use account::{AccountKind, SandboxAccount, SandboxCorp, SandboxCorpApp, SandboxRobot};
pub use courier::Courier;
pub use fault::Fault;
pub use judgement::{MediaVerdict, REVIEW_MARK, RISKY_MARK};
pub use misbehaviour::{BadShares, Harm, Misbehaviour};
pub use order_templates::{order_templates, service_templates};
pub use pending::PendingPush;
pub use people_acts::{UnknownAccount, UnknownTemplate};
pub use phone_side::Choice;
pub use rules::{CallLimit, Rules};
pub use server::{RunningSandbox, Sandbox, SandboxError};
pub use state::SandboxState;
pub use template::{SandboxTemplate, TemplateKind};
pub use test_acts::UnknownTrace;
pub use world::media::PendingMedia;
pub use world::phones::{Channel, Delivery, LabelledValue, Phone, PhoneAccount, PhoneMessage, PhoneRight};
pub use world::unexpected::UnexpectedCall;

use std::net::{Ipv4Addr, SocketAddr};

use secrecy::SecretString;

use crate::clock::{Clock, system_clock};

/// What the sandbox is to be.
pub struct SandboxOptions {
    /// Port 0 takes a free one. It asks nobody who they are: keep it on the
    /// loopback address, or inside a network of your own.
    pub listen: SocketAddr,
    /// The first account is a mini-program: the default one.
    pub app_id: String,
    /// What its cards call it.
    pub name: String,
    pub secret: SecretString,
    pub clock: Clock,
    /// The first account's.
    pub templates: Vec<SandboxTemplate>,
    /// The first account's released pages; empty: any page counts as released.
    pub pages: Vec<String>,
    /// People whose phones the page shows from the start: openid in the first
    /// account, and label.
    pub phones: Vec<(String, String)>,
    /// The accounts beside the first.
    pub accounts: Vec<SandboxAccount>,
    pub corp: Option<SandboxCorp>,
    pub rules: Rules,
}

impl SandboxOptions {
    /// A free loopback port, the machine's clock, the order templates, no
    /// phones yet, no account but the first, WeChat's own rules.
    #[must_use]
    pub fn new(app_id: impl Into<String>, secret: SecretString) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            app_id: app_id.into(),
            name: "红管家".to_owned(),
            secret,
            clock: system_clock(),
            templates: order_templates(),
            pages: Vec::new(),
            phones: Vec::new(),
            accounts: Vec::new(),
            corp: None,
            rules: Rules::default(),
        }
    }
}
