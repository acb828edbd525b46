use std::fmt;

use strum::{EnumIter, IntoEnumIterator};

/// A call of WeChat's or WeCom's server API that this crate knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter)]
pub enum Endpoint {
    CodeToSession,
    StableToken,
    PhoneNumber,
    SubscribeSend,
    TemplateList,
    TemplateCategories,
    TemplateTitles,
    TemplateKeywords,
    TemplateAdd,
    TemplateDelete,
    TextCheck,
    MediaCheck,
    UnlimitedCode,
    UrlLink,
    Quota,
    ServiceTemplateSend,
    FollowerInfo,
    WecomToken,
    WecomMessage,
    WecomRobot,
}

impl Endpoint {
    /// The path below `https://api.weixin.qq.com`, or `https://qyapi.weixin.qq.com` for WeCom.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::CodeToSession => "/sns/jscode2session",
            Self::StableToken => "/cgi-bin/stable_token",
            Self::PhoneNumber => "/wxa/business/getuserphonenumber",
            Self::SubscribeSend => "/cgi-bin/message/subscribe/send",
            Self::TemplateList => "/wxaapi/newtmpl/gettemplate",
            Self::TemplateCategories => "/wxaapi/newtmpl/getcategory",
            Self::TemplateTitles => "/wxaapi/newtmpl/getpubtemplatetitles",
            Self::TemplateKeywords => "/wxaapi/newtmpl/getpubtemplatekeywords",
            Self::TemplateAdd => "/wxaapi/newtmpl/addtemplate",
            Self::TemplateDelete => "/wxaapi/newtmpl/deltemplate",
            Self::TextCheck => "/wxa/msg_sec_check",
            Self::MediaCheck => "/wxa/media_check_async",
            Self::UnlimitedCode => "/wxa/getwxacodeunlimit",
            Self::UrlLink => "/wxa/generate_urllink",
            Self::Quota => "/cgi-bin/openapi/quota/get",
            Self::ServiceTemplateSend => "/cgi-bin/message/template/send",
            Self::FollowerInfo => "/cgi-bin/user/info",
            Self::WecomToken => "/cgi-bin/gettoken",
            Self::WecomMessage => "/cgi-bin/message/send",
            Self::WecomRobot => "/cgi-bin/webhook/send",
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
            Self::TemplateCategories => "getCategory",
            Self::TemplateTitles => "getPubNewTemplateTitles",
            Self::TemplateKeywords => "getPubNewTemplateKeywords",
            Self::TemplateAdd => "addMessageTemplate",
            Self::TemplateDelete => "deleteMessageTemplate",
            Self::TextCheck => "msgSecCheck",
            Self::MediaCheck => "mediaCheckAsync",
            Self::UnlimitedCode => "getUnlimitedQRCode",
            Self::UrlLink => "generateUrlLink",
            Self::Quota => "getApiQuota",
            Self::ServiceTemplateSend => "sendTemplateMessage",
            Self::FollowerInfo => "getUserInfo",
            Self::WecomToken => "wecom.gettoken",
            Self::WecomMessage => "wecom.message.send",
            Self::WecomRobot => "wecom.webhook.send",
        })
    }
}
