use async_trait::async_trait;

use crate::ids::{OrderId, PersonId};
use crate::order::{Command, Move, Order, allowed_moves};
use crate::people::{Actor, Desk};
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
    /// Makes one move on each of the orders that the person placed and that it fits now; says how many. Asked again after
    /// an interruption, it goes on with those that are left.
    pub async fn move_all_own(&self, person: PersonId, command: &Command) -> Result<u64, MoveError> {
        // As a resident: no role of theirs counts here.
        let asking =
            Asking { actor: Actor { person, former: Vec::new(), posts: Vec::new() }, key: None, if_match: None };
        let mut moved = 0;
        let mut before = None;
        loop {
            let page = self.own_page(person, before).await?;
            let Some(last) = page.last() else { return Ok(moved) };
            before = Some(last.id);
            for order in page.iter().filter(|order| self.fits_own(order, &asking.actor, command.name())) {
                match self.make_move(&asking, Target::Order(order.id), command.clone(), &Nobody).await {
                    Ok(_) => moved += 1,
                    // It was moved on by others meanwhile, to where there is nothing more to do.
                    Err(MoveError::Refused(_) | MoveError::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }

    async fn own_page(&self, person: PersonId, before: Option<OrderId>) -> Result<Vec<Order>, StoreError> {
        let slice = Slice { before, limit: PAGE };
        let desk = Desk::Mine(vec![person]);
        self.store
            .list(&OrderQuery {
                desk,
                status: None,
                service_key: None,
                text: None,
                due_before: None,
                emergency: false,
                slice,
            })
            .await
    }

    fn fits_own(&self, order: &Order, actor: &Actor, a_move: Move) -> bool {
        order.requester == actor.person && allowed_moves(order, actor, self.clock.now()).contains(&a_move)
    }
}
