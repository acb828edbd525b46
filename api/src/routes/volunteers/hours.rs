use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use chrono::{DateTime, FixedOffset};
use domain::ids::{CommunityId, CreditId, OrderId, PersonId};
use domain::people::access::Operation;
use domain::people::{Area, Confirmation, Credit, CreditRefusal, MOST_MINUTES, Sight, Word, may_credit, volunteers_in};
use domain::ports::Credited;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::teams;
use crate::app::App;
use crate::extract::{Caller, Cursor, Id, PageQuery, Post, Query, needed};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::{Page, local};

/// Hours given to one order.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct CreditView {
    id: Uuid,
    order_id: Uuid,
    community_id: Uuid,
    person_id: Uuid,
    #[schema(example = 90)]
    minutes: u16,
    /// Null where the words of the order are gone.
    #[schema(example = "换了厨房的水龙头，试水不漏")]
    note: Option<String>,
    reported_at: DateTime<FixedOffset>,
    /// Null while it waits for the desk: until then it counts nothing.
    confirmed_at: Option<DateTime<FixedOffset>>,
}

impl From<&Credit> for CreditView {
    fn from(credit: &Credit) -> Self {
        Self {
            id: credit.id.0,
            order_id: credit.order.0,
            community_id: credit.community.0,
            person_id: credit.person.0,
            minutes: credit.minutes,
            note: credit.note.clone(),
            reported_at: local(credit.reported_at),
            confirmed_at: credit.confirmed.map(|confirmed| local(confirmed.at)),
        }
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreditBody {
    /// Whose hours: from the desk's list of volunteers. The caller's own where it is left out.
    #[garde(skip)]
    person_id: Option<Uuid>,
    #[garde(custom(some_minutes))]
    #[schema(minimum = 1, maximum = 960, example = 90)]
    minutes: u16,
    #[garde(custom(needed("服务内容", 300)))]
    #[schema(example = "换了厨房的水龙头，试水不漏")]
    note: String,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmBody {
    /// Where the desk counts other minutes.
    #[garde(custom(other_minutes))]
    #[schema(minimum = 1, maximum = 960)]
    minutes: Option<u16>,
}

fn some_minutes<C>(minutes: &u16, _: &C) -> Result<(), garde::Error> {
    if (1..=MOST_MINUTES).contains(minutes) {
        Ok(())
    } else {
        Err(garde::Error::new(format!("时长请填 1 到 {MOST_MINUTES} 分钟")))
    }
}

fn other_minutes<C>(minutes: &Option<u16>, context: &C) -> Result<(), garde::Error> {
    minutes.as_ref().map_or(Ok(()), |minutes| some_minutes(minutes, context))
}

impl From<CreditRefusal> for Problem {
    fn from(refusal: CreditRefusal) -> Self {
        match refusal {
            CreditRefusal::NotPermitted => Self::new(Code::NotPermitted, refusal.to_string()),
            CreditRefusal::NotDone => Self::new(Code::WorkNotDone, refusal.to_string()),
            CreditRefusal::NoSuchVolunteer => Self::field("/person_id", refusal.to_string()),
        }
    }
}

/// Note the hours that a volunteer gave to an order (服务时长): by the desk for somebody, or by a member of the team that
/// finished its dispatch for themselves; the desk then confirms them. Once for each person and order.
#[utoipa::path(tag = "volunteers", security(("token" = [])), params(("id" = Uuid, Path)), request_body = CreditBody,
    responses((status = 201, body = CreditView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "work_not_done, hours_noted", body = ProblemBody), (status = 422, body = ProblemBody)))]
#[post("/orders/{id}/volunteer_hours")]
pub(super) async fn credit_(app: Data<App>, Id(id): Id<OrderId>, post: Post<CreditBody>) -> Answer {
    let Post { asking, body, .. } = post;
    let order = app.stores.orders.find(id, &Sight::of(&asking.actor)).await?.ok_or_else(Problem::not_found)?;
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let (now, book) = (app.clock.now(), app.names.book().await?);
    let whom = body.person_id.map_or(asking.actor.person, PersonId);
    let teams = teams(&book, order.community);
    let person = app.stores.people.find_person(whom, now).await?;
    let volunteers = person.is_some_and(|person| volunteers_in(&person.memberships, order.community, &teams));
    let word = may_credit(&order, &asking.actor, whom, volunteers, &teams)?;
    let by = asking.actor.person;
    let credit = Credit {
        id: CreditId(app.ids.at(now)),
        order: order.id,
        community: order.community,
        person: whom,
        minutes: body.minutes,
        note: Some(body.note),
        reported_by: by,
        reported_at: now,
        confirmed: (word == Word::Desk).then_some(Confirmation { by, at: now }),
    };
    let write = async |answer: Option<&_>| match app.stores.volunteers.credit(&credit, answer).await? {
        Credited::Ended(end) => Ok(end),
        Credited::Twice => Err(Problem::new(Code::HoursNoted, "这位志愿者在这个订单里的时长已经登记过了")),
    };
    app.answer_once(&asking, StatusCode::CREATED, &CreditView::from(&credit), write).await
}

/// Hours that wait for the desk, newest first.
#[utoipa::path(tag = "volunteers", security(("token" = [])), params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<CreditView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/volunteer_hours")]
pub(super) async fn waiting(
    app: Data<App>,
    caller: Caller,
    Id(community): Id<CommunityId>,
    Query(query): Query<PageQuery>,
) -> Answer {
    if !caller.actor.covers(Operation::VolunteersWaiting, community) {
        return Err(Problem::not_found());
    }
    let slice = Cursor::slice(query.cursor.as_deref(), query.limit)?;
    let area = Area::of_orders(&caller.actor, Operation::VolunteersWaiting);
    let credits = app.stores.volunteers.waiting_credits(community, &area, slice).await?;
    Ok(HttpResponse::Ok().json(page(slice, credits)))
}

/// The hours count. Nobody confirms the own ones.
#[utoipa::path(tag = "volunteers", security(("token" = [])), params(("id" = Uuid, Path)), request_body = ConfirmBody,
    responses((status = 200, body = CreditView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "hours_confirmed", body = ProblemBody)))]
#[post("/volunteer_hours/{id}/confirm")]
pub(super) async fn confirm(app: Data<App>, Id(id): Id<CreditId>, post: Post<ConfirmBody>) -> Answer {
    let Post { asking, body, .. } = post;
    let area = Area::of_orders(&asking.actor, Operation::VolunteersConfirm);
    let credit = app.stores.volunteers.find_credit(id, &area).await?.ok_or_else(Problem::not_found)?;
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    if asking.actor.is_self(credit.person) {
        return Err(Problem::new(Code::NotPermitted, "自己的服务时长请由其他工作人员确认"));
    }
    let (by, minutes) = (asking.actor.person, body.minutes.unwrap_or(credit.minutes));
    let confirmation = Confirmation { by, at: app.clock.now() };
    if !app.stores.volunteers.confirm_credit(id, minutes, confirmation).await? {
        return Err(confirmed_already());
    }
    let credit = Credit { minutes, confirmed: Some(confirmation), ..credit };
    app.answer_and_keep(&asking, StatusCode::OK, &CreditView::from(&credit)).await
}

/// Take hours back that the desk has not confirmed: by the desk, or by the person whose they are.
#[utoipa::path(tag = "volunteers", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, description = "hours_confirmed", body = ProblemBody)))]
#[delete("/volunteer_hours/{id}")]
pub(super) async fn remove(app: Data<App>, caller: Caller, Id(id): Id<CreditId>) -> Answer {
    let store = &app.stores.volunteers;
    let area = Area::of_orders(&caller.actor, Operation::VolunteersRemove);
    let selves: Vec<_> = caller.actor.selves().collect();
    let found = match store.find_own_credit(id, &selves).await? {
        Some(own) => Some(own),
        None => store.find_credit(id, &area).await?,
    };
    found.ok_or_else(Problem::not_found)?;
    if store.remove_credit(id).await? { Ok(HttpResponse::NoContent().finish()) } else { Err(confirmed_already()) }
}

fn confirmed_already() -> Problem {
    Problem::new(Code::HoursConfirmed, "这条时长已经确认过了，不能再改")
}

#[derive(Serialize, ToSchema)]
struct LedgerView {
    /// Confirmed minutes by year, the latest first.
    years: Vec<YearView>,
    items: Vec<CreditView>,
    /// Pass as `cursor` to get the next page; null on the last one.
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct YearView {
    #[schema(example = 2026)]
    year: i32,
    minutes: u32,
}

/// My hours, newest first, and what each year brought.
#[utoipa::path(tag = "volunteers", security(("token" = [])), params(PageQuery), responses((status = 200, body = LedgerView)))]
#[get("/me/volunteer_hours")]
pub(super) async fn ledger(app: Data<App>, caller: Caller, Query(query): Query<PageQuery>) -> Answer {
    let slice = Cursor::slice(query.cursor.as_deref(), query.limit)?;
    let selves: Vec<_> = caller.actor.selves().collect();
    let credits = app.stores.volunteers.credits_of(&selves, slice).await?;
    let years = app.stores.volunteers.minutes_of(&selves).await?;
    let Page { items, next_cursor } = page(slice, credits);
    let years = years.into_iter().map(|(year, minutes)| YearView { year, minutes }).collect();
    Ok(HttpResponse::Ok().json(LedgerView { years, items, next_cursor }))
}

fn page(slice: domain::ports::Slice<CreditId>, credits: Vec<Credit>) -> Page<CreditView> {
    let (credits, next_cursor) = Cursor::cut(slice, credits, |credit| credit.id.to_string());
    Page { items: credits.iter().map(Into::into).collect(), next_cursor }
}
