//! Sign-in at a desk: a browser shows a ticket as a QR code, the phone scans and confirms it.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, post};
use chrono::{DateTime, FixedOffset};
use domain::ids::{PersonId, SessionId, TicketId};
use domain::people::{SessionKind, Standing, TICKET_LIFETIME, Tap, Tapped, Ticket, TicketState};
use domain::ports::NewSession;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::auth::SignedIn;
use crate::app::App;
use crate::audit::Who;
use crate::auth::{FreshToken, secret};
use crate::extract::{Body, Id, Nothing, Post, needed, one_line, optional};
use crate::gate::client_address;
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::local;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(open_ticket)
        .service(scan_ticket)
        .service(confirm_ticket)
        .service(decline_ticket)
        .service(claim_ticket);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Browser {
    /// What the browser calls itself; the person compares it on the phone.
    #[garde(custom(one_line("设备名称", 60)))]
    #[schema(example = "社区服务大厅 1 号窗口 · Windows · Edge")]
    device: String,
}

#[derive(Serialize, ToSchema)]
struct TicketView {
    id: Uuid,
    /// Stays in the browser: whoever has it gets the session.
    secret: String,
    /// To be shown as a QR code.
    #[schema(example = "hgj-desk:019ab1f0-6c1e-7c3b-9f0a-3a1f5b0c2d4e")]
    scan_text: String,
    /// Seconds.
    #[schema(example = 120)]
    expires_in: i64,
}

/// What to compare before confirming: somebody may have shown you the picture of another screen.
#[derive(Serialize, ToSchema)]
struct ScannedView {
    #[schema(example = "社区服务大厅 1 号窗口 · Windows · Edge")]
    device: String,
    /// Where the browser came from.
    #[schema(example = "192.0.2.7")]
    address: String,
    opened_at: DateTime<FixedOffset>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Claim {
    #[garde(custom(needed("secret", 128)))]
    secret: String,
    /// Of the second factor, when it is asked for: six digits of the app, or a recovery code.
    #[garde(custom(optional("验证码", 20)))]
    #[schema(example = "123456")]
    code: Option<String>,
}

/// How far the sign-in has come.
#[derive(Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
enum ClaimView {
    Waiting,
    Scanned,
    Declined,
    /// The person has a second factor: ask for its code and claim again with it.
    CodeNeeded,
    /// Answered once.
    Claimed(SignedIn),
}

/// Begin to sign in at a desk. The ticket lives two minutes and works once.
#[utoipa::path(tag = "sign-in", request_body = Browser, responses((status = 201, body = TicketView)))]
#[post("/auth/tickets")]
async fn open_ticket(app: Data<App>, request: HttpRequest, Body(body): Body<Browser>) -> Answer {
    let now = app.clock.now();
    let id = TicketId(app.ids.at(now));
    let address = client_address(&request, app.trust_forwarded);
    let ticket = Ticket { id, state: TicketState::Waiting, device: body.device, address, opened_at: now };
    let secret = secret::fresh();
    app.stores.tickets.insert_ticket(&ticket, secret::hash(&secret)).await?;
    Ok(HttpResponse::Created().json(TicketView {
        id: id.0,
        secret,
        scan_text: format!("hgj-desk:{id}"),
        expires_in: TICKET_LIFETIME.num_seconds(),
    }))
}

/// Scan a browser's ticket, for those who hold a role. Whoever scans first owns it.
#[utoipa::path(tag = "sign-in", security(("token" = [])), params(("id" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = ScannedView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 410, description = "ticket_gone", body = ProblemBody)))]
#[post("/auth/tickets/{id}/scan")]
async fn scan_ticket(app: Data<App>, Id(id): Id<TicketId>, post: Post<Nothing>) -> Answer {
    let Ticket { device, address, opened_at, .. } = tap(&app, post.asking.actor.person, id, Tap::Scan).await?;
    Ok(HttpResponse::Ok().json(ScannedView { device, address, opened_at: local(opened_at) }))
}

/// Say that it is me at that browser. Only after a scan, only by the one who scanned.
#[utoipa::path(tag = "sign-in", security(("token" = [])), params(("id" = Uuid, Path)), request_body = Nothing,
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 410, description = "ticket_gone", body = ProblemBody)))]
#[post("/auth/tickets/{id}/confirm")]
async fn confirm_ticket(app: Data<App>, Id(id): Id<TicketId>, post: Post<Nothing>) -> Answer {
    tap(&app, post.asking.actor.person, id, Tap::Confirm).await?;
    Ok(HttpResponse::new(StatusCode::NO_CONTENT))
}

/// Say that it is not me at that browser.
#[utoipa::path(tag = "sign-in", security(("token" = [])), params(("id" = Uuid, Path)), request_body = Nothing,
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 410, description = "ticket_gone", body = ProblemBody)))]
#[post("/auth/tickets/{id}/decline")]
async fn decline_ticket(app: Data<App>, Id(id): Id<TicketId>, post: Post<Nothing>) -> Answer {
    tap(&app, post.asking.actor.person, id, Tap::Decline).await?;
    Ok(HttpResponse::new(StatusCode::NO_CONTENT))
}

/// Ask how far it is, every two seconds or so; once confirmed, the answer is the session. It is given once.
#[utoipa::path(tag = "sign-in", params(("id" = Uuid, Path)), request_body = Claim,
    responses((status = 200, body = ClaimView), (status = 404, body = ProblemBody),
        (status = 410, description = "ticket_gone", body = ProblemBody),
        (status = 422, description = "verification_failed", body = ProblemBody),
        (status = 429, description = "locked", body = ProblemBody)))]
#[post("/auth/tickets/{id}/claim")]
async fn claim_ticket(app: Data<App>, request: HttpRequest, Id(id): Id<TicketId>, Body(body): Body<Claim>) -> Answer {
    let found = app.stores.tickets.find_for_browser(id, secret::hash(&body.secret)).await?;
    let ticket = found.ok_or_else(Problem::not_found)?;
    let view = match ticket.standing(app.clock.now()) {
        Standing::Waiting => ClaimView::Waiting,
        Standing::Scanned => ClaimView::Scanned,
        Standing::Declined => ClaimView::Declined,
        Standing::Confirmed(person) => {
            request.extensions_mut().insert(Who(person));
            sign_in(&app, &ticket, person, body.code.as_deref()).await?
        }
        Standing::Gone => return Err(gone()),
    };
    Ok(HttpResponse::Ok().json(view))
}

/// A tap that lost against another one is judged again; a ticket only ever goes forward, so that ends soon.
async fn tap(app: &App, person: PersonId, id: TicketId, tap: Tap) -> Result<Ticket, Problem> {
    loop {
        let found = app.stores.tickets.find_for_scanner(id, person).await?;
        let ticket = found.ok_or_else(Problem::not_found)?;
        match ticket.tap(tap, person, app.clock.now()) {
            Tapped::Becomes(next) => {
                if app.stores.tickets.apply_tap(id, ticket.state, next).await? {
                    return Ok(ticket);
                }
            }
            Tapped::Already => return Ok(ticket),
            Tapped::Gone => return Err(gone()),
            Tapped::NotYours => return Err(Problem::not_found()),
        }
    }
}

/// Opens the session, if the second factor, where there is one, agrees.
async fn sign_in(app: &App, ticket: &Ticket, id: PersonId, code: Option<&str>) -> Result<ClaimView, Problem> {
    let now = app.clock.now();
    // A role may have ended since the scan.
    let person = app.stores.people.find_person(id, now).await?;
    let person = person.filter(|person| !person.memberships.is_empty()).ok_or_else(gone)?;
    let factor = app.stores.second_factors.find_second_factor(id).await?;
    if let Some(factor) = factor.filter(|factor| factor.on_since.is_some()) {
        let Some(code) = code else { return Ok(ClaimView::CodeNeeded) };
        app.take_code(&factor, code).await?;
    }
    let session = SessionId(app.ids.at(now));
    let FreshToken { text, stored } = FreshToken::issue(session, now, app.refresh_lifetime);
    let kind = SessionKind::Desk { idle_minutes: app.desk_idle_minutes };
    let opening = NewSession { person: id, kind, device: Some(ticket.device.clone()), first: stored };
    if !app.stores.tickets.claim_ticket(ticket.id, &opening).await? {
        return Err(gone());
    }
    Ok(ClaimView::Claimed(SignedIn::new(app, &person, session, text).await?))
}

fn gone() -> Problem {
    Problem::new(Code::TicketGone, "这个登录二维码已经失效，请在电脑上刷新后重新扫码")
}
