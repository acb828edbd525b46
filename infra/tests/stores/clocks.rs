//! What no move brings about, but the clock.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use domain::deadline::WorkCalendar;
use domain::notice::NoticeKind;
use domain::ports::{ReminderStore, StoreError};
use infra::clock::ManualClock;
use infra::worker::Clockwork;

use crate::bed::Bed;
use crate::outbox::{doors, inbox, pass_on};
use crate::story::{Story, accept, minutes, moved, noon, resolve};

pub async fn a_clock_reminds_once_at_each_of_its_marks(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.placed(bed, noon()).await;
    let due = order.due.accept_by.expect("a clock");
    let near = due - (due - noon()) / 4;
    let remind = async |at| {
        let reminders: &dyn ReminderStore = &*bed.stores.reminders;
        let told = reminders.remind(at, 9).await.expect("reminded");
        pass_on(bed, at).await;
        told
    };
    assert_eq!(remind(near - TimeDelta::seconds(1)).await, 0);
    assert_eq!((remind(near).await, remind(near).await), (1, 0));
    assert_eq!((remind(due).await, remind(due).await), (1, 0));
    let told: Vec<_> = inbox(bed, story.clerk.person).await.into_iter().rev().map(|item| item.kind).collect();
    assert_eq!(told, [NoticeKind::NewOrder, NoticeKind::NearDue, NoticeKind::Overdue]);
    // Another clock begins to run.
    let order = moved(bed, &order, &story.clerk, accept(), due).await;
    let end = order.due.resolve_by.expect("a clock");
    assert_eq!((remind(end - (end - noon()) / 4).await, remind(end).await, remind(end).await), (1, 1, 0));
    moved(bed, &order, &story.clerk, resolve(), end).await;
    assert_eq!(remind(end + TimeDelta::days(9)).await, 0);
}

pub async fn an_unreadable_order_is_reminded_of_by_nobody_and_hides_no_other(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (spoiled, order) = (story.placed(bed, noon()).await, story.placed(bed, minutes(1)).await);
    pass_on(bed, minutes(1)).await;
    bed.tamper(&format!(
        "UPDATE orders SET private = (SELECT salt FROM order_events WHERE salt IS NOT NULL LIMIT 1) WHERE number = '{}'",
        spoiled.number
    ))
    .await;
    let due = order.due.accept_by.expect("a clock");
    let near = due - (due - minutes(1)) / 4;
    let remind = async |at| bed.stores.reminders.remind(at, 9).await.expect("reminded");
    assert_eq!(remind(near).await, 2, "one of them is put off");
    pass_on(bed, near).await;
    let told = inbox(bed, story.clerk.person).await;
    assert_eq!((told[0].kind, told[0].order), (NoticeKind::NearDue, Some(order.id)));
    assert_eq!(remind(near + TimeDelta::hours(23)).await, 1, "the other one's clock has ended");
    assert_eq!(remind(near + TimeDelta::hours(23)).await, 0);
    assert_eq!(remind(near + TimeDelta::hours(24)).await, 1, "it is looked at again the next day");
}

/// A clock whose reminders fail.
struct Unready(Arc<dyn ReminderStore>);

#[async_trait]
impl ReminderStore for Unready {
    async fn remind(&self, _: DateTime<Utc>, _: u16) -> Result<u64, StoreError> {
        Err(StoreError::corrupt("order", "spoiled"))
    }

    async fn digest(&self, day: NaiveDate, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.0.digest(day, now).await
    }
}

pub async fn the_digest_comes_whatever_became_of_the_reminders(bed: &Bed) {
    let story = Story::begin(bed).await;
    story.placed(bed, noon()).await;
    let clockwork = Clockwork {
        reminders: Arc::new(Unready(bed.stores.reminders.clone())),
        bookings: bed.stores.bookings.clone(),
        mediations: crate::mediations::mediations(bed, noon()),
        deliveries: bed.stores.deliveries.clone(),
        calendar: Arc::new(WorkCalendar::announced()),
        doors: Arc::new(doors()),
        clock: Arc::new(ManualClock::new(noon())),
        relay: Arc::default(),
        sender: Arc::default(),
    };
    assert!(clockwork.step().await.is_err(), "it is told");
    assert_eq!(bed.texts("SELECT kind FROM outbox WHERE kind = 'digest'").await, ["digest"]);
}

pub async fn a_digest_is_written_once_a_day(bed: &Bed) {
    let story = Story::begin(bed).await;
    story.placed(bed, noon()).await;
    story.accepted(bed, noon()).await;
    let day = "2026-11-23".parse().expect("a day");
    let reminders = &bed.stores.reminders;
    let (a, b) = tokio::join!(reminders.digest(day, noon()), reminders.digest(day, noon()));
    assert_eq!(a.expect("written") + b.expect("written"), 1, "the other community has nothing to do");
    assert_eq!(reminders.digest(day, noon()).await.expect("written"), 0);
    assert_eq!(bed.texts("SELECT kind FROM outbox WHERE kind = 'digest'").await, ["digest"]);
    assert_eq!(reminders.digest("2026-11-24".parse().expect("a day"), noon()).await.expect("written"), 1);
}
