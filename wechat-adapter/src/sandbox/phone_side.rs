//! What a person's WeChat does, over HTTP.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::state::{SandboxState, UnknownTemplate};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/phone/login", web::post().to(login))
        .route("/phone/phone-number", web::post().to(phone_number))
        .route("/phone/subscribe", web::post().to(subscribe))
        .route("/phone/messages", web::get().to(messages));
}

/// A person's answer to the subscribe prompt, in WeChat's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    Accept,
    Reject,
    /// WeChat banned the template.
    Ban,
    /// WeChat dropped it because of another template of the same title.
    Filter,
}

#[derive(Deserialize)]
struct Person {
    openid: String,
}

#[derive(Deserialize)]
struct SharedNumber {
    openid: String,
    number: String,
}

#[derive(Deserialize)]
struct PromptAnswer {
    openid: String,
    template_id: String,
    result: Choice,
}

async fn login(state: web::Data<SandboxState>, person: web::Json<Person>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "code": state.login(&person.openid) }))
}

async fn phone_number(state: web::Data<SandboxState>, shared: web::Json<SharedNumber>) -> HttpResponse {
    let code = state.phone_code(&shared.openid, &shared.number);
    HttpResponse::Ok().json(json!({ "code": code }))
}

async fn subscribe(state: web::Data<SandboxState>, answer: web::Json<PromptAnswer>) -> HttpResponse {
    match state.subscribe(&answer.openid, &answer.template_id, answer.result) {
        Ok(accepted) => HttpResponse::Ok().json(json!({ "accepted": accepted })),
        Err(error @ UnknownTemplate) => HttpResponse::BadRequest().json(json!({ "error": error.to_string() })),
    }
}

async fn messages(state: web::Data<SandboxState>, person: web::Query<Person>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "items": state.messages_of(&person.openid) }))
}
