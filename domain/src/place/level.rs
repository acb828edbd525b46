use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// How high a place stands in the tree; from the widest to the narrowest.
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
pub enum Level {
    /// 省
    Province,
    /// 市
    City,
    /// 区、县
    District,
    /// 街道、镇、乡
    Street,
    /// 社区、村
    Community,
    /// 网格: the smallest patrol unit. A community may have none.
    Grid,
    /// 小区
    Compound,
}

impl Level {
    /// Whether a place of this level may stand directly below one of `parent`. Only grids may be left out.
    pub fn may_stand_below(self, parent: Option<Self>) -> bool {
        match self {
            // A tree may begin with the part of the country that uses it.
            Self::Province | Self::City | Self::District | Self::Street => {
                parent.is_none_or(|parent| parent < self && parent < Self::Community)
            }
            Self::Community => parent.is_none_or(|parent| parent < Self::Community),
            Self::Grid => parent == Some(Self::Community),
            Self::Compound => matches!(parent, Some(Self::Community | Self::Grid)),
        }
    }

    /// For people: 「街道」.
    pub fn text(self) -> &'static str {
        match self {
            Self::Province => "省",
            Self::City => "市",
            Self::District => "区县",
            Self::Street => "街道",
            Self::Community => "社区",
            Self::Grid => "网格",
            Self::Compound => "小区",
        }
    }
}
