use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::people::Hat;
use crate::people::access::{Operation, permits_hat};

/// The names of all moves, as they stand in paths and in `allowed_actions`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Move {
    Accept,
    /// Somebody of the desk looked at the papers.
    Check,
    Refuse,
    Withdraw,
    Merge,
    /// Made by the program on the target of a merge; nobody asks for it by name.
    Absorb,
    Dispatch,
    /// Says in which grid it lies.
    Locate,
    Sign,
    Return,
    Visit,
    Complete,
    Recall,
    Rework,
    /// The handler says what the resident is to pay, before the work.
    Quote,
    AnswerQuote,
    Resolve,
    Rate,
    Reopen,
    Urge,
    Comment,
    /// The resident takes back that handlers may call.
    Unshare,
}

/// What a move is made on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upon {
    Order,
    /// One of the order's dispatches.
    Dispatch,
}

impl Move {
    /// A visit may be made either way: on a dispatch by its handler, on the order by those who sent nobody.
    pub fn is_made(self, upon: Upon) -> bool {
        match self {
            Self::Visit => true,
            Self::Sign
            | Self::Return
            | Self::Complete
            | Self::Recall
            | Self::Rework
            | Self::Quote
            | Self::AnswerQuote => upon == Upon::Dispatch,
            Self::Accept
            | Self::Check
            | Self::Refuse
            | Self::Withdraw
            | Self::Merge
            | Self::Absorb
            | Self::Dispatch
            | Self::Locate
            | Self::Resolve
            | Self::Rate
            | Self::Reopen
            | Self::Urge
            | Self::Comment
            | Self::Unshare => upon == Upon::Order,
        }
    }

    /// For people: 「接单」.
    pub fn text(self) -> &'static str {
        match self {
            Self::Accept => "接单",
            Self::Check => "核对材料",
            Self::Refuse => "不予受理",
            Self::Withdraw => "撤单",
            Self::Merge => "并单",
            Self::Absorb => "并入",
            Self::Dispatch => "派单",
            Self::Sign => "签收",
            Self::Return => "退单",
            Self::Locate => "划定网格",
            Self::Visit => "现场记录",
            Self::Complete => "完工",
            Self::Recall => "收回派单",
            Self::Rework => "要求返工",
            Self::Quote => "报价",
            Self::AnswerQuote => "答复报价",
            Self::Resolve => "办结",
            Self::Rate => "评价",
            Self::Reopen => "重办",
            Self::Urge => "催办",
            Self::Comment => "留言",
            Self::Unshare => "停止共享联系方式",
        }
    }
}

/// Who may make which move at all, as the table of access says; [`decide`](crate::order::decide) adds when.
pub fn permitted_hats(a_move: Move, upon: Upon) -> Vec<Hat> {
    use strum::IntoEnumIterator;
    // The two halves of a merge are made by the same hand.
    let operation = Operation::of(a_move, upon).unwrap_or(Operation::OrdersMerge);
    Hat::iter().filter(|hat| permits_hat(operation, *hat)).collect()
}
