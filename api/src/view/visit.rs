use chrono::{DateTime, FixedOffset};
use domain::ids::PartnerId;
use domain::order::{Order, Visit, VisitSide};
use serde::Serialize;
use utoipa::ToSchema;

use super::fields::PointView;
use super::{PhotoView, Scene, Standing, local};

/// On-site record (现场勘查). Residents' names in it are for the desk; everybody else reads 「居民」.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitView {
    /// When it took place.
    pub at: DateTime<FixedOffset>,
    #[schema(example = "到现场查看，尖角在拐弯处")]
    pub note: String,
    /// What all of them agreed to do.
    #[schema(example = "打磨尖角后用水泥抹平")]
    pub plan: Option<String>,
    pub attendees: Vec<AttendeeView>,
    /// What was said on the spot.
    pub opinions: Vec<OpinionView>,
    pub point: Option<PointView>,
    pub attachments: Vec<PhotoView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AttendeeView {
    #[schema(example = "施工方小马")]
    pub who: String,
    /// `resident`, `partner`, `staff` or `other`.
    #[schema(example = "partner")]
    pub side: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OpinionView {
    #[schema(example = "居民")]
    pub who: String,
    #[schema(example = "resident")]
    pub side: &'static str,
    #[schema(example = "别光围起来，最好把尖角去掉")]
    pub opinion: String,
}

impl VisitView {
    pub fn new(scene: &Scene<'_>, order: &Order, visit: &Visit) -> Self {
        let reads_names = scene.standing(order) == Standing::Desk;
        let name = |who: &str, side: VisitSide| {
            if reads_names || !side.is_private() { who.to_owned() } else { side.text().to_owned() }
        };
        let report = &visit.report;
        let attendees = report.attendees.iter();
        let opinions = report.opinions.iter();
        Self {
            at: local(visit.at),
            note: report.note.clone(),
            plan: report.plan.clone(),
            attendees: attendees.map(|a| AttendeeView { who: name(&a.who, a.side), side: a.side.into() }).collect(),
            opinions: opinions
                .map(|o| OpinionView { who: name(&o.who, o.side), side: o.side.into(), opinion: o.opinion.clone() })
                .collect(),
            point: report.point.as_ref().map(Into::into),
            attachments: scene.album.show(&report.photos),
        }
    }
}

/// What the desk and the grid worker wrote down: for handlers while they have work to do, and not for one that the resident
/// complains about.
pub fn sees_visits_of_the_desk(scene: &Scene<'_>, order: &Order) -> bool {
    let is_at_work = |partner: PartnerId| scene.actor.serves(partner);
    match scene.standing(order) {
        Standing::Desk | Standing::Requester | Standing::Watcher | Standing::Mediator => true,
        Standing::Aside => false,
        Standing::Handler => {
            let mut open = order.live_dispatches().filter(|dispatch| dispatch.status().is_open());
            !scene.actor.is_accused_in(order) && open.any(|dispatch| is_at_work(dispatch.partner))
        }
    }
}
