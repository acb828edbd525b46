//! Who did what, from where, and how it ended: a line in the audit log for each change, refusal and watched look.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest};
use domain::audit::{DONE, Entry};
use domain::ids::PersonId;
use domain::people::access::Operation;

use crate::app::App;
use crate::gate::client_address;
use crate::problem::{Code, Problem};
use crate::reply::REPLAYED;

/// Whoever the request turned out to come from; put beside it by those who find out.
#[derive(Clone, Copy)]
pub struct Who(pub PersonId);

/// A thing that the request made or changed and whose id does not stand in its path.
#[derive(Clone, Copy)]
pub struct Whom(pub uuid::Uuid);

pub async fn witness(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let answer = next.call(request).await?;
    let app = App::of(answer.request())?.clone();
    if let Some((operation, entry)) = entry(&app, &answer) {
        // An order's own history holds it already; everything else is answered when its line is on disk.
        if operation.stands_in_a_history() { app.audit.note(entry).await } else { app.audit.write(entry).await }
    }
    Ok(answer)
}

fn entry<B: MessageBody>(app: &App, answer: &ServiceResponse<B>) -> Option<(Operation, Entry)> {
    let request = answer.request();
    if answer.headers().contains_key(REPLAYED) {
        // It was done once, and has its line.
        return None;
    }
    let operation = app.access.operation(request)?;
    let refusal = answer.response().error().and_then(|error| error.as_error::<Problem>()).map(|problem| problem.code);
    let person = request.extensions().get::<Who>().map(|who| who.0);
    let address = client_address(request, app.trust_forwarded);
    let is_in_vain = operation.is_asked_again() && person.is_none() && refusal.is_none();
    if is_in_vain || !is_worth_a_line(request.method(), operation, refusal) {
        return None;
    }
    let knocker = person.map_or_else(|| address.clone(), |person| person.to_string());
    if refusal.is_some() && !app.limiter.may_note_refusal(&knocker) {
        metrics::counter!("hgj_audit_refusals_not_noted_total").increment(1);
        return None;
    }
    let entry = Entry {
        at: app.clock.now(),
        person,
        action: operation.to_string(),
        target: target(request),
        address: Some(address),
        result: refusal.map_or(DONE, Code::name).to_owned(),
    };
    Some((operation, entry))
}

fn is_worth_a_line(method: &Method, operation: Operation, refusal: Option<Code>) -> bool {
    // Who complained of whom is nobody's to read, and who was too fast is counted elsewhere.
    if matches!(refusal, Some(Code::DisciplineMatter | Code::TooManyRequests)) {
        return false;
    }
    let is_barred = refusal.is_some_and(|code| matches!(code.status(), 401 | 403 | 404));
    is_barred || operation.is_a_watched_look() || (*method != Method::GET && !operation.keeps_nothing())
}

fn target(request: &HttpRequest) -> Option<uuid::Uuid> {
    let named = request.extensions().get::<Whom>().map(|whom| whom.0);
    named.or_else(|| request.match_info().get("id")?.parse().ok())
}
