//! The service list (服务清单): what may be ordered in a community.

use serde::{Deserialize, Serialize};

use crate::deadline::Urgency;
use crate::ids::CommunityId;

/// One line of a community's service list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    pub community_id: CommunityId,
    /// Stable and English: `repair`.
    pub key: String,
    /// 公共设施报修
    pub name: String,
    pub category: String,
    pub description: String,
    pub urgency: Urgency,
}
