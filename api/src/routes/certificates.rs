//! Certificates: which kinds a community gives, what to bring, and where to go for those that it may not give.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, put};
use chrono::NaiveDate;
use domain::certificate::{Certificate, Line, LineFault, Ruling, fault, in_force, meant};
use domain::deadline::day_in_shanghai;
use domain::ids::{CommunityId, PlaceId};
use domain::people::access::Operation;
use domain::service::is_key;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::services::must_keep;
use crate::app::App;
use crate::extract::{Caller, Id, Post, Query, list_of, needed, optional, timely};
use crate::names::Book;
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::Page;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(certificates).service(kept).service(save).service(take_off);
}

/// What holds in the community today.
pub(super) fn here(book: &Book, community: CommunityId, today: NaiveDate) -> Vec<Certificate> {
    in_force(book.certificates(), community, book.tree(), today)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// What somebody needs, in words of their own; without it, every kind comes.
    #[param(example = "在世证明")]
    q: Option<String>,
}

/// A kind of certificate.
#[derive(Serialize, ToSchema)]
struct CertificateView {
    #[schema(example = "alive")]
    key: String,
    #[schema(example = "健在证明")]
    name: String,
    /// The community gives it.
    issued: bool,
    /// Originals to bring, where the community gives it.
    #[schema(example = json!(["身份证原件"]))]
    papers: Vec<String>,
    /// Who gives it, where the community may not.
    #[schema(example = "人力资源社会保障部门")]
    authority: Option<String>,
    /// What to do then.
    reply: Option<String>,
    /// Where it says that the community may not.
    #[schema(example = "民发〔2020〕20号")]
    basis: Option<String>,
    since: NaiveDate,
    until: Option<NaiveDate>,
}

impl From<&Certificate> for CertificateView {
    fn from(certificate: &Certificate) -> Self {
        let line = certificate.line.clone();
        let (papers, authority, reply, basis) = match line.ruling {
            Ruling::Issued { papers } => (papers, None, None, None),
            Ruling::NotIssued { authority, reply, basis } => (Vec::new(), Some(authority), Some(reply), Some(basis)),
        };
        Self {
            key: certificate.key.clone(),
            name: line.name,
            issued: certificate.is_issued(),
            papers,
            authority,
            reply,
            basis,
            since: line.since,
            until: line.until,
        }
    }
}

/// What the community gives, and what it may not give, with where to go: to be asked before anything is filled in.
#[utoipa::path(tag = "communities", params(("id" = Uuid, Path), Asked),
    responses((status = 200, body = Page<CertificateView>), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/certificates")]
async fn certificates(app: Data<App>, Id(id): Id<CommunityId>, Query(asked): Query<Asked>) -> Answer {
    let book = app.names.book().await?;
    book.community(id).ok_or_else(Problem::not_found)?;
    let all = here(&book, id, day_in_shanghai(app.clock.now()));
    let items: Vec<CertificateView> = match asked.q.as_deref() {
        Some(words) => meant(words, &all).map(Into::into).into_iter().collect(),
        None => all.iter().map(Into::into).collect(),
    };
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// A line as those see it who keep the list.
#[derive(Serialize, ToSchema)]
struct KeptCertificateView {
    #[serde(flatten)]
    certificate: CertificateView,
    /// What else people call it.
    #[schema(example = json!(["在世", "生存"]))]
    words: Vec<String>,
}

/// What the place itself says, lines that have ended included.
#[utoipa::path(tag = "certificates", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<KeptCertificateView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/places/{id}/certificates")]
async fn kept(app: Data<App>, caller: Caller, Id(id): Id<PlaceId>) -> Answer {
    let book = app.names.fresh_book().await?;
    must_keep(&caller.actor, Operation::CertificatesKept, id, &book)?;
    let own = book.certificates().iter().filter(|line| line.place == Some(id));
    let view = |line: &Certificate| KeptCertificateView { certificate: line.into(), words: line.line.words.clone() };
    Ok(HttpResponse::Ok().json(Page { items: own.map(view).collect::<Vec<_>>(), next_cursor: None }))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CertificateBody {
    #[garde(custom(needed("证明名称", 40)))]
    #[schema(example = "居住情况证明")]
    name: String,
    /// What else people call it.
    #[serde(default)]
    #[garde(custom(list_of("别名", 20, 20)))]
    words: Vec<String>,
    /// The community gives it; else it needs `authority`, `reply` and `basis`.
    #[garde(skip)]
    issued: bool,
    /// Originals to bring.
    #[serde(default)]
    #[garde(custom(list_of("所需材料", 20, 60)))]
    #[schema(example = json!(["身份证原件", "户口本原件"]))]
    papers: Vec<String>,
    /// Who gives it instead.
    #[garde(custom(optional("办理单位", 60)))]
    authority: Option<String>,
    /// What the person is told to do.
    #[garde(custom(optional("答复", 200)))]
    reply: Option<String>,
    /// Where it says so.
    #[garde(custom(optional("依据", 60)))]
    basis: Option<String>,
    /// The first day on which it holds.
    #[garde(skip)]
    #[serde(deserialize_with = "timely")]
    since: NaiveDate,
    /// The last day; without it, it has no end.
    #[garde(skip)]
    #[serde(default, deserialize_with = "timely")]
    until: Option<NaiveDate>,
}

impl CertificateBody {
    fn line(self) -> Result<Line, Problem> {
        let ruling = if self.issued {
            Ruling::Issued { papers: self.papers }
        } else {
            let said = |text: Option<String>, pointer: &'static str| {
                let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
                text.ok_or_else(|| Problem::field(pointer, "社区不开具的证明，请写明由谁办理、怎么办理和依据"))
            };
            Ruling::NotIssued {
                authority: said(self.authority, "/authority")?,
                reply: said(self.reply, "/reply")?,
                basis: said(self.basis, "/basis")?,
            }
        };
        let name = self.name.trim().to_owned();
        Ok(Line { name, words: self.words, ruling, since: self.since, until: self.until })
    }
}

/// Say about a kind that it is given here, or that it is not given and by whom. What stands above, and what the law says, cannot
/// be permitted below.
#[utoipa::path(tag = "certificates", security(("token" = [])), params(("id" = Uuid, Path), ("key" = String, Path, example = "residence")),
    request_body = CertificateBody,
    responses((status = 200, body = KeptCertificateView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[put("/places/{id}/certificates/{key}")]
async fn save(app: Data<App>, path: Path<(String, String)>, post: Post<CertificateBody>) -> Answer {
    let Post { asking, body, .. } = post;
    let (place, key) = named(path.into_inner())?;
    must_keep(&asking.actor, Operation::CertificatesSave, place, &*app.names.fresh_book().await?)?;
    if !is_key(&key) {
        return Err(Problem::field("", "证明代号应为 1 至 40 个小写字母、数字或下划线，例如 residence"));
    }
    let line = body.line()?;
    if let Some(why) = fault(&line, &key) {
        let pointer = match why {
            LineFault::EndsBeforeItBegins => "/until",
            LineFault::Forbidden => "/issued",
        };
        return Err(Problem::field(pointer, why.text()));
    }
    app.stores.certificates.save(place, &key, &line, Some(asking.actor.person), app.clock.now()).await?;
    app.names.forget();
    let words = line.words.clone();
    let certificate = (&Certificate { place: Some(place), key, line }).into();
    Ok(HttpResponse::Ok().json(KeptCertificateView { certificate, words }))
}

/// Take the place's own line off: what stands above holds again.
#[utoipa::path(tag = "certificates", security(("token" = [])), params(("id" = Uuid, Path), ("key" = String, Path, example = "residence")),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[delete("/places/{id}/certificates/{key}")]
async fn take_off(app: Data<App>, caller: Caller, path: Path<(String, String)>) -> Answer {
    let (place, key) = named(path.into_inner())?;
    must_keep(&caller.actor, Operation::CertificatesTakeOff, place, &*app.names.fresh_book().await?)?;
    if !app.stores.certificates.drop_line(place, &key).await? {
        return Err(Problem::not_found());
    }
    app.names.forget();
    Ok(HttpResponse::NoContent().finish())
}

fn named((place, key): (String, String)) -> Result<(PlaceId, String), Problem> {
    Ok((place.parse().map_err(|_| Problem::not_found())?, key))
}

/// Nobody comes for what is not given: the answer says who gives it.
pub(in crate::routes) fn must_be_issued<'a>(
    written: &str,
    among: &'a [Certificate],
    pointer: String,
) -> Result<Option<&'a Certificate>, Problem> {
    let Some(kind) = meant(written, among) else { return Ok(None) };
    let Ruling::NotIssued { authority, reply, basis } = &kind.line.ruling else { return Ok(Some(kind)) };
    let name = &kind.line.name;
    let detail = format!("「{name}」不由社区开具（{basis}），请找{authority}：{reply}");
    let errors = vec![crate::problem::FieldError { pointer, detail: detail.clone() }];
    Err(Problem { errors, ..Problem::new(Code::CertificateNotIssued, detail) })
}
