//! The moves on an order. Each handler says what it takes; the rules are in `domain::order::decide`.

use actix_web::post;
use actix_web::web::Data;
use chrono::{DateTime, FixedOffset, SubsecRound, Utc};
use domain::ids::{AttachmentId, OrderId, PartnerId};
use domain::order::{Command, HandlerRole, RefuseReason};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::submit::at_most_nine;
use crate::app::App;
use crate::extract::{Id, Nothing, Post, list_of, needed, optional, timely};
use crate::problem::{Answer, ProblemBody};
use crate::routes::dispatches::ChargeBody;
use crate::routes::versioned::versioned;
use crate::view::OrderView;

/// What every move on an order documents.
macro_rules! order_move {
    ($($what:tt)*) => {
        versioned! { "orders", OrderId => OrderView; $($what)* }
    };
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Accept {
    #[garde(custom(optional("说明", 500)))]
    #[schema(example = "已联系施工方，今天下午到现场")]
    note: Option<String>,
}

order_move! {
    /// Take responsibility (接单).
    "/orders/{id}/accept", accept(Accept) |app, post, id|
    app.move_order(&post.asking, id, Command::Accept { note: post.body.note }).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Check {
    /// What is still to be brought; empty where all papers were seen.
    #[garde(custom(list_of("缺少的材料", 20, 60)))]
    #[schema(example = json!(["户口本原件"]))]
    missing: Vec<String>,
    #[garde(custom(optional("说明", 500)))]
    #[schema(example = "户口本请带首页和本人页，周三上午来即可")]
    note: Option<String>,
}

order_move! {
    /// Say which papers are missing, or that all were seen (核对材料). The resident is told what to bring.
    "/orders/{id}/check", check(Check) |app, post, id| {
        let mut missing: Vec<String> = Vec::new();
        for paper in post.body.missing.iter().map(|paper| paper.trim()) {
            if !missing.iter().any(|known| known == paper) {
                missing.push(paper.to_owned());
            }
        }
        app.move_order(&post.asking, id, Command::Check { missing, note: post.body.note }).await
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Refuse {
    #[garde(skip)]
    #[schema(value_type = String, example = "department_duty")]
    reason: RefuseReason,
    /// Where the resident shall go instead.
    #[garde(custom(optional("去处", 500)))]
    #[schema(example = "请到新华区政务服务中心办理，地址：…")]
    redirect_to: Option<String>,
}

order_move! {
    /// Do not take the order (不予受理), with a coded reason.
    ///
    /// Reasons: `out_of_scope`, `department_duty`, `lawful_route`, `certificate_not_issued`, `unlawful`,
    /// `other_community`, `insufficient_information`, `other`.
    "/orders/{id}/refuse", refuse(Refuse) |app, post, id|
    app.move_order(&post.asking, id, Command::Refuse { reason: post.body.reason, redirect_to: post.body.redirect_to }).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Withdraw {
    #[garde(custom(optional("撤单原因", 500)))]
    #[schema(example = "邻居已经帮忙解决")]
    reason: Option<String>,
}

order_move! {
    /// Take the order back (撤单).
    "/orders/{id}/withdraw", withdraw(Withdraw) |app, post, id|
    app.move_order(&post.asking, id, Command::Withdraw { reason: post.body.reason }).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Merge {
    /// The order that is being handled for the same matter.
    #[garde(skip)]
    into: Uuid,
}

order_move! {
    /// Close as a duplicate of another order (并单). Whoever placed it is told when the other one is resolved.
    "/orders/{id}/merge", merge(Merge) |app, post, id|
    app.merge_order(&post.asking, id, OrderId(post.body.into)).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Dispatch {
    #[garde(skip)]
    partner_id: Uuid,
    /// `lead` (one) or `co` (any number).
    #[garde(skip)]
    #[schema(value_type = String, example = "lead")]
    role: HandlerRole,
    /// What the handler shall do, without anything that names the resident.
    #[garde(custom(needed("任务", 1000)))]
    #[schema(example = "打磨并用水泥抹平路沿尖角")]
    task: String,
    #[garde(skip)]
    #[serde(default, deserialize_with = "timely")]
    due_at: Option<DateTime<FixedOffset>>,
    /// Give the handler the contact while it works; needs the resident's consent.
    #[serde(default)]
    #[garde(skip)]
    share_contact: bool,
    /// Although nobody is on duty there, or its hands are full. Papers that ran out, and a suspension, stop it all the same.
    #[serde(default)]
    #[garde(skip)]
    despite_off_duty: bool,
}

order_move! {
    /// Send the order to a handler (派单).
    ///
    /// Refused with `partner_suspended`, `licence_expired`, `agreement_ended`, `agreement_not_begun`, `partner_off_duty` or
    /// `partner_full` where the partner takes nothing now.
    "/orders/{id}/dispatch", dispatch(Dispatch) |app, post, id| {
        let body = post.body;
        let partner = PartnerId(body.partner_id);
        let command = Command::Dispatch {
            id: app.orders.new_dispatch_id(),
            partner,
            taker: app.taker(partner).await?,
            role: body.role,
            task: body.task,
            due_at: body.due_at.map(|at| at.with_timezone(&Utc).trunc_subsecs(3)),
            share_contact: body.share_contact,
            despite_off_duty: body.despite_off_duty,
        };
        app.move_order(&post.asking, id, command).await
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Resolve {
    #[garde(custom(needed("办理结果", 2000)))]
    #[schema(example = "路沿已打磨并用水泥抹平")]
    result: String,
    #[serde(default)]
    #[garde(custom(at_most_nine))]
    attachment_ids: Vec<Uuid>,
    /// A picture of what the resident signed, where the service asks for one.
    #[garde(skip)]
    signature_id: Option<Uuid>,
    /// Needed where the lead has not completed its dispatch, or where something that the service asks for is missing.
    #[garde(custom(optional("直接办结的理由", 500)))]
    override_reason: Option<String>,
    /// What it cost and who paid, where no handler has said it.
    #[garde(dive)]
    charge: Option<ChargeBody>,
}

order_move! {
    /// Report the result (办结).
    "/orders/{id}/resolve", resolve(Resolve) |app, post, id| {
        let Resolve { result, attachment_ids, signature_id, override_reason, charge } = post.body;
        let override_reason = override_reason.filter(|reason| !reason.trim().is_empty());
        let (photos, signature) = (photos(attachment_ids), signature_id.map(AttachmentId));
        let charge = charge.map(ChargeBody::read).transpose()?;
        app.move_order(&post.asking, id, Command::Resolve { result, photos, signature, override_reason, charge }).await
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Rate {
    #[garde(skip)]
    #[schema(example = true)]
    solved: bool,
    /// 1 (very unsatisfied) to 5 (very satisfied).
    #[garde(custom(one_to_five))]
    #[schema(minimum = 1, maximum = 5, example = 5)]
    satisfaction: u8,
    #[garde(custom(optional("评价", 500)))]
    #[schema(example = "一天多就修好了，很满意")]
    comment: Option<String>,
}

fn one_to_five<C>(satisfaction: &u8, _: &C) -> Result<(), garde::Error> {
    if (1..=5).contains(satisfaction) { Ok(()) } else { Err(garde::Error::new("满意度请打 1 到 5 分")) }
}

order_move! {
    /// Say whether it is solved and how satisfied you are (评价). Once a round.
    "/orders/{id}/rate", rate(Rate) |app, post, id| {
        let Rate { solved, satisfaction, comment } = post.body;
        app.move_order(&post.asking, id, Command::Rate { solved, satisfaction, comment }).await
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reopen {
    #[garde(custom(needed("重办原因", 500)))]
    #[schema(example = "抹平的地方又裂开了")]
    reason: String,
}

order_move! {
    /// Not solved after all (重办): within 15 days, at most twice.
    "/orders/{id}/reopen", reopen(Reopen) |app, post, id|
    app.move_order(&post.asking, id, Command::Reopen { reason: post.body.reason }).await
}

order_move! {
    /// Remind the community (催办). A second reminder within four hours changes nothing.
    "/orders/{id}/urge", urge(Nothing) |app, post, id|
    app.move_order(&post.asking, id, Command::Urge).await
}

order_move! {
    /// Handlers may not call me any more (停止共享联系方式). Asked again, it changes nothing.
    "/orders/{id}/unshare", unshare(Nothing) |app, post, id|
    app.move_order(&post.asking, id, Command::Unshare).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Comment {
    #[garde(custom(needed("留言", 1000)))]
    #[schema(example = "师傅来之前请先打电话")]
    text: String,
    #[serde(default)]
    #[garde(custom(at_most_nine))]
    attachment_ids: Vec<Uuid>,
}

order_move! {
    /// Say something about the order (留言).
    "/orders/{id}/comments", leave_comment(Comment) |app, post, id| {
        let Comment { text, attachment_ids } = post.body;
        app.move_order(&post.asking, id, Command::Comment { text, photos: photos(attachment_ids) }).await
    }
}

fn photos(ids: Vec<Uuid>) -> Vec<AttachmentId> {
    ids.into_iter().map(AttachmentId).collect()
}
