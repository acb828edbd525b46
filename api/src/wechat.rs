//! Between WeChat and our own words: sign-in problems and the messages of the notices.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::notice::{Audience, NoticeKind};
use domain::ports::{Messenger, OutboxItem, Outcome, TellError};
use wechat_adapter::{ErrorClass, Language, MiniProgram, MiniProgramState, SubscribeMessage, WechatError, time_value};

use crate::config::Templates;
use crate::problem::{Code, Problem};

/// Tells notices by subscribe messages.
pub struct WechatMessenger {
    pub client: Arc<MiniProgram>,
    pub templates: Templates,
}

#[async_trait]
impl Messenger for WechatMessenger {
    async fn tell(&self, item: &OutboxItem, openid: &str) -> Result<(), TellError> {
        let message = self.message(item, openid);
        self.client.send_subscribe(&message).await.map(|_| ()).map_err(|error| {
            tracing::info!(kind = %item.kind, error = %error, "wechat.subscribe not sent");
            outcome(&error)
        })
    }
}

impl WechatMessenger {
    /// Names the service and never the resident's own words: a lock screen is read by others.
    fn message(&self, item: &OutboxItem, openid: &str) -> SubscribeMessage {
        let partner = item.partner_name.clone().unwrap_or_default();
        let (template, third, hint) = match item.kind {
            NoticeKind::Accepted => {
                (&self.templates.accepted, ("phrase3", "已接单".to_owned()), "社区已接单，请保持电话畅通")
            }
            NoticeKind::Dispatched => {
                let hint = match item.audience {
                    Audience::Person(_) => "已派给承办单位，请留意进度",
                    Audience::Partner(_) | Audience::Desk(_) => "请打开小程序签收并按时办理",
                };
                (&self.templates.dispatched, ("thing3", partner), hint)
            }
            NoticeKind::Resolved => {
                (&self.templates.resolved, ("thing3", "已办结".to_owned()), "请打开小程序评价办理结果")
            }
            NoticeKind::OrderedForYou => {
                (&self.templates.ordered_for_you, ("phrase3", "已下单".to_owned()), "有人替您下单，如不同意可撤单")
            }
            NoticeKind::Alarm => {
                (&self.templates.alarm, ("thing3", "疑似紧急情况".to_owned()), "请马上打开小程序核实，并联系居民")
            }
        };
        let data = BTreeMap::from([
            ("character_string1".to_owned(), item.order_number.clone()),
            ("thing2".to_owned(), item.service_name.clone()),
            (third.0.to_owned(), third.1),
            ("time4".to_owned(), time_value(item.at)),
            ("thing5".to_owned(), hint.to_owned()),
        ]);
        SubscribeMessage {
            touser: openid.to_owned(),
            template_id: template.clone(),
            page: Some(format!("pages/order/detail?id={}", item.order)),
            state: MiniProgramState::Formal,
            lang: Language::ChineseMainland,
            data,
        }
    }
}

fn outcome(error: &WechatError) -> TellError {
    let code = errcode(error);
    match error.class() {
        ErrorClass::Retry | ErrorClass::Transport | ErrorClass::Quota | ErrorClass::Token => TellError::TryLater(code),
        ErrorClass::User if code == Some(43101) => TellError::Ends(Outcome::NoRight, code),
        ErrorClass::User => TellError::Ends(Outcome::InvalidRecipient, code),
        ErrorClass::Drop if code == Some(40003) => TellError::Ends(Outcome::InvalidRecipient, code),
        ErrorClass::Drop => TellError::Ends(Outcome::RejectedContent, code),
        ErrorClass::Operator | ErrorClass::Bug => TellError::Ends(Outcome::OperatorNeeded, code),
    }
}

fn errcode(error: &WechatError) -> Option<i64> {
    match error {
        WechatError::Refused(refused) => Some(refused.errcode),
        WechatError::Transport { .. }
        | WechatError::Answer { .. }
        | WechatError::Value { .. }
        | WechatError::TokenStore(_)
        | WechatError::Config(_) => None,
    }
}

/// What a person is told when WeChat does not let them in.
pub fn sign_in_problem(error: WechatError) -> Problem {
    let problem = match (error.class(), errcode(&error)) {
        (ErrorClass::User, Some(40226)) => {
            Problem::new(Code::WechatBlocked, "微信提示您的账号存在风险，暂时不能登录，请联系微信客服")
        }
        (ErrorClass::User | ErrorClass::Drop, _) => {
            Problem::new(Code::WechatCodeRejected, "微信凭证已失效或不匹配，请重新打开小程序再试")
        }
        _ => Problem::new(Code::WechatUnavailable, "微信暂时没有响应，请稍后再试"),
    };
    problem.because(error)
}
