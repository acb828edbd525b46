use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, put};
use domain::deadline::Urgency;
use domain::ids::CommunityId;
use domain::people::access::Operation;
use domain::ports::Directory;
use domain::service::{Privacy, Service};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::must_govern;
use crate::app::App;
use crate::extract::{Post, needed, optional};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::routes::communities::ServiceView;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceBody {
    #[garde(custom(needed("服务名称", 30)))]
    #[schema(example = "公共设施报修")]
    name: String,
    #[garde(custom(needed("类别", 20)))]
    #[schema(example = "报修")]
    category: String,
    #[garde(custom(optional("说明", 300)))]
    description: Option<String>,
    /// `urgent` or `ordinary`.
    #[garde(skip)]
    #[schema(value_type = String, example = "ordinary")]
    urgency: Urgency,
    /// `open`, or `sealed`: read by the secretary alone. Orders keep what they were placed under.
    #[garde(skip)]
    #[schema(value_type = String, example = "open")]
    privacy: Privacy,
    /// No longer offered.
    #[garde(skip)]
    #[serde(default)]
    closed: bool,
}

/// Add a service to a community's list, or change one.
#[utoipa::path(tag = "admin", security(("token" = [])), params(("id" = Uuid, Path), ("key" = String, Path, example = "repair")),
    request_body = ServiceBody,
    responses((status = 200, body = ServiceView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[put("/admin/communities/{id}/services/{key}")]
pub(super) async fn save_service(
    app: Data<App>,
    path: Path<(String, String)>,
    Post { asking, body, .. }: Post<ServiceBody>,
) -> Answer {
    let (id, key) = path.into_inner();
    let id: CommunityId = id.parse().map_err(|_| Problem::not_found())?;
    let book = app.names.fresh_book().await?;
    book.community(id).ok_or_else(Problem::not_found)?;
    must_govern(&asking.actor, Operation::AdminSaveService, Some(id.into()), book.tree())?;
    if !is_key(&key) {
        return Err(Problem::field("", "服务代号应为 1 至 40 个小写字母、数字或下划线，例如 repair"));
    }
    let service = Service {
        community_id: id,
        key,
        name: body.name,
        category: body.category,
        description: body.description.unwrap_or_default(),
        urgency: body.urgency,
        privacy: body.privacy,
        closed: body.closed,
    };
    let view = ServiceView::from(&service);
    app.stores.directory.save_directory(&Directory { services: vec![service], ..Directory::default() }).await?;
    app.names.forget();
    Ok(HttpResponse::Ok().json(view))
}

fn is_key(key: &str) -> bool {
    (1..=40).contains(&key.len()) && key.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
}
