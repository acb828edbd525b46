use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web::Data;
use domain::campaign::{Campaign, Door, Dweller, MAX_DWELLERS, MAX_HOUSEHOLDS, Target, may_assign, may_enlist};
use domain::ids::{CampaignId, HouseholdId, PartnerId, PlaceId};
use domain::people::access::Operation;
use domain::ports::{Dwelling, Enlisted, Fulfilled, Promised, Slice};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::ChooseHouseholds;
use super::not_enlisted;
use crate::app::App;
use crate::extract::{Id, Post};
use crate::problem::{Answer, FieldError, Problem, ProblemBody};

/// Homes read in one go.
const PAGE: u16 = 500;

/// What was found.
#[derive(Serialize, ToSchema)]
struct ChosenView {
    /// Doors that joined the campaign.
    added: u32,
    /// Doors that were in it already.
    known: u32,
    /// Homes without a room, at whose door nobody can knock.
    without_room: u32,
}

/// Doors by home, so that each is enlisted once, whoever lives there.
#[derive(Default)]
struct Chosen {
    doors: BTreeMap<String, Target>,
    without_room: u32,
}

/// Enlist verified homes of the community: one household a home, not one a person. Chosen again, only new ones join.
#[utoipa::path(tag = "campaigns", security(("token" = [])), request_body = ChooseHouseholds,
    params(("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 200, body = ChosenView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "campaign_closed, campaign_full", body = ProblemBody), (status = 422, body = ProblemBody)))]
#[post("/campaigns/{id}/households/choose")]
pub(super) async fn choose(
    app: Data<App>,
    Id(id): Id<CampaignId>,
    Post { asking, body, .. }: Post<ChooseHouseholds>,
) -> Answer {
    let campaign = app.campaign(&asking.actor, Operation::CampaignsChoose, id).await?;
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    may_enlist(&campaign, 0)?;
    may_assign(&campaign, body.partner_id.map(PartnerId))?;
    let compounds = app.compounds(&campaign, &body.compound_ids).await?;
    let Chosen { doors, without_room } = app.homes(&campaign, &compounds, &body).await?;
    let targets: Vec<_> = doors.into_values().collect();
    let found = u32::try_from(targets.len()).unwrap_or(u32::MAX);
    let write = async |answer: Option<&Promised<'_, _>>| {
        let (ended, added) = app.stores.campaigns.enlist_new(id, &targets, answer).await?;
        match ended {
            Enlisted::Done(_) => Ok(Fulfilled::Done(added)),
            Enlisted::KeyTaken => Ok(Fulfilled::KeyTaken),
            Enlisted::Known(_) | Enlisted::Closed | Enlisted::Full => {
                Err(not_enlisted(&campaign, usize::try_from(added).unwrap_or(usize::MAX), &ended))
            }
        }
    };
    let view = |added: &u32| ChosenView { added: *added, known: found.saturating_sub(*added), without_room };
    app.answer_when_done(&asking, StatusCode::OK, view, write).await
}

impl App {
    /// Each must be one of the community's.
    async fn compounds(&self, campaign: &Campaign, ids: &[Uuid]) -> Result<Vec<PlaceId>, Problem> {
        let book = self.names.book().await?;
        let here: Vec<_> = book.tree().compounds_within(campaign.community.into()).map(|place| place.id).collect();
        let strangers = ids.iter().enumerate().filter(|(_, id)| !here.contains(&PlaceId(**id)));
        let detail = "不是本社区的小区，请从本社区的小区里选择";
        let errors =
            strangers.map(|(at, _)| FieldError { pointer: format!("/compound_ids/{at}"), detail: detail.into() });
        let errors: Vec<_> = errors.collect();
        if errors.is_empty() { Ok(ids.iter().copied().map(PlaceId).collect()) } else { Err(Problem::fields(errors)) }
    }

    async fn homes(
        &self,
        campaign: &Campaign,
        compounds: &[PlaceId],
        body: &ChooseHouseholds,
    ) -> Result<Chosen, Problem> {
        let (mut chosen, mut before) = (Chosen::default(), None);
        loop {
            let slice = Slice { before, limit: PAGE };
            let page = self.stores.residences.dwellings(campaign.community, compounds, slice).await?;
            let Some(last) = page.last() else { return Ok(chosen) };
            before = Some(last.home.id);
            let fits = |of: &Dwelling| {
                body.building.as_deref().is_none_or(|building| of.home.address.is_in_building(building))
            };
            for dwelling in page.into_iter().filter(fits) {
                chosen.add(dwelling, || HouseholdId(self.ids.at(self.clock.now())), body.partner_id.map(PartnerId));
            }
            // More doors than any campaign takes are not gathered to the end.
            if chosen.doors.len() > MAX_HOUSEHOLDS as usize {
                may_enlist(campaign, chosen.doors.len())?;
            }
        }
    }
}

impl Chosen {
    fn add(&mut self, of: Dwelling, id: impl FnOnce() -> HouseholdId, partner: Option<PartnerId>) {
        let Dwelling { home, name } = of;
        let (Some(compound), Some(door)) = (home.compound_id, home.address.home()) else {
            self.without_room += 1;
            return;
        };
        // The number stays in the account, and who may read it is asked at each look.
        let dweller = Dweller { person: Some(home.person), name, phone: None, note: None };
        let target = self.doors.entry(door).or_insert_with(|| Target {
            id: id(),
            compound,
            door: Door { address: home.address, note: None },
            dwellers: Vec::new(),
            partner,
        });
        let is_new = target.dwellers.iter().all(|known| known.person != dweller.person);
        if is_new && target.dwellers.len() < MAX_DWELLERS {
            target.dwellers.push(dweller);
        }
    }
}
