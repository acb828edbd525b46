//! The service list (服务清单): what may be ordered in a community.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

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
    pub privacy: Privacy,
    /// No longer offered; orders that were placed under it go on.
    pub closed: bool,
}

/// Who of the community's own people reads what is ordered.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Privacy {
    /// The whole desk, and the grid worker of the compound.
    #[default]
    Open,
    /// 保密事项: the secretary alone. Quarrels between neighbours, marriage files.
    Sealed,
}
