use actix_web::post;
use actix_web::web::Data;
use chrono::{DateTime, FixedOffset, SubsecRound, Utc};
use domain::attachment::MAX_PER_ORDER;
use domain::ids::{AttachmentId, DispatchId, OrderId};
use domain::order::{Attendee, Command, Opinion, VisitReport, VisitSide};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::submit::{PointBody, at_most_nine, point_at};
use crate::app::App;
use crate::extract::{Id, Post, few, needed, optional, timely};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::view::OrderView;

/// People who were there, and things that were said.
const MOST: usize = 20;

/// What was seen, said and agreed on the spot.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct VisitBody {
    #[garde(custom(needed("现场记录", 2000)))]
    #[schema(example = "和居民、物业一起看了路沿尖角")]
    note: String,
    /// When it took place; now, where it is left out. Not in the future, and not before the order.
    #[garde(skip)]
    #[serde(default, deserialize_with = "timely")]
    at: Option<DateTime<FixedOffset>>,
    /// Who was there, at most twenty.
    #[serde(default)]
    #[garde(custom(few("到场人员", MOST)), dive)]
    attendees: Vec<AttendeeBody>,
    /// What they said, at most twenty.
    #[serde(default)]
    #[garde(custom(few("意见", MOST)), dive)]
    opinions: Vec<OpinionBody>,
    /// What all of them agreed to do.
    #[garde(custom(optional("商定的办法", 1000)))]
    #[schema(example = "打磨尖角后用水泥抹平")]
    plan: Option<String>,
    #[garde(dive)]
    point: Option<PointBody>,
    #[serde(default)]
    #[garde(custom(at_most_nine))]
    attachment_ids: Vec<Uuid>,
}

/// Somebody who was there. A bare name is taken for a resident's: it is shown to the desk only.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(untagged)]
enum AttendeeBody {
    Named(#[garde(custom(needed("到场人员", 50)))] String),
    Sided(#[garde(dive)] SidedBody),
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SidedBody {
    /// A name, or what they are.
    #[garde(custom(needed("到场人员", 50)))]
    #[schema(example = "施工方小马")]
    who: String,
    /// `resident`, `partner`, `staff` or `other`.
    #[garde(skip)]
    #[schema(value_type = String, example = "partner")]
    side: VisitSide,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpinionBody {
    #[garde(custom(needed("意见是谁提的", 50)))]
    #[schema(example = "3号楼王女士")]
    who: String,
    /// As of the attendee of that name, else `resident`.
    #[garde(skip)]
    #[schema(value_type = Option<String>, example = "resident")]
    side: Option<VisitSide>,
    #[garde(custom(needed("意见", 500)))]
    #[schema(example = "别光围起来，最好把尖角去掉")]
    opinion: String,
}

impl AttendeeBody {
    fn attendee(self) -> Attendee {
        match self {
            Self::Named(who) => Attendee { who, side: VisitSide::default() },
            Self::Sided(SidedBody { who, side }) => Attendee { who, side },
        }
    }
}

impl VisitBody {
    pub fn command(self, dispatch: Option<DispatchId>) -> Result<Command, Problem> {
        let attendees: Vec<_> = self.attendees.into_iter().map(AttendeeBody::attendee).collect();
        let side_of = |who: &str| attendees.iter().find(|a| a.who == who).map(|a| a.side).unwrap_or_default();
        let opinion = |body: OpinionBody| {
            let side = body.side.unwrap_or_else(|| side_of(&body.who));
            Opinion { who: body.who, side, opinion: body.opinion }
        };
        let opinions = self.opinions.into_iter().map(opinion).collect();
        let report = VisitReport {
            note: self.note,
            opinions,
            attendees,
            plan: self.plan.filter(|plan| !plan.trim().is_empty()),
            point: self.point.map(|body| point_at(body, "/point")).transpose()?,
            photos: self.attachment_ids.into_iter().take(MAX_PER_ORDER).map(AttachmentId).collect(),
        };
        let at = self.at.map(|at| at.with_timezone(&Utc).trunc_subsecs(3));
        Ok(Command::Visit { dispatch, at, report })
    }
}

/// Record what was seen, heard and agreed on the spot (现场勘查), where nobody was sent: for the desk and the grid worker.
#[utoipa::path(
    tag = "orders", security(("token" = [])),
    params(
        ("id" = Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "the ETag that was seen"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")
    ),
    request_body = VisitBody,
    responses(
        (status = 200, body = OrderView),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody)
    )
)]
#[post("/orders/{id}/visit")]
pub(super) async fn visit(app: Data<App>, Id(id): Id<OrderId>, post: Post<VisitBody>) -> Answer {
    app.move_order(&post.asking, id, post.body.command(None)?).await
}
