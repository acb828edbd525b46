//! WeChat's server API (微信服务端接口): mini-programs, service accounts and
//! WeCom, with shared access tokens, errors that say what to do, and
//! [`sandbox`], a stand-in that keeps WeChat's rules so that everything can be
//! tried without an account. It knows nothing of what the messages are about.
//!
//! [`callback`] opens what WeChat sends to our own server.
//!
//! # What it can do
//!
//! | for | call | asks WeChat to |
//! |---|---|---|
//! | [`MiniProgram`] | [`code_to_session`](MiniProgram::code_to_session) | tell who logged in |
//! | | [`phone_number`](MiniProgram::phone_number) | tell a verified phone number |
//! | | [`send_subscribe`](MiniProgram::send_subscribe) | send a subscribe message ([`SubscribeMessage`]) |
//! | | [`templates`](MiniProgram::templates), [`add_template`](MiniProgram::add_template), [`delete_template`](MiniProgram::delete_template) | keep the account's templates |
//! | | [`template_categories`](MiniProgram::template_categories), [`template_titles`](MiniProgram::template_titles), [`template_keywords`](MiniProgram::template_keywords) | show the public library |
//! | | [`check_text`](MiniProgram::check_text), [`check_media`](MiniProgram::check_media) | judge what people wrote and photographed |
//! | | [`unlimited_code`](MiniProgram::unlimited_code), [`url_link`](MiniProgram::url_link) | make codes and links |
//! | | [`quota`](MiniProgram::quota) | tell what is left of a call's day |
//! | [`ServiceAccount`] | [`send_template`](ServiceAccount::send_template) | send a template message ([`TemplateMessage`]) |
//! | | [`follower`](ServiceAccount::follower) | tell whether somebody follows, and their unionid |
//! | [`WecomApp`] | [`send_text`](WecomApp::send_text), [`send_text_card`](WecomApp::send_text_card) | tell members of a corp |
//! | [`WecomRobot`] | [`send_text`](WecomRobot::send_text), [`send_markdown`](WecomRobot::send_markdown) | say something in a group |
//!
//! [`Endpoint`] lists the paths. What a page limits is checked before anything
//! is sent ([`WechatError::Input`], [`WechatError::Value`]).
//!
//! # Messages
//!
//! A template's keywords have kinds, and a value against its kind costs the
//! whole message. Typed values ([`Thing`], [`Phrase`], [`TimeValue`], …) are
//! cleaned and checked when they are made, and know their place:
//!
//! ```
//! use wechat_adapter::{Phrase, SubscribeMessage, Thing};
//!
//! # fn main() -> Result<(), wechat_adapter::ValueError> {
//! let message = SubscribeMessage::new("an-openid", "a-template-id")
//!     .with(Thing::new("三楼楼道灯不亮，请师傅尽快上门看看，谢谢您")?.keyed(2))
//!     .with(Phrase::new("已接单")?.keyed(3))
//!     .with_page("pages/order/detail?id=42");
//! assert_eq!(message.data["thing2"], "三楼楼道灯不亮，请师傅尽快上门看看，谢…");
//! # Ok(())
//! # }
//! ```
//!
//! Keywords have other numbers in every account. [`Template::keywords_of`]
//! finds them by their kinds, [`Template::check`] says whether the numbers that
//! a program knows are the template's: ask when the program starts.
//!
//! # Errors
//!
//! There is one error, [`WechatError`]. Its [`class`](WechatError::class) says
//! what to do, so that callers decide by class and never by WeChat's numbers;
//! beside it stand the call, WeChat's number and its request id. A number
//! means what it means [on that call](ErrorClass::of): 40001 is an old token,
//! but a wrong secret where a token is asked for. Numbers without a row are
//! [`ErrorClass::Drop`] and [`is_unknown`](WechatError::is_unknown).
//!
//! # Tokens
//!
//! Each account has one access token, which a [`TokenStore`] shares among all
//! processes. It is renewed in its last five minutes, by one process with one
//! call. A refused token is replaced and the call repeated, exactly once. Where
//! WeChat insists on the very token that it refuses, a new one is forced, which
//! is rationed ([`ForcedRefreshes`]) because it kills the old for everybody.
//! [`MemoryTokenStore`] serves one process.
//!
//! # Secrets
//!
//! Errors and `Debug` show no URL, token, secret, openid, code or phone number.
//! Only https leaves the machine; plain http reaches its loopback address.
//! Redirects and proxies are not followed.

mod api;
pub mod callback;
mod client;
mod clock;
mod endpoint;
mod error;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod token;

pub use api::code::{EnvVersion, LineColor, UnlimitedCode};
pub use api::content::{ContentScene, TextCheck};
pub use api::follower::Follower;
pub use api::link::{LinkExpiry, UrlLink};
pub use api::media::{MediaCheck, MediaKind};
pub use api::phone::PhoneNumber;
pub use api::quota::{ApiQuota, RateLimit};
pub use api::service_message::{MiniProgramPage, TemplateMessage};
pub use api::session::Session;
pub use api::subscribe::{Language, MiniProgramState, Sent, SubscribeMessage};
pub use api::template::{KeywordWords, Template, TemplateKind};
pub use api::template_fit::Misfit;
pub use api::template_library::{
    LibraryKeyword, LibraryTemplate, NewTemplate, TemplateCategory, TitlePage, TitleQuery,
};
pub use api::template_time::time_value;
pub use api::template_value::{KeywordKind, ValueError, clean_value};
pub use api::typed_value::{
    Amount, CarNumber, CharacterString, DateValue, EnumString, Keyed, Letter, NameValue, NumberValue, PhoneNumberValue,
    Phrase, Symbol, Thing, TimeValue,
};
pub use api::verdict::{Label, Suggest, Verdict, VerdictDetail};
pub use api::wecom::WECOM_BASE_URL;
pub use api::wecom::app::{WecomApp, WecomConfig, WecomSent};
pub use api::wecom::message::{WecomText, WecomTextCard};
pub use api::wecom::receivers::WecomReceivers;
pub use api::wecom::robot::{RobotText, WecomRobot};
pub use client::{Config, MiniProgram, ServiceAccount, WECHAT_BASE_URL};
pub use clock::{Clock, system_clock};
pub use endpoint::Endpoint;
pub use error::{ErrorClass, Refused, TransportCause, WechatError};
pub use token::{AccessToken, Claim, ForcedRefreshes, MemoryTokenStore, TokenStore, TokenStoreError};

/// Compiles and runs the README's example.
#[cfg(all(doctest, feature = "sandbox"))]
#[doc = include_str!("../README.md")]
struct Readme;
