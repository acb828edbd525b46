use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::{NoticeKind, Side};

/// How much a notice matters.
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
pub enum Importance {
    /// For the inbox alone: no right to a message is spent on it.
    Quiet,
    Ordinary,
    /// Somebody has to do something.
    Important,
    /// Day and night, whatever the person chose.
    Urgent,
}

/// When somebody of the desk calls because no message arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallRule {
    Never,
    /// Those who have no WeChat at all, and so no inbox that they could read.
    WithoutWechat,
    /// Everybody whom nothing reached.
    Unreached,
}

/// What a person wants on the phone. The inbox is written in any case.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
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
pub enum NoticeLevel {
    #[default]
    All,
    ImportantOnly,
    InboxOnly,
}

impl NoticeLevel {
    /// For people: what it means.
    pub fn text(self) -> &'static str {
        match self {
            Self::All => "有进展就通知您；22:00 至次日 7:00 不打扰，紧急情况除外",
            Self::ImportantOnly => "只通知需要您处理的重要事项，其余的请在小程序的消息里查看；紧急情况照常通知",
            Self::InboxOnly => "不再另行通知，请在小程序的消息里查看；紧急情况照常通知",
        }
    }

    /// What is urgent reaches everybody: somebody may be in danger.
    pub fn lets_through(self, importance: Importance) -> bool {
        match self {
            Self::All => importance >= Importance::Ordinary,
            Self::ImportantOnly => importance >= Importance::Important,
            Self::InboxOnly => importance >= Importance::Urgent,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nature {
    pub importance: Importance,
    pub call: CallRule,
    /// Several within a short time become one message: “3 个新订单”.
    pub folds: bool,
}

/// Which of an account's templates carries it. Accounts may have few, so that kinds share them.
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
pub enum Template {
    Accepted,
    Dispatched,
    Resolved,
    OrderedForYou,
    Alarm,
    /// To residents: everything else.
    Progress,
    /// To those who work: everything else.
    Task,
}

/// The table of natures.
#[rustfmt::skip]
pub fn nature(kind: NoticeKind, side: Side) -> Nature {
    use CallRule::{Never, Unreached, WithoutWechat};
    use Importance::{Important, Ordinary, Quiet, Urgent};
    let (importance, call, folds) = match (kind, side) {
        (NoticeKind::Received,      _)              => (Quiet,     Never,         false),
        (NoticeKind::OrderedForYou, _)              => (Ordinary,  WithoutWechat, false),
        (NoticeKind::Accepted,      _)              => (Ordinary,  Never,         false),
        (NoticeKind::PapersMissing, _)              => (Important, Unreached,     false),
        (NoticeKind::Refused,       _)              => (Important, Unreached,     false),
        (NoticeKind::Dispatched,    Side::Resident) => (Ordinary,  Never,         false),
        (NoticeKind::Dispatched,    _)              => (Important, Never,         true),
        (NoticeKind::VisitPlanned,  _)              => (Important, Unreached,     false),
        (NoticeKind::SeatFree,      _)              => (Important, Unreached,     false),
        (NoticeKind::Resolved,      _)              => (Ordinary,  WithoutWechat, false),
        (NoticeKind::Merged,        _)              => (Ordinary,  Never,         false),
        (NoticeKind::Reopened,      Side::Resident) => (Ordinary,  Never,         false),
        (NoticeKind::Reopened,      _)              => (Important, Never,         true),
        (NoticeKind::Comment,       _)              => (Ordinary,  Never,         true),
        (NoticeKind::NewOrder,      _)              => (Ordinary,  Never,         true),
        (NoticeKind::Alarm,         _)              => (Urgent,    Never,         false),
        (NoticeKind::Returned,      _)              => (Important, Never,         true),
        (NoticeKind::Completed,     _)              => (Ordinary,  Never,         true),
        (NoticeKind::Withdrawn,     _)              => (Quiet,     Never,         true),
        (NoticeKind::Urged,         _)              => (Important, Never,         true),
        (NoticeKind::NearDue,       _)              => (Ordinary,  Never,         true),
        (NoticeKind::Overdue,       _)              => (Important, Never,         true),
        (NoticeKind::Recalled,      _)              => (Important, Never,         true),
        (NoticeKind::Reworked,      _)              => (Important, Never,         true),
        (NoticeKind::TargetEnded,   _)              => (Important, Unreached,     false),
        (NoticeKind::CallNeeded,    _)              => (Important, Never,         true),
        (NoticeKind::Digest,        _)              => (Ordinary,  Never,         false),
        // Of sealed matters nobody but their mediator calls: the desk would learn who quarrels.
        (NoticeKind::Entrusted,     _)              => (Important, Never,         false),
        (NoticeKind::Invited,       _)              => (Important, Never,         false),
        (NoticeKind::Meeting,       _)              => (Important, Never,         false),
        (NoticeKind::MeetingMoved,  _)              => (Important, Never,         false),
        (NoticeKind::ConfirmNeeded, _)              => (Important, Never,         false),
        (NoticeKind::FollowUpDue,   _)              => (Ordinary,  Never,         false),
        (NoticeKind::MediationEnded, _)             => (Quiet,     Never,         false),
        // Nothing is bought before the resident has answered.
        (NoticeKind::Quoted,        _)              => (Important, Unreached,     false),
        (NoticeKind::QuoteAnswered, _)              => (Important, Never,         true),
        (NoticeKind::PaperNearEnd,  _)              => (Ordinary,  Never,         false),
        (NoticeKind::PaperEnds,     _)              => (Important, Never,         false),
        (NoticeKind::CampaignJoined, _)             => (Important, Never,         false),
        (NoticeKind::MediatorChanged, _)            => (Important, Never,         false),
        (NoticeKind::SeatNotFound,  _)              => (Important, Unreached,     false),
        // Who moved it knows; who serves it must.
        (NoticeKind::SeatMoved,     Side::Resident) => (Quiet,     Never,         false),
        (NoticeKind::SeatMoved,     Side::Partner)  => (Important, Never,         false),
        (NoticeKind::SeatMoved,     Side::Desk)     => (Ordinary,  Never,         false),
    };
    Nature { importance, call, folds }
}

pub fn template(kind: NoticeKind, side: Side) -> Template {
    match kind {
        NoticeKind::Accepted => Template::Accepted,
        NoticeKind::Dispatched => Template::Dispatched,
        NoticeKind::Resolved => Template::Resolved,
        NoticeKind::OrderedForYou => Template::OrderedForYou,
        NoticeKind::Alarm => Template::Alarm,
        NoticeKind::Received
        | NoticeKind::PapersMissing
        | NoticeKind::Refused
        | NoticeKind::VisitPlanned
        | NoticeKind::SeatFree
        | NoticeKind::SeatMoved
        | NoticeKind::Merged
        | NoticeKind::Reopened
        | NoticeKind::Comment
        | NoticeKind::NewOrder
        | NoticeKind::Returned
        | NoticeKind::Completed
        | NoticeKind::Withdrawn
        | NoticeKind::Urged
        | NoticeKind::NearDue
        | NoticeKind::Overdue
        | NoticeKind::Recalled
        | NoticeKind::Reworked
        | NoticeKind::TargetEnded
        | NoticeKind::CallNeeded
        | NoticeKind::Digest
        | NoticeKind::Entrusted
        | NoticeKind::Invited
        | NoticeKind::Meeting
        | NoticeKind::MeetingMoved
        | NoticeKind::ConfirmNeeded
        | NoticeKind::FollowUpDue
        | NoticeKind::MediationEnded
        | NoticeKind::Quoted
        | NoticeKind::QuoteAnswered
        | NoticeKind::PaperNearEnd
        | NoticeKind::PaperEnds
        | NoticeKind::CampaignJoined
        | NoticeKind::MediatorChanged
        | NoticeKind::SeatNotFound => match side {
            Side::Resident => Template::Progress,
            Side::Partner | Side::Desk => Template::Task,
        },
    }
}
