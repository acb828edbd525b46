//! 代下单: who may order for whom.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use domain::ids::{CommunityId, DelegationId, PersonId};
use domain::people::access::Operation;
use domain::people::{
    Actor, Area, Delegation, Evidence, MAX_DELEGATION_DAYS, Offer, Resident, heard_code, mask_name, spoken_code,
};
use domain::ports::Named;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::residents::area_in;
use crate::app::App;
use crate::extract::{Caller, Cursor, Id, PageQuery, Post, Query, needed};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::{Page, local};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(offer).service(accept).service(list).service(end).service(record);
}

/// One person's consent that another orders for them.
#[derive(Serialize, ToSchema)]
pub struct DelegationView {
    id: Uuid,
    /// `given`: somebody orders for me. `received`: I order for somebody. `recorded`: staff wrote it down.
    #[schema(example = "received")]
    direction: &'static str,
    /// For whom is ordered: `on_behalf_of.person_id` of an order.
    principal_id: Uuid,
    /// The other one, masked.
    #[schema(example = "张**")]
    name: Option<String>,
    /// `in_app` or `recorded_by_staff`.
    #[schema(example = "in_app")]
    evidence: &'static str,
    #[schema(example = "本人在小程序里授权")]
    evidence_text: &'static str,
    given_at: DateTime<FixedOffset>,
    expires_at: DateTime<FixedOffset>,
    ended_at: Option<DateTime<FixedOffset>>,
    active: bool,
}

impl DelegationView {
    fn new(delegation: &Delegation, direction: &'static str, other: Option<&str>, now: DateTime<Utc>) -> Self {
        Self {
            id: delegation.id.0,
            direction,
            principal_id: delegation.principal.0,
            name: other.map(mask_name),
            evidence: delegation.evidence.into(),
            evidence_text: delegation.evidence.text(),
            given_at: local(delegation.given_at),
            expires_at: local(delegation.expires_at),
            ended_at: delegation.ended_at.map(local),
            active: delegation.is_active(now),
        }
    }

    /// As one of the two sees it.
    pub fn of(actor: &Actor, named: &Named, now: DateTime<Utc>) -> Self {
        let Named { delegation, principal, delegate } = named;
        if actor.is_self(delegation.principal) {
            Self::new(delegation, "given", delegate.as_deref(), now)
        } else {
            Self::new(delegation, "received", principal.as_deref(), now)
        }
    }
}

/// A code for the relative; it is told once.
#[derive(Serialize, ToSchema)]
struct OfferView {
    /// Works once. Takes the place of an earlier one that nobody accepted.
    #[schema(example = "7K2MZ-0QX9B")]
    code: String,
    expires_at: DateTime<FixedOffset>,
    /// How long the relative may order for me, from the acceptance on.
    days: u16,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfferBody {
    /// 1 to 365.
    #[garde(custom(how_long))]
    #[schema(example = 90)]
    days: u16,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptBody {
    #[garde(custom(needed("授权码", 20)))]
    #[schema(example = "7K2MZ-0QX9B")]
    code: String,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordBody {
    /// Somebody whose account staff keep.
    #[garde(skip)]
    principal_id: Uuid,
    /// Somebody with WeChat who lives in the community, or the grid worker herself.
    #[garde(skip)]
    delegate_id: Uuid,
    /// 1 to 365.
    #[garde(custom(how_long))]
    #[schema(example = 90)]
    days: u16,
    /// How the person agreed.
    #[garde(custom(needed("同意方式的说明", 200)))]
    #[schema(example = "入户时本人口头同意，女儿在场")]
    evidence_note: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "garde passes every field by reference")]
fn how_long<C>(days: &u16, _: &C) -> Result<(), garde::Error> {
    if (1..=MAX_DELEGATION_DAYS).contains(days) {
        return Ok(());
    }
    Err(garde::Error::new(format!("授权期限应在 1 到 {MAX_DELEGATION_DAYS} 天之间")))
}

/// Let somebody order for me: a code to give to one relative.
#[utoipa::path(tag = "delegations", security(("token" = [])), request_body = OfferBody,
    responses((status = 201, body = OfferView), (status = 422, body = ProblemBody)))]
#[post("/me/delegations")]
async fn offer(app: Data<App>, post: Post<OfferBody>) -> Answer {
    if let Some(answer) = app.replay(&post.asking).await? {
        return Ok(answer);
    }
    let offer = Offer { principal: post.asking.actor.person, days: post.body.days, made_at: app.clock.now() };
    let code = spoken_code(app.ids.salt());
    let view = OfferView { code: code.clone(), expires_at: local(offer.expires_at()), days: offer.days };
    let write = async |answer: Option<&_>| Ok(app.stores.delegations.offer(&code, &offer, answer).await?);
    app.answer_once(&post.asking, StatusCode::CREATED, &view, write).await
}

/// Take a relative's code: from now on I may order for them.
#[utoipa::path(tag = "delegations", security(("token" = [])), request_body = AcceptBody,
    responses((status = 201, body = DelegationView), (status = 409, description = "delegation_code_invalid", body = ProblemBody)))]
#[post("/me/delegations/accept")]
async fn accept(app: Data<App>, post: Post<AcceptBody>) -> Answer {
    if let Some(answer) = app.replay(&post.asking).await? {
        return Ok(answer);
    }
    let (now, actor) = (app.clock.now(), &post.asking.actor);
    // In the same words whether it never was, was used or has expired.
    let invalid = || Problem::new(Code::DelegationCodeInvalid, "授权码不对、已用过或已过期，请对方重新生成一个");
    let code = heard_code(&post.body.code).ok_or_else(invalid)?;
    let (found, name) = app.stores.delegations.find_offer(&code, now).await?.ok_or_else(invalid)?;
    if actor.is_self(found.principal) {
        return Err(Problem::field("/code", "这是您自己的授权码，请交给要替您下单的人"));
    }
    let delegation = found.accepted(DelegationId(app.ids.at(now)), actor.person, now);
    let view = DelegationView::new(&delegation, "received", name.as_deref(), now);
    let write =
        async |answer: Option<&_>| app.stores.delegations.accept(&code, &delegation, answer).await?.ok_or_else(invalid);
    app.answer_once(&post.asking, StatusCode::CREATED, &view, write).await
}

/// Who may order for me, and for whom I may order; newest first.
#[utoipa::path(tag = "delegations", security(("token" = [])), params(PageQuery),
    responses((status = 200, body = Page<DelegationView>)))]
#[get("/me/delegations")]
async fn list(app: Data<App>, caller: Caller, Query(query): Query<PageQuery>) -> Answer {
    let slice = Cursor::slice(query.cursor.as_deref(), query.limit)?;
    let selves: Vec<_> = caller.actor.selves().collect();
    let all = app.stores.delegations.delegations_of(&selves, slice).await?;
    let (all, next_cursor) = Cursor::cut(slice, all, |named| named.delegation.id.to_string());
    let now = app.clock.now();
    let items: Vec<_> = all.iter().map(|named| DelegationView::of(&caller.actor, named, now)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// End it, from either side, at once. Orders that were placed stay.
#[utoipa::path(tag = "delegations", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
#[delete("/me/delegations/{id}")]
async fn end(app: Data<App>, caller: Caller, Id(id): Id<DelegationId>) -> Answer {
    let selves: Vec<_> = caller.actor.selves().collect();
    if app.stores.delegations.end_delegation(id, &selves, app.clock.now()).await? {
        return Ok(HttpResponse::new(StatusCode::NO_CONTENT));
    }
    Err(Problem::not_found())
}

/// Write down that somebody without WeChat agreed; for staff of the place.
#[utoipa::path(tag = "delegations", security(("token" = [])), params(("id" = Uuid, Path)), request_body = RecordBody,
    responses((status = 201, body = DelegationView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/communities/{id}/delegations")]
async fn record(app: Data<App>, Id(community): Id<CommunityId>, post: Post<RecordBody>) -> Answer {
    let (now, actor, body) = (app.clock.now(), &post.asking.actor, &post.body);
    let area = area_in(actor, Operation::DelegationsRecord, community)?;
    if let Some(answer) = app.replay(&post.asking).await? {
        return Ok(answer);
    }
    let principal = app.principal(PersonId(body.principal_id), community, &area).await?;
    let delegate = app.delegate(PersonId(body.delegate_id), community, actor, &principal).await?;
    let delegation = Delegation {
        id: DelegationId(app.ids.at(now)),
        principal: principal.id,
        delegate,
        evidence: Evidence::RecordedByStaff,
        recorded_by: Some(actor.person),
        given_at: now,
        expires_at: now + TimeDelta::days(body.days.into()),
        ended_at: None,
    };
    let view = DelegationView::new(&delegation, "recorded", principal.name.as_deref(), now);
    let note = &body.evidence_note;
    let write = async |answer: Option<&_>| Ok(app.stores.delegations.record(&delegation, note, answer).await?);
    app.answer_once(&post.asking, StatusCode::CREATED, &view, write).await
}

impl App {
    /// Somebody in the area who cannot agree in the app.
    async fn principal(&self, id: PersonId, community: CommunityId, area: &Area) -> Result<Resident, Problem> {
        let refused = |detail| Problem::field("/principal_id", detail);
        let resident = self.stores.residents.find_resident(id, community, area).await?;
        let resident = resident.ok_or_else(|| refused("没有找到这位居民，请从居民名单里选择"))?;
        if resident.kept_by.is_none() {
            return Err(refused("这位居民有微信，请本人在小程序里授权"));
        }
        Ok(resident)
    }

    /// Somebody who can order: who lives in the community and has WeChat, or the grid worker who comes to the door.
    async fn delegate(
        &self,
        id: PersonId,
        community: CommunityId,
        actor: &Actor,
        principal: &Resident,
    ) -> Result<PersonId, Problem> {
        let refused = |detail| Problem::field("/delegate_id", detail);
        if actor.is_self(id) {
            let visits = principal.homes.iter().any(|home| actor.visits(community, home.compound_id));
            return if visits {
                Ok(id)
            } else {
                Err(refused("只有本网格的网格员可以登记由自己代下单"))
            };
        }
        let area = Area { communities: vec![community], ..Area::default() };
        let resident = self.stores.residents.find_resident(id, community, &area).await?;
        let can_order = resident.is_some_and(|resident| resident.kept_by.is_none());
        if can_order { Ok(id) } else { Err(refused("代办人应在本社区登记过住址，并使用微信登录")) }
    }
}
