use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::advice::advise;
use domain::deadline::Urgency;
use domain::ids::CommunityId;
use domain::order::{MAX_DESCRIPTION, MAX_TITLE};
use domain::service::Service;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::submit::{no_such_community, no_such_service};
use crate::app::App;
use crate::extract::{Body, Caller, needed, optional};
use crate::problem::{Answer, ProblemBody};
use crate::view::{ElsewhereView, EmergencyView};

/// What is about to be ordered.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Draft {
    #[garde(skip)]
    community_id: Uuid,
    #[garde(custom(optional("服务项目", 64)))]
    #[schema(example = "safety")]
    service_key: Option<String>,
    #[garde(custom(optional("标题", MAX_TITLE)))]
    title: Option<String>,
    #[garde(custom(needed("问题描述", MAX_DESCRIPTION)))]
    #[schema(example = "楼道里有很浓的煤气味")]
    description: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct AdviceView {
    emergency: Option<EmergencyView>,
    elsewhere: Option<ElsewhereView>,
}

/// What to tell the resident before the order is placed: whom to call in danger, where to go with what is not ours.
///
/// Nothing is stored. A client asks while the form is filled in; placing the order reads the words again.
#[utoipa::path(
    tag = "orders", security(("token" = [])), request_body = Draft,
    responses((status = 200, body = AdviceView), (status = 422, body = ProblemBody))
)]
#[post("/orders/advice")]
pub(super) async fn advice(app: Data<App>, _caller: Caller, Body(draft): Body<Draft>) -> Answer {
    let id = CommunityId(draft.community_id);
    let book = app.names.book().await?;
    book.community(id).ok_or_else(no_such_community)?;
    let service = match &draft.service_key {
        Some(key) => Some(book.service(id, key).ok_or_else(no_such_service)?),
        None => None,
    };
    let advice = advise(draft.title.as_deref().unwrap_or_default(), &draft.description);
    let found = advice.emergency.map(EmergencyView::from);
    let emergency = found.or_else(|| service.filter(is_about_danger).map(|_| EmergencyView::reminder()));
    Ok(HttpResponse::Ok().json(AdviceView { emergency, elsewhere: ElsewhereView::of(advice) }))
}

fn is_about_danger(service: &&Service) -> bool {
    service.offer.urgency == Urgency::Urgent
}
