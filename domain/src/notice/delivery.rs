use std::fmt;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// The ways to a person, from the first rung of the ladder to the last. The inbox stands beside them: it is always written.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Channel {
    Inbox,
    /// A subscribe message of a mini-program.
    Subscribe,
    /// A template message of the service account.
    ServiceAccount,
    /// 企业微信, for those who work in the neighbourhood.
    Wecom,
    /// Somebody of the desk calls.
    Call,
}

/// Named ends of a delivery; nothing is dropped in silence.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    Delivered,
    /// The channel may have taken it and did not say so.
    Unconfirmed,
    /// The channel took it, and said later that it did not arrive.
    Undelivered,
    /// The person did not subscribe, or the one-time right is used up.
    NoRight,
    /// The person wants nothing from this account.
    Refused,
    /// The channel does not know this person.
    InvalidRecipient,
    /// The channel did not like the words.
    RejectedContent,
    /// Something in a console or contract must be mended by the operator.
    OperatorNeeded,
    /// Tried too often, for too long.
    GaveUp,
    /// Waited so long for a closed channel that nobody needs it any more.
    Expired,
    /// What happened meanwhile made it untrue before it left, or before the call was made.
    Overtaken,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeliveryState {
    Queued,
    Sending,
    Ended(Outcome),
}

impl Outcome {
    /// Whether the person has it, or may have it: the ladder is not climbed on.
    pub fn is_reached(self) -> bool {
        match self {
            Self::Delivered | Self::Unconfirmed => true,
            Self::Undelivered
            | Self::NoRight
            | Self::Refused
            | Self::InvalidRecipient
            | Self::RejectedContent
            | Self::OperatorNeeded
            | Self::GaveUp
            | Self::Expired
            | Self::Overtaken => false,
        }
    }

    /// Whether all that ended so may be sent again together: nobody hears of it twice, and it is true still.
    pub fn may_be_sent_again(self) -> bool {
        !self.is_reached() && self != Self::Overtaken
    }
}

impl DeliveryState {
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Ended(outcome) => outcome.into(),
        }
    }

    pub fn all() -> impl Iterator<Item = Self> {
        use strum::IntoEnumIterator;
        [Self::Queued, Self::Sending].into_iter().chain(Outcome::iter().map(Self::Ended))
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl<'de> Deserialize<'de> for DeliveryState {
    /// As the derived ones refuse a name, with those that there are.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(|_| {
            let names: Vec<_> = Self::all().map(|state| format!("`{state}`")).collect();
            D::Error::custom(format_args!("unknown variant `{name}`, expected one of {}", names.join(", ")))
        })
    }
}

impl FromStr for DeliveryState {
    type Err = strum::ParseError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "queued" => Ok(Self::Queued),
            "sending" => Ok(Self::Sending),
            ended => ended.parse().map(Self::Ended),
        }
    }
}
