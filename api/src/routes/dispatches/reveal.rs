use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::ids::DispatchId;
use domain::people::{Hat, Sight};

use crate::app::App;
use crate::extract::{Body, Caller, Id};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::routes::orders::{Reveal, Revealed};
use crate::view::ContactView;

/// See whom to call in full, for a purpose, while the dispatch is open and the resident agreed.
#[utoipa::path(tag = "dispatches", security(("token" = [])), params(("id" = Uuid, Path)), request_body = Reveal,
    responses((status = 200, body = Revealed), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "contact_not_agreed", body = ProblemBody)))]
#[post("/dispatches/{id}/reveal")]
pub(super) async fn reveal(app: Data<App>, caller: Caller, Id(id): Id<DispatchId>, Body(body): Body<Reveal>) -> Answer {
    let actor = &caller.actor;
    let order = app.stores.orders.find_by_dispatch(id, &Sight::of(actor)).await?.ok_or_else(Problem::not_found)?;
    let dispatch = order.dispatch(id).filter(|d| d.is_seen_by(actor, &order)).ok_or_else(Problem::not_found)?;
    if !actor.serves(dispatch.partner) {
        return Err(Problem::new(Code::NotPermitted, "这里只对承办单位开放；社区人员请在订单里查看"));
    }
    if !dispatch.may_call(&order) {
        let detail = "居民没有同意提供联系方式，或派单已经结束；需要联系居民时请留言，由社区转达";
        return Err(Problem::new(Code::ContactNotAgreed, detail));
    }
    app.disclose(actor, &order, Hat::Partner, Some(dispatch.partner), body.purpose).await?;
    let contact = order.content.contact.as_ref().map(ContactView::full);
    Ok(HttpResponse::Ok().json(Revealed { contact, on_behalf_of: None, form: order.content.form.sensitive.clone() }))
}
