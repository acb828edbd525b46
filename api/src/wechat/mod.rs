//! Between WeChat and our own words.

mod apps;
mod errands;
mod messenger;
mod news;
mod reader;
mod wording;

pub use apps::{Apps, MiniProgramOfOurs, ServiceAccountOfOurs};
pub use errands::run_errands;
pub use messenger::WechatMessenger;
pub use news::{Door, told};
pub use reader::WechatReader;

use domain::safety::Verdict;
use wechat_adapter::{ErrorClass, Suggest, WechatError};

use crate::problem::{Code, Problem};

fn in_our_words(suggest: Suggest) -> Verdict {
    match suggest {
        Suggest::Pass => Verdict::Pass,
        Suggest::Review => Verdict::Review,
        Suggest::Risky => Verdict::Risky,
    }
}

/// What a person is told when WeChat does not let them in.
pub fn sign_in_problem(error: WechatError) -> Problem {
    let problem = match (error.class(), error.errcode()) {
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
