use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{AttachmentId, CampaignId, HouseholdId, PartnerId, PersonId, VisitId};
use crate::people::Hat;

/// How often one knocks at a door.
pub const MAX_ROUNDS: u8 = 9;
/// Of one thing at one door.
pub const MAX_QUANTITY: u8 = 99;
pub const MAX_VISITORS: usize = 20;
/// Photos and signatures of one visit.
pub const MAX_PHOTOS: usize = 9;

/// How a knock at a door ended.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    Visited,
    NotAtHome,
    /// Those who live there did not want it.
    Refused,
}

impl Outcome {
    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Visited => "已入户",
            Self::NotAtHome => "家中无人",
            Self::Refused => "婉拒入户",
        }
    }
}

/// The one record of a household in a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub id: VisitId,
    pub campaign: CampaignId,
    pub household: HouseholdId,
    pub round: u8,
    pub outcome: Outcome,
    /// What was found: 厨房线路老化. `None` too where it was forgotten.
    pub findings: Option<String>,
    pub handed_out: Vec<Handed>,
    pub photos: Vec<AttachmentId>,
    pub visitors: Vec<Visitor>,
    /// Who wrote it down, and as what.
    pub by: PersonId,
    pub hat: Hat,
    pub partner: Option<PartnerId>,
    pub at: DateTime<Utc>,
}

/// Something that was handed out, and its proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// The name of one of the campaign's items.
    pub item: String,
    pub quantity: u8,
    /// A signature or a photo; one signature may stand for several things.
    pub proof: Vec<AttachmentId>,
}

/// Somebody who came along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    pub side: Side,
    pub name: Option<String>,
}

/// From where somebody comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 社区
    Desk,
    /// 网格
    Grid,
    Partner(PartnerId),
}

/// What somebody reports of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub round: u8,
    pub outcome: Outcome,
    pub findings: Option<String>,
    pub handed_out: Vec<Handed>,
    pub photos: Vec<AttachmentId>,
    pub visitors: Vec<Visitor>,
}

impl Visit {
    /// Every photo and signature of it, each once.
    pub fn all_photos(&self) -> Vec<AttachmentId> {
        all_photos(&self.photos, &self.handed_out)
    }
}

pub(super) fn all_photos(photos: &[AttachmentId], handed_out: &[Handed]) -> Vec<AttachmentId> {
    let mut all: Vec<_> = photos.iter().chain(handed_out.iter().flat_map(|handed| &handed.proof)).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}
