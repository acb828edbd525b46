use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use domain::advice::Danger;
use domain::ids::{OutboxId, PersonId};
use domain::notice::{NoticeKind, Template};
use domain::people::{Membership, Role};
use domain::ports::{Doors, Expanded, Grant, InboxItem, Program, Relayed, Slice};
use strum::IntoEnumIterator;

use crate::bed::Bed;
use crate::story::{APP, Story, accept, committed, grant, minutes, moved, new_id, noon, resolve, wechat};

/// One mini-program, whose templates are called as their kinds are; nothing else.
pub fn doors() -> Doors {
    let templates = Template::iter().map(|template| (template, template.to_string())).collect();
    Doors { programs: vec![Program { app_id: APP.to_owned(), templates }], service_account: None, wecom: false }
}

/// The same, and WeCom for those who work.
pub fn with_wecom() -> Doors {
    Doors { wecom: true, ..doors() }
}

pub async fn relay(bed: &Bed, at: DateTime<Utc>, limit: u16) -> Relayed {
    bed.stores.outbox.relay(at, Some(at + chrono::TimeDelta::minutes(5)), limit).await.expect("relayed")
}

async fn expand(bed: &Bed, notices: &[OutboxId], at: DateTime<Utc>) -> Expanded {
    bed.stores.outbox.expand(notices, &doors(), at).await.expect("expanded")
}

/// Everything that waits becomes deliveries.
pub async fn pass_on(bed: &Bed, at: DateTime<Utc>) -> Expanded {
    pass_on_through(bed, &doors(), at).await
}

pub async fn pass_on_through(bed: &Bed, doors: &Doors, at: DateTime<Utc>) -> Expanded {
    let mut all = Expanded::default();
    loop {
        let Relayed { changes, notices } = relay(bed, at, 100).await;
        if changes == 0 && notices.is_empty() {
            return all;
        }
        let some = bed.stores.outbox.expand(&notices, doors, at).await.expect("expanded");
        all =
            Expanded { inbox: all.inbox + some.inbox, queued: all.queued + some.queued, calls: all.calls + some.calls };
    }
}

pub async fn inbox(bed: &Bed, person: PersonId) -> Vec<InboxItem> {
    let slice = Slice { before: None, limit: 100 };
    bed.stores.inbox.inbox(&[person], false, slice).await.expect("an inbox")
}

async fn kinds(bed: &Bed, person: PersonId) -> Vec<NoticeKind> {
    let mut kinds: Vec<_> = inbox(bed, person).await.into_iter().map(|item| item.kind).collect();
    kinds.reverse();
    kinds
}

pub async fn two_relays_never_hold_the_same(bed: &Bed) {
    let story = Story::begin(bed).await;
    for n in 0..20 {
        story.accepted(bed, minutes(n)).await;
    }
    let (mut held, mut changes) = (Vec::new(), 0);
    loop {
        let (a, b) = tokio::join!(relay(bed, minutes(60), 7), relay(bed, minutes(60), 7));
        if a == Relayed::default() && b == Relayed::default() {
            break;
        }
        changes += a.changes + b.changes;
        held.extend(a.notices.into_iter().chain(b.notices));
    }
    assert_eq!((held.len(), changes), (60, 40), "two notices of each submission, one of each acceptance");
    assert_eq!(held.iter().collect::<HashSet<_>>().len(), 60);
    let mut positions = bed.numbers("SELECT position FROM feed").await;
    positions.sort_unstable();
    assert_eq!(positions, (1..=40).collect::<Vec<_>>(), "without gaps");
}

pub async fn a_lease_that_ended_gives_the_notice_back(bed: &Bed) {
    let story = Story::begin(bed).await;
    story.placed(bed, noon()).await;
    assert_eq!(relay(bed, minutes(-1), 9).await, Relayed::default(), "nothing is due before it happened");
    let first = relay(bed, noon(), 9).await;
    assert_eq!((first.changes, first.notices.len()), (1, 2));
    assert_eq!(relay(bed, minutes(4), 9).await, Relayed::default(), "the lease still runs");
    let again = relay(bed, minutes(5), 9).await;
    assert_eq!((again.changes, again.notices.clone()), (0, first.notices), "the change has its place already");
    bed.stores.outbox.give_back(&again.notices, minutes(6)).await.expect("given back");
    assert_eq!(relay(bed, minutes(6), 9).await.notices.len(), 2);
}

pub async fn who_only_watches_leaves_notices_to_others(bed: &Bed) {
    let story = Story::begin(bed).await;
    story.placed(bed, noon()).await;
    let watched = bed.stores.outbox.relay(noon(), None, 9).await.expect("relayed");
    assert_eq!((watched.changes, watched.notices.len()), (1, 0));
    assert_eq!(relay(bed, noon(), 9).await.notices.len(), 2);
}

pub async fn what_happened_to_an_order_is_passed_on_in_that_order(bed: &Bed) {
    let story = Story::begin(bed).await;
    for _ in 0..8 {
        let order = story.accepted(bed, noon()).await;
        moved(bed, &order, &story.clerk, resolve(), noon()).await;
    }
    pass_on(bed, noon()).await;
    let seen = bed.texts("SELECT CAST(seq AS TEXT) FROM feed ORDER BY order_id, position").await;
    assert_eq!(seen, ["1", "2", "3"].repeat(8), "all within one millisecond");
    let mut told: HashMap<_, Vec<NoticeKind>> = HashMap::new();
    for item in inbox(bed, story.resident.person).await.into_iter().rev() {
        told.entry(item.order).or_default().push(item.kind);
    }
    assert_eq!(told.len(), 8);
    let kinds = [NoticeKind::Received, NoticeKind::Accepted, NoticeKind::Resolved];
    assert!(told.values().all(|of_one| *of_one == kinds), "{told:?}");
}

pub async fn a_notice_is_expanded_once(bed: &Bed) {
    let story = Story::begin(bed).await;
    story.accepted(bed, noon()).await;
    let notices = relay(bed, noon(), 9).await.notices;
    let (a, b) = tokio::join!(expand(bed, &notices, noon()), expand(bed, &notices, noon()));
    // To the resident: received, accepted. To the desk: a new order.
    assert_eq!(a.inbox + b.inbox, 3);
    assert_eq!(bed.stores.outbox.waiting().await.expect("a count"), (0, None));
    assert_eq!(expand(bed, &notices, minutes(1)).await, Expanded::default(), "they are gone");
    let mut positions = bed.numbers("SELECT position FROM deliveries WHERE position IS NOT NULL").await;
    positions.extend(bed.numbers("SELECT position FROM feed").await);
    positions.sort_unstable();
    assert_eq!(positions, [1, 2, 3, 4, 5], "one counter for both");
}

pub async fn a_partner_is_all_its_staff(bed: &Bed) {
    let story = Story::begin(bed).await;
    story.dispatched(bed, noon(), story.partner).await;
    pass_on(bed, noon()).await;
    for worker in [&story.worker, &story.second_worker] {
        let items = inbox(bed, worker.person).await;
        assert_eq!(items.len(), 1);
        assert_eq!((items[0].kind, items[0].partner_name.as_deref()), (NoticeKind::Dispatched, Some("安居物业")));
        assert_eq!((items[0].service_name.as_str(), items[0].read_at), ("repair 服务", None));
    }
    assert_eq!(
        kinds(bed, story.resident.person).await,
        [NoticeKind::Received, NoticeKind::Accepted, NoticeKind::Dispatched]
    );
    assert_eq!(kinds(bed, story.neighbour.person).await, []);
}

pub async fn an_alarm_reaches_those_on_duty_once(bed: &Bed) {
    let story = Story::begin(bed).await;
    let secretary = on_duty(bed, &story, "secretary", &[Role::Secretary, Role::IntakeClerk]).await;
    let grid = on_duty(bed, &story, "grid", &[Role::GridWorker]).await;
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
    pass_on(bed, noon()).await;
    let alarm = NoticeKind::Alarm;
    assert_eq!(kinds(bed, story.clerk.person).await, [alarm], "not of the sealed matter");
    assert_eq!(kinds(bed, secretary).await, [alarm, alarm], "once of each");
    assert_eq!((kinds(bed, grid).await, kinds(bed, left).await), (vec![], vec![]));
    assert_eq!(kinds(bed, story.stranger.person).await, [], "another community's secretary");
}

pub async fn nobody_is_told_what_they_did_themselves(bed: &Bed) {
    let story = Story::begin(bed).await;
    // The clerk lives here as well.
    let order = committed(bed, story.submission_with(&story.clerk, noon(), |_| {})).await;
    moved(bed, &order, &story.clerk, accept(), minutes(1)).await;
    pass_on(bed, minutes(1)).await;
    assert_eq!(kinds(bed, story.clerk.person).await, [NoticeKind::Received]);
}

pub async fn a_complaint_is_not_told_to_whom_it_is_about(bed: &Bed) {
    let story = Story::begin(bed).await;
    let both = on_duty(bed, &story, "both", &[Role::IntakeClerk]).await;
    bed.stores
        .memberships
        .grant(&grant(both, &Membership::staff(story.community, story.partner)))
        .await
        .expect("a grant");
    let about = story.submission_with(&story.resident, noon(), |s| s.content.about_partner = Some(story.partner));
    committed(bed, about).await;
    pass_on(bed, noon()).await;
    assert_eq!(kinds(bed, both).await, []);
    assert_eq!(kinds(bed, story.clerk.person).await, [NoticeKind::NewOrder]);
}

pub async fn on_duty(bed: &Bed, story: &Story, openid: &str, roles: &[Role]) -> PersonId {
    let id: PersonId = new_id(noon());
    bed.stores.people.sign_in(&wechat(openid, None), id, noon()).await.expect("a person");
    for role in roles {
        let held = grant(id, &Membership::at(story.community, *role));
        bed.stores.memberships.grant(&held).await.expect("a grant");
    }
    id
}
