use chrono::{DateTime, Utc};

use crate::ids::{AttachmentId, CommunityId, DispatchId, OrderId, PartnerId, PersonId, PlaceId};
use crate::order::{Charge, HandlerRole, Move, OrderStatus, RefuseReason, ReturnReason, Taker, Upon, VisitReport};

/// What somebody wants done with an order that exists.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Accept {
        note: Option<String>,
    },
    /// What of the papers is still missing; nothing, where all were seen.
    Check {
        missing: Vec<String>,
        note: Option<String>,
    },
    Refuse {
        reason: RefuseReason,
        redirect_to: Option<String>,
    },
    Withdraw {
        reason: Option<String>,
    },
    Merge {
        into: MergeTarget,
    },
    /// The other half of a merge, made on the target together with it.
    Absorb {
        child: OrderId,
        child_number: String,
        followers: Vec<PersonId>,
    },
    Dispatch {
        id: DispatchId,
        partner: PartnerId,
        /// The partner as it stands now; `None` where there is no such partner.
        taker: Option<Taker>,
        role: HandlerRole,
        task: String,
        due_at: Option<DateTime<Utc>>,
        share_contact: bool,
        /// The desk sends it although nobody is on duty there, or its hands are full.
        despite_off_duty: bool,
    },
    Locate {
        grid: PlaceId,
        /// The community that the grid lies in; `None` where there is no such grid.
        of: Option<CommunityId>,
    },
    Sign {
        dispatch: DispatchId,
        /// When the handler means to come.
        visit_at: Option<DateTime<Utc>>,
    },
    Return {
        dispatch: DispatchId,
        reason: ReturnReason,
        note: String,
    },
    Visit {
        /// `None` where the desk or the grid worker went without having sent anybody.
        dispatch: Option<DispatchId>,
        /// When it took place; now, where nothing is said.
        at: Option<DateTime<Utc>>,
        report: VisitReport,
    },
    Complete {
        dispatch: DispatchId,
        result: String,
        photos: Vec<AttachmentId>,
        /// What it cost; nothing where nothing is said.
        charge: Option<Charge>,
    },
    Recall {
        dispatch: DispatchId,
        reason: String,
    },
    Rework {
        dispatch: DispatchId,
        reason: String,
    },
    Quote {
        dispatch: DispatchId,
        charge: Charge,
    },
    AnswerQuote {
        dispatch: DispatchId,
        /// Of the quote that was seen: 1, 2, 3 …
        number: usize,
        agreed: bool,
    },
    Resolve {
        result: String,
        photos: Vec<AttachmentId>,
        /// A picture of what the resident signed.
        signature: Option<AttachmentId>,
        override_reason: Option<String>,
        /// What it cost, where no handler has said it.
        charge: Option<Charge>,
    },
    Rate {
        solved: bool,
        satisfaction: u8,
        comment: Option<String>,
    },
    Reopen {
        reason: String,
    },
    Urge,
    Comment {
        text: String,
        photos: Vec<AttachmentId>,
    },
    Unshare,
}

/// What the rules need to know of the order that another one is merged into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeTarget {
    pub id: OrderId,
    pub number: String,
    pub community: CommunityId,
    pub requester: PersonId,
    pub sealed: bool,
    pub status: OrderStatus,
}

impl Command {
    pub fn name(&self) -> Move {
        match self {
            Self::Accept { .. } => Move::Accept,
            Self::Check { .. } => Move::Check,
            Self::Refuse { .. } => Move::Refuse,
            Self::Withdraw { .. } => Move::Withdraw,
            Self::Merge { .. } => Move::Merge,
            Self::Absorb { .. } => Move::Absorb,
            Self::Dispatch { .. } => Move::Dispatch,
            Self::Locate { .. } => Move::Locate,
            Self::Sign { .. } => Move::Sign,
            Self::Return { .. } => Move::Return,
            Self::Visit { .. } => Move::Visit,
            Self::Complete { .. } => Move::Complete,
            Self::Recall { .. } => Move::Recall,
            Self::Rework { .. } => Move::Rework,
            Self::Quote { .. } => Move::Quote,
            Self::AnswerQuote { .. } => Move::AnswerQuote,
            Self::Resolve { .. } => Move::Resolve,
            Self::Rate { .. } => Move::Rate,
            Self::Reopen { .. } => Move::Reopen,
            Self::Urge => Move::Urge,
            Self::Comment { .. } => Move::Comment,
            Self::Unshare => Move::Unshare,
        }
    }

    /// Whether it is made on the order or on one of its dispatches.
    pub fn upon(&self) -> Upon {
        match self {
            Self::Sign { .. }
            | Self::Return { .. }
            | Self::Visit { dispatch: Some(_), .. }
            | Self::Complete { .. }
            | Self::Recall { .. }
            | Self::Rework { .. }
            | Self::Quote { .. }
            | Self::AnswerQuote { .. } => Upon::Dispatch,
            Self::Accept { .. }
            | Self::Check { .. }
            | Self::Refuse { .. }
            | Self::Withdraw { .. }
            | Self::Merge { .. }
            | Self::Absorb { .. }
            | Self::Dispatch { .. }
            | Self::Locate { .. }
            | Self::Visit { dispatch: None, .. }
            | Self::Resolve { .. }
            | Self::Rate { .. }
            | Self::Reopen { .. }
            | Self::Urge
            | Self::Comment { .. }
            | Self::Unshare => Upon::Order,
        }
    }

    /// What a resident says with this move, which others may read.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Rate { comment, .. } => comment.as_deref(),
            Self::Withdraw { reason } => reason.as_deref(),
            Self::Reopen { reason } => Some(reason),
            Self::Comment { text, .. } => Some(text),
            Self::Accept { .. }
            | Self::Check { .. }
            | Self::Refuse { .. }
            | Self::Merge { .. }
            | Self::Absorb { .. }
            | Self::Dispatch { .. }
            | Self::Locate { .. }
            | Self::Sign { .. }
            | Self::Return { .. }
            | Self::Visit { .. }
            | Self::Complete { .. }
            | Self::Recall { .. }
            | Self::Rework { .. }
            | Self::Quote { .. }
            | Self::AnswerQuote { .. }
            | Self::Resolve { .. }
            | Self::Urge
            | Self::Unshare => None,
        }
    }

    /// Photos that become part of the order with this move.
    pub fn photos(&self) -> Vec<AttachmentId> {
        match self {
            Self::Resolve { photos, signature, .. } => photos.iter().chain(signature).copied().collect(),
            Self::Visit { report: VisitReport { photos, .. }, .. }
            | Self::Complete { photos, .. }
            | Self::Comment { photos, .. } => photos.clone(),
            Self::Accept { .. }
            | Self::Check { .. }
            | Self::Refuse { .. }
            | Self::Withdraw { .. }
            | Self::Merge { .. }
            | Self::Absorb { .. }
            | Self::Dispatch { .. }
            | Self::Locate { .. }
            | Self::Sign { .. }
            | Self::Return { .. }
            | Self::Recall { .. }
            | Self::Rework { .. }
            | Self::Quote { .. }
            | Self::AnswerQuote { .. }
            | Self::Rate { .. }
            | Self::Reopen { .. }
            | Self::Urge
            | Self::Unshare => Vec::new(),
        }
    }
}
