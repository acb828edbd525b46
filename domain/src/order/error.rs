use chrono::NaiveDate;
use thiserror::Error;

use crate::advice::Matter;
use crate::order::{Fen, Move, OrderStatus};

/// Why a move is not made. The sentence is for the person who tried; [`Refusal::code`] is for programs.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("您没有权限{}这个订单", .0.text())]
    NotPermitted(Move),
    #[error("订单现在是「{}」，不能{}", .status.text(), .a_move.text())]
    WrongState { a_move: Move, status: OrderStatus },
    #[error("没有找到这条派单")]
    NoSuchDispatch,
    #[error("这条派单{}，不能{}", .is, .a_move.text())]
    WrongDispatchState { a_move: Move, is: &'static str },
    #[error("没有这个承办单位，请从本社区的名单里选择")]
    NoSuchPartner,
    #[error("本社区没有这个网格，请从网格列表里选择")]
    NoSuchGrid,
    #[error("请先指定一个主办单位，再添加协办单位")]
    LeadMissing,
    #[error("已有主办单位；如需更换，请先收回原派单")]
    LeadExists,
    #[error("该单位已有一条办理中的派单，无需重复派")]
    PartnerBusy,
    #[error("该单位已于 {} 暂停派单（{reason}），请改派其他单位", written(*.since))]
    PartnerSuspended { since: NaiveDate, reason: String },
    #[error("该单位的{kind}已于 {} 到期，请先更新证照，或改派其他单位", written(*.until))]
    LicenceExpired { kind: String, until: NaiveDate },
    #[error("与该单位的共建协议已于 {} 到期，请先续签，或改派其他单位", written(*.until))]
    AgreementEnded { until: NaiveDate },
    #[error("与该单位的共建协议自 {} 起生效，请到时再派，或改派其他单位", written(*.from))]
    AgreementNotBegun { from: NaiveDate },
    #[error("该单位 {} 不在岗，请改派其他单位；确需派单，请填 despite_off_duty: true", written(*.today))]
    PartnerOffDuty { today: NaiveDate },
    #[error(
        "截至 {}，该单位在办的派单已满 {limit} 件，请改派其他单位；确需派单，请填 despite_off_duty: true",
        written(*.today)
    )]
    PartnerFull { limit: u16, today: NaiveDate },
    #[error("居民没有同意向承办单位提供联系方式，请改为由社区转达")]
    ContactNotAgreed,
    #[error("主办单位尚未完工；确需直接办结，请在 override_reason 中写明理由")]
    LeadNotCompleted,
    #[error("这项服务需由承办单位办理，请先派单；确需直接办结，请在 override_reason 中写明理由")]
    HandlerNeeded,
    #[error("这项服务办结时要有{0}，请补上；确实没有，请在 override_reason 中写明理由")]
    ProofMissing(&'static str),
    #[error("这项服务不收居民的工时费，请去掉工时费，只填写材料费")]
    LabourNotCharged,
    #[error("由志愿者承担的费用里不能有工时费，请去掉工时费")]
    LabourOfAVolunteer,
    #[error("报价只写由居民承担的费用；由社区或志愿者承担的，完工时填写即可")]
    QuotedForOthers,
    #[error("{}", not_agreed(*.agreed, *.said))]
    ChargeNotAgreed { agreed: Option<Fen>, said: Fen },
    #[error("承办单位已报告完工，费用以完工时填写的为准；如需更改，请先要求返工")]
    ChargeStated,
    #[error("报价已有变化，请看过最新的报价再答复")]
    QuoteChanged,
    #[error("这次报价已经答复过了；费用有变化的，请让承办单位重新报价")]
    QuoteAnswered,
    #[error("办结已超过 15 天，不能重办；问题还在的话，请重新下单")]
    ReopenTooLate,
    #[error("这个订单已重办两次，正在督办中，不能再次重办；请致电社区")]
    ReopenLimit,
    #[error("这一轮已经评价过了，一轮只能评价一次")]
    AlreadyRated,
    #[error("{}；如有需要社区办理的事，请去掉这部分内容再提交", Matter::Discipline.route())]
    DisciplineMatter,
    #[error("不能把订单并入它自己")]
    MergeIntoItself,
    #[error("两个订单不在同一个社区，不能并单")]
    MergeAcrossCommunities,
    #[error("保密事项只能与同一居民的同类订单并单，请分别办理")]
    MergeSealed,
    #[error("督办中的订单不能并入其他订单，请直接办结")]
    MergeSupervised,
    #[error("目标订单是「{}」，请并入一个还在办理的订单", .0.text())]
    MergeTargetClosed(OrderStatus),
    #[error("订单的内容已经删除，只留下办理经过，不能再操作")]
    Erased,
    #[error("现场记录的时间在将来，请改成实际到场的时间")]
    VisitInFuture,
    #[error("现场记录的时间早于下单，请改成实际到场的时间")]
    VisitBeforeOrder,
    #[error("这件事由调解员办理，不能{}；有要补充的，请在调解里说", .0.text())]
    UnderMediation(Move),
    #[error("调解还没有结束，请先结束调解，再办结订单")]
    MediationOpen,
    #[error("调解事项办结时不附照片，材料请留在调解里")]
    MediationProof,
    #[error("这个订单不是邻里纠纷调解，不能指定调解员")]
    NotForMediation,
    #[error("订单应是「已接单」，没有派出，也没有正在进行的调解，才能指定调解员")]
    NotToBeMediatedNow,
    #[error("这项服务不需要材料，不用核对")]
    NoPapers,
    #[error("办理这件事不收证件照片，请带原件到社区核验")]
    OriginalsOnly,
    #[error("当事人不能担任调解员，请另选一位")]
    MediatorIsParty,
}

impl Refusal {
    /// Stable; listed in the API's table of codes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPermitted(_) => "not_permitted",
            Self::WrongState { .. } => "wrong_state",
            Self::NoSuchDispatch => "not_found",
            Self::WrongDispatchState { .. } => "wrong_dispatch_state",
            Self::NoSuchPartner | Self::NoSuchGrid => "invalid_fields",
            Self::LeadMissing => "lead_missing",
            Self::LeadExists => "lead_exists",
            Self::PartnerBusy => "partner_busy",
            Self::PartnerSuspended { .. } => "partner_suspended",
            Self::LicenceExpired { .. } => "licence_expired",
            Self::AgreementEnded { .. } => "agreement_ended",
            Self::AgreementNotBegun { .. } => "agreement_not_begun",
            Self::PartnerOffDuty { .. } => "partner_off_duty",
            Self::PartnerFull { .. } => "partner_full",
            Self::ContactNotAgreed => "contact_not_agreed",
            Self::LeadNotCompleted => "lead_not_completed",
            Self::HandlerNeeded => "handler_needed",
            Self::ProofMissing(_) => "proof_missing",
            Self::LabourNotCharged => "labour_not_charged",
            Self::ChargeNotAgreed { .. } => "charge_not_agreed",
            Self::QuoteChanged => "quote_changed",
            Self::QuoteAnswered => "quote_answered",
            Self::ReopenTooLate => "reopen_too_late",
            Self::ReopenLimit => "reopen_limit",
            Self::AlreadyRated => "already_rated",
            Self::DisciplineMatter => "discipline_matter",
            Self::MergeIntoItself => "merge_into_itself",
            Self::MergeAcrossCommunities => "merge_across_communities",
            Self::MergeSealed => "merge_sealed",
            Self::MergeSupervised => "merge_supervised",
            Self::MergeTargetClosed(_) => "merge_target_closed",
            Self::Erased => "order_erased",
            Self::VisitInFuture
            | Self::VisitBeforeOrder
            | Self::MediationProof
            | Self::MediatorIsParty
            | Self::LabourOfAVolunteer
            | Self::QuotedForOthers
            | Self::ChargeStated
            | Self::OriginalsOnly => "invalid_fields",
            Self::UnderMediation(_) => "under_mediation",
            Self::MediationOpen => "mediation_open",
            Self::NotForMediation => "not_for_mediation",
            Self::NotToBeMediatedNow | Self::NoPapers => "wrong_state",
        }
    }
}

/// What a resident pays is said beforehand.
fn not_agreed(agreed: Option<Fen>, said: Fen) -> String {
    match agreed {
        None => format!("这笔 {said} 的费用居民还没有同意，请先报价，居民同意后再填写"),
        Some(agreed) => format!("居民同意的是 {agreed}，现在填的是 {said}；请重新报价，居民同意后再填写"),
    }
}

/// 「2026年11月23日」
fn written(day: NaiveDate) -> impl std::fmt::Display {
    day.format("%Y年%-m月%-d日")
}

/// A history that does not make an order.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReplayError {
    #[error("the history is empty")]
    Empty,
    #[error("the history does not start with a submission")]
    NoSubmission,
    #[error("event {found} follows version {version}")]
    Gap { version: i64, found: i64 },
    #[error("event {seq} names a dispatch that does not exist")]
    UnknownDispatch { seq: i64 },
}
