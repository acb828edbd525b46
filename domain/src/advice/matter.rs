use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::Call;
use super::call::{COURTS, DISCIPLINE, GOVERNMENT, LABOUR, LEGAL_AID, POLICE};
use crate::order::RefuseReason;

/// What is not a community's to decide (国办函〔2025〕66号): there is a lawful route, or no route at all.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Matter {
    /// 纪检监察: may not even enter the community's queue, where those may read it whom it is about.
    Discipline,
    Litigation,
    Arbitration,
    AdministrativeReview,
    InformationDisclosure,
    /// 信访: another office has it in hand.
    Petition,
    /// Somebody wants to know who or where another person is.
    PersonalData,
    Unlawful,
}

impl Matter {
    /// For people: 「诉讼事项」.
    pub fn text(self) -> &'static str {
        match self {
            Self::Discipline => "纪检监察举报",
            Self::Litigation => "诉讼事项",
            Self::Arbitration => "仲裁事项",
            Self::AdministrativeReview => "行政复议事项",
            Self::InformationDisclosure => "政府信息公开申请",
            Self::Petition => "信访事项",
            Self::PersonalData => "查询他人信息",
            Self::Unlawful => "不合法的要求",
        }
    }

    /// Where to go instead. Also what the desk may send to the resident with its refusal.
    pub fn route(self) -> &'static str {
        match self {
            // 监察法, art. 35; the number and the site are the Central Commission's own.
            Self::Discipline => {
                "反映干部违纪违法，请拨打 12388，或登录 www.12388.gov.cn 向纪检监察机关举报，社区无权受理，您写的内容没有保存"
            }
            // 民事诉讼法: appeal within 15 days of a judgment, retrial within 6 months, execution within 2 years.
            Self::Litigation => {
                "法院审理过或正在审理的事，请走法律程序：可以上诉、申请再审或申请强制执行，咨询请拨打 12368 或 12348"
            }
            // 劳动争议调解仲裁法, art. 50: 15 days after the award.
            Self::Arbitration => "劳动争议请找劳动人事争议仲裁委员会，不服裁决可在 15 日内向法院起诉，咨询请拨打 12333",
            // 行政复议法 (2024), art. 20: 60 days.
            Self::AdministrativeReview => {
                "不服行政机关的决定，请在知道之日起 60 日内向行政复议机关申请复议，咨询请拨打 12348"
            }
            // 政府信息公开条例 (2019), art. 27 and 33.
            Self::InformationDisclosure => {
                "请向制作或保存这项信息的行政机关提出公开申请，机关一般在 20 个工作日内答复，咨询请拨打 12345"
            }
            // 信访工作条例 (2022), art. 35: a review may be asked for within 30 days of the written answer.
            Self::Petition => {
                "已经信访的事由受理机关答复，进度请向该机关或在国家信访局网上信访平台查询；不服答复可在 30 日内申请复查"
            }
            // 个人信息保护法, art. 10 and 25; 公共安全视频图像信息系统管理条例 (2025).
            Self::PersonalData => {
                "他人的姓名、电话、住址和监控录像受法律保护，社区不能提供；可以请社区转达，涉及违法请报警由公安机关调取"
            }
            Self::Unlawful => "这个要求不符合法律规定，社区不能办理；需要了解合法的办法，请拨打 12348",
        }
    }

    pub fn calls(self) -> &'static [Call] {
        match self {
            Self::Discipline => &[DISCIPLINE],
            Self::Litigation => &[COURTS, LEGAL_AID],
            Self::Arbitration => &[LABOUR, LEGAL_AID],
            Self::AdministrativeReview | Self::Unlawful => &[LEGAL_AID],
            Self::InformationDisclosure => &[GOVERNMENT],
            Self::Petition => &[],
            Self::PersonalData => &[POLICE],
        }
    }

    /// The others are taken, so that a person and not a table of words turns them away, and a record is kept.
    pub fn may_submit(self) -> bool {
        match self {
            Self::Discipline => false,
            Self::Litigation
            | Self::Arbitration
            | Self::AdministrativeReview
            | Self::InformationDisclosure
            | Self::Petition
            | Self::PersonalData
            | Self::Unlawful => true,
        }
    }

    /// With which reason the desk would refuse it.
    pub fn refuse_reason(self) -> RefuseReason {
        match self {
            Self::PersonalData | Self::Unlawful => RefuseReason::Unlawful,
            Self::Discipline
            | Self::Litigation
            | Self::Arbitration
            | Self::AdministrativeReview
            | Self::InformationDisclosure
            | Self::Petition => RefuseReason::LawfulRoute,
        }
    }
}
