//! WeChat's server API for the neighbourhood order system: a client for the
//! mini-program's calls, shared access tokens, and [`sandbox`], a stand-in
//! that keeps WeChat's rules so that everything can be tried without an
//! account.
//!
//! Every call answers a [`WechatError`] with a [`class`](WechatError::class)
//! on failure, so callers decide by class and never by WeChat's numbers.

mod api;
mod client;
mod clock;
mod endpoint;
mod error;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod token;

pub use api::phone::PhoneNumber;
pub use api::session::Session;
pub use api::subscribe::{Language, MiniProgramState, Sent, SubscribeMessage};
pub use api::template::Template;
pub use api::template_time::time_value;
pub use api::template_value::{KeywordKind, ValueError, clean_value};
pub use client::{Config, MiniProgram};
pub use clock::{Clock, system_clock};
pub use endpoint::Endpoint;
pub use error::{ErrorClass, Refused, TransportCause, WechatError};
pub use token::{AccessToken, MemoryTokenStore, TokenStore, TokenStoreError};

/// Compiles and runs the README's example.
#[cfg(all(doctest, feature = "sandbox"))]
#[doc = include_str!("../README.md")]
struct Readme;
