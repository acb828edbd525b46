//! Everything that is held about me, to take away.

mod body;
mod gather;
mod page;

use actix_web::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, HeaderName, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::extract::Caller;
use crate::problem::Answer;
use body::Export;
use gather::gather;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(export);
}

/// Everything that is held about me. With `Accept: text/html` a page to read, with the same in it. Once a minute.
#[utoipa::path(tag = "me", security(("token" = [])), responses(
    (status = 200, content((Export = "application/json"), (String = "text/html")))))]
#[get("/me/export")]
async fn export(app: Data<App>, caller: Caller, request: HttpRequest) -> Answer {
    app.limiter.check_export(caller.person.id).await?;
    let export = gather(&app, &caller).await?;
    let mut answer = HttpResponse::Ok();
    private(&mut answer);
    if wants_page(&request) {
        let page = page::page(&export)?;
        let name = "attachment; filename=\"hongguanjia.html\"";
        return Ok(answer
            .insert_header((CONTENT_DISPOSITION, name))
            .content_type("text/html; charset=utf-8")
            .body(page));
    }
    Ok(answer.insert_header((CONTENT_DISPOSITION, "attachment; filename=\"hongguanjia.json\"")).json(export))
}

/// Nothing in between keeps it, and nothing in it runs.
pub(in crate::routes) fn private(answer: &mut HttpResponseBuilder) {
    let headers: [(HeaderName, &str); 3] = [
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
    ];
    for header in headers {
        answer.insert_header(header);
    }
}

/// Whichever of the two is named first.
fn wants_page(request: &HttpRequest) -> bool {
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut kinds = accept.split(',').map(|kind| kind.split(';').next().unwrap_or(kind).trim());
    kinds.find(|kind| matches!(*kind, "text/html" | "application/json")) == Some("text/html")
}
