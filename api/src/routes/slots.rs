//! Dates that may be booked: opened by the desk, seen by everybody.

use std::str::FromStr;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post, put};
use bytes::Bytes;
use chrono::{DateTime, Days, DurationRound, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use domain::booking::{MAX_CAPACITY, Plan, Slot, Span};
use domain::deadline::{day_in_shanghai, start_of_day};
use domain::ids::{CommunityId, PartnerId, SlotId};
use domain::people::Sight;
use domain::people::access::Operation;
use domain::ports::{Promised, Slice, SlotQuery, StoreError};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Caller, Cursor, Id, Limit, PageQuery, Post, Query, Timely, needed, timely};
use crate::names::Book;
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::reply::written;
use crate::view::{BookingView, Page, SlotView, is_sealed};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(open).service(change).service(bookings);
}

/// Days that a page of dates shows where nothing is said.
const DAYS: Days = Days::new(14);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SlotsQuery {
    service_key: Option<String>,
    /// The first day; today where it is left out.
    #[serde(default, deserialize_with = "timely")]
    from: Option<NaiveDate>,
    /// The last day, which is meant too; two weeks later where it is left out.
    #[serde(default, deserialize_with = "timely")]
    until: Option<NaiveDate>,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

/// Dates of a service of a community, or of all its services, by their starts. Those that have begun are left out.
#[utoipa::path(tag = "slots", params(("id" = Uuid, Path), SlotsQuery),
    responses((status = 200, body = Page<SlotView>), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/slots")]
async fn list(app: Data<App>, Id(community): Id<CommunityId>, Query(query): Query<SlotsQuery>) -> Answer {
    let (book, now) = (app.names.book().await?, app.clock.now());
    book.community(community).ok_or_else(Problem::not_found)?;
    let slice = Cursor::slice::<After>(query.cursor.as_deref(), query.limit)?;
    let from = query.from.unwrap_or_else(|| day_in_shanghai(now));
    let until = query.until.or_else(|| from.checked_add_days(DAYS)).unwrap_or(from);
    let (service_key, after) = (query.service_key, slice.before.map(|After(at, id)| (at, id)));
    // Dates begin on whole minutes: who looks within the same minute sees the same page.
    let now = now.duration_round_up(TimeDelta::minutes(1)).unwrap_or(now);
    let (from, until) = (start_of_day(from).max(now), start_of_day(until.succ_opt().unwrap_or(until)));
    let wanted = SlotQuery { community, service_key, from, until, after, limit: slice.limit };
    let page = app.slot_pages.read(wanted.clone(), async || page(&app, &book, &wanted, slice).await).await?;
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(page))
}

async fn page(app: &App, book: &Book, wanted: &SlotQuery, slice: Slice<After>) -> Result<Bytes, Arc<StoreError>> {
    let slots = app.stores.bookings.slots(wanted).await?;
    let (slots, next_cursor) = Cursor::cut(slice, slots, |slot| After(slot.starts_at, slot.id).to_string());
    let items: Vec<_> = slots.iter().map(|slot| SlotView::new(book, slot)).collect();
    Ok(written(&Page { items, next_cursor })?)
}

/// Where a page of dates ends.
#[derive(Clone, Copy)]
struct After(DateTime<Utc>, SlotId);

impl FromStr for After {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, id) = text.split_once('_').ok_or(())?;
        let at = at.parse().ok().and_then(DateTime::from_timestamp_millis).filter(Timely::is_timely).ok_or(())?;
        Ok(Self(at, id.parse().map_err(|_| ())?))
    }
}

impl std::fmt::Display for After {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.0.timestamp_millis(), self.1)
    }
}

/// A weekly rule: Mondays and Thursdays, 9:00 to 11:00, half an hour each, two people at a time.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpenSlots {
    #[garde(custom(needed("服务项目", 64)))]
    #[schema(example = "haircut")]
    service_key: String,
    #[garde(skip)]
    #[serde(deserialize_with = "timely")]
    from: NaiveDate,
    /// The last day, which is meant too.
    #[garde(skip)]
    #[serde(deserialize_with = "timely")]
    until: NaiveDate,
    /// `mon` to `sun`.
    #[garde(length(max = 7))]
    #[schema(value_type = Vec<String>, example = json!(["mon", "thu"]))]
    weekdays: Vec<Day>,
    /// Days that are left out.
    #[serde(default, deserialize_with = "timely")]
    #[garde(length(max = 100))]
    except: Vec<NaiveDate>,
    #[garde(length(max = 10))]
    spans: Vec<DateSpanBody>,
    /// Length of one date; a whole span where it is left out.
    #[garde(skip)]
    minutes: Option<u32>,
    /// How many at a time.
    #[garde(skip)]
    #[schema(example = 2)]
    capacity: u32,
    /// Who serves; the community itself where it is left out.
    #[garde(skip)]
    partner_id: Option<Uuid>,
}

/// Times of the day in Shanghai.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DateSpanBody {
    #[serde(deserialize_with = "time")]
    #[schema(value_type = String, example = "09:00")]
    from: NaiveTime,
    #[serde(deserialize_with = "time")]
    #[schema(value_type = String, example = "11:00")]
    until: NaiveTime,
}

fn time<'de, D: serde::Deserializer<'de>>(from: D) -> Result<NaiveTime, D::Error> {
    let text = String::deserialize(from)?;
    NaiveTime::parse_from_str(&text, "%H:%M").map_err(|_| serde::de::Error::custom("时间应为 09:00 这样的写法"))
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl From<Day> for Weekday {
    fn from(day: Day) -> Self {
        match day {
            Day::Mon => Self::Mon,
            Day::Tue => Self::Tue,
            Day::Wed => Self::Wed,
            Day::Thu => Self::Thu,
            Day::Fri => Self::Fri,
            Day::Sat => Self::Sat,
            Day::Sun => Self::Sun,
        }
    }
}

/// How many dates are new; those that were there already stay as they are.
#[derive(Serialize, ToSchema)]
struct OpenedView {
    opened: u64,
}

/// Open dates by a weekly rule; for the desk.
#[utoipa::path(tag = "slots", security(("token" = [])), params(("id" = Uuid, Path)), request_body = OpenSlots,
    responses((status = 201, body = OpenedView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/communities/{id}/slots")]
async fn open(app: Data<App>, Id(community): Id<CommunityId>, post: Post<OpenSlots>) -> Answer {
    let Post { asking, body, .. } = post;
    if !asking.actor.covers(Operation::SlotsOpen, community) {
        return Err(Problem::not_found());
    }
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let (book, now) = (app.names.book().await?, app.clock.now());
    let service = book.service(community, &body.service_key).filter(|service| !service.closed);
    let service = service.ok_or_else(super::orders::no_such_service)?;
    if service.offer.booking.is_none() {
        return Err(Problem::field("/service_key", "这项服务不预约时段；请先在服务清单里开启预约"));
    }
    let partner = body.partner_id.map(PartnerId);
    if partner.is_some_and(|id| !book.partners_of(community).any(|partner| partner.id == id && !partner.closed)) {
        return Err(Problem::field("/partner_id", "没有这个单位，请从本社区的单位里选择"));
    }
    let (service_key, capacity, plan) = (service.key.clone(), body.capacity, plan(body));
    let dates = plan.dates(now).map_err(|refusal| Problem::field(refusal.pointer(), refusal.to_string()))?;
    let slot = |(starts_at, ends_at)| Slot {
        id: SlotId(app.ids.at(now)),
        community,
        service_key: service_key.clone(),
        starts_at,
        ends_at,
        capacity,
        taken: 0,
        waiting: 0,
        partner,
        closed: false,
    };
    let dates: Vec<_> = dates.into_iter().map(slot).collect();
    let write = async |answer: Option<&Promised<'_, _>>| Ok(app.stores.bookings.add_slots(&dates, answer).await?);
    app.answer_when_done(&asking, StatusCode::CREATED, |opened| OpenedView { opened: *opened }, write).await
}

fn plan(body: OpenSlots) -> Plan {
    Plan {
        from: body.from,
        until: body.until,
        weekdays: body.weekdays.into_iter().map(Into::into).collect(),
        except: body.except,
        spans: body.spans.into_iter().map(|span| Span { from: span.from, until: span.until }).collect(),
        minutes: body.minutes,
        capacity: body.capacity,
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangedSlot {
    /// Seats; no fewer than are taken. With more, those who wait move up.
    #[garde(skip)]
    capacity: u32,
    /// Takes nobody new. Who has a seat keeps it; who waits for one is told that there is none.
    #[garde(skip)]
    closed: bool,
}

/// Change how many seats a date has, or close it; for the desk.
#[utoipa::path(tag = "slots", security(("token" = [])), params(("id" = Uuid, Path)), request_body = ChangedSlot,
    responses((status = 200, body = SlotView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "seats_taken", body = ProblemBody), (status = 422, body = ProblemBody)))]
#[put("/slots/{id}")]
async fn change(app: Data<App>, Id(id): Id<SlotId>, Post { asking, body, .. }: Post<ChangedSlot>) -> Answer {
    let slot = app.stores.bookings.slot(id).await?.ok_or_else(Problem::not_found)?;
    if !asking.actor.covers(Operation::SlotsChange, slot.community) {
        return Err(Problem::not_found());
    }
    if !(1..=MAX_CAPACITY).contains(&body.capacity) {
        return Err(Problem::field("/capacity", format!("每个时段可约 1 至 {MAX_CAPACITY} 人")));
    }
    let changed = app.stores.bookings.change_slot(id, body.capacity, body.closed, app.clock.now()).await?;
    let changed = changed.ok_or_else(Problem::not_found)?;
    let book = app.names.book().await?;
    if changed.capacity != body.capacity || changed.closed != body.closed {
        let detail = match is_sealed(&book, &changed) {
            true => "已约的人数比这更多，名额不能比这更少".to_owned(),
            false => format!("已有 {} 人约了这个时段，名额不能比这更少", changed.taken),
        };
        return Err(Problem::new(Code::SeatsTaken, detail));
    }
    app.wake.notify_one();
    Ok(HttpResponse::Ok().json(SlotView::new(&book, &changed)))
}

/// Somebody who comes; the order says who.
#[derive(Serialize, ToSchema)]
struct SlotBookingView {
    order_id: Uuid,
    #[serde(flatten)]
    booking: BookingView,
}

/// Who comes to a date, in the order of arrival; for the desk, as far as it sees the orders.
#[utoipa::path(tag = "slots", security(("token" = [])), params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<SlotBookingView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/slots/{id}/bookings")]
async fn bookings(app: Data<App>, caller: Caller, Id(id): Id<SlotId>, Query(page): Query<PageQuery>) -> Answer {
    let slot = app.stores.bookings.slot(id).await?.ok_or_else(Problem::not_found)?;
    if !caller.actor.covers(Operation::SlotsBookings, slot.community) {
        return Err(Problem::not_found());
    }
    let slice: Slice<u32> = Cursor::slice(page.cursor.as_deref(), page.limit)?;
    let sight = Sight::of(&caller.actor);
    let (found, book) = (app.stores.bookings.of_slot(id, &sight, slice).await?, app.names.book().await?);
    let (found, next_cursor) = Cursor::cut(slice, found, |(arrival, _)| arrival.to_string());
    let view = |(_, booking): &(u32, domain::booking::Booking)| SlotBookingView {
        order_id: booking.order.0,
        booking: BookingView::new(&book, booking),
    };
    let items: Vec<_> = found.iter().map(view).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}
