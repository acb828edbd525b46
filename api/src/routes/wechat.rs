//! Where WeChat tells us things of its own accord: answers to prompts, verdicts on photos, what people took back.

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use domain::audit::{DONE, Entry};
use domain::ids::PersonId;
use domain::wechat::{Heard, Told};
use utoipa_actix_web::service_config::ServiceConfig;
use wechat_adapter::callback::{CallbackError, CallbackQuery, MAX_BODY};

use crate::app::App;
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::wechat::{Door, told};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(verify).service(hear);
}

/// WeChat's check of this address, when it is set in the console.
#[utoipa::path(tag = "wechat", params(("app_id" = String, Path)),
    responses((status = 200, content_type = "text/plain", body = String), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
#[get("/wechat/{app_id}/callback")]
async fn verify(app: Data<App>, app_id: Path<String>, request: HttpRequest) -> Answer {
    let query = CallbackQuery::parse(request.query_string());
    let echo = door(&app, &app_id)?.callback.echo(&query, app.clock.now()).map_err(refused)?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(echo))
}

/// Something happened in WeChat. It is noted with its effect before `success` is answered; told again, it changes nothing.
#[utoipa::path(tag = "wechat", params(("app_id" = String, Path)), request_body(content = String, content_type = "text/xml"),
    responses((status = 200, content_type = "text/plain", body = String), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 413, body = ProblemBody)))]
#[post("/wechat/{app_id}/callback")]
async fn hear(app: Data<App>, app_id: Path<String>, request: HttpRequest, body: Payload) -> Answer {
    let door = door(&app, &app_id)?;
    let now = app.clock.now();
    let body = body.to_bytes_limited(MAX_BODY).await;
    let body = body
        .map_err(|_| too_large())?
        .map_err(|e| Problem::new(Code::BadRequest, "没有收完整").because(anyhow::anyhow!("{e}")))?;
    let query = CallbackQuery::parse(request.query_string());
    let push = door.callback.open(&query, &body, now).map_err(refused)?;
    let program = app.apps.program(Some(&app_id)).map(AsRef::as_ref);
    if let Some(program) = program {
        program.learn_templates_of(&push.event).await;
    }
    let told = told(&app_id, program, push);
    let heard = app.stores.wechat.hear(&told, now).await?;
    follow_up(&app, &told, heard).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("success"))
}

fn door<'a>(app: &'a App, app_id: &str) -> Result<&'a Door, Problem> {
    app.apps.door(app_id).ok_or_else(Problem::not_found)
}

fn refused(error: CallbackError) -> Problem {
    metrics::counter!("hgj_wechat_callbacks_refused_total", "why" => error.name()).increment(1);
    if error.is_from_wechat() {
        tracing::error!(%error, "wechat told something that cannot be read: compare its console with the settings");
        return Problem::new(Code::BadRequest, "不能识别的消息").because(error);
    }
    Problem::new(Code::NotPermitted, "签名不正确").because(error)
}

fn too_large() -> Problem {
    Problem::new(Code::PayloadTooLarge, "消息太大")
}

/// What is left to do is done beside the answer; what is interrupted, the worker carries on.
async fn follow_up(app: &Data<App>, told: &Told, heard: Heard) -> Result<(), Problem> {
    match heard {
        Heard::Known | Heard::Done => {}
        Heard::TooEarly => return Err(Problem::new(Code::Unavailable, "还没有记下，请稍后再通知")),
        Heard::Forget(_) | Heard::Ask => {
            let app_then = app.clone();
            app.runtime.spawn(async move { app_then.run_errands().await });
        }
        Heard::Erase(person) => {
            app.audit.write(closed(told, person, app.clock.now())).await;
            let eraser = app.eraser.clone();
            app.runtime.spawn(async move { report(eraser.clear(person).await) });
        }
    }
    Ok(())
}

fn closed(told: &Told, person: PersonId, at: DateTime<Utc>) -> Entry {
    let (action, target) = (told.name.clone(), Some(person.0));
    Entry { at, person: Some(person), action, target, address: None, result: DONE.to_owned() }
}

fn report<E: std::error::Error + 'static>(done: Result<(), E>) {
    if let Err(error) = done {
        tracing::warn!(error = &error as &dyn std::error::Error, "what WeChat told is not followed up yet");
    }
}
