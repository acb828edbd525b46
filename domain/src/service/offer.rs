use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::{Form, Privacy};
use crate::attachment::MAX_PER_ORDER;
use crate::booking::BookingRule;
use crate::deadline::Urgency;
use crate::ids::{PartnerId, PlaceId};

/// What one version of a service says. Stored as JSON: a field that is added later has a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// 公共设施报修
    pub name: String,
    /// A path of the community's own words: `帮办/医保`.
    pub category: String,
    pub description: String,
    #[serde(default)]
    pub urgency: Urgency,
    #[serde(default)]
    pub privacy: Privacy,
    /// Who may order; never empty.
    #[serde(default = "everybody")]
    pub orderers: Vec<Orderer>,
    #[serde(default)]
    pub form: Option<Form>,
    /// What to bring or to have at hand: 「户口本原件」.
    #[serde(default)]
    pub papers: Vec<String>,
    /// Papers are shown in the office and given back: an order takes no pictures, so that no copy of an identity card is kept.
    #[serde(default)]
    pub originals_only: bool,
    /// An order comes with at least so many.
    #[serde(default)]
    pub photos: usize,
    /// Promised: resolved within so many working days; where it is not said, as the urgency says.
    #[serde(default)]
    pub resolve_days: Option<u32>,
    /// Whom the desk is offered first as lead.
    #[serde(default)]
    pub lead: Option<PartnerId>,
    /// Whom instead, where the order lies in this grid: compounds of one community have property companies of their own.
    #[serde(default)]
    pub grid_leads: BTreeMap<PlaceId, PartnerId>,
    /// The community may resolve it without a handler.
    #[serde(default = "yes")]
    pub community_resolves: bool,
    #[serde(default)]
    pub proof: Proof,
    #[serde(default)]
    pub closing: Closing,
    #[serde(default)]
    pub texts: Texts,
    /// 「20 元起」; free where nothing is said.
    #[serde(default)]
    pub price: Option<String>,
    /// It comes at a date that is booked.
    #[serde(default)]
    pub booking: Option<BookingRule>,
    /// In which published figure its resolved orders count.
    #[serde(default)]
    pub figure: Option<Figure>,
}

fn yes() -> bool {
    true
}

fn everybody() -> Vec<Orderer> {
    vec![Orderer::Resident, Orderer::GridWorker, Orderer::Staff]
}

/// Who may place such an order.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Orderer {
    /// Everybody who is signed in.
    Resident,
    GridWorker,
    /// The community's desk.
    Staff,
}

/// What must be there before such an order is resolved; a result in words always is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Proof {
    /// A picture of how it was: with the order, or of a visit.
    pub before_photo: bool,
    /// A picture of how it is now: with the completion or the result.
    pub after_photo: bool,
    /// A picture of what the resident signed.
    pub signature: bool,
}

/// What ends the matter for the resident.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Closing {
    /// The resident is asked whether it is solved.
    #[default]
    Confirm,
    /// The result is the end; whoever wishes may rate it.
    Auto,
}

/// What the service itself adds to messages, at most 20 characters each: 「请带户口本到居委会」.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Texts {
    pub accepted: Option<String>,
    pub resolved: Option<String>,
}

/// The figures that communities publish.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Figure {
    /// 办实事
    Matter,
    /// 帮办日常事务
    Errand,
    /// 化解邻里纠纷
    Dispute,
    /// 义务上门维修
    Repair,
}

impl Figure {
    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Matter => "办实事",
            Self::Errand => "帮办日常事务",
            Self::Dispute => "化解邻里纠纷",
            Self::Repair => "义务上门维修",
        }
    }
}

/// Something in an offer that cannot be; the pointer leads to it, the sentence is for whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferFault {
    pub pointer: &'static str,
    pub text: String,
}

/// Working days that may be promised; more is no promise.
const MAX_DAYS: u32 = 60;
/// Minutes of thirty days.
const MAX_AHEAD: u32 = 43_200;
const MAX_EACH: u32 = 20;
/// Characters of a message's line, by WeChat's rule.
const MAX_TEXT: usize = 20;

impl Offer {
    /// Without anything of its own: everybody may order, nothing is asked.
    pub fn plain(name: String, category: String, description: String, urgency: Urgency, privacy: Privacy) -> Self {
        Self {
            name,
            category,
            description,
            urgency,
            privacy,
            orderers: everybody(),
            form: None,
            papers: Vec::new(),
            originals_only: false,
            photos: 0,
            resolve_days: None,
            lead: None,
            grid_leads: BTreeMap::new(),
            community_resolves: true,
            proof: Proof::default(),
            closing: Closing::default(),
            texts: Texts::default(),
            price: None,
            booking: None,
            figure: None,
        }
    }

    /// Who is responsible for what lies in the grid; `None` is the community itself.
    pub fn lead_in(&self, grid: Option<PlaceId>) -> Option<PartnerId> {
        lead_in(&self.grid_leads, self.lead, grid)
    }

    /// What cannot be of the parts that hang together; lengths of single words are the caller's.
    pub fn faults(&self) -> Vec<OfferFault> {
        let mut faults = Vec::new();
        let mut fault = |is_wrong: bool, pointer, text: String| {
            if is_wrong {
                faults.push(OfferFault { pointer, text });
            }
        };
        fault(self.orderers.is_empty(), "/orderers", "请至少选择一类可以下单的人".into());
        fault(self.photos > MAX_PER_ORDER, "/photos", format!("照片最多要求 {MAX_PER_ORDER} 张"));
        let is_torn = self.originals_only && (self.photos > 0 || self.proof.before_photo);
        fault(is_torn, "/originals_only", "不收照片的服务不能要求上传照片".into());
        let days = self.resolve_days.unwrap_or(1);
        fault(!(1..=MAX_DAYS).contains(&days), "/resolve_days", format!("承诺期限应为 1 至 {MAX_DAYS} 个工作日"));
        let is_urgent = self.urgency == Urgency::Urgent && self.resolve_days.is_some();
        fault(is_urgent, "/resolve_days", "紧急服务按自然时间计时，请去掉工作日期限".into());
        let rule = self.booking.unwrap_or(BookingRule { lead_minutes: 0, move_minutes: 0, may_wait: false, each: 1 });
        let is_odd =
            rule.lead_minutes > MAX_AHEAD || rule.move_minutes > MAX_AHEAD || !(1..=MAX_EACH).contains(&rule.each);
        fault(is_odd, "/booking", "提前时间最多 30 天，每人同时可约 1 至 20 次".into());
        let is_long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.chars().count() > MAX_TEXT);
        for (text, pointer) in [(&self.texts.accepted, "/texts/accepted"), (&self.texts.resolved, "/texts/resolved")] {
            fault(is_long(text), pointer, format!("消息提示最多 {MAX_TEXT} 个字"));
        }
        let is_shown = self.privacy == Privacy::Sealed && self.texts != Texts::default();
        fault(is_shown, "/texts", "保密事项的消息不能带服务自己的提示，锁屏上别人也看得到".into());
        let is_sealed = self.privacy == Privacy::Sealed;
        fault(is_sealed && self.lead.is_some(), "/lead_partner_id", "保密事项不预设承办单位".into());
        fault(is_sealed && !self.grid_leads.is_empty(), "/grid_leads", "保密事项不预设承办单位".into());
        faults
    }
}

pub(super) fn lead_in(
    grid_leads: &BTreeMap<PlaceId, PartnerId>,
    lead: Option<PartnerId>,
    grid: Option<PlaceId>,
) -> Option<PartnerId> {
    grid.and_then(|grid| grid_leads.get(&grid).copied()).or(lead)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn plain() -> Offer {
        serde_json::from_str(r#"{ "name": "报修", "category": "报修", "description": "" }"#).expect("an offer")
    }

    #[test]
    fn an_old_offer_is_read_as_it_was_meant() {
        let offer = plain();
        assert_eq!(offer.orderers, [Orderer::Resident, Orderer::GridWorker, Orderer::Staff]);
        assert_eq!((offer.closing, offer.community_resolves, offer.photos), (Closing::Confirm, true, 0));
        assert_eq!(offer.faults(), []);
    }

    #[test]
    fn what_does_not_hang_together_is_named() {
        let text = |text: &str| Some(text.to_owned());
        let pointers = |offer: Offer| offer.faults().into_iter().map(|fault| fault.pointer).collect::<Vec<_>>();
        assert_eq!(pointers(Offer { orderers: Vec::new(), ..plain() }), ["/orderers"]);
        assert_eq!(pointers(Offer { photos: 10, ..plain() }), ["/photos"]);
        for days in [0, 61] {
            assert_eq!(pointers(Offer { resolve_days: Some(days), ..plain() }), ["/resolve_days"]);
        }
        let urgent = Offer { urgency: Urgency::Urgent, resolve_days: Some(1), ..plain() };
        assert_eq!(pointers(urgent), ["/resolve_days"]);
        let long =
            Texts { accepted: text("请带户口本和身份证到居委会一楼服务大厅办理"), resolved: None };
        assert_eq!(pointers(Offer { texts: long, ..plain() }), ["/texts/accepted"]);
        let seen = Texts { accepted: None, resolved: text("调解已完成") };
        assert_eq!(pointers(Offer { privacy: Privacy::Sealed, texts: seen, ..plain() }), ["/texts"]);
        let (grid, partner) = (PlaceId(Uuid::nil()), PartnerId(Uuid::nil()));
        let (privacy, grid_leads) = (Privacy::Sealed, BTreeMap::from([(grid, partner)]));
        assert_eq!(pointers(Offer { privacy, grid_leads, ..plain() }), ["/grid_leads"]);
    }

    #[test]
    fn a_grid_has_its_own_lead_or_that_of_everybody() {
        let [east, west] = [1, 2].map(|n| PlaceId(Uuid::from_u128(n)));
        let [ours, theirs] = [1, 2].map(|n| PartnerId(Uuid::from_u128(n)));
        let offer = Offer { lead: Some(ours), grid_leads: BTreeMap::from([(east, theirs)]), ..plain() };
        assert_eq!(offer.lead_in(Some(east)), Some(theirs));
        assert_eq!((offer.lead_in(Some(west)), offer.lead_in(None)), (Some(ours), Some(ours)));
        let stored = serde_json::to_string(&offer).expect("JSON");
        assert_eq!(serde_json::from_str::<Offer>(&stored).expect("an offer"), offer);
    }
}
