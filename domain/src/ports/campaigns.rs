use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::campaign::{Campaign, CampaignSight, Household, Look, Outcome, Refusal, Share, Target, Totals, Visit};
use crate::ids::{CampaignId, HouseholdId, OrderId, PartnerId, PersonId, PlaceId};
use crate::notice::Notice;
use crate::people::Disclosure;
use crate::ports::{Answer, Commit, Fulfilled, Promised, Slice, StoreError};

/// One page of the campaigns in sight, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignQuery {
    pub sight: CampaignSight,
    pub order: Option<OrderId>,
    /// Only those that are open, or only those that are closed.
    pub open: Option<bool>,
    pub slice: Slice<CampaignId>,
}

/// One page of a campaign's households, by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdQuery {
    pub campaign: CampaignId,
    pub share: Share,
    pub stands: Option<Stands>,
    /// Numbers greater than this one.
    pub after: u32,
    pub limit: u16,
}

/// How a door stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// The latest visit ended so.
    Now(Outcome),
    /// Nobody was let in yet.
    Pending,
    /// Somebody knocked in this round; where an outcome is named, with this one.
    In(u8, Option<Outcome>),
    /// This round is the next one.
    Before(u8),
}

/// How the enlisting of doors ended. Everything but `Done` wrote nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Enlisted {
    /// The number of the first one.
    Done(u32),
    /// These doors are in the campaign already.
    Known(Vec<HouseholdId>),
    /// It was closed meanwhile.
    Closed,
    /// Others were enlisted meanwhile, and these would be too many.
    Full,
    /// The key of the answer was used by a request that committed first.
    KeyTaken,
}

/// How the writing of a visit ended. Everything but `Done` wrote nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Recorded {
    Done,
    /// Somebody else recorded this round, or the household was forgotten, meanwhile.
    Taken,
    Closed,
    /// A photo does not exist, is not the recorder's or belongs to something already.
    PhotoUnavailable,
    KeyTaken,
}

/// Which doors are given to a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    These(Vec<HouseholdId>),
    InCompound(PlaceId),
}

/// A household with all that was recorded of it, the first round first.
pub type Recount = (Household, Vec<Visit>);

/// Campaigns, their households and what was done there. Names, numbers, rooms, notes and findings lie locked.
#[async_trait]
pub trait CampaignStore: Send + Sync {
    /// Writes it with whom it tells of it. Ends as [`Commit::Done`] or [`Commit::KeyTaken`].
    async fn open(
        &self,
        campaign: &Campaign,
        notices: &[Notice],
        answer: Option<&Answer>,
    ) -> Result<Commit, StoreError>;

    async fn campaigns(&self, query: &CampaignQuery) -> Result<Vec<Campaign>, StoreError>;

    /// `None` where it does not exist *or is not in sight*.
    async fn find_campaign(&self, id: CampaignId, sight: &CampaignSight) -> Result<Option<Campaign>, StoreError>;

    /// Closes it in favour of the one who is first; `false` where it was closed before.
    async fn close(&self, id: CampaignId, by: PersonId, at: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Writes all of these doors, or none.
    async fn enlist(
        &self,
        campaign: CampaignId,
        targets: &[Target],
        answer: Option<&Answer>,
    ) -> Result<Enlisted, StoreError>;

    /// Like [`enlist`](Self::enlist), for those that are not in the campaign yet; how many of them there were.
    async fn enlist_new(
        &self,
        campaign: CampaignId,
        targets: &[Target],
        answer: Option<&Promised<'_, u32>>,
    ) -> Result<(Enlisted, u32), StoreError>;

    /// Gives doors to a partner that the campaign names still, or takes them back; says how many.
    async fn assign(
        &self,
        campaign: CampaignId,
        which: &Which,
        to: Option<PartnerId>,
        answer: Option<&Promised<'_, u64>>,
    ) -> Result<Result<Fulfilled<u64>, Refusal>, StoreError>;

    /// Takes a partner out of an open campaign, and its doors back. Ends as [`Commit::Done`] or [`Commit::KeyTaken`].
    async fn dismiss(
        &self,
        campaign: CampaignId,
        partner: PartnerId,
        answer: Option<&Answer>,
    ) -> Result<Result<Commit, Refusal>, StoreError>;

    async fn households(&self, query: &HouseholdQuery) -> Result<Vec<Household>, StoreError>;

    /// With its campaign; `None` where it does not exist *or the campaign does not let it be known*.
    async fn find_household(
        &self,
        id: HouseholdId,
        sight: &CampaignSight,
    ) -> Result<Option<(Campaign, Household)>, StoreError>;

    /// Writes the visit with its photos, where the round is still the household's next one.
    async fn record(&self, visit: &Visit, answer: Option<&Answer>) -> Result<Recorded, StoreError>;

    /// All visits of a household in sight, the first round first.
    async fn visits_of(&self, household: HouseholdId) -> Result<Vec<Visit>, StoreError>;

    /// Writes who looks, before anything is shown; for those among them who have an account, so that they can read it too.
    async fn note_look(&self, look: &Look, disclosures: &[Disclosure]) -> Result<(), StoreError>;

    /// For their own eyes: up to `limit` households that name one of these accounts of one person, newest campaign first.
    async fn naming(&self, persons: &[PersonId], limit: u16) -> Result<Vec<(Campaign, Recount)>, StoreError>;

    /// Counts of the campaign; nothing is unlocked.
    async fn totals(&self, campaign: &Campaign) -> Result<Totals, StoreError>;

    /// For the report: households by number, greater than `after`, with their visits.
    async fn recount(&self, campaign: CampaignId, after: u32, limit: u16) -> Result<Vec<Recount>, StoreError>;
}
