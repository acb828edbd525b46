//! 专项行动: from door to door.

mod body;
mod choose;
mod close;
mod households;
mod import;
mod list;
mod open;
mod report;
mod reveal;
mod view;
mod visit;

use domain::campaign::{Campaign, CampaignSight, Household, Standing, may_enlist};
use domain::ids::{CampaignId, HouseholdId, PartnerId};
use domain::people::Actor;
use domain::people::access::Operation;
use domain::ports::Enlisted;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::problem::{Code, Problem};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(open::open)
        .service(list::list)
        .service(list::one)
        .service(list::totals)
        .service(households::households)
        .service(households::add)
        .service(households::assign)
        .service(import::import)
        .service(choose::choose)
        .service(visit::visit)
        .service(reveal::reveal)
        .service(close::close)
        .service(report::report)
        .service(report::sheet);
}

impl App {
    /// A campaign that the actor reaches with `operation`; elsewhere there is none.
    async fn campaign(&self, actor: &Actor, operation: Operation, id: CampaignId) -> Result<Campaign, Problem> {
        let sight = CampaignSight::of(actor, operation);
        self.stores.campaigns.find_campaign(id, &sight).await?.ok_or_else(Problem::not_found)
    }

    /// A door that the actor reaches with `operation`, and as what.
    async fn household(
        &self,
        actor: &Actor,
        operation: Operation,
        id: HouseholdId,
    ) -> Result<(Campaign, Household, Standing), Problem> {
        let sight = CampaignSight::of(actor, operation);
        let found = self.stores.campaigns.find_household(id, &sight).await?;
        let (campaign, household) = found.ok_or_else(Problem::not_found)?;
        let standing = sight.standing(&campaign, &household).ok_or_else(Problem::not_found)?;
        Ok((campaign, household, standing))
    }
}

/// Doors are given to partners that the campaign names.
fn is_named(campaign: &Campaign, partner: Option<PartnerId>) -> Result<(), Problem> {
    match partner {
        Some(partner) if campaign.helper(partner).is_none() => {
            Err(Problem::field("/partner_id", "这个单位没有参加这次行动，请从行动的参与单位里选择"))
        }
        Some(_) | None => Ok(()),
    }
}

/// What others did between the reading of the campaign and the writing.
fn not_enlisted(campaign: &Campaign, more: usize, ended: &Enlisted) -> Problem {
    match ended {
        Enlisted::Closed => domain::campaign::Refusal::Closed.into(),
        Enlisted::Known(_) => Problem::new(Code::HouseholdKnown, "这一户已经在名单里，不需要再加"),
        Enlisted::Full => match may_enlist(campaign, more) {
            Err(refusal) => refusal.into(),
            Ok(()) => Problem::new(Code::CampaignFull, "别人刚刚加了很多户，再加就超过上限了；请看过名单再试"),
        },
        Enlisted::Done(_) | Enlisted::KeyTaken => Problem::new(Code::Contended, "同样的请求正在处理，请稍后再试"),
    }
}
