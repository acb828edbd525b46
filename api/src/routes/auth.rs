//! Sign-in.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, post};
use domain::ids::{PersonId, SessionId};
use domain::people::{Person, SessionKind};
use domain::ports::{NewSession, Rotation, WechatIdentity};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::me::UserView;
use crate::app::App;
use crate::audit::Who;
use crate::auth::FreshToken;
use crate::extract::{Body, Caller, needed, optional};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::wechat::sign_in_problem;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(wechat).service(refresh).service(logout);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct WechatSignIn {
    /// The mini-program, where the server serves several; ours if left out.
    #[garde(custom(optional("app_id", 64)))]
    app_id: Option<String>,
    /// From `wx.login`; lives five minutes and works once.
    #[garde(custom(needed("微信登录凭证 code", 128)))]
    #[schema(example = "0a1b2c3d4e5f")]
    code: String,
    /// What the phone calls itself, for the list of my devices.
    #[garde(custom(optional("设备名称", 60)))]
    #[schema(example = "HUAWEI Mate 70")]
    device: Option<String>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refresh {
    #[garde(custom(needed("refresh_token", 128)))]
    refresh_token: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct SignedIn {
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds.
    #[schema(example = 900)]
    expires_in: i64,
    /// Works once; each refresh gives a new one.
    refresh_token: String,
    user: UserView,
}

/// Sign in with WeChat.
#[utoipa::path(
    tag = "sign-in", request_body = WechatSignIn,
    responses((status = 200, body = SignedIn), (status = 401, description = "wechat_code_rejected", body = ProblemBody),
        (status = 502, description = "wechat_unavailable", body = ProblemBody))
)]
#[post("/auth/wechat")]
async fn wechat(app: Data<App>, request: HttpRequest, Body(body): Body<WechatSignIn>) -> Answer {
    let program = app.apps.program(body.app_id.as_deref());
    let program = program.ok_or_else(|| Problem::field("/app_id", "这个小程序不由本系统服务，请检查 app_id"))?;
    let session = program.client.code_to_session(&body.code).await.map_err(sign_in_problem)?;
    let (app_id, openid, unionid) = (program.app_id.clone(), session.openid, session.unionid);
    let now = app.clock.now();
    let new_id = PersonId(app.ids.at(now));
    let person = app.stores.people.sign_in(&WechatIdentity { app_id, openid, unionid }, new_id, now).await?;
    let session = SessionId(app.ids.at(now));
    let FreshToken { text, stored } = FreshToken::issue(session, now, app.refresh_lifetime);
    let opening = NewSession { person: person.id, kind: SessionKind::Phone, device: body.device, first: stored };
    app.stores.people.open_session(&opening).await?;
    request.extensions_mut().insert(Who(person.id));
    Ok(HttpResponse::Ok().json(SignedIn::new(&app, &person, session, text).await?))
}

/// Exchange a refresh token for a new pair.
///
/// A token that was used before closes its whole session: somebody else may hold a copy.
#[utoipa::path(
    tag = "sign-in", request_body = Refresh,
    responses((status = 200, body = SignedIn), (status = 401, description = "invalid_refresh_token", body = ProblemBody))
)]
#[post("/auth/refresh")]
async fn refresh(app: Data<App>, request: HttpRequest, Body(body): Body<Refresh>) -> Answer {
    let now = app.clock.now();
    // The store puts the new token into the old one's session.
    let fresh = FreshToken::issue(SessionId(app.ids.at(now)), now, app.refresh_lifetime);
    match app.stores.people.rotate(FreshToken::hash(&body.refresh_token), &fresh.stored, now).await? {
        Rotation::Rotated { session, .. } => {
            let found = app.stores.people.find_by_session(session, now).await?.ok_or_else(invalid_refresh)?;
            request.extensions_mut().insert(Who(found.person.id));
            Ok(HttpResponse::Ok().json(SignedIn::new(&app, &found.person, session, fresh.text).await?))
        }
        Rotation::Reused => {
            tracing::warn!("a refresh token was used twice; its session is closed");
            Err(invalid_refresh())
        }
        Rotation::Invalid => Err(invalid_refresh()),
    }
}

/// Sign out: access and refresh tokens of this session end at once.
#[utoipa::path(tag = "sign-in", security(("token" = [])), responses((status = 204)))]
#[post("/auth/logout")]
async fn logout(app: Data<App>, caller: Caller) -> Answer {
    app.stores.people.close_session(caller.person.id, caller.session, app.clock.now()).await?;
    Ok(HttpResponse::new(StatusCode::NO_CONTENT))
}

impl SignedIn {
    pub(super) async fn new(
        app: &App,
        person: &Person,
        session: SessionId,
        refresh_token: String,
    ) -> Result<Self, Problem> {
        Ok(Self {
            access_token: app.tokens.issue(person.id, session, app.clock.now())?,
            token_type: "Bearer",
            expires_in: app.tokens.lifetime_seconds(),
            refresh_token,
            user: app.view(person).await?,
        })
    }
}

fn invalid_refresh() -> Problem {
    Problem::new(Code::InvalidRefreshToken, "登录已失效，请重新登录")
}
