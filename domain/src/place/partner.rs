use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::Tree;
use crate::ids::{PartnerId, PlaceId};

/// An organisation of the neighbourhood (共建单位): an office, or a unit that takes dispatches (承办单位).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    pub id: PartnerId,
    /// Where it works: mostly a community.
    pub place_id: PlaceId,
    pub kind: PartnerKind,
    pub name: String,
    /// 统一社会信用代码, where it has one.
    pub uscc: Option<String>,
    /// Takes no more dispatches and no more people; what it did stays.
    pub closed: bool,
}

impl Partner {
    /// Open, and at home in the place or in one that it lies in.
    pub fn works_in(&self, place: PlaceId, tree: &Tree) -> bool {
        !self.closed && tree.is_within(place, self.place_id)
    }
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PartnerKind {
    /// 居委会
    CommunityOffice,
    /// 党总支、党支部
    PartyBranch,
    /// 街道办
    StreetOffice,
    /// 物业
    PropertyCompany,
    /// 施工、维修单位
    Contractor,
    /// 消防救援
    FireBrigade,
    /// 共建门店
    Shop,
    /// 志愿服务队、社会组织
    VolunteerTeam,
}

impl PartnerKind {
    /// Offices decide and send; the others are sent to.
    pub fn takes_dispatches(self) -> bool {
        match self {
            Self::CommunityOffice | Self::PartyBranch | Self::StreetOffice => false,
            Self::PropertyCompany | Self::Contractor | Self::FireBrigade | Self::Shop | Self::VolunteerTeam => true,
        }
    }

    /// Those that residents look for in the directory.
    pub fn is_listed(self) -> bool {
        match self {
            Self::PropertyCompany | Self::Shop | Self::VolunteerTeam => true,
            Self::CommunityOffice | Self::PartyBranch | Self::StreetOffice | Self::Contractor | Self::FireBrigade => {
                false
            }
        }
    }

    /// For people: 「物业」.
    pub fn text(self) -> &'static str {
        match self {
            Self::CommunityOffice => "居委会",
            Self::PartyBranch => "党组织",
            Self::StreetOffice => "街道办",
            Self::PropertyCompany => "物业",
            Self::Contractor => "施工维修单位",
            Self::FireBrigade => "消防救援",
            Self::Shop => "共建门店",
            Self::VolunteerTeam => "志愿服务队",
        }
    }
}
