//! What I was told, in the mini-program itself; and how much of it reaches my phone besides.

use actix_web::web::Data;
use actix_web::{HttpResponse, get, post, put};
use domain::ids::{DeliveryId, PersonId};
use domain::notice::NoticeLevel;
use domain::ports::Read;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Body, Caller, Cursor, Limit, Query};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::view::InboxItemView;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(inbox).service(read_inbox).service(notice_level).service(change_notice_level);
}

/// Unread items are counted up to here: more is “99+” on a phone.
const MOST_UNREAD: u16 = 100;
/// Items that are read one by one at once.
const MOST_READ: usize = 100;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct InboxQuery {
    /// Only what was not read yet.
    #[serde(default)]
    unread: bool,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

#[derive(Serialize, ToSchema)]
struct InboxPage {
    items: Vec<InboxItemView>,
    /// Pass as `cursor` to get the next page; null on the last one.
    next_cursor: Option<String>,
    /// Of all pages; 100 stands for as many or more.
    unread: u16,
}

#[derive(Serialize, ToSchema)]
struct Unread {
    /// What is left; 100 stands for as many or more.
    unread: u16,
}

/// One of both.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadBody {
    /// These.
    #[garde(custom(at_most_a_page))]
    ids: Option<Vec<Uuid>>,
    /// This one and all older ones.
    #[garde(skip)]
    up_to: Option<Uuid>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct LevelBody {
    /// `all`, `important_only` or `inbox_only`.
    #[garde(skip)]
    #[schema(value_type = String, example = "important_only")]
    level: NoticeLevel,
}

#[derive(Serialize, ToSchema)]
struct LevelView {
    #[schema(example = "important_only")]
    level: &'static str,
    /// What it means.
    #[schema(example = "只通知需要您处理的重要事项，其余的请在小程序的消息里查看；紧急情况照常通知")]
    text: &'static str,
}

impl From<NoticeLevel> for LevelView {
    fn from(level: NoticeLevel) -> Self {
        Self { level: level.into(), text: level.text() }
    }
}

fn at_most_a_page<C>(ids: &Option<Vec<Uuid>>, _: &C) -> Result<(), garde::Error> {
    match ids {
        Some(ids) if ids.len() > MOST_READ => Err(garde::Error::new(format!("一次最多 {MOST_READ} 条"))),
        Some(_) | None => Ok(()),
    }
}

/// What I was told, newest first.
#[utoipa::path(tag = "me", security(("token" = [])), params(InboxQuery),
    responses((status = 200, body = InboxPage), (status = 400, body = ProblemBody)))]
#[get("/me/inbox")]
async fn inbox(app: Data<App>, caller: Caller, Query(query): Query<InboxQuery>) -> Answer {
    let slice = Cursor::slice::<DeliveryId>(query.cursor.as_deref(), query.limit)?;
    let selves: Vec<_> = caller.actor.selves().collect();
    let items = app.stores.inbox.inbox(&selves, query.unread, slice).await?;
    let (items, next_cursor) = Cursor::cut(slice, items, |item| item.id.to_string());
    let unread = app.stores.inbox.unread(&selves, MOST_UNREAD).await?;
    let items = items.iter().map(InboxItemView::new).collect();
    Ok(HttpResponse::Ok().json(InboxPage { items, next_cursor, unread }))
}

/// Say what I have read. Said again, it changes nothing.
#[utoipa::path(tag = "me", security(("token" = [])), request_body = ReadBody,
    responses((status = 200, body = Unread), (status = 422, body = ProblemBody)))]
#[post("/me/inbox/read")]
async fn read_inbox(app: Data<App>, caller: Caller, Body(body): Body<ReadBody>) -> Answer {
    let which = match (body.ids, body.up_to) {
        (Some(ids), None) => Read::These(ids.into_iter().map(DeliveryId).collect()),
        (None, Some(last)) => Read::UpTo(DeliveryId(last)),
        (Some(_), Some(_)) | (None, None) => {
            return Err(Problem::field("", "请用 ids 列出读过的消息，或者用 up_to 指明读到哪一条，二者选一"));
        }
    };
    let selves: Vec<PersonId> = caller.actor.selves().collect();
    app.stores.inbox.read(&selves, &which, app.clock.now()).await?;
    let unread = app.stores.inbox.unread(&selves, MOST_UNREAD).await?;
    Ok(HttpResponse::Ok().json(Unread { unread }))
}

/// How much of what I am told reaches my phone.
#[utoipa::path(tag = "me", security(("token" = [])), responses((status = 200, body = LevelView)))]
#[get("/me/notice-level")]
async fn notice_level(app: Data<App>, caller: Caller) -> Answer {
    let level = app.stores.inbox.notice_level(caller.person.id).await?;
    Ok(HttpResponse::Ok().json(LevelView::from(level)))
}

/// Choose how much of what I am told reaches my phone. The inbox holds all of it, and danger is told in any case.
#[utoipa::path(tag = "me", security(("token" = [])), request_body = LevelBody,
    responses((status = 200, body = LevelView), (status = 422, body = ProblemBody)))]
#[put("/me/notice-level")]
async fn change_notice_level(app: Data<App>, caller: Caller, Body(body): Body<LevelBody>) -> Answer {
    app.stores.inbox.set_notice_level(caller.person.id, body.level).await?;
    Ok(HttpResponse::Ok().json(LevelView::from(body.level)))
}
