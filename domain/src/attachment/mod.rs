//! Photos: what is accepted, what is kept, and what to tell a person whose photo is not taken.

mod refusal;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{AttachmentId, OrderId, PersonId};
use crate::safety::CheckState;

pub use refusal::PhotoRefusal;

/// Of the file as it was sent: 20 MiB.
pub const MAX_UPLOAD_BYTES: usize = 20 * 1024 * 1024;
/// Width times height.
pub const MAX_PIXELS: u64 = 50_000_000;
/// Photos of one order.
pub const MAX_PER_ORDER: usize = 9;
/// Longest edge of the picture that is kept, pixels.
pub const FULL_EDGE: u32 = 2048;
/// Longest edge of its small copy, pixels.
pub const THUMBNAIL_EDGE: u32 = 320;

/// A photo that was taken in: upright, re-encoded, without metadata. The file that was sent is never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub id: AttachmentId,
    pub uploader: PersonId,
    /// Of the kept picture, as are the size and the bytes.
    pub media_type: String,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
    /// `None` until an order uses it, and where a visit of a campaign does.
    pub order_id: Option<OrderId>,
    pub created_at: DateTime<Utc>,
    pub check: CheckState,
}

/// The two sizes that are kept; the names stand in links.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Variant {
    /// At most [`FULL_EDGE`] pixels long.
    Original,
    /// At most [`THUMBNAIL_EDGE`] pixels long.
    Thumbnail,
}
