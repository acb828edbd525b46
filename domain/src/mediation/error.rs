use thiserror::Error;

use super::{INVITATION_DAYS, MAX_DAYS_AHEAD, MAX_PARTIES, MAX_SESSIONS, MAX_STATEMENTS, Status};

/// Why something is not done in a case. The sentence is for the person who tried; [`Refusal::code`] is for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("这一步由调解员来做")]
    ForTheMediator,
    #[error("这一步由当事人来做")]
    ForAParty,
    #[error("这一步由社区书记来做")]
    ForTheSecretary,
    #[error("调解现在是「{}」，不能这样做", .0.text())]
    WrongStatus(Status),
    #[error("没有这位当事人，请检查编号")]
    NoSuchParty,
    #[error("没有找到这次调解会")]
    NoSuchSession,
    #[error("这次调解会已经登记过了")]
    AlreadyHeld,
    #[error("调解会应在现在之后、{MAX_DAYS_AHEAD} 天以内")]
    MeetingTime,
    #[error("调解会的时间还没有到，开过之后再登记")]
    NotHeldYet,
    #[error("回访日期应在今天之后、{MAX_DAYS_AHEAD} 天以内")]
    FollowUpDay,
    #[error("没有约定回访，或已经登记过了")]
    NoFollowUp,
    #[error("这位当事人不参加调解")]
    Declined,
    #[error("这个人已经是当事人，或是本案的调解员，请换一个人")]
    IsPartyAlready,
    #[error("调解员不能是当事人，请另选一位")]
    MediatorIsParty,
    #[error("已经是这位调解员了")]
    SameMediator,
    #[error("不能指定自己做调解员，请另选一位")]
    OwnAppointment,
    #[error("这件事已经撤回或终止，调解只能结束")]
    OrderGone,
    #[error("调解要有两位以上当事人，请先邀请对方")]
    PartiesMissing,
    #[error("还有当事人没有确认协议")]
    NotAgreedByAll,
    #[error("邀请码不对、已用过，或已超过 {INVITATION_DAYS} 天，请向调解员重新要一个")]
    InvitationInvalid,
    #[error("一件调解最多 {MAX_PARTIES} 位当事人、{MAX_SESSIONS} 次调解会，每人最多陈述 {MAX_STATEMENTS} 次")]
    TooMuch,
}

impl Refusal {
    /// Stable; listed in the API's table of codes.
    pub fn code(self) -> &'static str {
        match self {
            Self::ForTheMediator | Self::ForAParty | Self::ForTheSecretary => "not_permitted",
            Self::WrongStatus(_)
            | Self::AlreadyHeld
            | Self::NotHeldYet
            | Self::NoFollowUp
            | Self::SameMediator
            | Self::OrderGone => "wrong_state",
            Self::NoSuchSession => "not_found",
            Self::NoSuchParty
            | Self::MeetingTime
            | Self::FollowUpDay
            | Self::Declined
            | Self::IsPartyAlready
            | Self::MediatorIsParty
            | Self::OwnAppointment => "invalid_fields",
            Self::PartiesMissing => "parties_missing",
            Self::NotAgreedByAll => "not_agreed_by_all",
            Self::InvitationInvalid => "mediation_code_invalid",
            Self::TooMuch => "mediation_full",
        }
    }

    /// JSON pointer of the field that is wrong, where it is one.
    pub fn pointer(self) -> Option<&'static str> {
        match self {
            Self::NoSuchParty | Self::Declined => Some("/party"),
            Self::MeetingTime => Some("/at"),
            Self::FollowUpDay => Some("/follow_up_on"),
            Self::IsPartyAlready => Some("/person_id"),
            Self::MediatorIsParty | Self::OwnAppointment => Some("/mediator_id"),
            Self::ForTheMediator
            | Self::ForAParty
            | Self::ForTheSecretary
            | Self::WrongStatus(_)
            | Self::NoSuchSession
            | Self::AlreadyHeld
            | Self::NotHeldYet
            | Self::NoFollowUp
            | Self::SameMediator
            | Self::OrderGone
            | Self::PartiesMissing
            | Self::NotAgreedByAll
            | Self::InvitationInvalid
            | Self::TooMuch => None,
        }
    }
}
