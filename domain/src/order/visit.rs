//! On-site record (现场勘查): who was there, what they said, what was agreed.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{AttachmentId, PersonId};
use crate::order::{Order, Point, Refusal};

/// Phones' clocks go wrong by a little; a record of "just now" is not refused for that.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

/// What was seen, said and agreed on the spot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// When it took place.
    pub at: DateTime<Utc>,
    pub by: PersonId,
    #[serde(flatten)]
    pub report: VisitReport,
}

/// A visit as it is written down.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VisitReport {
    pub note: String,
    pub attendees: Vec<Attendee>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opinions: Vec<Opinion>,
    /// What all of them agreed to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    pub photos: Vec<AttachmentId>,
}

/// Somebody who was there, by name or by what they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendee {
    pub who: String,
    pub side: VisitSide,
}

/// What somebody said on the spot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    pub who: String,
    pub side: VisitSide,
    pub opinion: String,
}

/// For whom somebody was there. Whoever is of no known side is taken for a resident, whose name is kept.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
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
pub enum VisitSide {
    #[default]
    Resident,
    Partner,
    Staff,
    Other,
}

impl VisitSide {
    /// For people; stands for the name where that is not shown.
    pub fn text(self) -> &'static str {
        match self {
            Self::Resident => "居民",
            Self::Partner => "承办单位",
            Self::Staff => "社区工作人员",
            Self::Other => "其他",
        }
    }

    /// Whose name is for the desk alone.
    pub fn is_private(self) -> bool {
        match self {
            Self::Resident => true,
            Self::Partner | Self::Staff | Self::Other => false,
        }
    }
}

impl Visit {
    /// `said`: when it took place, as whoever writes it says; now, where they do not. Nobody was there before the order
    /// was placed, nor is anybody there tomorrow.
    pub(super) fn new(
        order: &Order,
        by: PersonId,
        said: Option<DateTime<Utc>>,
        report: VisitReport,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let at = said.unwrap_or(now);
        if at > now + CLOCK_SKEW {
            return Err(Refusal::VisitInFuture);
        }
        if at < order.submitted_at - CLOCK_SKEW {
            return Err(Refusal::VisitBeforeOrder);
        }
        Ok(Self { at: at.min(now).max(order.submitted_at), by, report })
    }
}
