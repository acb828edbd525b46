//! WeChat's capabilities, one file each.

pub(crate) mod code;
pub(crate) mod content;
pub(crate) mod follower;
pub(crate) mod link;
pub(crate) mod media;
pub(crate) mod phone;
pub(crate) mod quota;
pub(crate) mod service_message;
pub(crate) mod session;
pub(crate) mod subscribe;
pub(crate) mod template;
pub(crate) mod template_fit;
pub(crate) mod template_library;
pub(crate) mod template_time;
pub(crate) mod template_value;
pub(crate) mod typed_value;
pub(crate) mod verdict;
pub(crate) mod wecom;
