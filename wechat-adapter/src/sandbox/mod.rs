//! A stand-in for WeChat on a port of this machine.
//!
//! Its WeChat side has WeChat's own paths and keeps WeChat's own rules; its
//! phone side (`/phone/…`) stands for what a person's WeChat would do; its
//! control side (`/sandbox/…`) is for tests. `GET /` shows the phones.
//!
//! Where WeChat documents nothing, the sandbox picks something and a comment
//! with the word UNVERIFIED says so: do not learn WeChat's habits from those.

mod chance;
mod control;
mod fault;
mod page;
mod phone_side;
mod server;
mod state;
mod template;
mod wechat;
mod world;

pub use fault::Fault;
pub use phone_side::Choice;
pub use server::{RunningSandbox, Sandbox, SandboxError};
pub use state::{SandboxState, UnknownTemplate};
pub use template::{SandboxTemplate, order_templates};
pub use world::phones::{LabelledValue, Phone, PhoneMessage};
pub use world::unexpected::UnexpectedCall;

use std::net::{Ipv4Addr, SocketAddr};

use secrecy::SecretString;

use crate::clock::{Clock, system_clock};

/// What the sandbox is to be.
pub struct SandboxOptions {
    /// Port 0 takes a free one. It asks nobody who they are: keep it on the
    /// loopback address, or inside a network of your own.
    pub listen: SocketAddr,
    pub app_id: String,
    pub secret: SecretString,
    pub clock: Clock,
    pub templates: Vec<SandboxTemplate>,
    /// People whose phones the page shows from the start: openid and label.
    pub phones: Vec<(String, String)>,
}

impl SandboxOptions {
    /// A free loopback port, the machine's clock, the order templates, no
    /// phones yet.
    #[must_use]
    pub fn new(app_id: impl Into<String>, secret: SecretString) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            app_id: app_id.into(),
            secret,
            clock: system_clock(),
            templates: order_templates(),
            phones: Vec::new(),
        }
    }
}
