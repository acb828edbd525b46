use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::{DateTime, Utc};
use domain::ids::SessionId;
use domain::people::access::Operation;
use domain::people::{Actor, Person, is_worth_noting};
use domain::ports::SignedIn;

use crate::app::App;
use crate::audit::Who;
use crate::problem::{Code, Problem};

/// Whoever is signed in, and may try what is asked for. Reads the session at every request, so that a sign-out and the
/// end of a role hold at once.
#[derive(Clone)]
pub struct Caller {
    pub person: Person,
    pub actor: Actor,
    pub session: SessionId,
    /// When the token ends.
    pub expires_at: DateTime<Utc>,
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// The gate found out before anything else of the request was read.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // A path that was written in a way of its own may have passed the gate by; nobody passes here.
        ready(request.extensions().get::<Self>().cloned().ok_or_else(unknown))
    }
}

pub async fn recognise(request: &HttpRequest) -> Result<Caller, Problem> {
    let app = App::of(request)?;
    let now = app.clock.now();
    let claims = app.tokens.verify(bearer(request)?, now)?;
    request.extensions_mut().insert(Who(claims.sub));
    app.limiter.check_person(claims.sub).await?;
    let found = app.stores.people.find_by_session(claims.sid, now).await?;
    let SignedIn { person, kind, last_seen_at } =
        found.filter(|found| found.person.id == claims.sub).ok_or_else(signed_out)?;
    let is_somebody_there = !app.access.operation(request).is_some_and(Operation::is_asked_by_itself);
    if is_somebody_there && is_worth_noting(last_seen_at, now) {
        app.note_seen(claims.sid, now);
    }
    let actor = person.actor(app.names.book().await?.tree());
    app.access.admit(request, &actor, kind)?;
    Ok(Caller { person, actor, session: claims.sid, expires_at: claims.expires_at() })
}

fn bearer(request: &HttpRequest) -> Result<&str, Problem> {
    request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::new(Code::Unauthenticated, "请先登录")
}

fn signed_out() -> Problem {
    Problem::new(Code::Unauthenticated, "您已退出登录，请重新登录")
}
