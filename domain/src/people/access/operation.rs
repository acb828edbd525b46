use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::order::Move;

/// Everything that may be asked of the system, by the names that stand in `openapi.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Operation {
    SignInWechat,
    SignInRefresh,
    SignInLogout,
    MeMe,
    MeChangeMe,
    MeBindPhone,
    MeResidence,
    MeSubscriptions,
    MeDataAccess,
    CommunitiesList,
    CommunitiesOne,
    CommunitiesServices,
    CommunitiesPartners,
    AttachmentsUpload,
    AttachmentsOpen,
    OrdersList,
    OrdersAdvice,
    OrdersSubmit,
    OrdersOne,
    OrdersTimeline,
    OrdersAccept,
    OrdersRefuse,
    OrdersWithdraw,
    OrdersMerge,
    OrdersDispatch,
    OrdersResolve,
    OrdersRate,
    OrdersReopen,
    OrdersUrge,
    OrdersLeaveComment,
    OrdersReveal,
    DispatchesList,
    DispatchesOne,
    DispatchesSign,
    DispatchesReturn,
    DispatchesVisit,
    DispatchesComplete,
    DispatchesRecall,
    DispatchesRework,
    DispatchesReveal,
    OperationsHealthz,
    OperationsReadyz,
    OperationsFigures,
}

impl Operation {
    /// The operation by which people ask for a move; `None` for the one that nobody asks for.
    pub fn of(a_move: Move) -> Option<Self> {
        Some(match a_move {
            Move::Absorb => return None,
            Move::Accept => Self::OrdersAccept,
            Move::Refuse => Self::OrdersRefuse,
            Move::Withdraw => Self::OrdersWithdraw,
            Move::Merge => Self::OrdersMerge,
            Move::Dispatch => Self::OrdersDispatch,
            Move::Resolve => Self::OrdersResolve,
            Move::Rate => Self::OrdersRate,
            Move::Reopen => Self::OrdersReopen,
            Move::Urge => Self::OrdersUrge,
            Move::Comment => Self::OrdersLeaveComment,
            Move::Sign => Self::DispatchesSign,
            Move::Return => Self::DispatchesReturn,
            Move::Visit => Self::DispatchesVisit,
            Move::Complete => Self::DispatchesComplete,
            Move::Recall => Self::DispatchesRecall,
            Move::Rework => Self::DispatchesRework,
        })
    }

    /// What is done with one order is judged with that order before the eyes: a stranger is told that it does not exist,
    /// not that something is not theirs to do.
    pub fn is_judged_with_the_order(self) -> bool {
        self.is_move() || matches!(self, Self::OrdersReveal | Self::DispatchesReveal)
    }

    pub fn is_move(self) -> bool {
        use strum::IntoEnumIterator;
        Move::iter().any(|a_move| Self::of(a_move) == Some(self))
    }
}
