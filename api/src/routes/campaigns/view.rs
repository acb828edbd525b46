//! What clients see of a campaign. Names and numbers are masked wherever this is not a look that was written down.

use chrono::{DateTime, FixedOffset};
use domain::campaign::{Campaign, Door, Doors, Dweller, Household, Outcome, Standing, Totals};
use domain::people::{mask_name, mask_phone};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::names::Book;
use crate::view::local;

/// 专项行动
#[derive(Serialize, ToSchema)]
pub(super) struct CampaignView {
    pub id: Uuid,
    /// Out of which it grew.
    order_id: Uuid,
    community_id: Uuid,
    #[schema(example = "西苑社区")]
    community_name: Option<String>,
    #[schema(example = "敲门入户送安全")]
    title: String,
    purpose: String,
    items: Vec<CampaignItemView>,
    partners: Vec<CampaignPartnerView>,
    /// Enlisted so far.
    #[schema(example = 11)]
    households: u32,
    /// False once it is closed.
    open: bool,
    opened_at: DateTime<FixedOffset>,
    closed_at: Option<DateTime<FixedOffset>>,
}

#[derive(Serialize, ToSchema)]
struct CampaignItemView {
    #[schema(example = "烟感报警器")]
    name: String,
    #[schema(example = "个")]
    unit: String,
}

#[derive(Serialize, ToSchema)]
struct CampaignPartnerView {
    partner_id: Uuid,
    #[schema(example = "新华区消防救援大队")]
    partner_name: Option<String>,
    /// `all`: it may know of all doors. `assigned`: of those that are given to it.
    #[schema(value_type = String, example = "assigned")]
    doors: Doors,
}

impl CampaignView {
    pub fn new(book: &Book, campaign: &Campaign) -> Self {
        let item =
            |item: &domain::campaign::Item| CampaignItemView { name: item.name.clone(), unit: item.unit.clone() };
        let partner = |helper: &domain::campaign::Helper| CampaignPartnerView {
            partner_id: helper.partner.0,
            partner_name: book.partner(helper.partner).map(|partner| partner.name.clone()),
            doors: helper.doors,
        };
        Self {
            id: campaign.id.0,
            order_id: campaign.order.0,
            community_id: campaign.community.0,
            community_name: book.community_name(campaign.community),
            title: campaign.title.clone(),
            purpose: campaign.purpose.clone(),
            items: campaign.items.iter().map(item).collect(),
            partners: campaign.partners.iter().map(partner).collect(),
            households: campaign.households,
            open: campaign.is_open(),
            opened_at: local(campaign.opened_at),
            closed_at: campaign.closed.map(|closing| local(closing.at)),
        }
    }
}

/// One door. Names and numbers are masked; the room too, but for those who knock.
#[derive(Serialize, ToSchema)]
pub(super) struct HouseholdView {
    id: Uuid,
    /// In its campaign, from 1.
    number: u32,
    #[schema(example = "西苑小区")]
    compound: String,
    building: Option<String>,
    unit: Option<String>,
    #[schema(example = "3**")]
    room: Option<String>,
    people: Vec<HouseholdPersonView>,
    /// To whom the door is given.
    partner_id: Option<Uuid>,
    #[schema(example = "新华区消防救援大队")]
    partner_name: Option<String>,
    /// Visits so far.
    rounds: u8,
    /// How the latest one went: `visited`, `not_at_home` or `refused`.
    outcome: Option<&'static str>,
    #[schema(example = "家中无人")]
    outcome_text: Option<&'static str>,
    /// The round in which somebody comes next; null once somebody was let in.
    next_round: Option<u8>,
    /// What speaks of people was removed, because its time was over or they closed their accounts.
    forgotten: bool,
}

#[derive(Serialize, ToSchema)]
struct HouseholdPersonView {
    #[schema(example = "张**")]
    name: Option<String>,
    #[schema(example = "138****0000")]
    phone: Option<String>,
}

impl From<&Dweller> for HouseholdPersonView {
    fn from(dweller: &Dweller) -> Self {
        Self { name: dweller.name.as_deref().map(mask_name), phone: dweller.phone.as_deref().map(mask_phone) }
    }
}

impl HouseholdView {
    pub fn new(book: &Book, household: &Household, standing: Standing) -> Self {
        let address = household.door.as_ref().map(|Door { address, .. }| address.clone());
        let room = address.as_ref().and_then(|address| address.room.clone());
        Self {
            id: household.id.0,
            number: household.number,
            compound: book.tree().name(household.compound).to_owned(),
            building: address.as_ref().and_then(|address| address.building.clone()),
            unit: address.and_then(|address| address.unit),
            room: if standing.knocks() { room } else { room.as_deref().map(mask_name) },
            people: household.dwellers.iter().map(Into::into).collect(),
            partner_id: household.partner.map(Into::into),
            partner_name: household.partner.and_then(|id| book.partner(id)).map(|partner| partner.name.clone()),
            rounds: household.rounds,
            outcome: household.outcome.map(Into::into),
            outcome_text: household.outcome.map(Outcome::text),
            next_round: household.next_round().filter(|_| household.door.is_some()),
            forgotten: household.door.is_none(),
        }
    }
}

/// What a campaign has come to.
#[derive(Serialize, ToSchema)]
pub(super) struct CampaignTotalsView {
    #[schema(example = 11)]
    households: u32,
    /// Where the doors stand now.
    visited: u32,
    not_at_home: u32,
    refused: u32,
    /// Nobody has knocked there yet.
    untouched: u32,
    /// By round, as it was recorded.
    rounds: Vec<CampaignRoundView>,
    handed_out: Vec<HandedOutView>,
}

#[derive(Serialize, ToSchema)]
struct CampaignRoundView {
    round: u8,
    visited: u32,
    not_at_home: u32,
    refused: u32,
}

#[derive(Serialize, ToSchema)]
struct HandedOutView {
    #[schema(example = "烟感报警器")]
    item: String,
    #[schema(example = "个")]
    unit: String,
    #[schema(example = 11)]
    quantity: u64,
    /// Households that got some.
    households: u32,
}

impl From<&Totals> for CampaignTotalsView {
    fn from(totals: &Totals) -> Self {
        let round = |of: &domain::campaign::RoundTotals| CampaignRoundView {
            round: of.round,
            visited: of.visited,
            not_at_home: of.not_at_home,
            refused: of.refused,
        };
        let handed = |of: &domain::campaign::HandedOut| HandedOutView {
            item: of.item.clone(),
            unit: of.unit.clone(),
            quantity: of.quantity,
            households: of.households,
        };
        Self {
            households: totals.households,
            visited: totals.visited,
            not_at_home: totals.not_at_home,
            refused: totals.refused,
            untouched: totals.untouched(),
            rounds: totals.rounds.iter().map(round).collect(),
            handed_out: totals.handed_out.iter().map(handed).collect(),
        }
    }
}
