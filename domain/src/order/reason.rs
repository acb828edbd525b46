//! Coded reasons, required wherever a person is turned away.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// Why the community does not take an order (不予受理).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RefuseReason {
    /// Not a matter of the community.
    OutOfScope,
    /// A department must do it; it may not be pushed down.
    DepartmentDuty,
    /// Court, arbitration, discipline inspection, petition: there is a lawful route.
    LawfulRoute,
    /// One of the certificates that a community may not issue.
    CertificateNotIssued,
    /// Against the law or public order.
    Unlawful,
    /// The place lies in another community.
    OtherCommunity,
    /// Cannot be understood, and nobody could be asked.
    InsufficientInformation,
    Other,
}

impl RefuseReason {
    pub fn text(self) -> &'static str {
        match self {
            Self::OutOfScope => "不属于社区办理范围",
            Self::DepartmentDuty => "属于职能部门职责",
            Self::LawfulRoute => "应通过法定途径办理",
            Self::CertificateNotIssued => "社区依规不能开具该证明",
            Self::Unlawful => "诉求不符合法律法规或公序良俗",
            Self::OtherCommunity => "地点不在本社区",
            Self::InsufficientInformation => "信息不足，无法办理",
            Self::Other => "其他原因",
        }
    }
}

/// Why a partner sends a dispatch back (退单).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReturnReason {
    /// Not our trade or duty.
    OutOfScope,
    /// Not our area.
    OtherArea,
    /// Another unit must act first or instead.
    OtherUnit,
    /// Cannot be done from what the dispatch says.
    InsufficientInformation,
    /// Nobody let us in.
    NoAccess,
    /// No people or material before the due time.
    NoCapacity,
    Other,
}

impl ReturnReason {
    pub fn text(self) -> &'static str {
        match self {
            Self::OutOfScope => "不属于本单位职责",
            Self::OtherArea => "不在本单位负责区域",
            Self::OtherUnit => "需由其他单位办理",
            Self::InsufficientInformation => "派单信息不足",
            Self::NoAccess => "无法入户或到场",
            Self::NoCapacity => "人手或材料不足",
            Self::Other => "其他原因",
        }
    }
}
