//! Volunteers: what they can do, the hours that they gave, and what the desk makes of both.

mod hours;
mod mine;

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::Datelike;
use domain::deadline::day_in_shanghai;
use domain::ids::{CommunityId, PartnerId};
use domain::people::access::Operation;
use domain::people::{Skill, Volunteer, mask_name};
use domain::place::PartnerKind;
use domain::ports::VolunteerQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Caller, Cursor, Id, Limit, Query};
use crate::names::Book;
use crate::problem::{Answer, Problem, ProblemBody};
use crate::view::Page;

pub(in crate::routes) use hours::CreditView;
pub(in crate::routes) use mine::VolunteeringView;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(mine::mine)
        .service(mine::offer)
        .service(hours::ledger)
        .service(hours::credit_)
        .service(hours::waiting)
        .service(hours::confirm)
        .service(hours::remove);
}

#[derive(Serialize, ToSchema)]
struct SkillView {
    #[schema(example = "plumbing")]
    skill: &'static str,
    #[schema(example = "水暖")]
    text: &'static str,
}

impl From<Skill> for SkillView {
    fn from(skill: Skill) -> Self {
        Self { skill: skill.into(), text: skill.text() }
    }
}

/// A volunteer of the community; the name is masked.
#[derive(Serialize, ToSchema)]
struct VolunteerView {
    person_id: Uuid,
    #[schema(example = "老**")]
    name: Option<String>,
    /// The teams that the person belongs to.
    #[schema(example = json!(["润园红色联盟维修队"]))]
    teams: Vec<String>,
    skills: Vec<SkillView>,
    /// Null where the person said nothing.
    hours_per_week: Option<u8>,
    /// Confirmed minutes of this year.
    minutes_this_year: u32,
}

impl VolunteerView {
    fn new(book: &Book, volunteer: &Volunteer) -> Self {
        let team = |team: &PartnerId| book.partner(*team).map(|partner| partner.name.clone());
        Self {
            person_id: volunteer.person.0,
            name: volunteer.name.as_deref().map(mask_name),
            teams: volunteer.teams.iter().filter_map(team).collect(),
            skills: volunteer.skills.iter().copied().map(Into::into).collect(),
            hours_per_week: volunteer.hours_per_week,
            minutes_this_year: volunteer.minutes,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct VolunteersQuery {
    /// Only those who can do this, such as `plumbing`.
    #[param(value_type = Option<String>)]
    skill: Option<Skill>,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

/// The volunteers of the community, and what they can do; for its desk. Newest accounts first.
#[utoipa::path(tag = "volunteers", security(("token" = [])), params(("id" = Uuid, Path), VolunteersQuery),
    responses((status = 200, body = Page<VolunteerView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/volunteers")]
async fn list(
    app: Data<App>,
    caller: Caller,
    Id(community): Id<CommunityId>,
    Query(query): Query<VolunteersQuery>,
) -> Answer {
    if !caller.actor.covers(Operation::VolunteersList, community) {
        return Err(Problem::not_found());
    }
    let slice = Cursor::slice(query.cursor.as_deref(), query.limit)?;
    let now = app.clock.now();
    let wanted = VolunteerQuery { community, skill: query.skill, year: day_in_shanghai(now).year(), now, slice };
    let volunteers = app.stores.volunteers.volunteers(wanted).await?;
    let (volunteers, next_cursor) = Cursor::cut(slice, volunteers, |volunteer| volunteer.person.to_string());
    let book = app.names.book().await?;
    let items: Vec<_> = volunteers.iter().map(|volunteer| VolunteerView::new(&book, volunteer)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// The volunteer teams of the community.
fn teams(book: &Book, community: CommunityId) -> Vec<PartnerId> {
    let teams = book.partners_of(community).filter(|partner| partner.kind == PartnerKind::VolunteerTeam);
    teams.map(|partner| partner.id).collect()
}
