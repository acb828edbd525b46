//! What happens, as it happens.

use std::time::Duration;

use actix_web::http::header::{ACCEPT, ContentEncoding, HeaderValue};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get};
use futures_util::stream::{Stream, StreamExt, once, unfold};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout_at};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::extract::{Caller, Query};
use crate::live::{Moment, Watcher, frame};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::EventItem;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(watch);
}

const STREAM: &str = "text/event-stream";
/// Seconds; WeChat gives a request a minute.
const LONGEST_WAIT: u16 = 25;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WatchQuery {
    /// The position up to which everything is known: `next` of the last answer, or the id of the last event. From now on
    /// where it is left out.
    after: Option<String>,
    /// Seconds until an answer without items, 0 to 25; 25 where it is left out. A stream does not ask for it.
    wait: Option<u16>,
}

/// What happened since.
#[derive(Serialize, ToSchema)]
struct EventsPage {
    /// Oldest first. The answer comes as soon as there is one.
    items: Vec<EventItem>,
    /// Pass as `after` next time.
    #[schema(example = "1043")]
    next: String,
    /// What was missed is too much, or too long ago: load your lists anew, and go on from `next`.
    reset: bool,
}

/// What concerns me, as it happens: orders that I may see changed, and what I am told.
///
/// With `Accept: text/event-stream`, server-sent events: `order` and `inbox`, whose data are the items of the answer in JSON,
/// `reset`, and at the end `bye` with a `reason`: `token_expired`, `signed_out` or `server_stopping`. Each has the id of its
/// position, and so has the heartbeat; `Last-Event-ID` goes on from there with nothing missing and nothing twice. Otherwise a
/// long poll, for mini-programs. Five of both at once.
#[utoipa::path(tag = "events", security(("token" = [])),
    params(WatchQuery, ("Last-Event-ID" = Option<String>, Header, description = "Goes before `after`.")),
    responses((status = 200, content((EventsPage = "application/json"), (String = "text/event-stream"))),
        (status = 400, body = ProblemBody)))]
#[get("/events")]
async fn watch(app: Data<App>, caller: Caller, request: HttpRequest, Query(query): Query<WatchQuery>) -> Answer {
    let wait = query.wait.unwrap_or(LONGEST_WAIT);
    if wait > LONGEST_WAIT {
        return Err(Problem::new(Code::BadRequest, format!("wait 应在 0 到 {LONGEST_WAIT} 之间")));
    }
    let after = header(&request, "Last-Event-ID")?.or(query.after.as_deref()).map(position).transpose()?;
    let watcher = Watcher::sit_down(&app, &caller, after).await?;
    let wants_stream = header(&request, ACCEPT.as_str())?.is_some_and(|accepted| accepted.contains(STREAM));
    if wants_stream { Ok(stream(watcher)) } else { poll(watcher, Duration::from_secs(wait.into())).await }
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Result<Option<&'a str>, Problem> {
    let value = request.headers().get(name).map(HeaderValue::to_str).transpose();
    let value = value.map_err(|_| Problem::new(Code::BadRequest, format!("请求头 {name} 只能有字母、数字和符号")))?;
    Ok(value.filter(|value| !value.is_empty()))
}

fn position(text: &str) -> Result<i64, Problem> {
    let position = text.parse().ok().filter(|position: &i64| *position >= 0);
    position.ok_or_else(|| Problem::new(Code::BadRequest, "after 不对，请用上一次返回的 next，或者最后一个事件的编号"))
}

/// Said to be encoded as it is, so that nothing gathers bytes to compress them; and nginx is asked to gather none either.
fn stream(watcher: Watcher) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(STREAM)
        .insert_header(ContentEncoding::Identity)
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(frames(watcher))
}

/// Where the feed cannot be read the stream breaks off, and the client comes back with its last id.
fn frames(watcher: Watcher) -> impl Stream<Item = Result<Bytes, actix_web::Error>> {
    let opening = frame::opening(watcher.position());
    let told = unfold(Some(watcher), |watcher| async move {
        let mut watcher = watcher?;
        let moment = match watcher.next().await {
            Ok(moment) => moment,
            Err(problem) => return Some((Err(problem.into()), None)),
        };
        let bytes = frame::of(&moment, watcher.position());
        let is_last = matches!(moment, Moment::Bye(_));
        Some((Ok(bytes), (!is_last).then_some(watcher)))
    });
    once(async { Ok(opening) }).chain(told)
}

async fn poll(mut watcher: Watcher, wait: Duration) -> Answer {
    let until = Instant::now() + wait;
    let mut told = watcher.catch_up().await?;
    loop {
        match told {
            Some(Moment::Items(items)) => return Ok(page(&watcher, items, false)),
            Some(Moment::Reset) => return Ok(page(&watcher, Vec::new(), true)),
            // The next request hears why.
            Some(Moment::Bye(_)) => return Ok(page(&watcher, Vec::new(), false)),
            Some(Moment::Beat) | None => {}
        }
        told = match timeout_at(until, watcher.next()).await {
            Ok(moment) => Some(moment?),
            Err(_) => return Ok(page(&watcher, Vec::new(), false)),
        };
    }
}

fn page(watcher: &Watcher, items: Vec<EventItem>, reset: bool) -> HttpResponse {
    HttpResponse::Ok().json(EventsPage { items, next: watcher.position().to_string(), reset })
}
