use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{CommunityId, PartnerId, PersonId};
use crate::order::Fen;

/// What is told. The words stand in [`words`](super::words): they name the service, never the resident's text.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
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
pub enum NoticeKind {
    /// To whoever ordered: it has arrived.
    Received,
    /// Somebody ordered for the person, who may take it back.
    OrderedForYou,
    Accepted,
    /// Papers have to be brought later.
    PapersMissing,
    /// Not taken, and where to go instead.
    Refused,
    /// To the resident: who does it. To the partner: there is something to do.
    Dispatched,
    /// When the partner comes.
    VisitPlanned,
    /// Somebody who waited for a seat has one.
    SeatFree,
    Resolved,
    Merged,
    Reopened,
    Comment,
    /// To the desk: an order waits to be accepted.
    NewOrder,
    /// Somebody may be in danger.
    Alarm,
    /// A partner gave its dispatch back.
    Returned,
    Completed,
    Withdrawn,
    Urged,
    NearDue,
    Overdue,
    /// To the partner: the dispatch is off.
    Recalled,
    /// To the partner: the work was not good enough.
    Reworked,
    /// To whose order was merged: the one into which it went ended with nothing done.
    TargetEnded,
    /// To the desk: somebody was reached by nothing and wants a call.
    CallNeeded,
    /// To the secretary, in the morning of a working day.
    Digest,
    /// To somebody who works or helps here: a matter was put into their hands.
    Entrusted,
    /// To a resident: the community asks them to take part in a matter that somebody else brought.
    Invited,
    /// When and where those whom it concerns meet.
    Meeting,
    MeetingMoved,
    /// Something was written down that needs the person's word.
    ConfirmNeeded,
    /// The day has come to ask how things went.
    FollowUpDue,
    /// To the parties: a case is closed.
    MediationEnded,
    /// To the resident: what the work would cost them.
    Quoted,
    /// To the partner: whether the resident agreed.
    QuoteAnswered,
    /// To the secretary and to the partner: one of its papers ends in thirty days.
    PaperNearEnd,
    /// It is the paper's last day.
    PaperEnds,
    /// To a partner: it goes along in a campaign.
    CampaignJoined,
    /// To those who take part: somebody else has the matter in hand.
    MediatorChanged,
    /// Somebody waited for a seat, and the date has begun or was closed.
    SeatNotFound,
    /// A booked date was changed for another one.
    SeatMoved,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "to", content = "id")]
pub enum Audience {
    Person(PersonId),
    /// Everybody who works for the partner.
    Partner(PartnerId),
    /// Those on duty in the community: its clerks and its secretary, of sealed matters and digests the secretary alone.
    Desk(CommunityId),
}

/// As what somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumString, IntoStaticStr, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Side {
    Resident,
    Partner,
    Desk,
}

impl Side {
    /// For staff: 「承办单位」.
    pub fn text(self) -> &'static str {
        match self {
            Self::Resident => "居民",
            Self::Partner => "承办单位",
            Self::Desk => "社区",
        }
    }
}

impl Audience {
    pub fn side(&self) -> Side {
        match self {
            Self::Person(_) => Side::Resident,
            Self::Partner(_) => Side::Partner,
            Self::Desk(_) => Side::Desk,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub kind: NoticeKind,
    pub audience: Audience,
    pub importance: super::Importance,
    /// The handler, where the notice is about a dispatch.
    pub partner: Option<PartnerId>,
    pub facts: Option<Facts>,
}

/// What the words need besides the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Facts {
    VisitAt {
        at: DateTime<Utc>,
    },
    MeetingAt {
        at: DateTime<Utc>,
        /// Which one of a case.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<u8>,
    },
    Quote {
        total: Fen,
    },
    QuoteAnswer {
        agreed: bool,
    },
    /// Of a partner's.
    Paper {
        kind: String,
        until: NaiveDate,
    },
    Campaign {
        title: String,
        community: String,
        from: NaiveDate,
    },
    /// What the service itself says, in at most 20 characters that everybody may read.
    Said {
        hint: String,
    },
    /// What lies on a community's desk.
    Desk {
        /// Not accepted yet.
        waiting: u32,
        /// Accepted or dispatched.
        open: u32,
        overdue: u32,
    },
}

impl Facts {
    /// Which meeting of a case it speaks of.
    pub fn session(&self) -> Option<u8> {
        match self {
            Self::MeetingAt { session, .. } => *session,
            Self::VisitAt { .. }
            | Self::Quote { .. }
            | Self::QuoteAnswer { .. }
            | Self::Paper { .. }
            | Self::Campaign { .. }
            | Self::Said { .. }
            | Self::Desk { .. } => None,
        }
    }
}
