//! A store in memory that keeps the rules of [`OrderStore`], and the other ports of the use cases.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::booking::{Booking, BookingRefusal, BookingRule, BookingState, Slot};
use domain::deadline::WorkCalendar;
use domain::ids::{AttachmentId, CommunityId, DispatchId, OrderId, SlotId};
use domain::notice::Notice;
use domain::order::usecase::{Orders, Reply, Written};
use domain::order::{ChainRow, Chained, Dispatch, Event, Order, Salt, Source};
use domain::people::{Consent, Sight};
use domain::ports::{
    Answer, BookingStore, Change, Clock, Commit, DispatchQuery, Fulfilled, Ids, OrderQuery, OrderStore, Promised,
    Slice, SlotQuery, StoreError, Wish,
};
use uuid::Uuid;

use crate::given::monday_morning;

/// Everything that was written.
#[derive(Default)]
pub struct Tables {
    pub orders: BTreeMap<OrderId, Order>,
    pub events: Vec<ChainRow>,
    pub notices: Vec<Notice>,
    pub answers: Vec<Answer>,
    pub consents: Vec<Consent>,
    /// Uploaded, but part of no order yet.
    pub loose_photos: BTreeSet<AttachmentId>,
    pub commits: u32,
    numbers: u32,
}

type Interference = Box<dyn FnOnce(&mut Tables) + Send>;

#[derive(Default)]
pub struct Memory {
    tables: Mutex<Tables>,
    /// What others do between a request's look at the store and its commit, one a commit.
    interference: Mutex<VecDeque<Interference>>,
}

impl Memory {
    pub fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().expect("no test panicked here")
    }

    /// Just before the next commit (after those asked for earlier), somebody else is faster.
    pub fn before_commit(&self, faster: impl FnOnce(&mut Tables) + Send + 'static) {
        self.interference.lock().expect("no test panicked here").push_back(Box::new(faster));
    }
}

impl Tables {
    pub fn commit(&mut self, changes: &[Change], answer: Option<&Answer>) -> Commit {
        let mut versions: BTreeMap<OrderId, i64> = self.orders.iter().map(|(id, order)| (*id, order.version)).collect();
        for Change { next, .. } in changes {
            if versions.insert(next.id, next.version).unwrap_or(0) != next.version - 1 {
                return Commit::Stale(next.id);
            }
        }
        let known: Vec<_> = self.references().collect();
        if changes.iter().any(|c| c.next.version == 1 && reference(&c.next).is_some_and(|r| known.contains(&r))) {
            return Commit::ReferenceTaken;
        }
        if answer.is_some_and(|a| self.answers.iter().any(|b| (a.person, &a.key) == (b.person, &b.key))) {
            return Commit::KeyTaken;
        }
        if !changes.iter().flat_map(|c| &c.photos).all(|photo| self.loose_photos.contains(photo)) {
            return Commit::PhotoUnavailable;
        }
        for Change { next, chained, notices, photos, consents, words: _, case: _, tallies: _, figure: _, quiet: _ } in
            changes.iter().cloned()
        {
            let Chained { event, body, salt, body_hash, hash } = chained;
            self.orders.insert(next.id, next);
            self.events.push(ChainRow { event, body, salt: Some(salt), is_erased: false, body_hash, hash });
            self.consents.extend(consents);
            self.notices.extend(notices);
            self.loose_photos.retain(|photo| !photos.contains(photo));
        }
        self.answers.extend(answer.cloned());
        self.commits += 1;
        Commit::Done
    }

    fn references(&self) -> impl Iterator<Item = &str> {
        self.orders.values().filter_map(reference)
    }

    pub fn history(&self, id: OrderId) -> Vec<ChainRow> {
        self.events.iter().filter(|row| row.event.order == id).cloned().collect()
    }

    fn visible(&self, sight: &Sight, wanted: impl Fn(&Order) -> bool) -> Option<Order> {
        self.orders.values().find(|order| sight.sees(order) && wanted(order)).cloned()
    }
}

#[async_trait]
impl OrderStore for Memory {
    async fn reserve_numbers(&self, _: CommunityId, _: NaiveDate, count: u32) -> Result<u32, StoreError> {
        let mut tables = self.tables();
        tables.numbers += count;
        Ok(tables.numbers - count + 1)
    }

    async fn commit(&self, changes: &[Change], answer: Option<&Answer>) -> Result<Commit, StoreError> {
        let mut tables = self.tables();
        let faster = self.interference.lock().expect("no test panicked here").pop_front();
        if let Some(faster) = faster {
            faster(&mut tables);
        }
        Ok(tables.commit(changes, answer))
    }

    async fn find(&self, id: OrderId, sight: &Sight) -> Result<Option<Order>, StoreError> {
        Ok(self.tables().visible(sight, |o| o.id == id))
    }

    async fn find_by_dispatch(&self, id: DispatchId, sight: &Sight) -> Result<Option<Order>, StoreError> {
        Ok(self.tables().visible(sight, |o| o.dispatch(id).is_some()))
    }

    async fn timeline(&self, id: OrderId, sight: &Sight, after: i64, limit: u16) -> Result<Vec<Event>, StoreError> {
        let tables = self.tables();
        if tables.visible(sight, |o| o.id == id).is_none() {
            return Ok(Vec::new());
        }
        let events = tables.history(id).into_iter().map(|row| row.event).filter(|e| e.seq > after);
        Ok(events.take(limit.into()).collect())
    }

    async fn list(&self, _: &OrderQuery) -> Result<Vec<Order>, StoreError> {
        Err(StoreError::unavailable("no use case lists"))
    }

    async fn list_dispatches(&self, _: &DispatchQuery) -> Result<Vec<(Dispatch, Order)>, StoreError> {
        Err(StoreError::unavailable("no use case lists"))
    }

    async fn known_references(&self, _: CommunityId, _: &str, asked: &[String]) -> Result<Vec<String>, StoreError> {
        let tables = self.tables();
        let known: Vec<_> = tables.references().filter(|r| asked.iter().any(|a| a == r)).map(str::to_owned).collect();
        Ok(known)
    }
}

/// Under which name the order is known elsewhere. No test imports from two systems.
fn reference(order: &Order) -> Option<&str> {
    match &order.content.source {
        Source::MiniProgram => None,
        Source::Import { reference, .. } => Some(reference),
    }
}

/// It is always Monday morning; ids and salts count up.
#[derive(Default)]
pub struct Counting(AtomicU8);

impl Clock for Counting {
    fn now(&self) -> DateTime<Utc> {
        monday_morning()
    }
}

impl Ids for Counting {
    fn at(&self, _: DateTime<Utc>) -> Uuid {
        Uuid::from_u128(0x7000 + u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }

    fn salt(&self) -> Salt {
        Salt([self.0.fetch_add(1, Ordering::Relaxed); 16])
    }
}

/// Answers with number, status and version.
pub struct Short;

#[async_trait]
impl Reply for Short {
    async fn write(&self, order: &Order) -> Result<Written, StoreError> {
        let body = format!("{} {} v{}", order.number, order.status(), order.version);
        Ok(Written { status: 200, body, version: order.version })
    }
}

pub fn use_cases(store: &Arc<Memory>) -> Orders {
    let counting = Arc::new(Counting::default());
    let calendar = Arc::new(WorkCalendar::announced());
    Orders { store: store.clone(), bookings: Arc::new(NoDates), clock: counting.clone(), ids: counting, calendar }
}

/// None of these stories books a date; the stores' own contracts do.
struct NoDates;

#[async_trait]
impl BookingStore for NoDates {
    async fn add_slots(&self, _: &[Slot], _: Option<&Promised<'_, u64>>) -> Result<Fulfilled<u64>, StoreError> {
        Err(no_dates())
    }

    async fn slots(&self, _: &SlotQuery) -> Result<Vec<Slot>, StoreError> {
        Err(no_dates())
    }

    async fn slot(&self, _: SlotId) -> Result<Option<Slot>, StoreError> {
        Err(no_dates())
    }

    async fn change_slot(&self, _: SlotId, _: u32, _: bool, _: DateTime<Utc>) -> Result<Option<Slot>, StoreError> {
        Err(no_dates())
    }

    async fn hold(
        &self,
        _: &Wish,
        _: &BookingRule,
        _: DateTime<Utc>,
        _: DateTime<Utc>,
    ) -> Result<Result<BookingState, BookingRefusal>, StoreError> {
        Err(no_dates())
    }

    async fn let_go(&self, _: OrderId, _: DateTime<Utc>) -> Result<(), StoreError> {
        Err(no_dates())
    }

    async fn move_to(
        &self,
        _: &Wish,
        _: &BookingRule,
        _: DateTime<Utc>,
        _: Option<&Promised<'_, Booking>>,
    ) -> Result<Result<Fulfilled<Booking>, BookingRefusal>, StoreError> {
        Err(no_dates())
    }

    async fn missed(
        &self,
        _: OrderId,
        _: DateTime<Utc>,
        _: Option<&Promised<'_, Booking>>,
    ) -> Result<Result<Fulfilled<Booking>, BookingRefusal>, StoreError> {
        Err(no_dates())
    }

    async fn of_orders(&self, _: &[OrderId]) -> Result<Vec<Booking>, StoreError> {
        Err(no_dates())
    }

    async fn of_slot(&self, _: SlotId, _: &Sight, _: Slice<u32>) -> Result<Vec<(u32, Booking)>, StoreError> {
        Err(no_dates())
    }

    async fn sweep(&self, _: DateTime<Utc>, _: u16) -> Result<u64, StoreError> {
        Err(no_dates())
    }

    async fn end_queues(&self, _: DateTime<Utc>, _: u16) -> Result<u64, StoreError> {
        Err(no_dates())
    }
}

fn no_dates() -> StoreError {
    StoreError::unavailable("no story here books a date")
}
