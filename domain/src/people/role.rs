use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// A role held at a place. Everybody who signed in is a resident besides.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
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
pub enum Role {
    /// 居民
    Resident,
    /// 网格员
    GridWorker,
    /// 接访员
    IntakeClerk,
    /// 书记
    Secretary,
    /// 承办单位人员
    PartnerStaff,
    /// 志愿者
    Volunteer,
    /// 兴趣班班长
    ClassMonitor,
    /// 红娘
    Matchmaker,
    /// 街道督办人员
    Supervisor,
    /// 系统管理员: keeps places, organisations and people; sees no orders.
    Administrator,
}

impl Role {
    /// May be appointed to mediate between neighbours of the place: those who work or help there.
    pub fn may_mediate(self) -> bool {
        match self {
            Self::GridWorker | Self::IntakeClerk | Self::Secretary | Self::PartnerStaff | Self::Volunteer => true,
            Self::Resident | Self::ClassMonitor | Self::Matchmaker | Self::Supervisor | Self::Administrator => false,
        }
    }

    /// For people: 「接访员」.
    pub fn text(self) -> &'static str {
        match self {
            Self::Resident => "居民",
            Self::GridWorker => "网格员",
            Self::IntakeClerk => "接访员",
            Self::Secretary => "书记",
            Self::PartnerStaff => "承办单位人员",
            Self::Volunteer => "志愿者",
            Self::ClassMonitor => "兴趣班班长",
            Self::Matchmaker => "红娘",
            Self::Supervisor => "街道督办人员",
            Self::Administrator => "系统管理员",
        }
    }
}
