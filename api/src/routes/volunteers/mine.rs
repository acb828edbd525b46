use actix_web::web::Data;
use actix_web::{HttpResponse, get, put};
use domain::ids::CommunityId;
use domain::people::{MOST_HOURS_A_WEEK, Skill, Volunteering, volunteers_in};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{SkillView, teams};
use crate::app::App;
use crate::extract::{Caller, Post};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::Page;

/// What I offer in a community.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct VolunteeringView {
    community_id: Uuid,
    skills: Vec<SkillView>,
    hours_per_week: u8,
}

impl From<&Volunteering> for VolunteeringView {
    fn from(offered: &Volunteering) -> Self {
        Self {
            community_id: offered.community.0,
            skills: offered.skills.iter().copied().map(Into::into).collect(),
            hours_per_week: offered.hours_per_week,
        }
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfferedBody {
    #[garde(skip)]
    community_id: Uuid,
    /// `plumbing`, `electrics`, `appliances`, `locks`, `carpentry`, `haircut`, `sewing`, `phones`, `health`, `counselling`,
    /// `law`, `mediation`, `teaching`, `arts`, `driving`, `cooking`, `company` or `patrol`.
    #[garde(skip)]
    #[schema(value_type = Vec<String>, example = json!(["plumbing", "locks"]))]
    skills: Vec<Skill>,
    #[garde(custom(some_hours))]
    #[schema(maximum = 60, example = 4)]
    hours_per_week: u8,
}

fn some_hours<C>(hours: &u8, _: &C) -> Result<(), garde::Error> {
    if *hours > MOST_HOURS_A_WEEK {
        return Err(garde::Error::new(format!("每周可服务时间请填 0 到 {MOST_HOURS_A_WEEK} 小时")));
    }
    Ok(())
}

/// What I offer as a volunteer.
#[utoipa::path(tag = "volunteers", security(("token" = [])), responses((status = 200, body = Page<VolunteeringView>)))]
#[get("/me/volunteer")]
pub(super) async fn mine(app: Data<App>, caller: Caller) -> Answer {
    let selves: Vec<_> = caller.actor.selves().collect();
    let offered = app.stores.volunteers.volunteering_of(&selves).await?;
    let items: Vec<VolunteeringView> = offered.iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Say what I can do, and for how many hours a week. In place of what I said before.
#[utoipa::path(tag = "volunteers", security(("token" = [])), request_body = OfferedBody,
    responses((status = 200, body = VolunteeringView), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
#[put("/me/volunteer")]
pub(super) async fn offer(app: Data<App>, Post { asking, person, body }: Post<OfferedBody>) -> Answer {
    let community = CommunityId(body.community_id);
    let book = app.names.book().await?;
    if !volunteers_in(&person.memberships, community, &teams(&book, community)) {
        return Err(Problem::new(Code::NotPermitted, "您还不是这个社区的志愿者，请联系社区登记"));
    }
    let mut skills = body.skills;
    skills.sort_unstable_by_key(|skill| <&str>::from(*skill));
    skills.dedup();
    let (person, hours_per_week) = (asking.actor.person, body.hours_per_week);
    let offered = Volunteering { person, community, skills, hours_per_week };
    app.stores.volunteers.save_volunteering(&offered).await?;
    Ok(HttpResponse::Ok().json(VolunteeringView::from(&offered)))
}
