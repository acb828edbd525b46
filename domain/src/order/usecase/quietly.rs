use async_trait::async_trait;

use crate::ids::{OrderId, PersonId};
use crate::order::{Command, Order, allowed_moves};
use crate::people::{Actor, Desk, Person};
use crate::ports::{OrderQuery, Slice, StoreError};

use super::{Asking, MoveError, Orders, Reply, Target, Written};

/// Orders looked at in one go.
const PAGE: u16 = 100;

/// Nobody waits for an answer.
struct Nobody;

#[async_trait]
impl Reply for Nobody {
    async fn write(&self, order: &Order) -> Result<Written, StoreError> {
        Ok(Written { status: 204, body: String::new(), version: order.version })
    }
}

impl Orders {
    /// Makes one move on each order that is the person's own and that it fits now, placed by the person or for the person;
    /// says how many. Asked again after an interruption, it goes on with those that are left.
    pub async fn move_all_own(&self, person: &Person, command: &Command) -> Result<u64, MoveError> {
        let asking = as_resident(person.id, person.former.clone());
        let mut moved = 0;
        let mut before = None;
        loop {
            let page = self.own_page(&asking.actor, before).await?;
            let Some(last) = page.last() else { return Ok(moved) };
            before = Some(last.id);
            // Whoever follows an order does not own it, and has no move to make.
            let now = self.clock.now();
            for order in page.iter().filter(|o| allowed_moves(o, &asking.actor, now).contains(&command.name())) {
                moved += u64::from(self.move_if_it_fits(&asking, order.id, command).await?);
            }
        }
    }

    /// Makes the move where it still fits. Asked again after an interruption, it changes nothing.
    pub async fn move_own(&self, person: PersonId, id: OrderId, command: &Command) -> Result<(), MoveError> {
        self.move_if_it_fits(&as_resident(person, Vec::new()), id, command).await.map(drop)
    }

    async fn move_if_it_fits(&self, asking: &Asking, id: OrderId, command: &Command) -> Result<bool, MoveError> {
        match self.make_move(asking, Target::Order(id), command.clone(), &Nobody).await {
            Ok(_) => Ok(true),
            // It was moved on by others, to where there is nothing more to do.
            Err(MoveError::Refused(_) | MoveError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn own_page(&self, actor: &Actor, before: Option<OrderId>) -> Result<Vec<Order>, StoreError> {
        let slice = Slice { before, limit: PAGE };
        let desk = Desk::Mine(actor.selves().collect());
        self.store.list(&OrderQuery::all(desk, slice)).await
    }
}

/// No role of theirs counts here.
fn as_resident(person: PersonId, former: Vec<PersonId>) -> Asking {
    Asking { actor: Actor { person, former, posts: Vec::new() }, key: None, if_match: None, words: None }
}
