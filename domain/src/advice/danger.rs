use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::Call;
use super::call::{AMBULANCE, FIRE_BRIGADE, POLICE, PSYCHOLOGICAL_AID, TRAFFIC_POLICE, WOMENS_RIGHTS};

/// What threatens somebody now.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Danger {
    Fire,
    Gas,
    Trapped,
    Violence,
    Suicide,
    Injury,
    Traffic,
}

impl Danger {
    /// For people: 「火情」.
    pub fn text(self) -> &'static str {
        match self {
            Self::Fire => "火情",
            Self::Gas => "燃气泄漏",
            Self::Trapped => "有人被困",
            Self::Violence => "人身侵害",
            Self::Suicide => "有人想不开",
            Self::Injury => "突发伤病",
            Self::Traffic => "交通事故",
        }
    }

    /// What to do before anything else.
    pub fn say(self) -> &'static str {
        match self {
            Self::Fire => "请马上离开，弯腰低姿、捂住口鼻，走楼梯不乘电梯，到安全的地方再拨打 119",
            Self::Gas => "请不要开关电器、不要点火、不要在屋里打电话；能关就关上阀门、打开门窗，到室外再拨打 119",
            Self::Trapped => {
                "请让被困的人留在原处，不要扒门、不要跳；在电梯里请按紧急呼叫按钮。落水、被压或被埋请立即拨打 119"
            }
            Self::Violence => "请先到安全的地方、锁好门，再拨打 110；不方便说话时，可以发短信到 12110",
            Self::Suicide => {
                "请别一个人扛着，现在就打电话，有人愿意听；如果是身边的人，请陪着他不要离开，并拨打 110 或 120"
            }
            Self::Injury => "请立即拨打 120，说清地点和情况；不要随意搬动伤者，没有呼吸时请按电话里的指导按压胸口",
            Self::Traffic => "请先到路边安全的地方；有人受伤先拨打 120，再拨打 122",
        }
    }

    /// In the order in which they are called.
    pub fn calls(self) -> &'static [Call] {
        match self {
            Self::Fire | Self::Gas | Self::Trapped => &[FIRE_BRIGADE, AMBULANCE],
            Self::Violence => &[POLICE, AMBULANCE, WOMENS_RIGHTS],
            Self::Suicide => &[POLICE, AMBULANCE, PSYCHOLOGICAL_AID],
            Self::Injury => &[AMBULANCE],
            Self::Traffic => &[TRAFFIC_POLICE, AMBULANCE],
        }
    }
}
