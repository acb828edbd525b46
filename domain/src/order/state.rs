use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::advice::Advice;
use crate::deadline::Due;
use crate::ids::{AttachmentId, CommunityId, DispatchId, OrderId, PartnerId, PersonId, PlaceId};
use crate::order::{
    ChainHash, Charge, Content, Dispatch, DispatchState, DispatchStatus, HandlerRole, Mediation, RefuseReason, Visit,
};
use crate::place::Located;
use crate::service::Terms;

#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub id: OrderId,
    /// For people: `XY-20261123-0042`.
    pub number: String,
    pub community: CommunityId,
    pub service_key: String,
    /// What the service promised and asked for when it was placed.
    pub terms: Terms,
    pub requester: PersonId,
    /// 保密事项: read by the secretary and by those whom it concerns, not by the rest of the community's desk.
    pub sealed: bool,
    /// What its words said when it was placed.
    pub advice: Advice,
    pub content: Content,
    /// In which grid of its community it lies, where that is known.
    pub located: Option<Located>,
    pub submitted_at: DateTime<Utc>,
    pub due: Due,
    /// When the community first took responsibility; the first clock stopped then.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Starts at 1 and grows with every reopening.
    pub round: u8,
    /// 督办: a higher level watches until it is solved.
    pub supervised: bool,
    pub state: State,
    pub dispatches: Vec<Dispatch>,
    /// On-site records of those who went without a dispatch, oldest first.
    pub visits: Vec<Visit>,
    /// What the desk last said of the papers.
    pub papers: Option<PapersCheck>,
    /// Where a mediator was appointed.
    pub mediation: Option<Mediation>,
    /// At most one a round, oldest first.
    pub ratings: Vec<Rating>,
    /// Requesters of orders merged into this one: they are told how it ends.
    pub followers: Vec<PersonId>,
    pub urged_at: Option<DateTime<Utc>>,
    pub urges: u32,
    /// Number of the latest event; grows by one with every move.
    pub version: i64,
    /// Hash of the latest event.
    pub head: ChainHash,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum State {
    Submitted,
    Accepted,
    Dispatched,
    Resolved { resolution: Resolution },
    Rated { resolution: Resolution },
    Refused { reason: RefuseReason, redirect_to: Option<String>, at: DateTime<Utc> },
    Withdrawn { reason: Option<String>, at: DateTime<Utc> },
    Merged { into: OrderId, into_number: String, at: DateTime<Utc> },
}

/// Somebody of the desk looked at the papers that were brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PapersCheck {
    pub at: DateTime<Utc>,
    /// Empty where all are there.
    pub missing: Vec<String>,
}

/// Where one of the papers stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PaperState {
    /// To be brought; nobody has looked yet.
    Needed,
    Missing,
    Seen,
}

/// The reported result (办结).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resolution {
    pub at: DateTime<Utc>,
    pub by: PersonId,
    pub result: String,
    pub proof: Vec<AttachmentId>,
    /// A picture of what the resident signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<AttachmentId>,
    /// Why the desk closed it although the lead had not completed, or something that the service asks for is missing.
    pub override_reason: Option<String>,
    /// What it cost, where no handler had said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<Charge>,
}

/// What the resident thinks of one round (评价).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    pub round: u8,
    pub solved: bool,
    /// 1 (very unsatisfied) to 5 (very satisfied).
    pub satisfaction: u8,
    pub comment: Option<String>,
    /// Given by somebody who ordered for another person; counted apart.
    pub by_proxy: bool,
    pub at: DateTime<Utc>,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OrderStatus {
    Submitted,
    Accepted,
    Dispatched,
    Resolved,
    Rated,
    Refused,
    Withdrawn,
    Merged,
}

impl OrderStatus {
    /// Nothing leaves these.
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Refused | Self::Withdrawn | Self::Merged => true,
            Self::Submitted | Self::Accepted | Self::Dispatched | Self::Resolved | Self::Rated => false,
        }
    }

    /// The community still owes an answer.
    pub fn is_open(self) -> bool {
        match self {
            Self::Submitted | Self::Accepted | Self::Dispatched => true,
            Self::Resolved | Self::Rated | Self::Refused | Self::Withdrawn | Self::Merged => false,
        }
    }

    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Submitted => "待接单",
            Self::Accepted => "已接单",
            Self::Dispatched => "已派单",
            Self::Resolved => "已办结",
            Self::Rated => "已评价",
            Self::Refused => "不予受理",
            Self::Withdrawn => "已撤单",
            Self::Merged => "已并单",
        }
    }
}

impl State {
    pub fn status(&self) -> OrderStatus {
        match self {
            Self::Submitted => OrderStatus::Submitted,
            Self::Accepted => OrderStatus::Accepted,
            Self::Dispatched => OrderStatus::Dispatched,
            Self::Resolved { .. } => OrderStatus::Resolved,
            Self::Rated { .. } => OrderStatus::Rated,
            Self::Refused { .. } => OrderStatus::Refused,
            Self::Withdrawn { .. } => OrderStatus::Withdrawn,
            Self::Merged { .. } => OrderStatus::Merged,
        }
    }
}

impl Order {
    pub fn status(&self) -> OrderStatus {
        self.state.status()
    }

    /// Placed by this person, or for this person.
    pub fn is_for(&self, person: PersonId) -> bool {
        self.requester == person || self.beneficiary() == Some(person)
    }

    /// Whether anybody has to bring papers for it: a broken kerb needs none.
    pub fn takes_papers(&self) -> bool {
        self.terms.originals_only || !self.terms.papers.is_empty()
    }

    /// The checklist: what the service asked for, and what else the desk found missing.
    pub fn papers(&self) -> Vec<(&str, PaperState)> {
        let asked = self.terms.papers.iter().map(String::as_str);
        let Some(check) = &self.papers else { return asked.map(|paper| (paper, PaperState::Needed)).collect() };
        let is_missing = |paper: &str| check.missing.iter().any(|missing| missing == paper);
        let more =
            check.missing.iter().map(String::as_str).filter(|paper| !self.terms.papers.iter().any(|p| p == paper));
        let state = |paper| if is_missing(paper) { PaperState::Missing } else { PaperState::Seen };
        asked.map(|paper| (paper, state(paper))).chain(more.map(|paper| (paper, PaperState::Missing))).collect()
    }

    /// The person for whom somebody else ordered, where that person is known here.
    pub fn beneficiary(&self) -> Option<PersonId> {
        self.content.on_behalf_of.as_ref().and_then(|whom| whom.person)
    }

    /// The resident agreed that handlers may call, and did not take it back.
    pub fn shares_contact(&self) -> bool {
        self.content.contact.as_ref().is_some_and(|contact| contact.may_share)
    }

    /// Nothing is left but the public facts. No move touches such an order.
    pub fn is_erased(&self) -> bool {
        self.content.erased.is_some()
    }

    /// A complaint about this partner.
    pub fn is_about(&self, partner: PartnerId) -> bool {
        self.content.about_partner == Some(partner)
    }

    /// The compound where it is, where that is one of the community's.
    pub fn compound(&self) -> Option<PlaceId> {
        self.content.place.as_ref().and_then(|place| place.compound_id)
    }

    /// The grid where it is, where that is known.
    pub fn grid(&self) -> Option<PlaceId> {
        self.located.and_then(Located::grid)
    }

    /// The result that stands now; none again after a reopening.
    pub fn resolution(&self) -> Option<&Resolution> {
        match &self.state {
            State::Resolved { resolution } | State::Rated { resolution } => Some(resolution),
            State::Submitted
            | State::Accepted
            | State::Dispatched
            | State::Refused { .. }
            | State::Withdrawn { .. }
            | State::Merged { .. } => None,
        }
    }

    /// The rating of the present round.
    pub fn rating(&self) -> Option<&Rating> {
        self.ratings.iter().find(|r| r.round == self.round)
    }

    pub fn reopens(&self) -> u8 {
        self.round.saturating_sub(1)
    }

    pub fn dispatch(&self, id: DispatchId) -> Option<&Dispatch> {
        self.dispatches.iter().find(|d| d.id == id)
    }

    /// Dispatches of this round that were neither returned nor recalled.
    pub fn live_dispatches(&self) -> impl Iterator<Item = &Dispatch> {
        self.dispatches.iter().filter(|d| d.round == self.round && d.status().is_live())
    }

    /// The one handler that answers for the whole, if there is one in this round.
    pub fn lead(&self) -> Option<&Dispatch> {
        self.live_dispatches().find(|d| d.role == HandlerRole::Lead)
    }

    pub fn lead_completed(&self) -> bool {
        self.lead().is_some_and(|d| d.status() == DispatchStatus::Completed)
    }

    /// A picture of how it was: with the order, or of a visit.
    pub fn has_before_photo(&self) -> bool {
        let of_visits = self.dispatches.iter().flat_map(|dispatch| &dispatch.visits).chain(&self.visits);
        !self.content.attachments.is_empty() || of_visits.into_iter().any(|visit| !visit.report.photos.is_empty())
    }

    /// A picture of what the lead did.
    pub fn has_completion_photo(&self) -> bool {
        self.lead().is_some_and(|lead| match &lead.state {
            DispatchState::Completed { proof, .. } => !proof.is_empty(),
            DispatchState::Sent
            | DispatchState::Signed
            | DispatchState::Returned { .. }
            | DispatchState::Recalled { .. } => false,
        })
    }

    /// Whether `partner` may look at this order: some dispatch of this round to it was neither returned nor recalled.
    pub fn holds_dispatch(&self, partner: PartnerId) -> bool {
        self.live_dispatches().any(|d| d.partner == partner)
    }

    /// The clock that runs now, for the list of what is overdue.
    pub fn next_due(&self) -> Option<DateTime<Utc>> {
        match self.status() {
            OrderStatus::Submitted => self.due.accept_by,
            OrderStatus::Accepted | OrderStatus::Dispatched => self.due.resolve_by,
            OrderStatus::Resolved
            | OrderStatus::Rated
            | OrderStatus::Refused
            | OrderStatus::Withdrawn
            | OrderStatus::Merged => None,
        }
    }
}
