//! WeChat's own paths, one file per capability: each decides on the world and
//! an instant, and knows nothing of HTTP beyond the call it is given.

mod answer;
mod author;
mod call;
mod card;
mod code;
mod cut;
mod follower;
mod hold;
mod media_check;
mod phone;
mod picture;
mod quota;
mod serve;
mod service_send;
mod session;
mod subscribe;
mod template_library;
mod template_list;
mod text_check;
mod token;
mod url_link;
mod wecom;
mod wecom_text;

pub(super) use answer::{Answer, Refusal};
pub(super) use call::WechatCall;
pub(super) use serve::{routes, unknown_path};

use actix_web::http::Method;
use chrono::{DateTime, Utc};

use super::world::World;
use crate::endpoint::Endpoint;

/// Lets the call's rules answer, as of `now`.
pub(super) fn decide(world: &mut World, call: &WechatCall<'_>, now: DateTime<Utc>) -> Result<Answer, Refusal> {
    check_method(call)?;
    let answer = match call.endpoint {
        Endpoint::CodeToSession => session::answer,
        Endpoint::StableToken => token::answer,
        Endpoint::PhoneNumber => phone::answer,
        Endpoint::SubscribeSend => subscribe::answer,
        Endpoint::TemplateList => template_list::answer,
        Endpoint::TemplateCategories => template_library::categories,
        Endpoint::TemplateTitles => template_library::titles,
        Endpoint::TemplateKeywords => template_library::keywords,
        Endpoint::TemplateAdd => template_library::add,
        Endpoint::TemplateDelete => template_library::delete,
        Endpoint::TextCheck => text_check::answer,
        Endpoint::MediaCheck => media_check::answer,
        Endpoint::UnlimitedCode => return code::answer(world, call, now).map(Answer::Picture),
        Endpoint::UrlLink => url_link::answer,
        Endpoint::Quota => quota::answer,
        Endpoint::ServiceTemplateSend => service_send::answer,
        Endpoint::FollowerInfo => follower::answer,
        Endpoint::WecomToken => wecom::token,
        Endpoint::WecomMessage => wecom::message,
        Endpoint::WecomRobot => wecom::robot,
    };
    answer(world, call, now).map(Answer::Json)
}

fn check_method(call: &WechatCall<'_>) -> Result<(), Refusal> {
    let wanted = method(call.endpoint);
    if wanted == call.method {
        return Ok(());
    }
    let errcode = if wanted == Method::GET { 43001 } else { 43002 };
    Err(Refusal::new(errcode, format!("require {wanted} method")))
}

const fn method(endpoint: Endpoint) -> Method {
    match endpoint {
        Endpoint::CodeToSession
        | Endpoint::TemplateList
        | Endpoint::TemplateCategories
        | Endpoint::TemplateTitles
        | Endpoint::TemplateKeywords
        | Endpoint::FollowerInfo
        | Endpoint::WecomToken => Method::GET,
        Endpoint::StableToken
        | Endpoint::PhoneNumber
        | Endpoint::SubscribeSend
        | Endpoint::TemplateAdd
        | Endpoint::TemplateDelete
        | Endpoint::TextCheck
        | Endpoint::MediaCheck
        | Endpoint::UnlimitedCode
        | Endpoint::UrlLink
        | Endpoint::Quota
        | Endpoint::ServiceTemplateSend
        | Endpoint::WecomMessage
        | Endpoint::WecomRobot => Method::POST,
    }
}
