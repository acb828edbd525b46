//! What a person's WeChat does, over HTTP. `openid` may be the person's in
//! any account; `app_id` says which account is meant, where it is another.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::people_acts::{UnknownAccount, UnknownTemplate};
use super::state::SandboxState;
use crate::callback::SubscribeStatus;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/phone/login", web::post().to(login))
        .route("/phone/phone-number", web::post().to(phone_number))
        .route("/phone/subscribe", web::post().to(subscribe))
        .route("/phone/withdraw", web::post().to(withdraw))
        .route("/phone/revoke", web::post().to(revoke))
        .route("/phone/clean-profile", web::post().to(clean_profile))
        .route("/phone/close-account", web::post().to(close_account))
        .route("/phone/follow", web::post().to(follow))
        .route("/phone/unfollow", web::post().to(unfollow))
        .route("/phone/block", web::post().to(block))
        .route("/phone/unblock", web::post().to(unblock))
        .route("/phone/scan", web::post().to(scan))
        .route("/phone/read", web::post().to(read))
        .route("/phone/openid", web::get().to(openid))
        .route("/phone/messages", web::get().to(messages));
}

/// A person's answer to the subscribe prompt, in WeChat's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    Accept,
    Reject,
    /// WeChat banned the template.
    Ban,
    /// WeChat dropped it because of another template of the same title.
    Filter,
}

impl From<Choice> for SubscribeStatus {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Accept => Self::Accept,
            Choice::Reject => Self::Reject,
            Choice::Ban => Self::Ban,
            Choice::Filter => Self::Filter,
        }
    }
}

/// Why the phone cannot.
#[derive(Debug, thiserror::Error)]
enum PhoneError {
    #[error(transparent)]
    Account(#[from] UnknownAccount),
    #[error(transparent)]
    Template(#[from] UnknownTemplate),
}

impl actix_web::ResponseError for PhoneError {
    fn error_response(&self) -> HttpResponse {
        HttpResponse::BadRequest().json(json!({ "error": self.to_string() }))
    }
}

type Done = Result<HttpResponse, PhoneError>;
type Shared = web::Data<SandboxState>;

#[derive(Deserialize)]
struct Person {
    openid: String,
    app_id: Option<String>,
}

impl Person {
    /// The openid in the account that is meant.
    fn openid(&self, state: &SandboxState) -> Result<String, UnknownAccount> {
        match &self.app_id {
            Some(app_id) => state.openid_in(&self.openid, app_id),
            None => Ok(self.openid.clone()),
        }
    }
}

#[derive(Deserialize)]
struct SharedNumber {
    #[serde(flatten)]
    person: Person,
    number: String,
}

#[derive(Deserialize)]
struct PromptAnswer {
    #[serde(flatten)]
    person: Person,
    template_id: String,
    result: Choice,
}

#[derive(Deserialize)]
struct Withdrawal {
    #[serde(flatten)]
    person: Person,
    template_id: String,
}

#[derive(Deserialize)]
struct Revocation {
    #[serde(flatten)]
    person: Person,
    item: u8,
}

#[derive(Deserialize)]
struct Scan {
    #[serde(flatten)]
    person: Person,
    scene: String,
}

async fn login(state: Shared, person: web::Json<Person>) -> Done {
    let openid = person.openid(&state)?;
    Ok(HttpResponse::Ok().json(json!({ "code": state.login(&openid), "openid": openid })))
}

async fn phone_number(state: Shared, shared: web::Json<SharedNumber>) -> Done {
    let code = state.phone_code(&shared.person.openid(&state)?, &shared.number);
    Ok(HttpResponse::Ok().json(json!({ "code": code })))
}

async fn subscribe(state: Shared, answer: web::Json<PromptAnswer>) -> Done {
    let accepted = state.subscribe(&answer.person.openid(&state)?, &answer.template_id, answer.result)?;
    Ok(HttpResponse::Ok().json(json!({ "accepted": accepted })))
}

async fn withdraw(state: Shared, withdrawal: web::Json<Withdrawal>) -> Done {
    state.withdraw(&withdrawal.person.openid(&state)?, &withdrawal.template_id)?;
    Ok(HttpResponse::NoContent().finish())
}

async fn revoke(state: Shared, revocation: web::Json<Revocation>) -> Done {
    state.revoke(&revocation.person.openid(&state)?, revocation.item);
    Ok(HttpResponse::NoContent().finish())
}

async fn clean_profile(state: Shared, person: web::Json<Person>) -> Done {
    state.clean_profile(&person.openid(&state)?);
    Ok(HttpResponse::NoContent().finish())
}

async fn close_account(state: Shared, person: web::Json<Person>) -> Done {
    state.close_account(&person.openid);
    Ok(HttpResponse::NoContent().finish())
}

async fn follow(state: Shared, person: web::Json<Person>) -> Done {
    let openid = state.follow(&person.openid, person.app_id.as_deref())?;
    Ok(HttpResponse::Ok().json(json!({ "openid": openid })))
}

async fn unfollow(state: Shared, person: web::Json<Person>) -> Done {
    let openid = state.unfollow(&person.openid, person.app_id.as_deref())?;
    Ok(HttpResponse::Ok().json(json!({ "openid": openid })))
}

async fn block(state: Shared, person: web::Json<Person>) -> Done {
    let openid = state.block(&person.openid, person.app_id.as_deref(), true)?;
    Ok(HttpResponse::Ok().json(json!({ "openid": openid })))
}

async fn unblock(state: Shared, person: web::Json<Person>) -> Done {
    let openid = state.block(&person.openid, person.app_id.as_deref(), false)?;
    Ok(HttpResponse::Ok().json(json!({ "openid": openid })))
}

async fn scan(state: Shared, scan: web::Json<Scan>) -> Done {
    let openid = state.scan(&scan.person.openid, scan.person.app_id.as_deref(), &scan.scene)?;
    Ok(HttpResponse::Ok().json(json!({ "openid": openid })))
}

async fn read(state: Shared, person: web::Json<Person>) -> HttpResponse {
    state.read(&person.openid);
    HttpResponse::NoContent().finish()
}

async fn openid(state: Shared, person: web::Query<Person>) -> Done {
    Ok(HttpResponse::Ok().json(json!({ "openid": person.openid(&state)? })))
}

/// All that is on the phone, or what one account sent.
async fn messages(state: Shared, person: web::Query<Person>) -> Done {
    let mut items = state.messages_of(&person.openid);
    if let Some(app_id) = &person.app_id {
        if !state.knows_sender(app_id) {
            return Err(UnknownAccount.into());
        }
        items.retain(|message| message.app_id == *app_id);
    }
    Ok(HttpResponse::Ok().json(json!({ "items": items })))
}
