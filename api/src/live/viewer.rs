use domain::people::{Actor, Sight};
use domain::ports::{Happened, Occurrence};

use crate::view::EventItem;

/// What one person may know of what happens.
pub struct Viewer {
    orders: Sight,
    /// Whose dispatches are named.
    dispatches: Sight,
}

impl Viewer {
    pub fn of(actor: &Actor) -> Self {
        Self { orders: Sight::of(actor), dispatches: Sight::of_dispatches(actor) }
    }

    /// `None` where it is not for this person.
    pub fn shown(&self, happened: &Happened) -> Option<EventItem> {
        match &happened.what {
            Occurrence::Changed(change) => {
                let names_dispatch = self.dispatches.sees_change(change);
                let dispatch = change.dispatch.filter(|_| names_dispatch);
                self.orders.sees_change(change).then(|| EventItem::order(happened.position, change, dispatch))
            }
            Occurrence::Told(item) => self.orders.persons.contains(&item.person).then(|| EventItem::inbox(item)),
        }
    }
}
