//! 值班表, as the secretary keeps it.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post, put};
use chrono::{DateTime, FixedOffset, SubsecRound, Utc};
use domain::ids::{CommunityId, DutyId, PersonId};
use domain::people::access::Operation;
use domain::place::Duty;
use domain::ports::RotaQuery;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Caller, Cursor, Id, PageQuery, Post, Query, one_line, optional, phone_number, timely};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::view::{Page, local};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct DutyBody {
    #[garde(skip)]
    #[serde(deserialize_with = "timely")]
    starts_at: DateTime<FixedOffset>,
    #[garde(skip)]
    #[serde(deserialize_with = "timely")]
    ends_at: DateTime<FixedOffset>,
    /// As residents shall read it.
    #[garde(custom(one_line("值班人", 20)))]
    #[schema(example = "接访员小赵")]
    name: String,
    /// For everybody to read.
    #[garde(custom(some_number))]
    #[schema(example = "0311-85551234")]
    phone: String,
    /// For the desk.
    #[garde(custom(optional("备注", 200)))]
    #[schema(example = "带班领导：书记")]
    note: Option<String>,
    /// Where it is somebody with an account here.
    #[garde(skip)]
    person_id: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
struct DutyView {
    id: Uuid,
    starts_at: DateTime<FixedOffset>,
    ends_at: DateTime<FixedOffset>,
    #[schema(example = "接访员小赵")]
    name: String,
    #[schema(example = "0311-85551234")]
    phone: String,
    note: Option<String>,
    person_id: Option<Uuid>,
}

impl From<&Duty> for DutyView {
    fn from(duty: &Duty) -> Self {
        Self {
            id: duty.id.0,
            starts_at: local(duty.starts_at),
            ends_at: local(duty.ends_at),
            name: duty.name.clone(),
            phone: duty.phone.clone(),
            note: duty.note.clone(),
            person_id: duty.person.map(Into::into),
        }
    }
}

fn some_number<C>(phone: &str, context: &C) -> Result<(), garde::Error> {
    phone_number(&Some(phone.to_owned()), context)
}

impl DutyBody {
    fn duty(self, id: DutyId, community: CommunityId) -> Result<Duty, Problem> {
        let utc = |at: DateTime<FixedOffset>| at.with_timezone(&Utc).trunc_subsecs(3);
        let (starts_at, ends_at, person) = (utc(self.starts_at), utc(self.ends_at), self.person_id.map(PersonId));
        let Self { name, phone, note, .. } = self;
        let duty = Duty { id, community, starts_at, ends_at, name, phone, note, person };
        duty.check().map_err(|fault| Problem::field("/ends_at", fault.to_string()))?;
        Ok(duty)
    }
}

/// Turns that have not ended, the first to end first; for the desk.
#[utoipa::path(tag = "duty", security(("token" = [])), params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<DutyView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/duty/rota")]
pub(super) async fn rota(
    app: Data<App>,
    caller: Caller,
    Id(community): Id<CommunityId>,
    Query(query): Query<PageQuery>,
) -> Answer {
    if !caller.actor.covers(Operation::DutyRota, community) {
        return Err(Problem::not_found());
    }
    let slice = Cursor::slice::<DutyId>(query.cursor.as_deref(), query.limit)?;
    let wanted = RotaQuery { community, now: app.clock.now(), after: slice.before, limit: slice.limit };
    let turns = app.stores.duty.rota(wanted).await?;
    let (turns, next_cursor) = Cursor::cut(slice, turns, |duty| duty.id.to_string());
    let items: Vec<DutyView> = turns.iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// Put somebody on the rota; for the secretary.
#[utoipa::path(tag = "duty", security(("token" = [])), params(("id" = Uuid, Path)), request_body = DutyBody,
    responses((status = 201, body = DutyView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/communities/{id}/duty/rota")]
pub(super) async fn add(app: Data<App>, Id(community): Id<CommunityId>, post: Post<DutyBody>) -> Answer {
    let Post { asking, body, .. } = post;
    if !asking.actor.covers(Operation::DutyAdd, community) {
        return Err(Problem::not_found());
    }
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let duty = body.duty(DutyId(app.ids.at(app.clock.now())), community)?;
    app.must_be_known(&duty).await?;
    let write = async |answer: Option<&_>| Ok(app.stores.duty.save_duty(&duty, answer).await?);
    app.answer_once(&asking, StatusCode::CREATED, &DutyView::from(&duty), write).await
}

/// Change a turn; for the secretary.
#[utoipa::path(tag = "duty", security(("token" = [])), params(("id" = Uuid, Path)), request_body = DutyBody,
    responses((status = 200, body = DutyView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[put("/duty/{id}")]
pub(super) async fn change(app: Data<App>, Id(id): Id<DutyId>, post: Post<DutyBody>) -> Answer {
    let Post { asking, body, .. } = post;
    let known = app.stores.duty.find_duty(id).await?;
    let known = known.filter(|duty| asking.actor.covers(Operation::DutyChange, duty.community));
    let known = known.ok_or_else(Problem::not_found)?;
    let duty = body.duty(id, known.community)?;
    app.must_be_known(&duty).await?;
    let write = async |answer: Option<&_>| Ok(app.stores.duty.save_duty(&duty, answer).await?);
    app.answer_once(&asking, StatusCode::OK, &DutyView::from(&duty), write).await
}

/// Take a turn off the rota; for the secretary.
#[utoipa::path(tag = "duty", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
#[delete("/duty/{id}")]
pub(super) async fn remove(app: Data<App>, caller: Caller, Id(id): Id<DutyId>) -> Answer {
    let known = app.stores.duty.find_duty(id).await?;
    let known = known.filter(|duty| caller.actor.covers(Operation::DutyRemove, duty.community));
    known.ok_or_else(Problem::not_found)?;
    app.stores.duty.remove_duty(id).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl App {
    /// Whoever is named by an account works in this community.
    async fn must_be_known(&self, duty: &Duty) -> Result<(), Problem> {
        let Some(id) = duty.person else { return Ok(()) };
        let person = self.stores.people.find_person(id, self.clock.now()).await?;
        let book = self.names.book().await?;
        let works_here = |person: domain::people::Person| {
            let actor = person.actor(book.tree());
            actor.posts.iter().any(|post| post.reach.touches(duty.community))
        };
        let refused = || Problem::field("/person_id", "请选择在本社区任职的人员，或只填称呼");
        person.is_some_and(works_here).then_some(()).ok_or_else(refused)
    }
}
