use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::ids::OrderId;
use domain::people::access::{Operation, permits_hat};
use domain::people::{Purpose, Sight};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Body, Caller, Id};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::{BeneficiaryView, ContactView, Standing};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct Reveal {
    /// `contact_resident`, `home_visit`, `verify_facts`, `emergency` or `follow_up`.
    #[garde(skip)]
    #[schema(value_type = String, example = "contact_resident")]
    pub purpose: Purpose,
}

/// Whom to call, in full.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct Revealed {
    pub contact: Option<ContactView>,
    pub on_behalf_of: Option<BeneficiaryView>,
    /// What the service's form asked and is kept apart, by the names of its fields.
    #[schema(value_type = Object)]
    pub form: Map<String, Value>,
    /// Of an order that is mediated, which the secretary does not read otherwise; with `verify_facts` or `emergency`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<RevealedWords>,
}

#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct RevealedWords {
    #[schema(example = "楼上漏水")]
    title: String,
    description: String,
}

/// See whom to call in full, for a purpose. The resident can read who looked, when and why.
#[utoipa::path(tag = "orders", security(("token" = [])), params(("id" = Uuid, Path)), request_body = Reveal,
    responses((status = 200, body = Revealed), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[post("/orders/{id}/reveal")]
pub(super) async fn reveal(app: Data<App>, caller: Caller, Id(id): Id<OrderId>, Body(body): Body<Reveal>) -> Answer {
    let order = app.stores.orders.find(id, &Sight::of(&caller.actor)).await?.ok_or_else(Problem::not_found)?;
    let standing = Standing::of(&caller.actor, &order);
    if !standing.may_know_who_asked(&order) {
        return Err(Problem::new(Code::NotPermitted, "居民选择了保密，联系方式请由本人在调解里提供"));
    }
    let hat = caller.actor.hats(&order).into_iter().find(|hat| permits_hat(Operation::OrdersReveal, *hat));
    let hat = hat.ok_or_else(|| Problem::new(Code::NotPermitted, "完整联系方式只对本社区经办人员开放"))?;
    app.disclose(&caller.actor, &order, hat, None, body.purpose).await?;
    let (contact, whom) = (order.content.contact.as_ref(), order.content.on_behalf_of.as_ref());
    let is_aside = standing == Standing::Aside;
    let (content, needs_words) = (&order.content, body.purpose.needs_words());
    let words = || RevealedWords { title: content.title.clone(), description: content.description.clone() };
    let revealed = Revealed {
        contact: contact.map(ContactView::full),
        on_behalf_of: whom.map(BeneficiaryView::full),
        form: if is_aside && !needs_words { Map::new() } else { content.form.sensitive.clone() },
        words: (is_aside && needs_words).then(words),
    };
    Ok(HttpResponse::Ok().json(revealed))
}
