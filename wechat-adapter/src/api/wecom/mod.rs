//! WeCom (企业微信) as a channel to those who work in the neighbourhood.

pub(crate) mod app;
pub(crate) mod message;
pub(crate) mod receivers;
pub(crate) mod robot;
mod token;

use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// Where WeCom listens.
pub const WECOM_BASE_URL: &str = "https://qyapi.weixin.qq.com";

/// WeCom counts bytes, and Chinese characters have three.
fn check_bytes(endpoint: Endpoint, text: &str, most: usize, problem: &'static str) -> Result<(), WechatError> {
    if text.is_empty() || text.len() > most { Err(WechatError::Input { endpoint, problem }) } else { Ok(()) }
}
