//! Coming in with WeChat or at a desk, staying in, going out.

mod devices;
mod second_factor;
mod sessions;
mod tickets;
mod tokens;
mod wechat;
