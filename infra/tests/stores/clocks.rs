//! What no move brings about, but the clock.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use domain::deadline::{WorkCalendar, day_in_shanghai};
use domain::ids::{PartnerId, PersonId};
use domain::notice::{Facts, NoticeKind};
use domain::people::{Membership, Role};
use domain::place::{Licence, Particulars, Suspension, Terms};
use domain::ports::{ReminderStore, StoreError};
use infra::clock::ManualClock;
use infra::worker::Clockwork;

use crate::bed::Bed;
use crate::outbox::{doors, inbox, pass_on};
use crate::story::{Story, accept, minutes, moved, noon, person, resolve};

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

    async fn remind_of_papers(&self, today: NaiveDate, now: DateTime<Utc>, limit: u16) -> Result<u64, StoreError> {
        self.0.remind_of_papers(today, now, limit).await
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

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn licensed(until: &str) -> Terms {
    let licence = Licence { kind: "营业执照".to_owned(), number: "1".to_owned(), valid_until: Some(day(until)) };
    Terms { licences: vec![licence], ..Terms::default() }
}

/// The secretary writes this down of the partner, on this day.
async fn kept(bed: &Bed, id: PartnerId, terms: Terms, closed: bool, today: &str) {
    let directory = bed.stores.directory.directory().await.expect("a directory");
    let partner = directory.partners.into_iter().find(|partner| partner.id == id).expect("a partner");
    let partner = domain::place::Partner { closed, ..partner };
    let particulars = Particulars { terms, ..Particulars::default() };
    let saved = bed.stores.partners.save_partner(&partner, &particulars, true, day(today), None).await;
    let done = domain::ports::PartnerSaved::Ended(domain::ports::Commit::Done);
    assert_eq!(saved.expect("an end"), done);
}

/// What this person was told of papers, the oldest first.
async fn told_of_papers(bed: &Bed, person: PersonId) -> Vec<(NoticeKind, NaiveDate)> {
    let items = inbox(bed, person).await.into_iter().rev();
    let paper = |item: domain::ports::InboxItem| match item.facts {
        Some(Facts::Paper { until, .. }) => Some((item.kind, until)),
        _ => None,
    };
    items.filter_map(paper).collect()
}

/// Midnight of the day, and what the clock brings about then; says how many partners were looked at.
async fn remind(bed: &Bed, today: &str) -> u64 {
    let at: DateTime<Utc> = format!("{today}T00:00:05+08:00").parse().expect("an instant");
    assert_eq!(day_in_shanghai(at), day(today));
    let looked_at = bed.stores.reminders.remind_of_papers(day(today), at, 9).await.expect("reminded");
    pass_on(bed, at).await;
    looked_at
}

pub async fn a_paper_that_ends_is_told_of_once_on_each_of_its_days(bed: &Bed) {
    let story = Story::begin(bed).await;
    let secretary = person(bed, "secretary", &[Membership::at(story.community, Role::Secretary)]).await.person;
    kept(bed, story.partner, licensed("2026-12-31"), false, "2026-11-23").await;
    assert_eq!(remind(bed, "2026-11-30").await, 0);
    let both = tokio::join!(remind(bed, "2026-12-01"), remind(bed, "2026-12-01"));
    assert_eq!(both.0 + both.1, 1, "two workers");
    // Something else of the partner changes on the same day.
    kept(bed, story.partner, Terms { alliance: true, ..licensed("2026-12-31") }, false, "2026-12-01").await;
    assert_eq!(remind(bed, "2026-12-01").await, 0);
    assert_eq!((remind(bed, "2026-12-31").await, remind(bed, "2026-12-31").await), (1, 0));
    let end = day("2026-12-31");
    let expected = [(NoticeKind::PaperNearEnd, end), (NoticeKind::PaperEnds, end)];
    for whom in [secretary, story.worker.person] {
        assert_eq!(told_of_papers(bed, whom).await, expected);
    }
    for nobody in [story.clerk.person, story.resident.person, story.stranger.person] {
        assert_eq!(told_of_papers(bed, nobody).await, []);
    }
    assert_eq!(remind(bed, "2027-01-31").await, 0);
    // Renewed, it begins anew.
    kept(bed, story.partner, licensed("2027-12-31"), false, "2027-01-31").await;
    assert_eq!(remind(bed, "2027-12-01").await, 1);
    assert_eq!(told_of_papers(bed, secretary).await.last(), Some(&(NoticeKind::PaperNearEnd, day("2027-12-31"))));
}

pub async fn nobody_is_told_of_a_partner_without_work(bed: &Bed) {
    let story = Story::begin(bed).await;
    let suspended = Some(Suspension { since: noon(), reason: "整改".to_owned() });
    kept(bed, story.partner, Terms { suspended, ..licensed("2026-12-31") }, false, "2026-11-23").await;
    kept(bed, story.helper, licensed("2026-12-31"), true, "2026-11-23").await;
    assert_eq!(remind(bed, "2026-12-01").await, 2, "looked at and passed over");
    for worker in [story.worker.person, story.second_worker.person] {
        assert_eq!(told_of_papers(bed, worker).await, []);
    }
    // At work again, its people hear of the last day.
    kept(bed, story.partner, licensed("2026-12-31"), false, "2026-12-02").await;
    assert_eq!(remind(bed, "2026-12-31").await, 2);
    assert_eq!(told_of_papers(bed, story.worker.person).await, [(NoticeKind::PaperEnds, day("2026-12-31"))]);
    let once = [(NoticeKind::PaperEnds, day("2026-12-31"))];
    assert_eq!(told_of_papers(bed, story.second_worker.person).await, once, "the closed one says nothing");
}

pub async fn papers_are_found_by_their_day(bed: &Bed) {
    let story = Story::begin(bed).await;
    for id in [story.partner, story.helper] {
        kept(bed, id, licensed("2026-12-31"), false, "2026-11-23").await;
    }
    let at = "2026-12-01T00:00:05+08:00".parse().expect("an instant");
    let some = async || bed.stores.reminders.remind_of_papers(day("2026-12-01"), at, 1).await.expect("reminded");
    assert_eq!((some().await, some().await, some().await), (1, 1, 0), "page by page");
    bed.tamper("UPDATE partner_particulars SET licences = '[1]', papers_due_on = '2026-12-31'").await;
    assert_eq!(remind(bed, "2026-12-31").await, 2, "what cannot be read is put off");
    assert_eq!(remind(bed, "2026-12-31").await, 0);
}
