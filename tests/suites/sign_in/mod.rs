//! Coming in with WeChat, staying in, going out.

mod sessions;
mod tokens;
mod wechat;
