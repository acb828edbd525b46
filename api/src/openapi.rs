//! The description of the API, made from the handlers themselves.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, Tag};

/// Adds what no handler says.
pub fn complete(mut api: OpenApi) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("红管家 hongguanjia")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "订单式社区服务：居民下单、社区接单、派单、办结、评价。\n\n\
             Times are RFC 3339 with +08:00. Lists page by `cursor`. Every failure is `application/problem+json` with a \
             stable `code`. Each POST takes an `Idempotency-Key`; moves take `If-Match`.",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .contact(Some(ContactBuilder::new().name(Some("The hongguanjia authors")).build()))
        .build();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    api.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(bearer));
    api.tags = Some(
        TAGS.iter()
            .map(|(name, text)| {
                let mut tag = Tag::new(*name);
                tag.description = Some((*text).to_owned());
                tag
            })
            .collect(),
    );
    api
}

const TAGS: &[(&str, &str)] = &[
    ("sign-in", "登录：微信登录、刷新、退出"),
    ("me", "我的资料"),
    ("communities", "社区与服务清单"),
    ("attachments", "照片"),
    ("orders", "订单：下单、接单、派单、办结、评价"),
    ("dispatches", "派单：签收、退单、现场记录、完工"),
    ("operations", "运维"),
];

/// The same text as `hongguanjia openapi` prints.
pub struct Document(pub String);

#[get("/openapi.yaml")]
pub async fn openapi_yaml(document: Data<Document>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/yaml; charset=utf-8").body(document.0.clone())
}
