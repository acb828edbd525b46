//! My second factor: codes of an app on my phone, asked for when I sign in at a desk.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::ids::PersonId;
use domain::people::{Guessed, Role, SecondFactor};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::auth::one_time::{self, SetUp};
use crate::extract::{Nothing, Post, needed};
use crate::problem::{Answer, Code, Problem, ProblemBody};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(second_factor).service(confirm_second_factor).service(remove_second_factor);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct OneTimeCode {
    /// Six digits of the app; where it says so, a recovery code does as well.
    #[garde(custom(needed("验证码", 20)))]
    #[schema(example = "123456")]
    code: String,
}

/// For the app; shown once.
#[derive(Serialize, ToSchema)]
struct SetUpView {
    /// To be typed where no picture can be scanned.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    secret: String,
    /// To be shown as a QR code.
    otpauth_url: String,
}

#[derive(Serialize, ToSchema)]
struct RecoveryView {
    /// Shown once, to be written down: each replaces the app's code once.
    #[schema(example = json!(["7K2MP-X9RTA"]))]
    recovery_codes: Vec<String>,
}

/// Begin to set up a second factor, or begin anew. It is off until the first code was confirmed.
#[utoipa::path(tag = "me", security(("token" = [])), request_body = Nothing,
    responses((status = 200, body = SetUpView), (status = 403, body = ProblemBody),
        (status = 409, description = "second_factor_on", body = ProblemBody)))]
#[post("/me/second-factor")]
async fn second_factor(app: Data<App>, post: Post<Nothing>) -> Answer {
    let (now, me) = (app.clock.now(), post.asking.actor.person);
    let nickname = app.stores.people.find_person(me, now).await?.and_then(|person| person.nickname);
    let account = nickname.as_deref().unwrap_or(Role::Administrator.text());
    let secret = one_time::fresh_secret();
    let SetUp { secret: typed, otpauth_url } = SetUp::new(&secret, account).map_err(Problem::internal)?;
    if !app.stores.second_factors.begin_second_factor(me, &secret, now).await? {
        return Err(is_on());
    }
    Ok(HttpResponse::Ok().json(SetUpView { secret: typed, otpauth_url }))
}

/// Turn it on with the first code of the app; answers the recovery codes, once.
#[utoipa::path(tag = "me", security(("token" = [])), request_body = OneTimeCode,
    responses((status = 200, body = RecoveryView), (status = 403, body = ProblemBody),
        (status = 409, description = "second_factor_on, second_factor_off", body = ProblemBody),
        (status = 422, description = "verification_failed", body = ProblemBody)))]
#[post("/me/second-factor/confirm")]
async fn confirm_second_factor(app: Data<App>, Post { asking, body, .. }: Post<OneTimeCode>) -> Answer {
    let begun = find(&app, asking.actor.person).await?;
    if begun.on_since.is_some() {
        return Err(is_on());
    }
    let (now, code) = (app.clock.now(), one_time::typed(&body.code));
    let subject = begun.person.to_string();
    let right = async { Ok(one_time::step_of(&begun.secret, &code, now)) };
    let step = app.attempt(Guessed::SecondFactor, &subject, right).await?;
    let codes = one_time::fresh_recovery_codes();
    if !app.stores.second_factors.turn_on(&begun, step, &codes, now).await? {
        return Err(Problem::new(Code::SecondFactorOff, "两步验证的设置刚刚变了，请重新开始设置"));
    }
    let recovery_codes = codes.iter().map(|code| one_time::shown(code)).collect();
    Ok(HttpResponse::Ok().json(RecoveryView { recovery_codes }))
}

/// Turn it off, with a code of the app or a recovery code.
#[utoipa::path(tag = "me", security(("token" = [])), request_body = OneTimeCode,
    responses((status = 204), (status = 409, description = "second_factor_off", body = ProblemBody),
        (status = 422, description = "verification_failed", body = ProblemBody)))]
#[post("/me/second-factor/remove")]
async fn remove_second_factor(app: Data<App>, Post { asking, body, .. }: Post<OneTimeCode>) -> Answer {
    let factor = find(&app, asking.actor.person).await?;
    app.take_code(&factor, &body.code).await?;
    app.stores.second_factors.remove_second_factor(factor.person).await?;
    Ok(HttpResponse::new(StatusCode::NO_CONTENT))
}

async fn find(app: &App, person: PersonId) -> Result<SecondFactor, Problem> {
    let found = app.stores.second_factors.find_second_factor(person).await?;
    found.ok_or_else(|| Problem::new(Code::SecondFactorOff, "您还没有设置两步验证"))
}

fn is_on() -> Problem {
    Problem::new(Code::SecondFactorOn, "两步验证已经开启；如需更换手机，请先用验证码或备用码关闭")
}
