//! 连线社区: who is on duty, which number to call, and messages that become orders.

mod message;
mod rota;

use actix_web::web::Data;
use actix_web::{HttpResponse, get, put};
use chrono::{DateTime, FixedOffset, NaiveTime};
use domain::ids::CommunityId;
use domain::people::access::Operation;
use domain::place::{Duty, DutyDesk, OfficeNow, office_now};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::extract::{Id, Post, phone_number};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::view::local;

const IN_DANGER: &str = "遇到危险请直接拨打 110、119 或 120，不要等社区回复";

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(now_)
        .service(keep_desk)
        .service(rota::rota)
        .service(rota::add)
        .service(rota::change)
        .service(rota::remove)
        .service(message::leave_message);
}

/// Who is there for residents now.
#[derive(Serialize, ToSchema)]
struct DutyNowView {
    /// Those on duty, whoever began last first; empty where nobody is.
    on_duty: Vec<OnDutyView>,
    /// Which number to call now: of whoever is on duty, else the community's own; null where it told none.
    #[schema(example = "0311-85551234")]
    phone: Option<String>,
    office: OfficeView,
    /// What to read first.
    #[schema(example = "现在由接访员小赵值班，请拨打 0311-85551234")]
    text: String,
    #[schema(example = "遇到危险请直接拨打 110、119 或 120，不要等社区回复")]
    in_danger: &'static str,
}

#[derive(Serialize, ToSchema)]
struct OnDutyView {
    #[schema(example = "接访员小赵")]
    name: String,
    #[schema(example = "0311-85551234")]
    phone: String,
    until: DateTime<FixedOffset>,
}

#[derive(Serialize, ToSchema)]
struct OfficeView {
    /// Null where the working days of this year are not announced yet.
    open_now: Option<bool>,
    /// Of working days.
    #[schema(example = json!(["08:30-12:00", "14:00-17:30"]))]
    hours: Vec<String>,
}

impl From<&Duty> for OnDutyView {
    fn from(duty: &Duty) -> Self {
        Self { name: duty.name.clone(), phone: duty.phone.clone(), until: local(duty.ends_at) }
    }
}

impl DutyNowView {
    fn new(on_duty: &[Duty], desk: DutyDesk, office: OfficeNow) -> Self {
        let span =
            |(open, close): &(NaiveTime, NaiveTime)| format!("{}-{}", open.format("%H:%M"), close.format("%H:%M"));
        let hours: Vec<String> = office.hours.iter().map(span).collect();
        let first = on_duty.first();
        let phone = first.map(|duty| duty.phone.clone()).or(desk.phone);
        let call = phone.as_deref().map_or_else(|| "请在这里留言".to_owned(), |phone| format!("请拨打 {phone}"));
        let text = match (first, office.is_open) {
            (Some(duty), _) => format!("现在由{}值班，{call}", duty.name),
            (None, Some(true)) => format!("社区现在上班，{call}"),
            (None, _) => format!("现在无人值班，工作日 {} 上班；{call}，或留言，上班后回复您", hours.join("、")),
        };
        Self {
            on_duty: on_duty.iter().map(Into::into).collect(),
            phone,
            office: OfficeView { open_now: office.is_open, hours },
            text,
            in_danger: IN_DANGER,
        }
    }
}

/// Who is on duty in the community now, and which number to call.
#[utoipa::path(tag = "duty", params(("id" = Uuid, Path)),
    responses((status = 200, body = DutyNowView), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/duty")]
async fn now_(app: Data<App>, Id(id): Id<CommunityId>) -> Answer {
    app.names.book().await?.community(id).ok_or_else(Problem::not_found)?;
    let now = app.clock.now();
    let on_duty = app.stores.duty.on_duty(id, now).await?;
    let desk = app.stores.duty.duty_desk(id).await?;
    let office = office_now(&app.orders.calendar, now);
    Ok(HttpResponse::Ok().json(DutyNowView::new(&on_duty, desk, office)))
}

#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeskBody {
    /// Called where nobody is on duty.
    #[garde(custom(phone_number))]
    #[schema(example = "0311-85550000")]
    phone: Option<String>,
}

/// The number that residents call where nobody is on duty; for the secretary.
#[utoipa::path(tag = "duty", security(("token" = [])), params(("id" = Uuid, Path)), request_body = DeskBody,
    responses((status = 200, body = DeskBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[put("/communities/{id}/duty")]
async fn keep_desk(app: Data<App>, Id(id): Id<CommunityId>, Post { asking, body, .. }: Post<DeskBody>) -> Answer {
    if !asking.actor.covers(Operation::DutyKeepDesk, id) {
        return Err(Problem::not_found());
    }
    app.stores.duty.save_duty_desk(id, &DutyDesk { phone: body.phone.clone() }).await?;
    Ok(HttpResponse::Ok().json(body))
}
