use std::collections::HashSet;

use chrono::TimeDelta;

use domain::advice::Danger;
use domain::ids::PersonId;
use domain::notice::{Audience, NoticeKind};
use domain::people::{Membership, Role};
use domain::ports::{Delivery, Grant, OutboxItem, Outcome, Settlement};

use crate::bed::Bed;
use crate::story::{APP, Story, committed, grant, minutes, moved, new_id, noon, resolve, wechat};

async fn claim(bed: &Bed, minute: i64, limit: u16) -> Vec<OutboxItem> {
    let (now, lease_until) = (minutes(minute), minutes(minute + 5));
    bed.stores.outbox.claim(&[APP.to_owned()], now, lease_until, limit).await.expect("a claim")
}

fn told(person: PersonId, outcome: Outcome) -> Delivery {
    Delivery { person, outcome, code: Some(43101), message: Some(format!("to {person}")), at: noon() }
}

fn persons(item: &OutboxItem) -> HashSet<PersonId> {
    item.recipients.iter().map(|r| r.person).collect()
}

pub async fn two_workers_never_hold_the_same(bed: &Bed) {
    let story = Story::begin(bed).await;
    for n in 0..40 {
        story.accepted(bed, minutes(n)).await;
    }
    let mut held = Vec::new();
    loop {
        let (a, b) = tokio::join!(claim(bed, 60, 7), claim(bed, 60, 7));
        if a.is_empty() && b.is_empty() {
            break;
        }
        held.extend(a.into_iter().chain(b).map(|item| item.id));
    }
    assert_eq!(held.len(), 40);
    assert_eq!(held.iter().collect::<HashSet<_>>().len(), 40);
}

pub async fn a_lease_that_ended_gives_the_item_back(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.accepted(bed, noon()).await;
    assert_eq!(claim(bed, -1, 9).await, [], "nothing is due before it happened");

    let [item] = claim(bed, 0, 9).await.try_into().expect("one item");
    assert_eq!((item.kind, item.order, item.attempts, item.at), (NoticeKind::Accepted, order.id, 1, noon()));
    assert_eq!((&item.order_number, item.service_name.as_str()), (&order.number, "repair 服务"));
    assert_eq!(item.partner_name, None);
    assert_eq!(item.recipients[0].accounts[0].openid, "resident");
    assert_eq!(claim(bed, 4, 9).await, [], "the lease still runs");

    let [again] = claim(bed, 5, 9).await.try_into().expect("one item");
    assert_eq!(again, OutboxItem { attempts: 2, ..item });
}

pub async fn what_happened_to_an_order_is_told_in_that_order(bed: &Bed) {
    let story = Story::begin(bed).await;
    for _ in 0..8 {
        let order = story.accepted(bed, noon()).await;
        moved(bed, &order, &story.clerk, resolve(), noon()).await;
    }
    let kinds: Vec<_> = claim(bed, 0, 16).await.iter().map(|item| item.kind).collect();
    let [accepted, resolved] = [NoticeKind::Accepted, NoticeKind::Resolved].map(|kind| [kind; 8]);
    assert_eq!(kinds, [accepted, resolved].concat(), "all within one millisecond");
}

pub async fn settling_records_and_removes(bed: &Bed) {
    let story = Story::begin(bed).await;
    story.accepted(bed, noon()).await;
    let outbox = &bed.stores.outbox;
    assert_eq!(outbox.waiting().await.expect("a count"), (1, Some(noon())));

    let [item] = claim(bed, 0, 9).await.try_into().expect("one item");
    let ends = [told(story.resident.person, Outcome::NoRight)];
    outbox.settle(item.id, &ends, &Settlement::Finished).await.expect("settled");
    assert_eq!(outbox.waiting().await.expect("a count"), (0, None));
    assert_eq!(claim(bed, 60, 9).await, []);
    assert_eq!(bed.texts("SELECT outcome FROM deliveries").await, ["no_right"]);

    // A worker whose lease ended settles too late: the first end stands.
    let late = [told(story.resident.person, Outcome::Delivered)];
    outbox.settle(item.id, &late, &Settlement::Finished).await.expect("settled");
    assert_eq!(bed.texts("SELECT outcome FROM deliveries").await, ["no_right"]);
}

pub async fn a_retry_leaves_those_out_who_were_told(bed: &Bed) {
    let story = Story::begin(bed).await;
    story.dispatched(bed, noon(), story.partner).await;
    let items = claim(bed, 0, 9).await;
    let to_staff = items.iter().find(|item| item.recipients.len() == 2).expect("the notice to the partner");
    let ends = [told(story.worker.person, Outcome::Delivered)];
    let retry = Settlement::RetryAt(minutes(30));
    bed.stores.outbox.settle(to_staff.id, &ends, &retry).await.expect("settled");
    bed.stores.outbox.settle(to_staff.id, &ends, &retry).await.expect("settling twice is harmless");

    let early = claim(bed, 29, 9).await;
    assert!(early.iter().all(|item| item.id != to_staff.id), "not before its time");
    let later = bed
        .stores
        .outbox
        .claim(&[APP.to_owned()], minutes(30), minutes(30) + TimeDelta::minutes(5), 9)
        .await
        .expect("a claim");
    let again = later.iter().find(|item| item.id == to_staff.id).expect("the notice to the partner");
    assert_eq!(persons(again), HashSet::from([story.second_worker.person]));
}

pub async fn a_partner_is_all_its_staff(bed: &Bed) {
    let story = Story::begin(bed).await;
    story.dispatched(bed, noon(), story.partner).await;
    let items: Vec<_> = claim(bed, 0, 9).await.into_iter().filter(|i| i.kind == NoticeKind::Dispatched).collect();
    assert!(items.iter().all(|item| item.partner_name.as_deref() == Some("安居物业")));
    let sets: Vec<_> = items.iter().map(persons).collect();
    assert_eq!(sets.len(), 2);
    assert!(sets.contains(&HashSet::from([story.resident.person])));
    assert!(sets.contains(&HashSet::from([story.worker.person, story.second_worker.person])));
}

pub async fn an_alarm_reaches_those_on_duty_once(bed: &Bed) {
    let story = Story::begin(bed).await;
    let secretary = on_duty(bed, &story, "secretary", &[Role::Secretary, Role::IntakeClerk]).await;
    on_duty(bed, &story, "grid", &[Role::GridWorker]).await;
    let left = on_duty(bed, &story, "left", &[]).await;
    let held = Membership::at(story.community, Role::IntakeClerk);
    let ended = Grant { until: Some(minutes(-1)), at: minutes(-9), ..grant(left, &held) };
    bed.stores.memberships.grant(&ended).await.expect("a grant");
    for sealed in [false, true] {
        let change = story.submission_with(&story.resident, noon(), |s| {
            s.sealed = sealed;
            s.advice.emergency = Some(Danger::Fire);
        });
        committed(bed, change).await;
    }
    let [open, sealed] = claim(bed, 0, 9).await.try_into().expect("two items");
    let (open, sealed) = if open.recipients.len() == 2 { (open, sealed) } else { (sealed, open) };
    assert_eq!((open.kind, open.audience), (NoticeKind::Alarm, Audience::Desk(story.community)));
    assert_eq!((open.recipients.len(), persons(&open)), (2, HashSet::from([story.clerk.person, secretary])));
    assert_eq!((sealed.recipients.len(), persons(&sealed)), (1, HashSet::from([secretary])));
}

async fn on_duty(bed: &Bed, story: &Story, openid: &str, roles: &[Role]) -> PersonId {
    let id: PersonId = new_id(noon());
    bed.stores.people.sign_in(&wechat(openid, None), id, noon()).await.expect("a person");
    for role in roles {
        let held = grant(id, &Membership::at(story.community, *role));
        bed.stores.memberships.grant(&held).await.expect("a grant");
    }
    id
}
