use actix_web::post;
use actix_web::web::Data;
use chrono::NaiveDate;
use domain::ids::{AttachmentId, MediationId};
use domain::mediation::{Command, FollowUpResult, Outcome, OutcomeKind};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{MediationView, step};
use crate::app::App;
use crate::extract::{Id, Post, needed, optional, timely};
use crate::problem::{Answer, Problem, ProblemBody};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Proposal {
    #[garde(custom(needed("协议内容", 5000)))]
    #[schema(example = "一、楼上周五前修好漏点；二、楼下天花板由楼上出料、物业出工")]
    text: String,
}

step! {
    /// Read an agreement out (提出协议); for the mediator. All parties read it; another text takes the place of an earlier one,
    /// and needs everybody's word again.
    "/mediations/{id}/agreement", agreement(Proposal) |app, post, id|
    app.step(&post.asking, id, Command::Propose { text: post.body.text }).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Agree {
    /// Who signed on paper, where the mediator writes it down; left out by a party that confirms in the app.
    #[garde(skip)]
    party: Option<u8>,
    /// A photo of the signature; with `party`.
    #[garde(skip)]
    attachment_id: Option<Uuid>,
}

step! {
    /// Agree to what was read out (确认协议): a party in the app, or the mediator with the photo of a signature.
    "/mediations/{id}/agree", agree(Agree) |app, post, id| {
        let signature = match (post.body.party, post.body.attachment_id) {
            (None, None) => None,
            (Some(party), Some(photo)) => Some((party, AttachmentId(photo))),
            (Some(_), None) => return Err(Problem::field("/attachment_id", "请上传纸质协议上签字的照片")),
            (None, Some(_)) => return Err(Problem::field("/party", "请填写是哪一位当事人签的字")),
        };
        app.step(&post.asking, id, Command::Agree { signature }).await
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Close {
    /// `agreed` or `partly`, where all parties confirmed the agreement; else `failed`, `withdrawn` or `referred`.
    #[garde(skip)]
    #[schema(value_type = String, example = "agreed")]
    outcome: OutcomeKind,
    /// Needed with `referred`: the court, the judicial office, the police.
    #[garde(custom(optional("转到哪里", 100)))]
    #[schema(example = "裕华区司法所")]
    referred_to: Option<String>,
    /// The day on which the mediator asks how things went.
    #[garde(skip)]
    #[serde(default, deserialize_with = "timely")]
    follow_up_on: Option<NaiveDate>,
}

impl Close {
    fn outcome(&self) -> Result<Outcome, Problem> {
        let to = self.referred_to.clone().filter(|to| !to.trim().is_empty());
        let plain = match self.outcome {
            OutcomeKind::Referred => {
                let to = to.ok_or_else(|| Problem::field("/referred_to", "请写明转到哪里，如法院、司法所、派出所"))?;
                return Ok(Outcome::Referred { to });
            }
            OutcomeKind::Agreed => Outcome::Agreed,
            OutcomeKind::Partly => Outcome::Partly,
            OutcomeKind::Failed => Outcome::Failed,
            OutcomeKind::Withdrawn => Outcome::Withdrawn,
        };
        let said = || Problem::field("/referred_to", "只有转其他途径时才填写去处，请去掉");
        if to.is_some() { Err(said()) } else { Ok(plain) }
    }
}

step! {
    /// End the mediation (结束调解); for the mediator, who then resolves the order.
    "/mediations/{id}/close", close(Close) |app, post, id| {
        let outcome = post.body.outcome()?;
        app.step(&post.asking, id, Command::Close { outcome, follow_up_on: post.body.follow_up_on }).await
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LookBack {
    /// `kept`, `broken` or `unclear`.
    #[garde(skip)]
    #[schema(value_type = String, example = "kept")]
    result: FollowUpResult,
    /// For the mediator alone.
    #[garde(custom(optional("回访说明", 1000)))]
    #[schema(example = "两家都说没有再漏")]
    note: Option<String>,
}

step! {
    /// Say whether the agreement is kept (登记回访); for the mediator.
    "/mediations/{id}/follow_up", follow_up(LookBack) |app, post, id| {
        let LookBack { result, note } = post.body;
        app.step(&post.asking, id, Command::FollowUp { result, note }).await
    }
}
