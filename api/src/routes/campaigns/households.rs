use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use domain::campaign::{CampaignSight, Door, Household, Outcome, Target, household_of, may_assign, may_enlist};
use domain::ids::{CampaignId, HouseholdId, PartnerId, PlaceId};
use domain::people::access::Operation;
use domain::people::{Address, Hat};
use domain::ports::{Commit, Enlisted, HouseholdQuery, Promised, Slice, Stands, Which};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::body::{AddHousehold, AssignHouseholds};
use super::dwellers::Accounts;
use super::not_enlisted;
use super::view::HouseholdView;
use crate::app::App;
use crate::extract::{Caller, Cursor, Id, Limit, Post, Query};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::Page;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct HouseholdsQuery {
    /// Those at which somebody knocked in this round; with `outcome=pending` those at which this round is the next one.
    round: Option<u8>,
    /// `visited`, `not_at_home`, `refused` (of that round, or now) or `pending` (nobody was let in yet).
    outcome: Option<String>,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

impl HouseholdsQuery {
    fn stands(&self) -> Result<Option<Stands>, Problem> {
        let outcome = |name: &str| {
            let detail = "outcome 只能是 visited、not_at_home、refused 或 pending";
            name.parse::<Outcome>().map_err(|_| Problem::new(Code::BadRequest, detail))
        };
        Ok(match (self.round, self.outcome.as_deref()) {
            (None, None) => None,
            (None, Some("pending")) => Some(Stands::Pending),
            (None, Some(name)) => Some(Stands::Now(outcome(name)?)),
            (Some(round), Some("pending")) => Some(Stands::Before(round)),
            (Some(round), None) => Some(Stands::In(round, None)),
            (Some(round), Some(name)) => Some(Stands::In(round, Some(outcome(name)?))),
        })
    }
}

/// The doors that the caller may know of, by number. Each look at this list is written down.
#[utoipa::path(tag = "campaigns", security(("token" = [])), params(("id" = Uuid, Path), HouseholdsQuery),
    responses((status = 200, body = Page<HouseholdView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/campaigns/{id}/households")]
pub(super) async fn households(
    app: Data<App>,
    caller: Caller,
    Id(id): Id<CampaignId>,
    Query(query): Query<HouseholdsQuery>,
) -> Answer {
    let campaign = app.campaign(&caller.actor, Operation::CampaignsHouseholds, id).await?;
    let sight = app.campaign_sight(&caller.actor, Operation::CampaignsHouseholds).await?;
    let (stands, slice) = (query.stands()?, Cursor::slice::<u32>(query.cursor.as_deref(), query.limit)?);
    let Slice { before: after, limit } = slice;
    let wanted =
        HouseholdQuery { campaign: id, share: sight.share(&campaign), stands, after: after.unwrap_or_default(), limit };
    let found = app.stores.campaigns.households(&wanted).await?;
    let (found, next_cursor) = Cursor::cut(slice, found, |household| household.number.to_string());
    let book = app.names.book().await?;
    let standing = |household: &Household| sight.standing(&campaign, household);
    let is_veiled = found.iter().filter_map(standing).any(|standing| standing.hat == Hat::Partner);
    let accounts = if is_veiled { app.accounts(&found).await? } else { Accounts::default() };
    let view = |household: Household| {
        let standing = standing(&household)?;
        let dwellers = accounts.veil(household.dwellers, standing);
        Some(HouseholdView::new(&book, &Household { dwellers, ..household }, standing))
    };
    Ok(HttpResponse::Ok().json(Page { items: found.into_iter().filter_map(view).collect::<Vec<_>>(), next_cursor }))
}

/// Add one door.
#[utoipa::path(tag = "campaigns", security(("token" = [])), request_body = AddHousehold,
    params(("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 201, body = HouseholdView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "household_known, campaign_closed, campaign_full", body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/campaigns/{id}/households")]
pub(super) async fn add(
    app: Data<App>,
    Id(id): Id<CampaignId>,
    Post { asking, body, .. }: Post<AddHousehold>,
) -> Answer {
    let campaign = app.campaign(&asking.actor, Operation::CampaignsAdd, id).await?;
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    may_enlist(&campaign, 1)?;
    let book = app.names.book().await?;
    let compound = book.tree().compound_named(campaign.community, &body.compound);
    let compound = compound.ok_or_else(|| Problem::field("/compound", "不是本社区的小区，请从本社区的小区里选择"))?;
    let target = target(HouseholdId(app.ids.at(app.clock.now())), compound, campaign.community.into(), body);
    may_assign(&campaign, target.partner)?;
    let household = household_of(id, campaign.households + 1, target.clone());
    let sight = CampaignSight::of(&asking.actor, Operation::CampaignsAdd);
    let standing = sight.standing(&campaign, &household);
    let standing = standing.ok_or_else(|| Problem::field("/compound", "这个小区不在您的网格里，请从您的网格里选择"))?;
    let write = async |answer: Option<&_>| match app.stores.campaigns.enlist(id, &[target], answer).await? {
        Enlisted::Done(_) => Ok(Commit::Done),
        Enlisted::KeyTaken => Ok(Commit::KeyTaken),
        ended @ (Enlisted::Known(_) | Enlisted::Closed | Enlisted::Full) => Err(not_enlisted(&campaign, 1, &ended)),
    };
    app.answer_once(&asking, StatusCode::CREATED, &HouseholdView::new(&book, &household, standing), write).await
}

fn target(id: HouseholdId, compound: PlaceId, community: Uuid, body: AddHousehold) -> Target {
    let AddHousehold { compound: name, building, unit, room, people, note, partner_id } = body;
    let address =
        Address { community_id: community.into(), compound: name.trim().to_owned(), building, unit, room: Some(room) };
    Target {
        id,
        compound,
        door: Door { address, note },
        dwellers: people.into_iter().map(Into::into).collect(),
        partner: partner_id.map(PartnerId),
    }
}

/// How many doors were given.
#[derive(Serialize, ToSchema)]
struct AssignedView {
    assigned: u64,
}

/// Give doors to a partner, or take them back.
#[utoipa::path(tag = "campaigns", security(("token" = [])), request_body = AssignHouseholds,
    params(("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 200, body = AssignedView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "campaign_closed", body = ProblemBody), (status = 422, body = ProblemBody)))]
#[post("/campaigns/{id}/assign")]
pub(super) async fn assign(
    app: Data<App>,
    Id(id): Id<CampaignId>,
    Post { asking, body, .. }: Post<AssignHouseholds>,
) -> Answer {
    let campaign = app.campaign(&asking.actor, Operation::CampaignsAssign, id).await?;
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let partner = body.partner_id.map(PartnerId);
    may_assign(&campaign, partner)?;
    let which = match (body.household_ids, body.compound_id) {
        (Some(ids), None) => Which::These(ids.into_iter().map(HouseholdId).collect()),
        (None, Some(compound)) => Which::InCompound(PlaceId(compound)),
        (Some(_), Some(_)) | (None, None) => {
            return Err(Problem::field("/household_ids", "请选择住户，或者选择一个小区，二者选一"));
        }
    };
    let write =
        async |answer: Option<&Promised<'_, _>>| Ok(app.stores.campaigns.assign(id, &which, partner, answer).await??);
    app.answer_when_done(&asking, StatusCode::OK, |assigned| AssignedView { assigned: *assigned }, write).await
}
