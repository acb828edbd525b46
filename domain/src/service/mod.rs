//! The service list (服务清单): what may be ordered in a community, as data that its people keep.
//!
//! A street (or whoever stands above a community) may keep a catalogue; each of its communities offers what stands there,
//! and may adapt a line or close it for itself. Every change makes a new version, and an order keeps the one that it was
//! placed under.

mod form;
mod list;
mod offer;
mod terms;

pub use form::{Answers, Form, FormFault, MAX_FIELDS};
pub use list::offered;
pub use offer::{Closing, Figure, Offer, OfferFault, Orderer, Proof, Texts};
pub use terms::{Edition, Terms};

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::PlaceId;

/// One line of the service list of a community, or of a catalogue above it, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The community, or the place whose catalogue it is.
    pub place: PlaceId,
    /// Stable and English: `repair`.
    pub key: String,
    /// Starts at 1; 0 before it is saved for the first time.
    pub version: u32,
    pub offer: Offer,
    /// No longer offered; orders that were placed under it go on.
    pub closed: bool,
}

impl Service {
    pub fn edition(&self) -> Edition {
        Edition { place: self.place, version: self.version }
    }

    /// What an order is placed under.
    pub fn terms(&self) -> Terms {
        Terms::of(self)
    }
}

/// Who reads what is ordered, and what may be published of it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Privacy {
    /// As [`Privacy::Normal`]; a result may be published in words of its own.
    Public,
    /// The whole desk, and the grid worker of the compound.
    #[default]
    Normal,
    /// Who asked is known to the desk only, and never shared.
    Confidential,
    /// 保密事项: the secretary alone. Quarrels between neighbours, marriage files.
    Sealed,
}

/// Whether the key of a service can be one: 1 to 40 small letters, digits and underscores.
pub fn is_key(key: &str) -> bool {
    (1..=40).contains(&key.len()) && key.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
}
