use chrono::{DateTime, Utc};

use crate::ids::OrderId;
use crate::order::{Command, Decision, Event, MergeTarget, Order, Refusal, decide};
use crate::people::{Actor, Sight};
use crate::ports::Commit;

use super::{ATTEMPTS, Asking, MoveError, Orders, Reply, Written};

impl Orders {
    /// 并单: closes the order in favour of `into`; both are written in one transaction.
    pub async fn merge(
        &self,
        asking: &Asking,
        id: OrderId,
        into: OrderId,
        reply: &dyn Reply,
    ) -> Result<Written, MoveError> {
        let sight = Sight::of(&asking.actor);
        for _ in 0..ATTEMPTS {
            let child = self.store.find(id, &sight).await?.ok_or(MoveError::NotFound)?;
            self.check_version(asking, &child).await?;
            let target = self.store.find(into, &sight).await?.ok_or(MoveError::TargetNotFound)?;
            let now = self.clock.now();
            let Some((closed, closing)) = apply(&child, &asking.actor, into_target(&target), now)? else {
                return Ok(reply.write(&child).await?);
            };
            let (grown, growing) = apply(&target, &asking.actor, absorb(&child), now)?.ok_or(MoveError::Contended)?;
            let changes =
                [self.change(&child, closed, closing, Vec::new())?, self.change(&target, grown, growing, Vec::new())?];
            let written = reply.write(&changes[0].next).await?;
            let answer = asking.answer(&written, now);
            match self.store.commit(&changes, answer.as_ref()).await? {
                Commit::Done => return Ok(written),
                Commit::Stale(_) => {}
                Commit::KeyTaken => return Err(MoveError::KeyTaken),
                Commit::PhotoUnavailable | Commit::ReferenceTaken | Commit::PartnerFull { .. } | Commit::SeatLost => {
                    return Err(MoveError::Contended);
                }
            }
        }
        Err(MoveError::Contended)
    }
}

fn into_target(target: &Order) -> Command {
    let Order { id, community, requester, sealed, .. } = *target;
    let (number, status) = (target.number.clone(), target.status());
    Command::Merge { into: MergeTarget { id, number, community, requester, sealed, status } }
}

/// Those who wait for the child now wait for the target.
fn absorb(child: &Order) -> Command {
    let followers = std::iter::once(child.requester).chain(child.followers.iter().copied()).collect();
    Command::Absorb { child: child.id, child_number: child.number.clone(), followers }
}

fn apply(
    order: &Order,
    actor: &Actor,
    command: Command,
    now: DateTime<Utc>,
) -> Result<Option<(Order, Event)>, Refusal> {
    Ok(match decide(order, actor, command, now)? {
        Decision::Apply { next, event } => Some((*next, *event)),
        Decision::AlreadyApplied => None,
    })
}
