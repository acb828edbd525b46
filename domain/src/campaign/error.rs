use thiserror::Error;

use super::{MAX_HELPERS, MAX_HOUSEHOLDS, MAX_ITEMS, MAX_PHOTOS, MAX_QUANTITY, MAX_ROUNDS, MAX_VISITORS};
use crate::order::OrderStatus;

/// Why something is not done with a campaign. The sentence is for the person who tried; [`Refusal::code`] is for programs,
/// and [`Refusal::pointer`] says which field it is about, where it is about one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("保密事项不能发起专项行动：行动的参与单位不应看到它")]
    SealedOrder,
    #[error("订单现在是「{}」，不能发起专项行动", .0.text())]
    OrderOver(OrderStatus),
    #[error("订单的内容已经删除，不能发起专项行动")]
    OrderErased,
    #[error("发放物品最多 {MAX_ITEMS} 种")]
    TooManyItems,
    #[error("物品「{name}」写了两次，请只留一次")]
    ItemTwice { at: usize, name: String },
    #[error("参与单位最多 {MAX_HELPERS} 个")]
    TooManyPartners,
    #[error("没有这个单位，请从本社区的名单里选择")]
    NoSuchPartner { at: usize },
    #[error("这个单位写了两次，请只留一次")]
    PartnerTwice { at: usize },
    #[error("专项行动已结束，不能再增加住户、登记走访或调整参与单位")]
    Closed,
    #[error("这个单位没有参加这次行动，请从行动的参与单位里选择")]
    NotNamed,
    #[error("一次专项行动最多 {MAX_HOUSEHOLDS} 户，现有 {have} 户，还要加 {more} 户；请分成几次行动")]
    TooManyHouseholds { have: u32, more: u32 },
    #[error("这一户的资料已经删除，不能再登记走访")]
    Forgotten,
    #[error("这一户第 {round} 轮已经登记过，一户一轮只登记一次")]
    RoundTaken { round: u8 },
    #[error("这一户已经入户，不需要再走访")]
    AlreadyVisited,
    #[error("这一户下一次是第 {next} 轮，不能登记第 {round} 轮")]
    WrongRound { round: u8, next: u8 },
    #[error("一户最多走访 {MAX_ROUNDS} 轮")]
    TooManyRounds,
    #[error("只有「已入户」才能登记发放物品")]
    NothingHandedOver,
    #[error("这次行动没有「{name}」，请从行动的物品里选择")]
    NoSuchItem { at: usize, name: String },
    #[error("「{name}」写了两次，请合在一起")]
    HandedTwice { at: usize, name: String },
    #[error("数量应在 1 到 {MAX_QUANTITY} 之间")]
    Quantity { at: usize },
    #[error("请附上签字或照片，作为「{name}」已发放的凭证")]
    NoProof { at: usize, name: String },
    #[error("一次走访最多 {MAX_PHOTOS} 张照片和签字")]
    TooManyPhotos,
    #[error("请填写参加走访的人员")]
    NobodyCame,
    #[error("走访人员最多 {MAX_VISITORS} 位")]
    TooManyVisitors,
    #[error("这个单位没有参加这次行动，请从行动的参与单位里选择")]
    PartnerNotNamed { at: usize },
    #[error("请写上本单位的走访人员；别人的走访由他们自己登记")]
    NotOneself,
}

impl Refusal {
    /// Stable; listed in the API's table of codes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SealedOrder | Self::OrderOver(_) => "campaign_impossible",
            Self::OrderErased => "order_erased",
            Self::Closed => "campaign_closed",
            Self::TooManyHouseholds { .. } => "campaign_full",
            Self::Forgotten | Self::AlreadyVisited | Self::WrongRound { .. } | Self::TooManyRounds => "visit_not_due",
            Self::RoundTaken { .. } => "visit_recorded",
            Self::TooManyItems
            | Self::ItemTwice { .. }
            | Self::TooManyPartners
            | Self::NoSuchPartner { .. }
            | Self::PartnerTwice { .. }
            | Self::NotNamed
            | Self::NothingHandedOver
            | Self::NoSuchItem { .. }
            | Self::HandedTwice { .. }
            | Self::Quantity { .. }
            | Self::NoProof { .. }
            | Self::TooManyPhotos
            | Self::NobodyCame
            | Self::TooManyVisitors
            | Self::PartnerNotNamed { .. }
            | Self::NotOneself => "invalid_fields",
        }
    }

    /// JSON pointer to the field.
    pub fn pointer(&self) -> Option<String> {
        Some(match self {
            Self::TooManyItems => "/items".to_owned(),
            Self::ItemTwice { at, .. } => format!("/items/{at}/name"),
            Self::TooManyPartners => "/partners".to_owned(),
            Self::NoSuchPartner { at } | Self::PartnerTwice { at } => format!("/partners/{at}/partner_id"),
            Self::NotNamed => "/partner_id".to_owned(),
            Self::NothingHandedOver => "/handed_out".to_owned(),
            Self::NoSuchItem { at, .. } | Self::HandedTwice { at, .. } => format!("/handed_out/{at}/item"),
            Self::Quantity { at } => format!("/handed_out/{at}/quantity"),
            Self::NoProof { at, .. } => format!("/handed_out/{at}/attachment_ids"),
            Self::TooManyPhotos => "/attachment_ids".to_owned(),
            Self::NobodyCame | Self::TooManyVisitors | Self::NotOneself => "/visitors".to_owned(),
            Self::PartnerNotNamed { at } => format!("/visitors/{at}/partner_id"),
            Self::SealedOrder
            | Self::OrderOver(_)
            | Self::OrderErased
            | Self::Closed
            | Self::TooManyHouseholds { .. }
            | Self::Forgotten
            | Self::RoundTaken { .. }
            | Self::AlreadyVisited
            | Self::WrongRound { .. }
            | Self::TooManyRounds => return None,
        })
    }
}
