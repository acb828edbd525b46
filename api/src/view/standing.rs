use domain::order::{Dispatch, Order, Visibility};
use domain::people::Actor;

/// From where somebody looks at an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Keeps the desk of the order's community: sees everything.
    Desk,
    /// Placed the order.
    Requester,
    /// Works for a handler: sees the task, the place and its own share. Not who asked, nor in which words.
    Handler,
}

impl Standing {
    pub fn of(actor: &Actor, order: &Order) -> Self {
        if actor.keeps_desk_of(order.community) {
            Self::Desk
        } else if actor.person == order.requester {
            Self::Requester
        } else {
            Self::Handler
        }
    }

    pub fn sees_person(self) -> bool {
        self != Self::Handler
    }
}

/// The contact lease: name and phone reach a handler only while its dispatch is open, was sent with them, and the
/// resident agreed.
pub fn may_call(order: &Order, dispatch: &Dispatch) -> bool {
    dispatch.share_contact
        && dispatch.status().is_open()
        && order.content.visibility == Visibility::Normal
        && order.content.contact.as_ref().is_some_and(|contact| contact.may_share)
}
