use chrono::{DateTime, FixedOffset};
use domain::campaign::{Campaign, Visit};
use domain::ids::OrderId;
use domain::people::Address;
use domain::ports::{DeliveryLine, Recount, SessionLine, SubscriptionLine};
use domain::wechat::{HeldRight, WechatAccount};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::routes::consents::ConsentView;
use crate::routes::data_access::DataAccessView;
use crate::routes::delegations::DelegationView;
use crate::routes::me::MembershipView;
use crate::routes::mediations::MediationView;
use crate::routes::residences::ResidenceView;
use crate::routes::volunteers::{CreditView, VolunteeringView};
use crate::view::{OrderView, PhotoView, TimelineItem, local};

/// What an export holds. Links to photos work for some minutes.
#[derive(Serialize, ToSchema)]
pub(super) struct Export {
    pub exported_at: DateTime<FixedOffset>,
    /// False where there is more than one file should hold: the community's office then hands over the rest.
    pub complete: bool,
    pub profile: ProfileView,
    pub residences: Vec<ResidenceView>,
    /// Who orders for me, and for whom I order.
    pub delegations: Vec<DelegationView>,
    /// Placed by me or for me, newest first.
    pub orders: Vec<ExportedOrder>,
    /// Quarrels in which I am a party, as far as I may see them.
    pub mediations: Vec<MediationView>,
    /// Photos that belong to no order yet.
    pub photos: Vec<PhotoView>,
    /// Where staff came, or mean to come, in a campaign from door to door.
    pub household_visits: Vec<ExportedHousehold>,
    pub consents: Vec<ConsentView>,
    /// Who saw my data in full.
    pub data_access: Vec<DataAccessView>,
    pub sessions: Vec<PastSessionView>,
    pub subscriptions: Vec<SubscriptionView>,
    /// What may be sent to the person.
    pub message_rights: Vec<RightView>,
    pub deliveries: Vec<DeliveryView>,
    /// What I offer as a volunteer, and the hours that I gave.
    pub volunteering: Vec<VolunteeringView>,
    pub volunteer_hours: Vec<CreditView>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct AccountView {
    pub app_id: String,
    pub openid: String,
}

/// What answers to prompts allow.
#[derive(Serialize, ToSchema)]
pub(super) struct RightView {
    pub app_id: String,
    pub template_id: String,
    /// Messages that single answers allow.
    pub left: u32,
    /// As many as there are, until it is taken back.
    pub standing: bool,
}

/// In full: it is the person's own.
#[derive(Serialize, ToSchema)]
pub(super) struct ProfileView {
    pub id: Uuid,
    #[schema(example = "王女士")]
    pub nickname: Option<String>,
    #[schema(example = "13800000000")]
    pub phone: Option<String>,
    pub age_band: Option<&'static str>,
    pub memberships: Vec<MembershipView>,
    /// In the main mini-program, or the first that the person uses.
    pub wechat_openid: Option<String>,
    /// In all of them.
    pub wechat_accounts: Vec<AccountView>,
    pub wechat_unionid: Option<String>,
    /// The account in WeCom, of those who work here.
    pub wecom_user_id: Option<String>,
    /// How much of what the person is told reaches the phone: `all`, `important_only` or `inbox_only`.
    #[schema(example = "all")]
    pub notice_level: &'static str,
    pub notice_level_text: &'static str,
    pub registered_at: DateTime<FixedOffset>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct ExportedOrder {
    pub order: OrderView,
    pub timeline: Vec<TimelineItem>,
}

/// A home of mine on the list of a campaign, and what was done there. Of others who live there it says nothing.
#[derive(Serialize, ToSchema)]
pub(super) struct ExportedHousehold {
    #[schema(example = "敲门入户送安全")]
    pub campaign: String,
    pub compound: Option<String>,
    pub building: Option<String>,
    pub unit: Option<String>,
    pub room: Option<String>,
    pub visits: Vec<ExportedVisit>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct ExportedVisit {
    pub round: u8,
    pub at: DateTime<FixedOffset>,
    #[schema(example = "已入户")]
    pub result: &'static str,
    pub findings: Option<String>,
    #[schema(example = json!(["烟感报警器 1"]))]
    pub handed_out: Vec<String>,
}

impl ExportedHousehold {
    pub fn new(campaign: Campaign, (household, visits): Recount) -> Self {
        let address = household.door.map(|door| door.address);
        let part = |part: fn(&Address) -> Option<String>| address.as_ref().and_then(part);
        Self {
            campaign: campaign.title,
            compound: part(|address| Some(address.compound.clone())),
            building: part(|address| address.building.clone()),
            unit: part(|address| address.unit.clone()),
            room: part(|address| address.room.clone()),
            visits: visits.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Visit> for ExportedVisit {
    fn from(visit: Visit) -> Self {
        let handed_out = visit.handed_out.iter().map(|handed| format!("{} {}", handed.item, handed.quantity));
        Self {
            round: visit.round,
            at: local(visit.at),
            result: visit.outcome.text(),
            findings: visit.findings,
            handed_out: handed_out.collect(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct PastSessionView {
    pub opened_at: DateTime<FixedOffset>,
    pub closed_at: Option<DateTime<FixedOffset>>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct SubscriptionView {
    pub template_id: String,
    pub accepted: bool,
    pub at: DateTime<FixedOffset>,
}

/// A message to me, and how it ended.
#[derive(Serialize, ToSchema)]
pub(super) struct DeliveryView {
    /// Null of a digest, which is about no order.
    pub order_id: Option<Uuid>,
    #[schema(example = "accepted")]
    pub kind: &'static str,
    /// `inbox`, `subscribe`, `service_account`, `wecom` or `call`.
    #[schema(example = "subscribe")]
    pub channel: &'static str,
    #[schema(example = "delivered")]
    pub state: &'static str,
    pub at: DateTime<FixedOffset>,
}

impl From<SessionLine> for PastSessionView {
    fn from(line: SessionLine) -> Self {
        Self { opened_at: local(line.opened_at), closed_at: line.closed_at.map(local) }
    }
}

impl From<WechatAccount> for AccountView {
    fn from(account: WechatAccount) -> Self {
        Self { app_id: account.app_id, openid: account.openid }
    }
}

impl From<HeldRight> for RightView {
    fn from(held: HeldRight) -> Self {
        let HeldRight { app_id, template_id, right } = held;
        Self { app_id, template_id, left: right.left, standing: right.standing }
    }
}

impl From<SubscriptionLine> for SubscriptionView {
    fn from(line: SubscriptionLine) -> Self {
        Self { template_id: line.template_id, accepted: line.accepted, at: local(line.at) }
    }
}

impl DeliveryView {
    /// `of_others`: orders that are not for the person, who is another party of their mediation.
    pub fn new(line: &DeliveryLine, of_others: &[OrderId]) -> Self {
        Self {
            order_id: line.order.filter(|order| !of_others.contains(order)).map(Into::into),
            kind: line.kind.into(),
            channel: line.channel.into(),
            state: line.state.name(),
            at: local(line.at),
        }
    }
}
