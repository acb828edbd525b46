use actix_web::http::header::ETAG;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use domain::ids::MediationId;
use domain::mediation::{Docket, Sight, Standing};
use domain::order::usecase::Asking;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::view::{MediationLine, MediationView};
use crate::app::App;
use crate::extract::{Caller, Cursor, Id, Limit, Query};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::Page;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    /// `mine`: mediated by me, or I am a party. `community`: of the community whose secretary I am.
    #[serde(default)]
    #[param(inline)]
    view: WhichMediations,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

#[derive(Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WhichMediations {
    #[default]
    Mine,
    Community,
}

/// Cases of mediation, newest first. No names and no words: only that there is something, and how far it has come.
#[utoipa::path(tag = "mediations", security(("token" = [])), params(ListQuery),
    responses((status = 200, body = Page<MediationLine>), (status = 403, body = ProblemBody)))]
#[get("/mediations")]
pub(super) async fn list(app: Data<App>, caller: Caller, Query(query): Query<ListQuery>) -> Answer {
    let sight = Sight::of(&caller.actor, app.clock.now());
    let docket = match query.view {
        WhichMediations::Mine => Docket::Mine(sight.clone()),
        WhichMediations::Community if sight.offices.is_empty() => {
            return Err(Problem::new(Code::NotPermitted, "社区的调解只对书记开放"));
        }
        WhichMediations::Community => Docket::Offices(sight.offices.clone()),
    };
    let slice = Cursor::slice::<MediationId>(query.cursor.as_deref(), query.limit)?;
    let cases = app.stores.mediations.cases(&docket, slice).await?;
    let (cases, next_cursor) = Cursor::cut(slice, cases, |case| case.id.to_string());
    let book = app.names.book().await?;
    let line = |case| MediationLine::new(case, sight.standing(case).unwrap_or(Standing::Office), &book);
    let items: Vec<_> = cases.iter().map(line).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// One case, as far as the caller may see it. Each look leaves a line in the audit log.
#[utoipa::path(tag = "mediations", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = MediationView), (status = 404, body = ProblemBody)))]
#[get("/mediations/{id}")]
pub(super) async fn one(app: Data<App>, caller: Caller, Id(id): Id<MediationId>) -> Answer {
    let asking = Asking { actor: caller.actor, key: None, if_match: None, words: None };
    let (case, standing) = app.mediations.seen(&asking, id).await?;
    let etag = (ETAG, format!("\"{}\"", case.version));
    Ok(HttpResponse::Ok().insert_header(etag).json(app.mediation_view(&case, standing).await?))
}
