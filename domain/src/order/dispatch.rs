use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{AttachmentId, DispatchId, PartnerId, PersonId};
use crate::order::{Charge, Quote, ReturnReason, Visit};

/// One handler's share of an order (派单).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dispatch {
    pub id: DispatchId,
    pub partner: PartnerId,
    pub role: HandlerRole,
    /// What the handler shall do, in the desk's words. Never a copy of the resident's text.
    pub task: String,
    pub due_at: Option<DateTime<Utc>>,
    pub share_contact: bool,
    /// Sent although nobody was on duty there, or its hands were full.
    #[serde(default, skip_serializing_if = "is_no")]
    pub despite_off_duty: bool,
    /// The order's round in which this was sent; earlier rounds are history.
    pub round: u8,
    pub sent_at: DateTime<Utc>,
    pub sent_by: PersonId,
    pub signed_at: Option<DateTime<Utc>>,
    /// When the handler means to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_at: Option<DateTime<Utc>>,
    pub visits: Vec<Visit>,
    /// What the resident was told that it would cost, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotes: Vec<Quote>,
    /// How often the desk sent the work back.
    pub reworks: u8,
    pub state: DispatchState,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_no(flag: &bool) -> bool {
    !flag
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HandlerRole {
    /// 主办: answers for the whole.
    Lead,
    /// 协办: helps.
    Co,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum DispatchState {
    Sent,
    Signed,
    Completed {
        at: DateTime<Utc>,
        result: String,
        proof: Vec<AttachmentId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        charge: Option<Charge>,
    },
    Returned {
        at: DateTime<Utc>,
        reason: ReturnReason,
        note: String,
    },
    Recalled {
        at: DateTime<Utc>,
        reason: String,
    },
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DispatchStatus {
    Sent,
    Signed,
    Completed,
    Returned,
    Recalled,
}

impl Dispatch {
    /// Taken back at this very instant, as the end of an order takes back those that are open.
    pub fn was_recalled_at(&self, instant: DateTime<Utc>) -> bool {
        matches!(self.state, DispatchState::Recalled { at, .. } if at == instant)
    }

    pub fn status(&self) -> DispatchStatus {
        match self.state {
            DispatchState::Sent => DispatchStatus::Sent,
            DispatchState::Signed => DispatchStatus::Signed,
            DispatchState::Completed { .. } => DispatchStatus::Completed,
            DispatchState::Returned { .. } => DispatchStatus::Returned,
            DispatchState::Recalled { .. } => DispatchStatus::Recalled,
        }
    }

    /// Whether the partner holds it, or held it until the end of the order at this instant took it away.
    pub fn was_held_at_the_end(&self, at: DateTime<Utc>) -> bool {
        self.status().is_live() || self.was_recalled_at(at)
    }
}

impl DispatchStatus {
    /// The partner still has something to do.
    pub fn is_open(self) -> bool {
        match self {
            Self::Sent | Self::Signed => true,
            Self::Completed | Self::Returned | Self::Recalled => false,
        }
    }

    /// The partner took part and was not taken off: only then may it look at the order.
    pub fn is_live(self) -> bool {
        match self {
            Self::Sent | Self::Signed | Self::Completed => true,
            Self::Returned | Self::Recalled => false,
        }
    }
}
