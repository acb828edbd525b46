use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web::Data;
use chrono::{DateTime, FixedOffset};
use domain::campaign::{Refusal, Report, Visit, record};
use domain::ids::{HouseholdId, VisitId};
use domain::people::access::Operation;
use domain::ports::{Commit, Recorded};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::RecordVisit;
use crate::app::App;
use crate::extract::{Id, Post};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::local;

/// That it was recorded; what was found is read from the household, with a look that is written down.
#[derive(Serialize, ToSchema)]
struct RecordedView {
    id: Uuid,
    household_id: Uuid,
    round: u8,
    #[schema(example = "visited")]
    outcome: &'static str,
    #[schema(example = "已入户")]
    outcome_text: &'static str,
    at: DateTime<FixedOffset>,
}

impl From<&Visit> for RecordedView {
    fn from(done: &Visit) -> Self {
        Self {
            id: done.id.0,
            household_id: done.household.0,
            round: done.round,
            outcome: done.outcome.into(),
            outcome_text: done.outcome.text(),
            at: local(done.at),
        }
    }
}

/// Record a visit: one a household and round.
#[utoipa::path(tag = "campaigns", security(("token" = [])), request_body = RecordVisit,
    params(("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 201, body = RecordedView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "visit_recorded, visit_not_due, campaign_closed", body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/households/{id}/visit")]
pub(super) async fn visit(
    app: Data<App>,
    Id(id): Id<HouseholdId>,
    Post { asking, body, .. }: Post<RecordVisit>,
) -> Answer {
    let (actor, now) = (&asking.actor, app.clock.now());
    let (campaign, household, standing) = app.household(actor, Operation::CampaignsVisit, id).await?;
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let (visit_id, by) = (VisitId(app.ids.at(now)), (actor.person, standing));
    let done = record(visit_id, &campaign, &household, Report::from(body), by, now)?;
    let write = async |answer: Option<&_>| match app.stores.campaigns.record(&done, answer).await? {
        Recorded::Done => Ok(Commit::Done),
        Recorded::KeyTaken => Ok(Commit::KeyTaken),
        Recorded::Taken => Err(Refusal::RoundTaken { round: done.round }.into()),
        Recorded::Closed => Err(Refusal::Closed.into()),
        Recorded::PhotoUnavailable => Err(photo_unavailable()),
    };
    app.answer_once(&asking, StatusCode::CREATED, &RecordedView::from(&done), write).await
}

fn photo_unavailable() -> Problem {
    let detail = "照片或签字不存在、不是您上传的，或已用在别处，请重新上传";
    Problem { code: Code::PhotoUnavailable, ..Problem::field("/attachment_ids", detail) }
}
