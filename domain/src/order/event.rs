use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumDiscriminants, EnumString, IntoStaticStr};

use crate::advice::Advice;
use crate::deadline::Due;
use crate::ids::{AttachmentId, CommunityId, DispatchId, OrderId, PersonId, PlaceId};
use crate::order::{
    ChainHash, Charge, Content, Dispatch, DispatchState, Mediation, MediationStep, Order, PapersCheck, Quote,
    QuoteAnswer, Rating, RefuseReason, ReplayError, Resolution, ReturnReason, State, Visit,
};
use crate::people::Hat;
use crate::place::Located;
use crate::service::Terms;

/// One line of an order's history. Never changed once written.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub order: OrderId,
    /// 1, 2, 3 … without gaps; equals the order's version after the event.
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub by: PersonId,
    pub hat: Hat,
    pub what: Happening,
}

/// What happened, with everything needed to rebuild the order from its history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EnumDiscriminants)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[strum_discriminants(
    name(EventKind),
    derive(Hash, Serialize, Deserialize, EnumString, IntoStaticStr, strum::Display, strum::EnumIter),
    serde(rename_all = "snake_case"),
    strum(serialize_all = "snake_case"),
    doc = "The names of events, as stored and as sent."
)]
pub enum Happening {
    Submitted {
        number: String,
        community: CommunityId,
        service_key: String,
        #[serde(default)]
        terms: Box<Terms>,
        #[serde(default)]
        sealed: bool,
        #[serde(default)]
        advice: Advice,
        content: Content,
        due: Due,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        located: Option<Located>,
    },
    Accepted {
        note: Option<String>,
    },
    Checked {
        missing: Vec<String>,
        note: Option<String>,
    },
    Refused {
        reason: RefuseReason,
        redirect_to: Option<String>,
    },
    Withdrawn {
        reason: Option<String>,
    },
    Merged {
        into: OrderId,
        into_number: String,
    },
    Absorbed {
        child: OrderId,
        child_number: String,
        followers: Vec<PersonId>,
    },
    Dispatched {
        dispatch: Dispatch,
    },
    /// Somebody of the desk said in which grid it lies.
    Located {
        grid: PlaceId,
    },
    Signed {
        dispatch: DispatchId,
        /// When the handler means to come; said again, it is another time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit_at: Option<DateTime<Utc>>,
    },
    Returned {
        dispatch: DispatchId,
        reason: ReturnReason,
        note: String,
    },
    Visited {
        /// `None` where the desk or the grid worker went by themselves.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dispatch: Option<DispatchId>,
        visit: Visit,
    },
    Completed {
        dispatch: DispatchId,
        result: String,
        proof: Vec<AttachmentId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        charge: Option<Charge>,
    },
    Recalled {
        dispatch: DispatchId,
        reason: String,
    },
    Reworked {
        dispatch: DispatchId,
        reason: String,
    },
    Quoted {
        dispatch: DispatchId,
        charge: Charge,
    },
    QuoteAnswered {
        dispatch: DispatchId,
        agreed: bool,
    },
    Resolved {
        result: String,
        proof: Vec<AttachmentId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<AttachmentId>,
        override_reason: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        charge: Option<Charge>,
    },
    Rated {
        solved: bool,
        satisfaction: u8,
        comment: Option<String>,
    },
    Reopened {
        reason: String,
    },
    Urged,
    Commented {
        text: String,
        photos: Vec<AttachmentId>,
    },
    Unshared,
    Mediated {
        #[serde(flatten)]
        step: MediationStep,
    },
}

impl Happening {
    /// The dispatch that it was made on.
    pub fn dispatch(&self) -> Option<DispatchId> {
        match self {
            Self::Dispatched { dispatch } => Some(dispatch.id),
            Self::Signed { dispatch, .. }
            | Self::Returned { dispatch, .. }
            | Self::Completed { dispatch, .. }
            | Self::Recalled { dispatch, .. }
            | Self::Reworked { dispatch, .. }
            | Self::Quoted { dispatch, .. }
            | Self::QuoteAnswered { dispatch, .. } => Some(*dispatch),
            Self::Visited { dispatch, .. } => *dispatch,
            Self::Submitted { .. }
            | Self::Accepted { .. }
            | Self::Checked { .. }
            | Self::Refused { .. }
            | Self::Withdrawn { .. }
            | Self::Merged { .. }
            | Self::Absorbed { .. }
            | Self::Located { .. }
            | Self::Resolved { .. }
            | Self::Rated { .. }
            | Self::Reopened { .. }
            | Self::Urged
            | Self::Commented { .. }
            | Self::Unshared
            | Self::Mediated { .. } => None,
        }
    }
}

/// Written on dispatches that the end of an order took away from their handlers.
const RECALLED_BY_WITHDRAWAL: &str = "居民已撤单";
const RECALLED_BY_RESOLUTION: &str = "订单已办结";

impl EventKind {
    /// Nobody handles the order after it.
    pub fn ends_the_work(self) -> bool {
        match self {
            Self::Withdrawn | Self::Resolved => true,
            Self::Submitted
            | Self::Accepted
            | Self::Checked
            | Self::Refused
            | Self::Merged
            | Self::Absorbed
            | Self::Dispatched
            | Self::Located
            | Self::Signed
            | Self::Returned
            | Self::Visited
            | Self::Completed
            | Self::Recalled
            | Self::Reworked
            | Self::Quoted
            | Self::QuoteAnswered
            | Self::Rated
            | Self::Reopened
            | Self::Urged
            | Self::Commented
            | Self::Unshared
            | Self::Mediated => false,
        }
    }
}

impl Order {
    /// Rebuilds an order from its whole history, oldest event first. The chain's head is left at its start.
    pub fn replay(events: &[Event]) -> Result<Self, ReplayError> {
        let (first, rest) = events.split_first().ok_or(ReplayError::Empty)?;
        let mut order = Self::from_submission(first)?;
        for event in rest {
            order.apply(event)?;
        }
        Ok(order)
    }

    pub(super) fn from_submission(event: &Event) -> Result<Self, ReplayError> {
        let Happening::Submitted { number, community, service_key, terms, sealed, advice, content, due, located } =
            &event.what
        else {
            return Err(ReplayError::NoSubmission);
        };
        if event.seq != 1 {
            return Err(ReplayError::Gap { version: 0, found: event.seq });
        }
        Ok(Self {
            id: event.order,
            number: number.clone(),
            community: *community,
            service_key: service_key.clone(),
            terms: terms.as_ref().clone(),
            requester: event.by,
            sealed: *sealed,
            advice: *advice,
            content: content.clone(),
            located: *located,
            submitted_at: event.at,
            due: due.clone(),
            accepted_at: None,
            round: 1,
            supervised: false,
            state: State::Submitted,
            dispatches: Vec::new(),
            visits: Vec::new(),
            papers: None,
            mediation: None,
            ratings: Vec::new(),
            followers: Vec::new(),
            urged_at: None,
            urges: 0,
            version: 1,
            head: ChainHash::START,
        })
    }

    /// Changes the order by one event. The only place where an order changes.
    pub fn apply(&mut self, event: &Event) -> Result<(), ReplayError> {
        if event.seq != self.version + 1 {
            return Err(ReplayError::Gap { version: self.version, found: event.seq });
        }
        self.version = event.seq;
        let at = event.at;
        match &event.what {
            Happening::Submitted { .. } => return Err(ReplayError::Gap { version: self.version, found: event.seq }),
            Happening::Accepted { .. } => {
                self.accepted_at.get_or_insert(at);
                self.state = State::Accepted;
            }
            Happening::Checked { missing, .. } => self.papers = Some(PapersCheck { at, missing: missing.clone() }),
            Happening::Refused { reason, redirect_to } => {
                self.state = State::Refused { reason: *reason, redirect_to: redirect_to.clone(), at };
            }
            Happening::Withdrawn { reason } => {
                self.recall_open(at, RECALLED_BY_WITHDRAWAL);
                self.state = State::Withdrawn { reason: reason.clone(), at };
            }
            Happening::Merged { into, into_number } => {
                self.state = State::Merged { into: *into, into_number: into_number.clone(), at };
            }
            Happening::Absorbed { followers, .. } => {
                let new = followers.iter().filter(|p| **p != self.requester);
                self.followers.extend(new);
                self.followers.sort_unstable();
                self.followers.dedup();
            }
            Happening::Dispatched { dispatch } => {
                self.dispatches.push(dispatch.clone());
                self.state = State::Dispatched;
            }
            Happening::Located { grid } => self.located = Some(Located::Person { grid: *grid }),
            Happening::Signed { dispatch, visit_at } => {
                let d = self.dispatch_mut(*dispatch, event.seq)?;
                d.state = DispatchState::Signed;
                d.signed_at.get_or_insert(at);
                d.visit_at = visit_at.or(d.visit_at);
            }
            Happening::Returned { dispatch, reason, note } => {
                let state = DispatchState::Returned { at, reason: *reason, note: note.clone() };
                self.dispatch_mut(*dispatch, event.seq)?.state = state;
                self.fall_back_if_nobody_is_left();
            }
            Happening::Visited { dispatch: Some(dispatch), visit } => {
                self.dispatch_mut(*dispatch, event.seq)?.visits.push(visit.clone());
            }
            Happening::Visited { dispatch: None, visit } => self.visits.push(visit.clone()),
            Happening::Completed { dispatch, result, proof, charge } => {
                let (result, proof, charge) = (result.clone(), proof.clone(), charge.clone());
                let state = DispatchState::Completed { at, result, proof, charge };
                self.dispatch_mut(*dispatch, event.seq)?.state = state;
            }
            Happening::Recalled { dispatch, reason } => {
                let state = DispatchState::Recalled { at, reason: reason.clone() };
                self.dispatch_mut(*dispatch, event.seq)?.state = state;
                self.fall_back_if_nobody_is_left();
            }
            Happening::Reworked { dispatch, .. } => {
                let d = self.dispatch_mut(*dispatch, event.seq)?;
                d.state = DispatchState::Signed;
                d.reworks = d.reworks.saturating_add(1);
            }
            Happening::Quoted { dispatch, charge } => {
                let quote = Quote { at, by: event.by, charge: charge.clone(), answer: None };
                self.dispatch_mut(*dispatch, event.seq)?.quotes.push(quote);
            }
            Happening::QuoteAnswered { dispatch, agreed } => {
                let answer = QuoteAnswer { agreed: *agreed, at, by: event.by, hat: event.hat };
                if let Some(quote) = self.dispatch_mut(*dispatch, event.seq)?.quotes.last_mut() {
                    quote.answer = Some(answer);
                }
            }
            Happening::Resolved { result, proof, signature, override_reason, charge } => {
                self.recall_open(at, RECALLED_BY_RESOLUTION);
                let resolution = Resolution {
                    at,
                    by: event.by,
                    result: result.clone(),
                    proof: proof.clone(),
                    signature: *signature,
                    override_reason: override_reason.clone(),
                    charge: charge.clone(),
                };
                self.state = State::Resolved { resolution };
            }
            Happening::Rated { solved, satisfaction, comment } => {
                let (solved, satisfaction, comment) = (*solved, *satisfaction, comment.clone());
                let by_proxy = self.content.on_behalf_of.is_some() && event.by == self.requester;
                self.ratings.push(Rating { round: self.round, solved, satisfaction, comment, by_proxy, at });
                if let Some(resolution) = self.resolution().cloned() {
                    self.state = State::Rated { resolution };
                }
            }
            Happening::Reopened { .. } => {
                self.round += 1;
                self.urged_at = None;
                self.supervised = self.reopens() >= super::MAX_REOPENS;
                self.state = State::Accepted;
            }
            Happening::Urged => {
                self.urges += 1;
                self.urged_at = Some(at);
            }
            Happening::Commented { .. } => {}
            Happening::Mediated { step } => self.mediation = Some(Mediation::after(self.mediation, *step)),
            Happening::Unshared => {
                if let Some(contact) = &mut self.content.contact {
                    contact.may_share = false;
                }
            }
        }
        Ok(())
    }

    fn dispatch_mut(&mut self, id: DispatchId, seq: i64) -> Result<&mut Dispatch, ReplayError> {
        self.dispatches.iter_mut().find(|d| d.id == id).ok_or(ReplayError::UnknownDispatch { seq })
    }

    fn recall_open(&mut self, at: DateTime<Utc>, reason: &str) {
        for d in self.dispatches.iter_mut().filter(|d| d.status().is_open()) {
            d.state = DispatchState::Recalled { at, reason: reason.to_owned() };
        }
    }

    /// The last handler left: the order lies on the desk again.
    fn fall_back_if_nobody_is_left(&mut self) {
        if self.live_dispatches().next().is_none() {
            self.state = State::Accepted;
        }
    }
}
