//! 专项行动: from door to door.

mod body;
mod choose;
mod close;
mod dismiss;
mod dwellers;
mod households;
mod import;
mod list;
mod open;
mod report;
mod reveal;
mod view;
mod visit;

use domain::campaign::{Campaign, CampaignSight, Household, Standing, may_enlist};
use domain::deadline::day_in_shanghai;
use domain::ids::{CampaignId, HouseholdId};
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
        .service(dismiss::dismiss)
        .service(close::close)
        .service(report::report)
        .service(report::sheet);
}

impl App {
    /// What the actor may see of campaigns today: a unit that takes no dispatch now knows of no door either.
    async fn campaign_sight(&self, actor: &Actor, operation: Operation) -> Result<CampaignSight, Problem> {
        let sight = CampaignSight::of(actor, operation);
        if sight.partners.is_empty() {
            return Ok(sight);
        }
        let (book, today) = (self.names.book().await?, day_in_shanghai(self.clock.now()));
        let kept = self.stores.partners.particulars_of(&sight.partners).await?;
        let is_barred = |partner| kept.get(&partner).is_some_and(|kept| kept.terms.bar(today).is_some());
        let is_open = |partner| book.partner(partner).is_some_and(|partner| !partner.closed);
        Ok(sight.of_those_who_may_work(|partner| is_open(partner) && !is_barred(partner)))
    }

    /// A campaign that the actor reaches with `operation`; elsewhere there is none.
    async fn campaign(&self, actor: &Actor, operation: Operation, id: CampaignId) -> Result<Campaign, Problem> {
        let sight = self.campaign_sight(actor, operation).await?;
        self.stores.campaigns.find_campaign(id, &sight).await?.ok_or_else(Problem::not_found)
    }

    /// A door that the actor reaches with `operation`, and as what.
    async fn household(
        &self,
        actor: &Actor,
        operation: Operation,
        id: HouseholdId,
    ) -> Result<(Campaign, Household, Standing), Problem> {
        let sight = self.campaign_sight(actor, operation).await?;
        let found = self.stores.campaigns.find_household(id, &sight).await?;
        let (campaign, household) = found.ok_or_else(Problem::not_found)?;
        let standing = sight.standing(&campaign, &household).ok_or_else(Problem::not_found)?;
        Ok((campaign, household, standing))
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
