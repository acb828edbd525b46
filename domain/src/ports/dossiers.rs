use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{PersonId, SessionId};
use crate::notice::NoticeLevel;
use crate::ports::{DeliveryLine, StoreError};

/// What is held about a person beside the profile, the orders and the consents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dossier {
    /// WeChat's name for the person across the operator's apps.
    pub unionid: Option<String>,
    /// The corporation's name for the person in WeCom.
    pub wecom_user_id: Option<String>,
    pub notice_level: NoticeLevel,
    pub sessions: Vec<SessionLine>,
    pub subscriptions: Vec<SubscriptionLine>,
    pub deliveries: Vec<DeliveryLine>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    pub id: SessionId,
    pub opened_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionLine {
    pub template_id: String,
    pub accepted: bool,
    pub at: DateTime<Utc>,
}

#[async_trait]
pub trait DossierStore: Send + Sync {
    /// For the person's own eyes. Up to `limit` lines of each kind, newest first; empty for somebody unknown.
    async fn dossier_of(&self, person: PersonId, limit: u16) -> Result<Dossier, StoreError>;
}
