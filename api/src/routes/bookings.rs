//! What becomes of an order's seat.

use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web::Data;
use domain::booking::{Booking, BookingRule};
use domain::ids::{OrderId, SlotId};
use domain::order::Order;
use domain::people::access::{Operation, permits};
use domain::people::{Actor, Sight};
use domain::ports::{Promised, Wish};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Id, Nothing, Post};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::BookingView;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(move_to).service(missed);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct MoveBooking {
    #[garde(skip)]
    slot_id: Uuid,
    /// Waits in the queue where no seat is free.
    #[serde(default)]
    #[garde(skip)]
    waits: bool,
}

/// Move to another date (改约), in one step: where that one is full, the old seat is kept. For whoever ordered, and for the
/// desk, which need not keep the time limit. Where the booking has ended and the order is open, it is a new one.
#[utoipa::path(tag = "bookings", security(("token" = [])), params(("id" = Uuid, Path)), request_body = MoveBooking,
    responses((status = 200, body = BookingView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "slot_full, slot_past, slot_closed, booked_already, too_late_to_move, booking_ended", body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/orders/{id}/booking/move")]
async fn move_to(app: Data<App>, Id(id): Id<OrderId>, post: Post<MoveBooking>) -> Answer {
    let Post { asking, body, .. } = post;
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let order = app.booked(&asking.actor, id, Operation::BookingsMoveTo).await?;
    let rule = app.booking_rule(&order).await?;
    let by = asking.actor.person;
    // Where a barber falls ill, the desk has no day to spare.
    let rule = if order.is_for(by) { rule } else { BookingRule { move_minutes: 0, ..rule } };
    let wish = Wish {
        order: order.id,
        person: order.beneficiary().unwrap_or(order.requester),
        by,
        community: order.community,
        service_key: order.service_key.clone(),
        slot: SlotId(body.slot_id),
        waits: body.waits,
    };
    let (now, book) = (app.clock.now(), app.names.book().await?);
    let write = async |answer: Option<&Promised<'_, _>>| {
        let moved = app.stores.bookings.move_to(&wish, &rule, now, answer).await??;
        app.wake.notify_one();
        Ok(moved)
    };
    let view = |moved: &Booking| BookingView::new(&book, moved);
    app.answer_when_done(&asking, StatusCode::OK, view, write).await
}

/// Nobody came (未到); for the desk, once the date has begun.
#[utoipa::path(tag = "bookings", security(("token" = [])), params(("id" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = BookingView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "too_early, booking_ended", body = ProblemBody)))]
#[post("/orders/{id}/booking/missed")]
async fn missed(app: Data<App>, Id(id): Id<OrderId>, Post { asking, .. }: Post<Nothing>) -> Answer {
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let order = app.booked(&asking.actor, id, Operation::BookingsMissed).await?;
    let (now, book) = (app.clock.now(), app.names.book().await?);
    let write =
        async |answer: Option<&Promised<'_, _>>| Ok(app.stores.bookings.missed(order.id, now, answer).await??);
    let view = |missed: &Booking| BookingView::new(&book, missed);
    app.answer_when_done(&asking, StatusCode::OK, view, write).await
}

impl App {
    /// The order with its seat, for somebody who may do this with it.
    async fn booked(&self, actor: &Actor, id: OrderId, operation: Operation) -> Result<Order, Problem> {
        let order = self.stores.orders.find(id, &Sight::of(actor)).await?.ok_or_else(Problem::not_found)?;
        let may = |role| permits(operation, role);
        if !actor.hats(&order).into_iter().any(|hat| hat.role().is_some_and(may)) {
            return Err(Problem::new(Code::NotPermitted, "您没有权限操作这个预约"));
        }
        if order.terms.booked { Ok(order) } else { Err(Problem::field("", "这个订单没有预约时段")) }
    }

    /// As it was promised when the order was placed.
    async fn booking_rule(&self, order: &Order) -> Result<BookingRule, Problem> {
        let version = self.stores.services.version(order.terms.edition, &order.service_key).await?;
        let rule = version.and_then(|version| version.offer.booking);
        rule.ok_or_else(|| Problem::field("", "这个订单没有预约时段"))
    }
}
