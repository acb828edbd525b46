use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumDiscriminants, EnumIter, EnumString, IntoStaticStr};

use crate::ids::AttachmentId;

/// How far a case has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, EnumDiscriminants)]
#[serde(rename_all = "snake_case", tag = "status")]
#[strum_discriminants(
    name(Status),
    derive(Hash, EnumString, IntoStaticStr, Display, EnumIter),
    strum(serialize_all = "snake_case"),
    doc = "The names of states, as stored and as sent."
)]
pub enum State {
    Open,
    /// An agreement was read out; not everybody has agreed yet.
    Proposed {
        agreement: Agreement,
    },
    /// Everybody has.
    Agreed {
        agreement: Agreement,
    },
    Closed {
        closing: Closing,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    pub text: String,
    pub at: DateTime<Utc>,
    pub assents: Vec<Assent>,
}

/// One party's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assent {
    pub party: u8,
    pub at: DateTime<Utc>,
    pub how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case", tag = "how")]
#[strum(serialize_all = "snake_case")]
pub enum How {
    InApp,
    /// Signed on paper, of which the mediator took a photo.
    OnPaper {
        photo: AttachmentId,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    pub at: DateTime<Utc>,
    pub outcome: Outcome,
    pub agreement: Option<Agreement>,
    pub follow_up: Option<FollowUp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, EnumDiscriminants)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[strum_discriminants(
    name(OutcomeKind),
    derive(Hash, Serialize, Deserialize, EnumString, IntoStaticStr, Display, EnumIter),
    serde(rename_all = "snake_case"),
    strum(serialize_all = "snake_case"),
    doc = "How a case ended, without where it went."
)]
pub enum Outcome {
    /// 达成协议
    Agreed,
    /// 部分达成
    Partly,
    /// 未达成
    Failed,
    /// 当事人撤回
    Withdrawn,
    /// 转其他途径: 法院, 司法所, 派出所.
    Referred { to: String },
}

impl OutcomeKind {
    /// The quarrel counts as settled.
    pub fn is_settled(self) -> bool {
        match self {
            Self::Agreed | Self::Partly => true,
            Self::Failed | Self::Withdrawn | Self::Referred => false,
        }
    }

    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Agreed => "达成协议",
            Self::Partly => "部分达成协议",
            Self::Failed => "未达成协议",
            Self::Withdrawn => "当事人撤回",
            Self::Referred => "转其他途径",
        }
    }
}

/// A look back (回访): is the agreement kept?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    pub on: NaiveDate,
    pub result: Option<FollowUpResult>,
    /// For the mediator alone.
    pub note: Option<String>,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FollowUpResult {
    Kept,
    Broken,
    Unclear,
}

impl FollowUpResult {
    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Kept => "已履行",
            Self::Broken => "未履行",
            Self::Unclear => "不清楚",
        }
    }
}

impl State {
    pub fn status(&self) -> Status {
        self.into()
    }

    pub fn agreement(&self) -> Option<&Agreement> {
        match self {
            Self::Open => None,
            Self::Proposed { agreement } | Self::Agreed { agreement } => Some(agreement),
            Self::Closed { closing } => closing.agreement.as_ref(),
        }
    }

    pub fn closing(&self) -> Option<&Closing> {
        match self {
            Self::Open | Self::Proposed { .. } | Self::Agreed { .. } => None,
            Self::Closed { closing } => Some(closing),
        }
    }
}

impl Status {
    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Open => "调解中",
            Self::Proposed => "协议待确认",
            Self::Agreed => "协议已确认",
            Self::Closed => "已结束",
        }
    }
}
