//! Where things are: communities and coordinates.

pub mod coordinates;

use crate::ids::{CommunityId, PartnerId};

/// A neighbourhood with its elected committee (社区).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Community {
    pub id: CommunityId,
    pub name: String,
    /// 新华区西苑街道
    pub street: String,
    /// Starts the numbers of its orders: "XY".
    pub prefix: String,
    /// Names of its compounds (小区).
    pub compounds: Vec<String>,
}

/// An organisation that takes dispatches (承办单位).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    pub id: PartnerId,
    pub community_id: CommunityId,
    pub name: String,
}
