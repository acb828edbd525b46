use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::order::{Command, EventKind, HandlerRole, Order};
use domain::people::{Actor, Sight};
use domain::ports::{Extent, Happened, Occurrence, OrderChange, Stretch};
use infra::store::Stores;

use crate::bed::Bed;
use crate::outbox::{inbox, pass_on};
use crate::story::{Story, committed, minutes, moved, noon, resolve};

async fn since(bed: &Bed, after: i64, limit: u16) -> Stretch {
    bed.stores.feed.since(after, limit).await.expect("a stretch")
}

async fn extent(bed: &Bed) -> Extent {
    bed.stores.feed.extent().await.expect("an extent")
}

fn changes(items: Vec<Happened>) -> Vec<OrderChange> {
    let change = |item: Happened| match item.what {
        Occurrence::Changed(change) => Some(change),
        Occurrence::Told(_) => None,
    };
    items.into_iter().filter_map(change).collect()
}

fn positions(stretch: &Stretch) -> Vec<i64> {
    stretch.items.iter().map(|item| item.position).collect()
}

pub async fn changes_and_inboxes_come_as_one_sequence(bed: &Bed) {
    let story = Story::begin(bed).await;
    assert_eq!(since(bed, 0, 9).await, Stretch { after: 0, until: 0, items: Vec::new(), goes_on: false });
    for minute in 0..3 {
        story.dispatched(bed, minutes(minute), story.partner).await;
        pass_on(bed, minutes(minute)).await;
    }
    let head = extent(bed).await.head;
    let all = since(bed, 0, 500).await;
    assert_eq!((positions(&all), all.until, all.goes_on), ((1..=head).collect::<Vec<_>>(), head, false));
    let told: Vec<_> = all.items.iter().filter(|item| matches!(item.what, Occurrence::Told(_))).collect();
    assert_eq!(all.items.len() - told.len(), 9, "submitted, accepted, dispatched");
    let to_worker: Vec<_> = inbox(bed, story.worker.person).await.into_iter().map(Occurrence::Told).rev().collect();
    assert!(!to_worker.is_empty());
    let found: Vec<_> = told.into_iter().map(|item| item.what.clone()).collect();
    assert!(to_worker.iter().all(|item| found.contains(item)), "as the inbox shows it");

    // Read in small pieces it is the same.
    let (mut pieces, mut after) = (Vec::new(), 0);
    loop {
        let piece = since(bed, after, 4).await;
        assert_eq!((piece.after, piece.goes_on), (after, piece.until < head));
        after = piece.until;
        pieces.extend(piece.items);
        if !piece.goes_on {
            break;
        }
    }
    assert_eq!((pieces, after), (all.items, head));
}

pub async fn a_change_says_who_may_know(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.dispatched(bed, noon(), story.partner).await;
    pass_on(bed, noon()).await;
    let [submitted, accepted, dispatched] =
        changes(since(bed, 0, 99).await.items).try_into().expect("three changes of one order");
    assert_eq!(
        dispatched,
        OrderChange {
            order: order.id,
            version: 3,
            kind: EventKind::Dispatched,
            at: noon(),
            dispatch: Some(order.dispatches[0].id),
            partner: Some(story.partner),
            community: story.community,
            compound: None,
            grid: None,
            sealed: false,
            requester: story.resident.person,
            beneficiary: None,
            about_partner: None,
            mediator: None,
            other_parties: Vec::new(),
            partners: Vec::new(),
        }
    );
    let hears = |actor: &Actor, change: &OrderChange| Sight::of(actor).sees_change(change);
    for change in [&submitted, &accepted, &dispatched] {
        assert!(hears(&story.resident, change) && hears(&story.clerk, change));
        assert!(!hears(&story.neighbour, change) && !hears(&story.stranger, change));
        assert_eq!(hears(&story.worker, change), change.kind == EventKind::Dispatched);
    }
}

/// The lead completed, a helper was still at it, and another one had given its task back.
pub async fn the_end_names_whose_work_it_ended(bed: &Bed) {
    let story = Story::begin(bed).await;
    let dispatch = |partner, role, minute| story.dispatch(partner, role, minutes(minute));
    let step = async |order: &Order, who: &Actor, command: Command, minute| {
        moved(bed, order, who, command, minutes(minute)).await
    };
    let order = story.dispatched(bed, noon(), story.partner).await;
    let lead = order.dispatches[0].id;
    let order = step(&order, &story.worker, Command::Sign { dispatch: lead, visit_at: None }, 1).await;
    let done = Command::Complete { dispatch: lead, result: "好了".to_owned(), photos: Vec::new(), charge: None };
    let order = step(&order, &story.worker, done, 2).await;
    let order = step(&order, &story.clerk, dispatch(story.helper, HandlerRole::Co, 3), 3).await;
    let resolved = step(&order, &story.clerk, resolve(), 4).await;
    pass_on(bed, minutes(5)).await;
    let last = changes(since(bed, 0, 99).await.items).pop().expect("a change");
    assert_eq!((last.kind, last.version), (EventKind::Resolved, resolved.version));
    assert_eq!(last.partners, [story.partner, story.helper], "the helper's task was called off by it");

    let order = story.dispatched(bed, minutes(6), story.partner).await;
    let recalled = Command::Recall { dispatch: order.dispatches[0].id, reason: "改派".to_owned() };
    let order = step(&order, &story.clerk, recalled, 7).await;
    step(&order, &story.resident, Command::Withdraw { reason: None }, 8).await;
    pass_on(bed, minutes(9)).await;
    let last = changes(since(bed, 0, 99).await.items).pop().expect("a change");
    assert_eq!((last.kind, last.partners), (EventKind::Withdrawn, Vec::new()), "it was recalled before");
}

/// Somebody who comes back hears of the end of each round as whoever heard it at once; a handler of the first round hears
/// nothing of the second.
pub async fn an_end_stays_told_when_the_order_is_reopened(bed: &Bed) {
    let story = Story::begin(bed).await;
    let step = async |order: &Order, who: &Actor, command: Command, minute| {
        moved(bed, order, who, command, minutes(minute)).await
    };
    let order = story.dispatched(bed, noon(), story.partner).await;
    let lead = order.dispatches[0].id;
    let order = step(&order, &story.worker, Command::Sign { dispatch: lead, visit_at: None }, 1).await;
    let done = Command::Complete { dispatch: lead, result: "好了".to_owned(), photos: Vec::new(), charge: None };
    let order = step(&order, &story.worker, done, 2).await;
    let order = step(&order, &story.clerk, resolve(), 3).await;
    let order = step(&order, &story.resident, Command::Reopen { reason: "又坏了".to_owned() }, 4).await;
    let order = step(&order, &story.clerk, story.dispatch(story.helper, HandlerRole::Lead, minutes(5)), 5).await;
    step(&order, &story.clerk, resolve(), 6).await;
    pass_on(bed, minutes(7)).await;
    let ends: Vec<_> = changes(since(bed, 0, 99).await.items)
        .into_iter()
        .filter(|change| change.kind == EventKind::Resolved)
        .map(|change| change.partners)
        .collect();
    assert_eq!(ends, [vec![story.partner], vec![story.helper]]);
}

/// Two relays give positions while somebody reads along.
pub async fn whoever_reads_along_misses_nothing(bed: &Bed) {
    let story = Story::begin(bed).await;
    for minute in 0..40 {
        story.accepted(bed, minutes(minute)).await;
    }
    let passed_on = AtomicUsize::new(0);
    let passing_on = async || {
        pass_on(bed, minutes(60)).await;
        passed_on.fetch_add(1, Ordering::SeqCst);
    };
    let reading = async {
        let (mut read, mut after) = (Vec::new(), 0);
        loop {
            let all_is_there = passed_on.load(Ordering::SeqCst) == 2;
            let stretch = since(bed, after, 7).await;
            after = stretch.until;
            read.extend(positions(&stretch));
            if all_is_there && !stretch.goes_on {
                return read;
            }
        }
    };
    let (read, (), ()) = tokio::join!(reading, passing_on(), passing_on());
    let head = extent(bed).await.head;
    assert!(head > 80, "{head}");
    assert_eq!(read, (1..=head).collect::<Vec<_>>());
}

pub async fn what_is_swept_is_said_to_be_gone(bed: &Bed) {
    let story = Story::begin(bed).await;
    story.accepted(bed, noon()).await;
    pass_on(bed, noon()).await;
    let before = extent(bed).await.head;
    story.accepted(bed, minutes(30)).await;
    pass_on(bed, minutes(30)).await;
    assert_eq!(extent(bed).await.kept_since, 0);

    let sweep = async |minute| bed.stores.feed.sweep_feed(minutes(minute)).await.expect("a sweep");
    assert_eq!(sweep(0).await, 0, "nothing is older");
    assert_eq!(extent(bed).await.kept_since, 0);
    assert_eq!(sweep(10).await, 2);
    let now = extent(bed).await;
    assert!((1..=before).contains(&now.kept_since), "{now:?}");
    let left = since(bed, before, 99).await;
    assert_eq!(positions(&left), (before + 1..=now.head).collect::<Vec<_>>(), "nothing of the rest");
    assert_eq!(sweep(60).await, 2);
    assert_eq!(sweep(60).await, 0);
    assert!(extent(bed).await.kept_since > now.kept_since);
}

/// Ten times as much is read with no more statements.
pub async fn a_stretch_takes_few_statements(bed: &Bed) {
    let story = Story::begin(bed).await;
    let counted = Arc::new(AtomicUsize::new(0));
    let counter = counted.clone();
    let watched = bed.db.clone().watched(Arc::new(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
    }));
    let feed = Stores::over(&watched, &bed.vault).feed;
    let mut statements = Vec::new();
    let mut after = 0;
    for orders in [1, 10] {
        for minute in 0..orders {
            let order = story.dispatched(bed, minutes(minute), story.partner).await;
            withdrawn(bed, &story, &order, minute).await;
        }
        pass_on(bed, minutes(60)).await;
        counted.store(0, Ordering::SeqCst);
        let stretch = feed.since(after, 500).await.expect("a stretch");
        assert!(stretch.items.len() >= 5 * usize::try_from(orders).expect("a number"));
        after = stretch.until;
        statements.push(counted.load(Ordering::SeqCst));
    }
    assert_eq!(statements, [5, 5], "the head, changes, ends, items, their words");
    counted.store(0, Ordering::SeqCst);
    feed.since(after, 500).await.expect("nothing");
    assert_eq!(counted.load(Ordering::SeqCst), 1, "nothing new is one look");
}

async fn withdrawn(bed: &Bed, story: &Story, order: &Order, minute: i64) {
    moved(bed, order, &story.resident, Command::Withdraw { reason: None }, minutes(minute)).await;
}

/// One dispatch that cannot be opened does not keep the others from hearing.
pub async fn an_unreadable_dispatch_hides_nothing_else(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.dispatched(bed, noon(), story.partner).await;
    withdrawn(bed, &story, &order, 1).await;
    committed(bed, story.submission(minutes(2))).await;
    pass_on(bed, minutes(3)).await;
    bed.tamper("UPDATE dispatches SET body = salt FROM order_events WHERE salt IS NOT NULL").await;
    let kinds: Vec<_> = changes(since(bed, 0, 99).await.items).into_iter().map(|change| change.kind).collect();
    assert_eq!(kinds.len(), 5);
    assert!(kinds.contains(&EventKind::Withdrawn));
}
