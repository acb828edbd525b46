//! Given, when, then: an order that lives through one move after another.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::DispatchId;
use domain::order::{Command, Content, Decision, Dispatch, DispatchStatus, Event, Order, OrderStatus, decide, submit};

use crate::given::{KERB, Who, a_broken_kerb, monday_morning, submission};

#[derive(Clone, Debug)]
pub struct Story {
    pub order: Order,
    /// Every event so far, oldest first.
    pub events: Vec<Event>,
    pub now: DateTime<Utc>,
}

impl Story {
    /// The requester has placed the order for the kerb.
    pub fn begins() -> Self {
        Self::begins_with(a_broken_kerb())
    }

    pub fn begins_with(content: Content) -> Self {
        let now = monday_morning();
        let (order, event) = submit(submission(KERB, Who::Requester.person(), content), now).expect("a submission");
        Self { order, events: vec![event], now }
    }

    pub fn later(mut self, wait: TimeDelta) -> Self {
        self.now += wait;
        self
    }

    /// The move is made.
    #[track_caller]
    pub fn then(mut self, who: Who, command: Command) -> Self {
        let text = format!("{who}: {command:?}");
        match decide(&self.order, &who.actor(), command, self.now) {
            Ok(Decision::Apply { next, event }) => {
                self.order = *next;
                self.events.push(*event);
                self
            }
            other => panic!("{text} should be made, but: {other:?}"),
        }
    }

    /// The move is answered as done, and nothing is written.
    #[track_caller]
    pub fn but_unchanged(self, who: Who, command: Command) -> Self {
        assert_eq!(decide(&self.order, &who.actor(), command, self.now), Ok(Decision::AlreadyApplied), "{who}");
        self
    }

    /// The move is turned down with this code.
    #[track_caller]
    pub fn but_refused(self, who: Who, command: Command, code: &str) -> Self {
        let text = format!("{who}: {command:?}");
        match decide(&self.order, &who.actor(), command, self.now) {
            Err(refusal) => assert_eq!(refusal.code(), code, "{text}"),
            other => panic!("{text} should be refused, but: {other:?}"),
        }
        self
    }

    #[track_caller]
    pub fn is(self, status: OrderStatus) -> Self {
        assert_eq!(self.order.status(), status);
        self
    }

    #[track_caller]
    pub fn task_is(self, task: DispatchId, status: DispatchStatus) -> Self {
        assert_eq!(self.order.dispatch(task).map(Dispatch::status), Some(status));
        self
    }
}
