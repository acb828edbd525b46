//! The description of the API, made from the handlers themselves.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use strum::IntoEnumIterator;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ContactBuilder, Content, InfoBuilder, LicenseBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, Tag,
};

use crate::problem::Code;

/// Adds what no handler says.
pub fn complete(mut api: OpenApi) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("红管家 hongguanjia")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(format!("{ABOUT}{}", table_of_codes())))
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
    for (path, item) in &mut api.paths.paths {
        let methods = [&mut item.get, &mut item.post, &mut item.put, &mut item.delete];
        for operation in methods.into_iter().flatten() {
            name(operation);
            if path.starts_with("/v1") {
                add_common_failures(operation);
            }
            operation.responses.responses.iter_mut().for_each(|(status, answer)| describe(status, answer));
        }
    }
    api
}

const ABOUT: &str = "订单式社区服务：居民下单、社区接单、派单、办结、评价。\n\n\
    Times are RFC 3339 with +08:00. Lists page by `cursor`. Each POST takes an `Idempotency-Key`; moves take `If-Match`. \
    Every failure is `application/problem+json` with one of these codes; expect more of them in time.\n\n";

fn table_of_codes() -> String {
    let row = |code: Code| format!("| `{}` | {} | {} |\n", code.name(), code.status(), code.title());
    format!("| code | status | |\n|---|---|---|\n{}", Code::iter().map(row).collect::<String>())
}

/// `orders_list`, `dispatches_return`: unique, as programs that write clients need it.
fn name(operation: &mut Operation) {
    let tag = operation.tags.iter().flatten().next().map(|tag| tag.replace('-', "_")).unwrap_or_default();
    let handler = operation.operation_id.take().unwrap_or_default();
    operation.operation_id = Some(format!("{tag}_{}", handler.trim_end_matches('_')));
}

/// What may come back from everywhere, so that no handler need say it.
fn add_common_failures(operation: &mut Operation) {
    let problem = || Content::new(Some(Ref::from_schema_name("ProblemBody")));
    let signed_in = operation.security.is_some().then_some(Code::Unauthenticated);
    let body = [Code::InvalidJson, Code::PayloadTooLarge, Code::UnsupportedMediaType, Code::InvalidFields];
    let body = body.into_iter().filter(|_| operation.request_body.is_some());
    for code in signed_in.into_iter().chain(body).chain([Code::TooManyRequests]) {
        let answer = ResponseBuilder::new().description(code.name()).content("application/json", problem());
        let answers = &mut operation.responses.responses;
        answers.entry(code.status().to_string()).or_insert_with(|| answer.build().into());
    }
}

/// Each answer has a description, and failures have their own media type.
fn describe(status: &str, answer: &mut RefOr<Response>) {
    let RefOr::T(answer) = answer else { return };
    if answer.description.is_empty() {
        let code = StatusCode::from_bytes(status.as_bytes()).ok();
        answer.description = code.and_then(|code| code.canonical_reason()).unwrap_or(status).to_owned();
    }
    for (media_type, content) in std::mem::take(&mut answer.content) {
        let media_type = if is_problem(&content) { "application/problem+json".to_owned() } else { media_type };
        answer.content.insert(media_type, content);
    }
}

fn is_problem(content: &RefOr<Content>) -> bool {
    let RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) = content else { return false };
    schema.ref_location.ends_with("/ProblemBody")
}

const TAGS: &[(&str, &str)] = &[
    ("sign-in", "登录：微信登录、刷新、退出"),
    ("me", "我的资料：查看、更正、导出、注销"),
    ("consents", "同意与撤回"),
    ("communities", "社区与服务清单"),
    ("grids", "网格：网格员与边界"),
    ("addresses", "地址：小区以下的楼栋、单元、室"),
    ("partners", "单位：门店、服务队、物业的资料、营业和履约记录"),
    ("volunteers", "志愿者：技能与服务时长"),
    ("duty", "连线社区：值班、电话、留言"),
    ("residents", "居民：住址核实、代建账号"),
    ("delegations", "代下单授权"),
    ("entrances", "入口码：墙上的小程序码"),
    ("attachments", "照片"),
    ("orders", "订单：下单、接单、派单、办结、评价"),
    ("dispatches", "派单：签收、退单、现场记录、完工"),
    ("mediations", "调解：指定调解员、当事人、调解会、协议、回访"),
    ("calls", "电话告知：给收不到消息的人打电话"),
    ("campaigns", "专项行动：入户名单、走访登记、合计与总结"),
    ("events", "动态：订单变化与新消息，实时送达"),
    ("invitations", "邀请：给出和接受角色"),
    ("memberships", "任职：谁在哪里担任什么"),
    ("admin", "管理：地区、单位、服务、审计"),
    ("wechat", "微信消息推送"),
    ("operations", "运维"),
];

/// The same text as `hongguanjia openapi` prints.
pub struct Document(pub String);

#[get("/openapi.yaml")]
pub async fn openapi_yaml(document: Data<Document>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/yaml; charset=utf-8").body(document.0.clone())
}
