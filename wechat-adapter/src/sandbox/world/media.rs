use chrono::{DateTime, FixedOffset};
use serde::Serialize;

/// A picture or a recording whose verdict is not yet spoken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PendingMedia {
    pub trace_id: String,
    pub app_id: String,
    pub openid: String,
    pub media_url: String,
    pub since: DateTime<FixedOffset>,
}

/// Oldest first.
#[derive(Default)]
pub(crate) struct MediaDesk(Vec<PendingMedia>);

impl MediaDesk {
    pub(crate) fn add(&mut self, media: PendingMedia) {
        self.0.push(media);
    }

    pub(crate) fn take(&mut self, trace_id: &str) -> Option<PendingMedia> {
        let place = self.0.iter().position(|media| media.trace_id == trace_id)?;
        Some(self.0.remove(place))
    }

    pub(crate) fn all(&self) -> Vec<PendingMedia> {
        self.0.clone()
    }
}
