//! Closing the account.

use actix_web::web::Data;
use actix_web::{HttpResponse, delete};
use domain::erasure::Begun;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::extract::Caller;
use crate::problem::{Answer, Code, Problem, ProblemBody};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(erase);
}

#[derive(Serialize, ToSchema)]
struct ErasedView {
    /// Everything is gone; otherwise the rest follows within minutes, by itself.
    finished: bool,
    #[schema(example = "账号已注销，个人信息已删除；订单只保留编号、时间等办理记录")]
    text: &'static str,
}

/// Close my account: whatever speaks of me is erased, open orders are withdrawn, public facts of orders stay; what I
/// ordered for somebody else stays theirs. For good.
#[utoipa::path(tag = "me", security(("token" = [])),
    responses((status = 200, body = ErasedView), (status = 409, description = "holds_role", body = ProblemBody)))]
#[delete("/me")]
async fn erase(app: Data<App>, caller: Caller) -> Answer {
    let person = caller.person.id;
    match app.eraser.begin(person).await? {
        Begun::Begun => {}
        Begun::HoldsRole => {
            let detail = "您还担任社区或承办单位的职务，请先请管理员解除职务，交接好手上的订单，再注销账号";
            return Err(Problem::new(Code::HoldsRole, detail));
        }
        Begun::Gone => return Err(Problem::not_found()),
    }
    // From here on nothing can be taken back: what fails now, housekeeping finishes.
    let cleared = app.eraser.clear(person).await;
    if let Err(error) = &cleared {
        tracing::warn!(error = error as &dyn std::error::Error, "erasure.clear failed; housekeeping goes on with it");
    }
    Ok(HttpResponse::Ok().json(view(cleared.is_ok())))
}

fn view(finished: bool) -> ErasedView {
    let text = if finished {
        "账号已注销，个人信息已删除；订单只保留编号、时间等办理记录"
    } else {
        "账号已注销，您已退出登录；其余个人信息将在几十分钟内删除完毕"
    };
    ErasedView { finished, text }
}
