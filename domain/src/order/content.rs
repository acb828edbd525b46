use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use crate::ids::{AttachmentId, PartnerId, PersonId, PlaceId};
use crate::order::Erased;
use crate::place::coordinates::Gcj02;
use crate::service::Answers;

/// Characters of a title and of a description, whichever way an order comes in.
pub const MAX_TITLE: usize = 60;
pub const MAX_DESCRIPTION: usize = 5_000;

/// What the resident wrote, drew and attached. Never changed after submission, but that the resident may take back the
/// consent to calls, and the words may be erased.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    pub title: String,
    pub description: String,
    pub place: Option<Place>,
    pub attachments: Vec<AttachmentId>,
    pub contact: Option<Contact>,
    /// Set when the order was placed for somebody else (代下单).
    pub on_behalf_of: Option<Beneficiary>,
    pub visibility: Visibility,
    /// Whom the resident complains about: it may have to act, and never learns who complained.
    #[serde(default)]
    pub about_partner: Option<PartnerId>,
    pub source: Source,
    /// Placed by somebody who says to be under 14: the desk takes special care.
    #[serde(default, skip_serializing_if = "is_no")]
    pub minor: bool,
    /// What the service asked.
    #[serde(default, skip_serializing_if = "Answers::is_empty")]
    pub form: Answers,
    /// Why the words are gone, where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Erased>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_no(flag: &bool) -> bool {
    !flag
}

/// Where it is: the compound, words, a point, or any of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub compound: Option<String>,
    /// The compound of that name in the order's community, where there is one.
    #[serde(default)]
    pub compound_id: Option<PlaceId>,
    /// 楼栋, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
    /// "3号楼东侧健身器材旁"
    pub words: Option<String>,
    pub point: Option<Point>,
}

/// Always GCJ-02, the system of Chinese maps; other systems are converted before they come here.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub at: Gcj02,
    /// Metres, as the device said.
    pub accuracy_m: Option<u32>,
    pub source: PointSource,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PointSource {
    /// Chosen on a map.
    Picked,
    /// Told by the phone.
    Device,
    /// Read from a photo and confirmed.
    Photo,
}

/// Whom to call. Reaches a partner only where the resident agreed and the dispatch says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub name: Option<String>,
    pub phone: Option<String>,
    /// The resident agreed that a handler may see name and phone while the dispatch is active.
    pub may_share: bool,
}

/// The person for whom somebody else ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beneficiary {
    pub name: String,
    pub phone: Option<String>,
    /// Where the person is known here and agreed that this requester orders for them.
    #[serde(default)]
    pub person: Option<PersonId>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Visibility {
    #[default]
    Normal,
    /// Who asked is known to the community's desk only; contact never leaves it.
    Confidential,
    /// Handlers never learn who asked, whatever a dispatch says.
    Anonymous,
}

/// How the order came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "channel")]
pub enum Source {
    MiniProgram,
    /// Brought over from another system, whose own reference is kept so that nothing comes twice.
    Import {
        system: String,
        reference: String,
    },
}
