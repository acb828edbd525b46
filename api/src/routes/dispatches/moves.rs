//! The moves on a dispatch.

use actix_web::post;
use actix_web::web::Data;
use chrono::{DateTime, FixedOffset, SubsecRound, TimeDelta, Utc};
use domain::attachment::MAX_PER_ORDER;
use domain::ids::{AttachmentId, DispatchId};
use domain::order::{Command, ReturnReason};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::charge::{ChargeBody, QuoteBody};
use crate::app::App;
use crate::extract::{Id, Post, needed, timely};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::routes::orders::{VisitBody, at_most_nine};
use crate::routes::versioned::versioned;
use crate::view::DispatchView;

/// What every move on a dispatch documents.
macro_rules! dispatch_move {
    ($($what:tt)*) => {
        versioned! { "dispatches", DispatchId => DispatchView; $($what)* }
    };
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Sign {
    /// When you mean to come; the resident is told. Sign again with another time to move it.
    #[garde(skip)]
    #[serde(default, deserialize_with = "timely")]
    visit_at: Option<DateTime<FixedOffset>>,
}

/// Nobody makes an appointment further ahead.
const LONGEST_AHEAD: TimeDelta = TimeDelta::days(90);

dispatch_move! {
    /// Confirm receipt (签收), and say when you come.
    "/dispatches/{id}/sign", sign(Sign) |app, post, id| {
        let now = app.clock.now();
        let visit_at = post.body.visit_at.map(|at| at.with_timezone(&Utc).trunc_subsecs(3));
        if visit_at.is_some_and(|at| at < now || at > now + LONGEST_AHEAD) {
            return Err(Problem::field("/visit_at", "上门时间应在现在之后、90 天以内，请重新填写"));
        }
        app.move_dispatch(&post.asking, id, Command::Sign { dispatch: id, visit_at }).await
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Return {
    #[garde(skip)]
    #[schema(value_type = String, example = "other_unit")]
    reason: ReturnReason,
    #[garde(custom(needed("退单说明", 500)))]
    #[schema(example = "该路段由市政养护，建议转市政")]
    note: String,
}

dispatch_move! {
    /// Send the dispatch back (退单), with a coded reason.
    ///
    /// Reasons: `out_of_scope`, `other_area`, `other_unit`, `insufficient_information`, `no_access`, `no_capacity`, `other`.
    "/dispatches/{id}/return", return_(Return) |app, post, id| {
        let Return { reason, note } = post.body;
        app.move_dispatch(&post.asking, id, Command::Return { dispatch: id, reason, note }).await
    }
}

dispatch_move! {
    /// Record what was seen, heard and agreed on the spot (现场勘查).
    "/dispatches/{id}/visit", visit(VisitBody) |app, post, id|
    app.move_dispatch(&post.asking, id, post.body.command(Some(id))?).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Complete {
    #[garde(custom(needed("完工说明", 2000)))]
    #[schema(example = "尖角已打磨，水泥抹平，养护 24 小时")]
    result: String,
    #[serde(default)]
    #[garde(custom(at_most_nine))]
    attachment_ids: Vec<Uuid>,
    /// What it cost, and who paid; nothing where it is left out.
    #[garde(dive)]
    charge: Option<ChargeBody>,
}

dispatch_move! {
    /// Report that the work is done (完工).
    ///
    /// Refused with `charge_not_agreed` where the resident pays more than they agreed to, and with `labour_not_charged` where the
    /// service has no price and they shall pay for the work.
    "/dispatches/{id}/complete", complete(Complete) |app, post, id| {
        let Complete { result, attachment_ids, charge } = post.body;
        let (photos, charge) = (photos(attachment_ids), charge.map(ChargeBody::read).transpose()?);
        app.move_dispatch(&post.asking, id, Command::Complete { dispatch: id, result, photos, charge }).await
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Because {
    #[garde(custom(needed("原因", 500)))]
    #[schema(example = "改由市政养护单位办理")]
    reason: String,
}

dispatch_move! {
    /// Take the dispatch back from its handler (收回).
    "/dispatches/{id}/recall", recall(Because) |app, post, id|
    app.move_dispatch(&post.asking, id, Command::Recall { dispatch: id, reason: post.body.reason }).await
}

dispatch_move! {
    /// The work is not good enough: back to the handler (返工).
    "/dispatches/{id}/rework", rework(Because) |app, post, id|
    app.move_dispatch(&post.asking, id, Command::Rework { dispatch: id, reason: post.body.reason }).await
}

dispatch_move! {
    /// Say before the work what the resident is to pay (报价); they are told, and agree or not. Another figure is another quote.
    "/dispatches/{id}/quote", quote(QuoteBody) |app, post, id| {
        let charge = post.body.read()?;
        app.move_dispatch(&post.asking, id, Command::Quote { dispatch: id, charge }).await
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerQuote {
    /// The number of the quote that was seen.
    #[garde(skip)]
    #[schema(example = 1)]
    number: u32,
    #[garde(skip)]
    #[schema(example = true)]
    agreed: bool,
}

dispatch_move! {
    /// Agree to the latest quote, or not; the desk for somebody whom it has called. Refused with `quote_changed` where another
    /// one stands by now.
    "/dispatches/{id}/answer_quote", answer_quote(AnswerQuote) |app, post, id| {
        let AnswerQuote { number, agreed } = post.body;
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        app.move_dispatch(&post.asking, id, Command::AnswerQuote { dispatch: id, number, agreed }).await
    }
}

fn photos(ids: Vec<Uuid>) -> Vec<AttachmentId> {
    ids.into_iter().take(MAX_PER_ORDER).map(AttachmentId).collect()
}
