//! WeChat's capabilities, one file each.

pub(crate) mod phone;
pub(crate) mod session;
pub(crate) mod subscribe;
pub(crate) mod template;
pub(crate) mod template_time;
pub(crate) mod template_value;
