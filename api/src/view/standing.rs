use domain::notice::Side;
use domain::order::{Order, Visibility};
use domain::people::access::Operation;
use domain::people::{Actor, Hat};

/// From where somebody looks at an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Keeps the desk of the order's community: sees everything, names and numbers masked.
    Desk,
    /// The secretary who appointed a mediator: sees that the order goes on, and no words of it.
    Aside,
    /// Was appointed to mediate: sees everything, names and numbers masked.
    Mediator,
    /// Placed the order, or is the one for whom it was placed.
    Requester,
    /// Watches over the place: the grid worker, the street's supervisor. Sees the words, not who to call.
    Watcher,
    /// Works for a handler: sees the task, the place and its own share. Not who asked, nor in which words.
    Handler,
}

impl Standing {
    pub fn of(actor: &Actor, order: &Order) -> Self {
        let hats = actor.hats(order);
        if hats.contains(&Hat::Requester) {
            Self::Requester
        } else if hats.contains(&Hat::Mediator) {
            Self::Mediator
        } else if hats.contains(&Hat::IntakeClerk) || hats.contains(&Hat::Secretary) {
            if order.is_mediated() { Self::Aside } else { Self::Desk }
        } else if hats.contains(&Hat::GridWorker) || actor.watches(Operation::OrdersOne, order) {
            Self::Watcher
        } else {
            Self::Handler
        }
    }

    /// As what messages about the order reach whoever stands so; none reach those who only watch.
    pub fn side(self) -> Option<Side> {
        match self {
            Self::Desk | Self::Aside => Some(Side::Desk),
            Self::Requester | Self::Mediator => Some(Side::Resident),
            Self::Handler => Some(Side::Partner),
            Self::Watcher => None,
        }
    }

    /// Whether whoever ordered lets this side know who asked: beyond the desk, who did not say so openly is not known.
    pub fn may_know_who_asked(self, order: &Order) -> bool {
        self != Self::Mediator || order.content.visibility == Visibility::Normal
    }

    /// Who asked, and whom to call: in full for those whose it is, masked at the desk, not at all elsewhere.
    pub fn show<T, V>(self, person: &T, full: fn(&T) -> V, masked: fn(&T) -> V) -> Option<V> {
        match self {
            Self::Requester => Some(full(person)),
            Self::Desk | Self::Aside | Self::Mediator => Some(masked(person)),
            Self::Watcher | Self::Handler => None,
        }
    }

    /// Where exactly it is, and the resident's photos: not for a handler that the resident complains about.
    pub fn sees_surroundings(self, actor: &Actor, order: &Order) -> bool {
        match self {
            Self::Desk | Self::Mediator | Self::Requester | Self::Watcher => true,
            Self::Handler => !actor.is_accused_in(order),
            Self::Aside => false,
        }
    }

    /// What the resident wrote and thinks.
    pub fn sees_words(self) -> bool {
        match self {
            Self::Desk | Self::Mediator | Self::Requester | Self::Watcher => true,
            Self::Handler | Self::Aside => false,
        }
    }
}
