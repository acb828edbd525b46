//! Running numbers of a community's day, taken together by those who ask at the same moment.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::NaiveDate;
use moka::sync::Cache;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{DatabaseConnection, EntityTrait, IntoActiveModel};
use tokio::sync::{Mutex as Turn, oneshot};

use domain::ids::CommunityId;
use domain::ports::StoreError;

use crate::database::store_error;
use crate::entity::order_number::{self, Column};
use crate::store::cell;

/// Days of communities that are remembered; of one that is forgotten too early, two take numbers beside each other.
const LINES: u64 = 10_000;
const FORGOTTEN_AFTER: Duration = Duration::from_secs(600);

/// While one statement is on its way, everybody who comes waits in line, and the next statement takes numbers for all of
/// them: a busy morning pays for a few commits, not for one an order.
pub(super) struct Numbers {
    lines: Cache<(CommunityId, NaiveDate), Arc<Line>>,
}

#[derive(Default)]
struct Line {
    waiting: Mutex<Vec<Wish>>,
    turn: Turn<()>,
}

struct Wish {
    count: u32,
    /// Hears the first of the numbers.
    first: oneshot::Sender<u32>,
}

impl Numbers {
    pub fn new() -> Self {
        Self { lines: Cache::builder().max_capacity(LINES).time_to_idle(FORGOTTEN_AFTER).build() }
    }

    /// The first of `count` numbers that nobody else gets.
    pub async fn reserve(
        &self,
        db: &DatabaseConnection,
        community: CommunityId,
        day: NaiveDate,
        count: u32,
    ) -> Result<u32, StoreError> {
        let line = self.lines.get_with((community, day), Arc::default);
        let mut given = line.join(count);
        let _turn = line.turn.lock().await;
        match given.try_recv() {
            Ok(first) => return Ok(first),
            // Whoever took numbers for us failed or went away.
            Err(oneshot::error::TryRecvError::Closed) => return take(db, community, day, count).await,
            Err(oneshot::error::TryRecvError::Empty) => {}
        }
        let wishes = line.leave();
        let sum = wishes.iter().map(|wish| wish.count).sum();
        let mut next = take(db, community, day, sum).await?;
        for Wish { count, first } in wishes {
            // Numbers of somebody who went away are lost.
            let _ = first.send(next);
            next += count;
        }
        given.try_recv().map_err(StoreError::unavailable)
    }
}

impl Line {
    fn join(&self, count: u32) -> oneshot::Receiver<u32> {
        let (first, given) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Wish { count, first });
        given
    }

    fn leave(&self) -> Vec<Wish> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One statement of its own: a number taken by a transaction that fails later is lost, not given twice, and nobody
/// waits for the end of somebody else's transaction.
async fn take(db: &DatabaseConnection, community: CommunityId, day: NaiveDate, count: u32) -> Result<u32, StoreError> {
    let first_of_day = order_number::Model { community_id: community.0, day, last: count.into() };
    let last = Expr::col((order_number::Entity, Column::Last)).add(i64::from(count));
    let go_on = OnConflict::columns([Column::CommunityId, Column::Day]).value(Column::Last, last).to_owned();
    let row = order_number::Entity::insert(first_of_day.into_active_model())
        .on_conflict(go_on)
        .exec_with_returning(db)
        .await
        .map_err(store_error)?;
    cell::number("order number", row.last - i64::from(count) + 1)
}
