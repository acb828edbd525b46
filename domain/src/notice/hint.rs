use super::{Side, Template};
use crate::order::OrderStatus;

/// What `wx.requestSubscribeMessage` takes at once.
pub const MOST_HINTS: usize = 5;

/// The messages that are still to come for an order in this status, the most useful first: what a person is asked to agree
/// to while the order is on the screen.
pub fn worth_asking(side: Side, status: OrderStatus) -> &'static [Template] {
    match (side, status) {
        (Side::Resident, OrderStatus::Submitted) => {
            &[Template::Accepted, Template::Resolved, Template::Progress, Template::Dispatched]
        }
        (Side::Resident, OrderStatus::Accepted) => &[Template::Resolved, Template::Progress, Template::Dispatched],
        (Side::Resident, OrderStatus::Dispatched | OrderStatus::Resolved) => &[Template::Resolved, Template::Progress],
        // Nothing more comes of this order: the next one's first messages.
        (Side::Resident, OrderStatus::Rated | OrderStatus::Refused | OrderStatus::Withdrawn | OrderStatus::Merged) => {
            &[Template::Accepted, Template::Resolved]
        }
        (Side::Partner, _) => &[Template::Dispatched, Template::Task],
        (Side::Desk, _) => &[Template::Alarm, Template::Task],
    }
}
