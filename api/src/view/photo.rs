use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::attachment::{Attachment, Variant};
use domain::ids::AttachmentId;
use domain::order::{DispatchState, Event, Happening, Order};
use domain::safety::CheckState;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::PhotoLinks;

/// A photo, upright and without any metadata.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PhotoView {
    pub id: Uuid,
    #[schema(example = "image/jpeg")]
    pub media_type: String,
    /// Pixels.
    #[schema(example = 2048)]
    pub width: u32,
    #[schema(example = 1536)]
    pub height: u32,
    pub bytes: u64,
    /// `waiting`, `passed`, `review`, `risky` (hidden from all but the desk) or `cleared`: what WeChat's check, or a person,
    /// made of it. Told to the desk only.
    #[schema(example = "passed")]
    pub check: Option<&'static str>,
    pub urls: PhotoUrls,
}

/// Links that work for some minutes, without a token.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PhotoUrls {
    /// Longest edge at most 2048 px.
    pub original: String,
    /// Longest edge at most 320 px.
    pub thumbnail: String,
}

/// Photos by id, ready to be shown.
#[derive(Default)]
pub struct Album {
    shown: HashMap<AttachmentId, PhotoView>,
    /// Those that were found risky.
    hidden: HashSet<AttachmentId>,
}

impl Album {
    /// What is risky is left out where the viewer is not at a desk.
    pub fn new(photos: &[Attachment], links: &PhotoLinks, now: DateTime<Utc>, is_at_desk: bool) -> Self {
        let view = |photo: &Attachment| PhotoView {
            check: is_at_desk.then(|| photo.check.into()),
            ..photo_view(photo, links, now)
        };
        let is_risky = |photo: &&Attachment| photo.check == CheckState::Risky;
        let shown = photos.iter().filter(|photo| is_at_desk || !is_risky(photo));
        Self {
            shown: shown.map(|photo| (photo.id, view(photo))).collect(),
            hidden: photos.iter().filter(is_risky).map(|photo| photo.id).collect(),
        }
    }

    /// How many of these nobody but the desk is shown.
    pub fn count_hidden(&self, ids: &[AttachmentId]) -> usize {
        ids.iter().filter(|id| self.hidden.contains(id)).count()
    }

    pub fn show(&self, ids: &[AttachmentId]) -> Vec<PhotoView> {
        ids.iter().filter_map(|id| self.shown.get(id).cloned()).collect()
    }
}

pub fn photo_view(photo: &Attachment, links: &PhotoLinks, now: DateTime<Utc>) -> PhotoView {
    let link = |variant| links.sign(photo.id, variant, now);
    PhotoView {
        id: photo.id.0,
        media_type: photo.media_type.clone(),
        width: photo.width,
        height: photo.height,
        bytes: photo.bytes,
        check: None,
        urls: PhotoUrls { original: link(Variant::Original), thumbnail: link(Variant::Thumbnail) },
    }
}

/// All photos that a view of the order may show.
pub fn photos_of(order: &Order) -> impl Iterator<Item = AttachmentId> + '_ {
    let proof = order.resolution().into_iter().flat_map(|r| r.proof.iter().chain(&r.signature));
    let of_dispatches = order.dispatches.iter().flat_map(|d| {
        let done = match &d.state {
            DispatchState::Completed { proof, .. } => proof.as_slice(),
            DispatchState::Sent
            | DispatchState::Signed
            | DispatchState::Returned { .. }
            | DispatchState::Recalled { .. } => &[],
        };
        done.iter().chain(d.visits.iter().flat_map(|v| &v.report.photos))
    });
    let of_visits = order.visits.iter().flat_map(|v| &v.report.photos);
    order.content.attachments.iter().chain(proof).chain(of_dispatches).chain(of_visits).copied()
}

/// All photos that an event brought.
pub fn photos_in(event: &Event) -> &[AttachmentId] {
    match &event.what {
        Happening::Submitted { content, .. } => &content.attachments,
        Happening::Visited { visit, .. } => &visit.report.photos,
        Happening::Completed { proof, .. } | Happening::Resolved { proof, .. } => proof,
        Happening::Commented { photos, .. } => photos,
        Happening::Accepted { .. }
        | Happening::Checked { .. }
        | Happening::Refused { .. }
        | Happening::Withdrawn { .. }
        | Happening::Merged { .. }
        | Happening::Absorbed { .. }
        | Happening::Dispatched { .. }
        | Happening::Located { .. }
        | Happening::Signed { .. }
        | Happening::Returned { .. }
        | Happening::Recalled { .. }
        | Happening::Reworked { .. }
        | Happening::Quoted { .. }
        | Happening::QuoteAnswered { .. }
        | Happening::Rated { .. }
        | Happening::Reopened { .. }
        | Happening::Urged
        | Happening::Unshared
        | Happening::Mediated { .. } => &[],
    }
}
