//! What people write in these tests.

use serde_json::{Value, json};

use crate::people::{community, partner};

pub const ACCEPTED: &str = "hgj-order-accepted";
pub const DISPATCHED: &str = "hgj-order-dispatched";
pub const RESOLVED: &str = "hgj-order-resolved";
pub const ALARM: &str = "hgj-order-alarm";
pub const ORDERED_FOR_YOU: &str = "hgj-ordered-for-you";
pub const PROGRESS: &str = "hgj-order-progress";
pub const TASK: &str = "hgj-order-task";
pub(crate) const TEMPLATES: [&str; 7] = [ACCEPTED, DISPATCHED, RESOLVED, ORDERED_FOR_YOU, ALARM, PROGRESS, TASK];

/// The kerb of 西苑小区, as Ms Wang reports it.
pub fn kerb() -> Value {
    json!({
        "community_id": community("XY"),
        "service_key": "repair",
        "title": "路沿尖角危险",
        "description": "健身器材拆除后留下的路沿很尖，孩子容易磕碰",
        "place": { "compound": "西苑小区", "detail": "3号楼东侧健身器材旁" },
        "contact": { "name": "王女士", "phone": "13800000001", "may_share": true },
    })
}

/// The least that an order needs.
pub fn order_in(prefix: &str, service_key: &str, description: &str) -> Value {
    json!({ "community_id": community(prefix), "service_key": service_key, "description": description })
}

/// A dispatch to this partner, as lead and with the contact.
pub fn task_for(partner_name: &str) -> Value {
    json!({
        "partner_id": partner(partner_name),
        "role": "lead",
        "task": "打磨并用水泥抹平路沿尖角",
        "share_contact": true,
    })
}
