use std::fmt;

use strum::{EnumIter, IntoEnumIterator};

/// A call of WeChat's server API that this crate knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter)]
pub enum Endpoint {
    CodeToSession,
    StableToken,
    PhoneNumber,
    SubscribeSend,
    TemplateList,
}

impl Endpoint {
    /// The path below `https://api.weixin.qq.com`.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::CodeToSession => "/sns/jscode2session",
            Self::StableToken => "/cgi-bin/stable_token",
            Self::PhoneNumber => "/wxa/business/getuserphonenumber",
            Self::SubscribeSend => "/cgi-bin/message/subscribe/send",
            Self::TemplateList => "/wxaapi/newtmpl/gettemplate",
        }
    }

    /// Which call has this path, if we know it.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        Self::iter().find(|endpoint| endpoint.path() == path)
    }
}

/// The name that WeChat's documentation and console use.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CodeToSession => "code2Session",
            Self::StableToken => "getStableAccessToken",
            Self::PhoneNumber => "getPhoneNumber",
            Self::SubscribeSend => "subscribeMessage.send",
            Self::TemplateList => "getMessageTemplateList",
        })
    }
}
