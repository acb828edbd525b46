use actix_web::http::header;
use actix_web::{HttpResponse, web};

/// One file without a build step: style and script are inside.
const PAGE: &str = include_str!("page.html");

/// Everything on the page comes from this address or from the file itself.
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
