use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use super::state::SandboxState;
use super::world::World;
use super::world::accounts::Account;

/// One page without a build step: style and script are inside. The icon is
/// empty, for the sandbox would note a request for one as an unknown path.
const PAGE: &str = concat!(
    "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
    "<title>微信沙箱</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n",
    include_str!("page/style.css"),
    "</style>\n</head>\n<body>\n",
    include_str!("page/body.html"),
    "<script>\n",
    include_str!("page/script.js"),
    "</script>\n</body>\n</html>\n",
);

/// Everything on the page comes from this address or from the page itself.
const POLICY: &str = "default-src 'none'; connect-src 'self'; img-src data:; \
                      style-src 'unsafe-inline'; script-src 'unsafe-inline'";

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/", web::get().to(show));
}

async fn show() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .body(PAGE)
}

/// What the page draws: the phones, and the accounts that they may deal with.
pub(super) async fn view(state: web::Data<SandboxState>) -> HttpResponse {
    let phones = state.phones();
    let accounts = accounts(&state.world());
    HttpResponse::Ok().json(json!({ "phones": phones, "accounts": accounts }))
}

fn accounts(world: &World) -> Vec<Value> {
    world.accounts().iter().map(account).collect()
}

fn account(account: &Account) -> Value {
    let template = |template: &super::SandboxTemplate| json!({ "id": template.id, "title": template.title });
    json!({
        "app_id": account.app_id,
        "name": account.name,
        "kind": account.kind,
        "templates": account.templates.iter().map(template).collect::<Vec<_>>(),
    })
}
