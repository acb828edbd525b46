use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, FixedOffset, Utc};
use domain::ids::{DeliveryId, OrderId};
use domain::notice::{Channel, DeliveryState, Outcome};
use domain::people::Actor;
use domain::people::access::Operation;
use domain::ports::{DeliveryCount, DeliveryLine, DeliveryQuery, Requeue};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::must_govern;
use crate::app::App;
use crate::extract::{Caller, Cursor, Id, Limit, Post, Query, timely};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::routes::operations::ClosedChannel;
use crate::view::{Page, local};

/// One message to one person by one channel; neither its words nor a name.
#[derive(Serialize, ToSchema)]
struct DeliveryLineView {
    id: Uuid,
    /// Null of a sealed matter: who has to do with it is not for operators.
    person_id: Option<Uuid>,
    community_id: Uuid,
    /// Null of a digest, which is about no order.
    order_id: Option<Uuid>,
    #[schema(example = "accepted")]
    kind: &'static str,
    /// As what the person is told: `resident`, `partner` or `desk`.
    #[schema(example = "resident")]
    side: &'static str,
    /// `inbox`, `subscribe`, `service_account`, `wecom` or `call`.
    #[schema(example = "subscribe")]
    channel: &'static str,
    /// The account that sends it; null where the channel has but one.
    app_id: Option<String>,
    /// `queued`, `sending`, or how it ended.
    #[schema(example = "gave_up")]
    state: &'static str,
    /// The channel's own code.
    #[schema(example = 43101)]
    code: Option<i64>,
    attempts: u32,
    /// When the event happened.
    at: DateTime<FixedOffset>,
    /// When it may be sent.
    due_at: Option<DateTime<FixedOffset>>,
    ended_at: Option<DateTime<FixedOffset>>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// `queued`, `sending`, or how it ended.
    #[param(value_type = Option<String>, example = "gave_up")]
    state: Option<DeliveryState>,
    #[param(value_type = Option<String>, example = "subscribe")]
    channel: Option<Channel>,
    order_id: Option<Uuid>,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

/// How messages are: of today those that ended, and all that have no end yet.
#[derive(Serialize, ToSchema)]
struct DeliverySummary {
    counts: Vec<CountView>,
    /// Those that wait to be sent or are under way.
    unfinished: u64,
    /// Seconds that the oldest of them has waited, the night included.
    oldest_seconds: Option<i64>,
    /// Seconds since the first of them could have left; 0 where none is late.
    overdue_seconds: i64,
    /// Calls that the desks have to make.
    calls: u64,
    /// Channels that take nothing until somebody mends something.
    closed_channels: Vec<ClosedChannel>,
}

#[derive(Serialize, ToSchema)]
struct CountView {
    #[schema(example = "subscribe")]
    channel: &'static str,
    #[schema(example = "delivered")]
    state: &'static str,
    deliveries: u64,
}

/// Nothing needs to be said.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequeueOne {}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequeueMany {
    /// How they ended: `gave_up`, `operator_needed`, `expired` …; of those that may have arrived, each has to be named.
    #[garde(skip)]
    #[schema(value_type = String, example = "gave_up")]
    state: Outcome,
    /// At or after this instant.
    #[garde(skip)]
    #[serde(deserialize_with = "timely")]
    since: DateTime<FixedOffset>,
}

#[derive(Serialize, ToSchema)]
struct Requeued {
    /// Deliveries that wait to be sent again.
    requeued: u64,
}

impl From<&DeliveryLine> for DeliveryLineView {
    fn from(line: &DeliveryLine) -> Self {
        Self {
            id: line.id.0,
            person_id: (!line.sealed).then_some(line.person.0),
            community_id: line.community.0,
            order_id: line.order.map(Into::into),
            kind: line.kind.into(),
            side: line.side.into(),
            channel: line.channel.into(),
            app_id: line.app_id.clone(),
            state: line.state.name(),
            code: line.code,
            attempts: line.attempts,
            at: local(line.at),
            due_at: line.due_at.map(local),
            ended_at: line.ended_at.map(local),
        }
    }
}

impl From<&DeliveryCount> for CountView {
    fn from(count: &DeliveryCount) -> Self {
        Self { channel: count.channel.into(), state: count.state.name(), deliveries: count.deliveries }
    }
}

impl DeliverySummary {
    fn new(counts: &[DeliveryCount], closed_channels: Vec<ClosedChannel>, now: DateTime<Utc>) -> Self {
        let has_no_end = |count: &&DeliveryCount| !matches!(count.state, DeliveryState::Ended(_));
        let (calls, sent): (Vec<_>, Vec<_>) =
            counts.iter().filter(has_no_end).partition(|count| count.channel == Channel::Call);
        let sum = |some: &[&DeliveryCount]| some.iter().map(|count| count.deliveries).sum();
        let age = |at: DateTime<Utc>| (now - at).num_seconds().max(0);
        Self {
            counts: counts.iter().map(Into::into).collect(),
            unfinished: sum(&sent),
            oldest_seconds: sent.iter().filter_map(|count| count.oldest).min().map(age),
            overdue_seconds: sent.iter().filter_map(|count| count.due_since).min().map_or(0, age),
            calls: sum(&calls),
            closed_channels,
        }
    }
}

/// Of the whole system: for administrators of everything.
async fn must_keep_all(app: &App, actor: &Actor, operation: Operation) -> Result<(), Problem> {
    must_govern(actor, operation, None, app.names.book().await?.tree())
}

/// Messages and how they ended, newest first. Of those that are queued, calls are listed with `channel=call`.
#[utoipa::path(tag = "admin", security(("token" = [])), params(Wanted),
    responses((status = 200, body = Page<DeliveryLineView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/admin/deliveries")]
pub(super) async fn deliveries(app: Data<App>, caller: Caller, Query(wanted): Query<Wanted>) -> Answer {
    must_keep_all(&app, &caller.actor, Operation::AdminDeliveries).await?;
    let slice = Cursor::slice::<DeliveryId>(wanted.cursor.as_deref(), wanted.limit)?;
    let order = wanted.order_id.map(OrderId);
    let query = DeliveryQuery { state: wanted.state, channel: wanted.channel, order };
    let lines = app.stores.deliveries.list(&query, slice).await?;
    let (lines, next_cursor) = Cursor::cut(slice, lines, |line| line.id.to_string());
    let items = lines.iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(Page::<DeliveryLineView> { items, next_cursor }))
}

/// How messages are, in numbers.
#[utoipa::path(tag = "admin", security(("token" = [])),
    responses((status = 200, body = DeliverySummary), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/admin/deliveries/summary")]
pub(super) async fn deliveries_summary(app: Data<App>, caller: Caller) -> Answer {
    must_keep_all(&app, &caller.actor, Operation::AdminDeliveriesSummary).await?;
    let now = app.clock.now();
    let counts = app.stores.deliveries.counts(now).await?;
    let closed = app.stores.deliveries.circuits().await?;
    let closed = closed.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(DeliverySummary::new(&counts, closed, now)))
}

/// Send one message again that did not arrive. One that waits already stays as it is.
#[utoipa::path(tag = "admin", security(("token" = [])), params(("id" = Uuid, Path)), request_body = RequeueOne,
    responses((status = 200, body = Requeued), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "cannot_requeue", body = ProblemBody)))]
#[post("/admin/deliveries/{id}/requeue")]
pub(super) async fn requeue_delivery(
    app: Data<App>,
    Id(id): Id<DeliveryId>,
    Post { asking, .. }: Post<RequeueOne>,
) -> Answer {
    must_keep_all(&app, &asking.actor, Operation::AdminRequeueDelivery).await?;
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let requeued = app.stores.deliveries.requeue(&Requeue::One(id), app.clock.now()).await?;
    if requeued == 0 {
        let line = app.stores.deliveries.find(id).await?.ok_or_else(Problem::not_found)?;
        if !line.waits_to_be_sent() {
            let detail = "这条消息已经送达、已由其他方式通知，或者不是可以重发的消息";
            return Err(Problem::new(Code::CannotRequeue, detail));
        }
    }
    app.wake_sender.notify_one();
    app.answer_and_keep(&asking, StatusCode::OK, &Requeued { requeued }).await
}

/// Send all messages again that ended so: after something was mended. Those whom another way reached are left out.
#[utoipa::path(tag = "admin", security(("token" = [])), request_body = RequeueMany,
    responses((status = 200, body = Requeued), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/admin/deliveries/requeue")]
pub(super) async fn requeue_deliveries(app: Data<App>, Post { asking, body, .. }: Post<RequeueMany>) -> Answer {
    must_keep_all(&app, &asking.actor, Operation::AdminRequeueDeliveries).await?;
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    if !body.state.may_be_sent_again() {
        return Err(Problem::field("/state", "已送达、可能已送达或内容已过时的消息不能成批重发，请逐条确认后重发"));
    }
    let ended = Requeue::Ended { outcome: body.state, since: body.since.to_utc() };
    let requeued = app.stores.deliveries.requeue(&ended, app.clock.now()).await?;
    app.wake_sender.notify_one();
    app.answer_and_keep(&asking, StatusCode::OK, &Requeued { requeued }).await
}
