//! What I agreed to, and how I take it back.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, FixedOffset};
use domain::ids::ConsentId;
use domain::order::Command;
use domain::people::{AgeBand, Consent, ConsentChannel, ConsentPurpose, Person};
use domain::ports::Slice;
use garde::Validate;
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Body, Caller, Cursor, PageQuery, Query};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::{Page, local};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(texts).service(list).service(give).service(withdraw);
}

/// The words that are agreed to.
#[derive(Serialize, ToSchema)]
struct ConsentTextView {
    #[schema(example = "share_contact")]
    purpose: &'static str,
    version: u16,
    #[schema(example = "向承办单位提供联系方式")]
    title: &'static str,
    text: &'static str,
    /// What taking it back does.
    #[schema(example = "撤回后，所有承办单位立即看不到您的联系方式，改由社区转达。")]
    on_withdrawal: &'static str,
}

#[derive(Serialize, ToSchema)]
struct ConsentTexts {
    items: Vec<ConsentTextView>,
}

/// One consent.
#[derive(Serialize, ToSchema)]
pub(super) struct ConsentView {
    id: Uuid,
    /// `privacy_policy`, `share_contact`, `ordered_by_others` or `child_data`.
    #[schema(example = "share_contact")]
    purpose: &'static str,
    #[schema(example = "向承办单位提供联系方式")]
    purpose_text: &'static str,
    /// Of the words that were agreed to.
    version: u16,
    /// `app`, `order` or `desk`.
    #[schema(example = "order")]
    channel: &'static str,
    /// Given by a guardian.
    by_guardian: bool,
    /// Where it covers one order only.
    order_id: Option<Uuid>,
    given_at: DateTime<FixedOffset>,
    withdrawn_at: Option<DateTime<FixedOffset>>,
}

/// What was taken back.
#[derive(Serialize, ToSchema)]
struct Withdrawn {
    /// Consents that ended.
    withdrawn: u64,
    /// Orders whose contact is not shared any more.
    orders: u64,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Give {
    #[garde(skip)]
    #[schema(value_type = String, example = "privacy_policy")]
    purpose: ConsentPurpose,
    /// Of the words that were read.
    #[garde(skip)]
    #[schema(example = 1)]
    version: u16,
}

impl ConsentView {
    pub(super) fn new(consent: &Consent) -> Self {
        Self {
            id: consent.id.0,
            purpose: consent.purpose.into(),
            purpose_text: consent.purpose.text().title,
            version: consent.version,
            channel: consent.channel.into(),
            by_guardian: consent.given_by != consent.person,
            order_id: consent.order.map(Into::into),
            given_at: local(consent.given_at),
            withdrawn_at: consent.withdrawn_at.map(local),
        }
    }
}

/// The texts in force.
#[utoipa::path(tag = "consents", responses((status = 200, body = ConsentTexts)))]
#[get("/consents/texts")]
async fn texts() -> HttpResponse {
    let view = |purpose: ConsentPurpose| {
        let text = purpose.text();
        let (version, title, on_withdrawal) = (text.version, text.title, text.on_withdrawal);
        ConsentTextView { purpose: purpose.into(), version, title, text: text.text, on_withdrawal }
    };
    HttpResponse::Ok().json(ConsentTexts { items: ConsentPurpose::iter().map(view).collect() })
}

/// What I agreed to, newest first; what I took back stays in the list.
#[utoipa::path(tag = "consents", security(("token" = [])), params(PageQuery),
    responses((status = 200, body = Page<ConsentView>)))]
#[get("/me/consents")]
async fn list(app: Data<App>, caller: Caller, Query(query): Query<PageQuery>) -> Answer {
    let slice = Cursor::slice::<ConsentId>(query.cursor.as_deref(), query.limit)?;
    let given = app.stores.consents.consents_of(caller.person.id, slice).await?;
    let (given, next_cursor) = Cursor::cut(slice, given, |consent| consent.id.to_string());
    let items: Vec<_> = given.iter().map(ConsentView::new).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// Agree. The same again changes nothing.
#[utoipa::path(tag = "consents", security(("token" = [])), request_body = Give,
    responses((status = 200, body = ConsentView),
        (status = 409, description = "consent_outdated, guardian_needed", body = ProblemBody)))]
#[post("/me/consents")]
async fn give(app: Data<App>, caller: Caller, Body(body): Body<Give>) -> Answer {
    may_give(&caller.person, &body)?;
    let (person, now) = (caller.person.id, app.clock.now());
    let consent = Consent {
        id: ConsentId(app.ids.at(now)),
        person,
        given_by: person,
        purpose: body.purpose,
        version: body.version,
        channel: ConsentChannel::App,
        order: None,
        given_at: now,
        withdrawn_at: None,
    };
    let given = app.stores.consents.give(&consent).await?;
    Ok(HttpResponse::Ok().json(ConsentView::new(&given)))
}

fn may_give(person: &Person, wanted: &Give) -> Result<(), Problem> {
    let current = wanted.purpose.text();
    if wanted.version != current.version {
        let detail = format!("《{}》现行的是第 {} 版，请阅读新版后再同意", current.title, current.version);
        return Err(Problem::new(Code::ConsentOutdated, detail));
    }
    if wanted.purpose == ConsentPurpose::ChildData && person.age_band == Some(AgeBand::Under14) {
        return Err(Problem::new(Code::GuardianNeeded, "这一项需要监护人同意，请监护人到社区办理"));
    }
    Ok(())
}

/// Take a consent back. Taking back `share_contact` ends every handler's sight of my contact at once.
#[utoipa::path(tag = "consents", security(("token" = [])), params(("purpose" = String, Path)),
    responses((status = 200, body = Withdrawn), (status = 404, body = ProblemBody)))]
#[post("/me/consents/{purpose}/withdraw")]
async fn withdraw(app: Data<App>, caller: Caller, purpose: Path<String>) -> Answer {
    let purpose: ConsentPurpose = purpose.parse().map_err(|_| Problem::not_found())?;
    let person = caller.person.id;
    let withdrawn = app.stores.consents.withdraw(person, purpose, app.clock.now()).await?;
    // Asked again after an interruption, this goes on with the orders that are left.
    let orders = match ends_sharing(&caller.person, purpose) {
        true => app.orders.move_all_own(&caller.person, &Command::Unshare).await?,
        false => 0,
    };
    if purpose == ConsentPurpose::OrderedByOthers {
        end_delegations(&app, &caller).await?;
    }
    Ok(HttpResponse::Ok().json(Withdrawn { withdrawn, orders }))
}

/// Nobody orders for the person any more.
async fn end_delegations(app: &App, caller: &Caller) -> Result<(), Problem> {
    let (now, selves) = (app.clock.now(), caller.actor.selves().collect::<Vec<_>>());
    let mut slice = Slice { before: None, limit: 100 };
    loop {
        let page = app.stores.delegations.delegations_of(&selves, slice).await?;
        let Some(last) = page.last() else { return Ok(()) };
        slice.before = Some(last.delegation.id);
        for given in page.iter().filter(|d| selves.contains(&d.delegation.principal) && d.delegation.is_active(now)) {
            app.stores.delegations.end_delegation(given.delegation.id, &selves, now).await?;
        }
    }
}

fn ends_sharing(person: &Person, purpose: ConsentPurpose) -> bool {
    match purpose {
        ConsentPurpose::ShareContact => true,
        ConsentPurpose::ChildData => person.age_band == Some(AgeBand::Under14),
        ConsentPurpose::PrivacyPolicy | ConsentPurpose::OrderedByOthers => false,
    }
}
