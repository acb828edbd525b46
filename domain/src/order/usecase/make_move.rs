use crate::deadline::day_in_shanghai;
use crate::ids::{DispatchId, OrderId};
use crate::order::{Command, Decision, Order, Refusal, decide};
use crate::people::Sight;
use crate::ports::{Change, Commit};

use super::{ATTEMPTS, Asking, MoveError, Orders, Reply, Written};

/// What a move is made on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Order(OrderId),
    Dispatch(DispatchId),
}

impl Orders {
    /// Every move but a submission and a merge.
    pub async fn make_move(
        &self,
        asking: &Asking,
        target: Target,
        command: Command,
        reply: &dyn Reply,
    ) -> Result<Written, MoveError> {
        for _ in 0..ATTEMPTS {
            let order = self.load(target, &Sight::of(&asking.actor)).await?;
            self.check_version(asking, &order).await?;
            let now = self.clock.now();
            let (next, event) = match decide(&order, &asking.actor, command.clone(), now)? {
                Decision::AlreadyApplied => return Ok(reply.write(&order).await?),
                Decision::Apply { next, event } => (*next, *event),
            };
            let change = self.change(&order, next, event, command.photos())?;
            let change = Change { words: asking.words.clone(), ..change };
            let written = reply.write(&change.next).await?;
            let answer = asking.answer(&written, now);
            match self.store.commit(&[change], answer.as_ref()).await? {
                Commit::Done => return Ok(written),
                Commit::Stale(_) => {}
                Commit::KeyTaken => return Err(MoveError::KeyTaken),
                Commit::PhotoUnavailable => return Err(MoveError::PhotoUnavailable),
                // Somebody else sent it its last job since we counted.
                Commit::PartnerFull { limit } => {
                    let today = day_in_shanghai(now);
                    return Err(Refusal::PartnerFull { limit, today }.into());
                }
                Commit::ReferenceTaken | Commit::SeatLost => return Err(MoveError::Contended),
            }
        }
        Err(MoveError::Contended)
    }

    /// Whether the move may be made now, without making it: the order as it stands. Nothing is promised: it is decided again
    /// when it is made.
    pub async fn rehearse(&self, asking: &Asking, target: Target, command: &Command) -> Result<Order, MoveError> {
        let order = self.load(target, &Sight::of(&asking.actor)).await?;
        self.check_version(asking, &order).await?;
        decide(&order, &asking.actor, command.clone(), self.clock.now())?;
        Ok(order)
    }

    async fn load(&self, target: Target, sight: &Sight) -> Result<Order, MoveError> {
        let found = match target {
            Target::Order(id) => self.store.find(id, sight).await?,
            Target::Dispatch(id) => self.store.find_by_dispatch(id, sight).await?,
        };
        found.ok_or(MoveError::NotFound)
    }

    pub(super) async fn check_version(&self, asking: &Asking, order: &Order) -> Result<(), MoveError> {
        if asking.if_match.is_none_or(|seen| seen == order.version) {
            return Ok(());
        }
        let sight = Sight::of(&asking.actor);
        let last = self.store.timeline(order.id, &sight, order.version - 1, 1).await?;
        let changed_by = last.into_iter().next().map(Box::new);
        Err(MoveError::Stale { current: Box::new(order.clone()), changed_by })
    }
}
