use domain::order::{Command, HandlerRole, MergeTarget, Order, Source};
use domain::people::Actor;
use domain::ports::{Change, Commit};

use crate::bed::Bed;
use crate::story::{Story, accept, commit, committed, minutes, noon, photo, planned, resolve};

fn withdraw() -> Command {
    Command::Withdraw { reason: None }
}

/// Both halves of a merge.
fn merge(child: &Order, target: &Order, who: &Actor) -> [Change; 2] {
    let into = MergeTarget {
        id: target.id,
        number: target.number.clone(),
        community: target.community,
        requester: target.requester,
        sealed: target.sealed,
        status: target.status(),
    };
    let absorb =
        Command::Absorb { child: child.id, child_number: child.number.clone(), followers: vec![child.requester] };
    [planned(child, who, Command::Merge { into }, minutes(5)), planned(target, who, absorb, minutes(5))]
}

pub async fn of_two_commits_of_one_order_one_is_stale(bed: &Bed) {
    let story = Story::begin(bed).await;
    for _ in 0..10 {
        let order = story.placed(bed, noon()).await;
        let ours = [planned(&order, &story.clerk, accept(), minutes(1))];
        let theirs = [planned(&order, &story.resident, withdraw(), minutes(1))];
        let orders = &*bed.stores.orders;
        let ends = tokio::join!(commit(orders, &ours), commit(orders, &theirs));
        let stored = orders.find(order.id, &story.clerk_sight()).await.expect("a search").expect("an order");
        match ends {
            (Commit::Done, Commit::Stale(id)) => assert_eq!((id, &stored), (order.id, &ours[0].next)),
            (Commit::Stale(id), Commit::Done) => assert_eq!((id, &stored), (order.id, &theirs[0].next)),
            other => panic!("{other:?}"),
        }
        let timeline = orders.timeline(order.id, &story.clerk_sight(), 0, 100).await.expect("a timeline");
        assert_eq!(timeline.len(), 2);
    }
}

pub async fn of_two_commits_under_one_key_one_is_refused(bed: &Bed) {
    let story = Story::begin(bed).await;
    for n in 0..10 {
        let answer = story.answer(&format!("k-{n}"), noon());
        let (first, second) = ([story.submission(noon())], [story.submission(noon())]);
        let orders = &bed.stores.orders;
        let (a, b) = tokio::join!(orders.commit(&first, Some(&answer)), orders.commit(&second, Some(&answer)));
        let (lost, won) = match (a.expect("a commit"), b.expect("a commit")) {
            (Commit::Done, Commit::KeyTaken) => (&second[0].next, &first[0].next),
            (Commit::KeyTaken, Commit::Done) => (&first[0].next, &second[0].next),
            other => panic!("{other:?}"),
        };
        assert_eq!(orders.find(lost.id, &story.clerk_sight()).await.expect("a search"), None);
        assert_eq!(orders.find(won.id, &story.clerk_sight()).await.expect("a search").as_ref(), Some(won));
    }
}

pub async fn the_second_request_with_a_key_learns_that_before_anything_else(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.placed(bed, noon()).await;
    let answer = story.answer("k", noon());
    let (first, second) =
        ([planned(&order, &story.clerk, accept(), minutes(1))], [planned(&order, &story.clerk, accept(), minutes(1))]);
    let orders = &bed.stores.orders;
    let (a, b) = tokio::join!(orders.commit(&first, Some(&answer)), orders.commit(&second, Some(&answer)));
    let mut ends = [a.expect("a commit"), b.expect("a commit")];
    ends.sort_by_key(|end| *end != Commit::Done);
    assert_eq!(ends, [Commit::Done, Commit::KeyTaken]);
}

pub async fn a_merge_is_written_whole_or_not_at_all(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (child, target) = (story.placed(bed, noon()).await, story.accepted(bed, minutes(1)).await);
    let pair = merge(&child, &target, &story.clerk);
    let sight = story.clerk_sight();
    let orders = &*bed.stores.orders;

    // The target moves first: nothing of the merge may stand.
    let moved = committed(bed, planned(&target, &story.clerk, resolve(), minutes(2))).await;
    assert_eq!(commit(orders, &pair).await, Commit::Stale(target.id));
    assert_eq!(orders.find(child.id, &sight).await.expect("a search"), Some(child.clone()));
    assert_eq!(orders.timeline(child.id, &sight, 0, 9).await.expect("a timeline").len(), 1);
    assert_eq!(orders.find(target.id, &sight).await.expect("a search"), Some(moved));

    let target = story.accepted(bed, minutes(3)).await;
    let pair = merge(&child, &target, &story.clerk);
    assert_eq!(commit(orders, &pair).await, Commit::Done);
    for change in pair {
        assert_eq!(orders.find(change.next.id, &sight).await.expect("a search"), Some(change.next));
    }
}

pub async fn opposite_merges_never_wait_for_each_other(bed: &Bed) {
    let story = Story::begin(bed).await;
    for _ in 0..10 {
        let (one, two) = (story.placed(bed, noon()).await, story.placed(bed, minutes(1)).await);
        let (there, back) = (merge(&one, &two, &story.clerk), merge(&two, &one, &story.clerk));
        let orders = &*bed.stores.orders;
        let ends = tokio::join!(commit(orders, &there), commit(orders, &back));
        assert!(matches!(ends, (Commit::Done, Commit::Stale(_)) | (Commit::Stale(_), Commit::Done)), "{ends:?}");
    }
}

pub async fn a_photo_joins_one_order_only(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (shared, second) = (photo(bed, &story.resident, noon()).await, photo(bed, &story.resident, noon()).await);
    let with = |photos: Vec<_>| [story.submission_with(&story.resident, noon(), |s| s.content.attachments = photos)];
    // Named twice by the same order it is still one photo.
    let (first, later) = (with(vec![shared, shared]), with(vec![second, shared]));
    let orders = &*bed.stores.orders;
    assert_eq!(commit(orders, &first).await, Commit::Done);
    assert_eq!(commit(orders, &later).await, Commit::PhotoUnavailable);
    assert_eq!(orders.find(later[0].next.id, &story.clerk_sight()).await.expect("a search"), None);

    // The other photo was not taken by the failure.
    let photos = bed.stores.attachments.find_many(&[shared, second]).await.expect("photos");
    let owner = |id| photos.iter().find(|p| p.id == id).and_then(|p| p.order_id);
    assert_eq!((owner(shared), owner(second)), (Some(first[0].next.id), None));

    let (a, b) = (with(vec![second]), with(vec![second]));
    let ends = tokio::join!(commit(orders, &a), commit(orders, &b));
    assert!(
        matches!(ends, (Commit::Done, Commit::PhotoUnavailable) | (Commit::PhotoUnavailable, Commit::Done)),
        "{ends:?}"
    );
}

pub async fn a_photo_of_somebody_else_is_unavailable(bed: &Bed) {
    let story = Story::begin(bed).await;
    let theirs = photo(bed, &story.neighbour, noon()).await;
    let change = story.submission_with(&story.resident, noon(), |s| s.content.attachments = vec![theirs]);
    assert_eq!(commit(&*bed.stores.orders, &[change]).await, Commit::PhotoUnavailable);
}

pub async fn an_import_reference_is_taken_once(bed: &Bed) {
    let story = Story::begin(bed).await;
    let import = |reference: &str| {
        story.submission_with(&story.resident, noon(), |s| {
            let (system, reference) = ("12345".to_owned(), reference.to_owned());
            s.content.source = Source::Import { system, reference };
        })
    };
    let orders = &*bed.stores.orders;
    assert_eq!(commit(orders, &[import("a"), import("b")]).await, Commit::Done);
    assert_eq!(commit(orders, &[import("c"), import("b")]).await, Commit::ReferenceTaken);

    let asked: Vec<String> = ["b", "c", "a", "d"].map(str::to_owned).to_vec();
    let mut known = orders.known_references(story.community, "12345", &asked).await.expect("references");
    known.sort();
    assert_eq!(known, ["a", "b"]);
    assert!(orders.known_references(story.elsewhere, "12345", &asked).await.expect("references").is_empty());
    assert!(orders.known_references(story.community, "other", &asked).await.expect("references").is_empty());
}

pub async fn a_whole_history_is_one_commit(bed: &Bed) {
    let story = Story::begin(bed).await;
    let submitted = story.submission(noon());
    let accepted = planned(&submitted.next, &story.clerk, accept(), minutes(1));
    let lead = story.dispatch(story.partner, HandlerRole::Lead, minutes(2));
    let dispatched = planned(&accepted.next, &story.clerk, lead, minutes(2));
    // Takes the dispatch back that the same commit brought.
    let resolved = planned(&dispatched.next, &story.clerk, resolve(), minutes(3));
    let (orders, sight) = (&*bed.stores.orders, story.clerk_sight());

    // A gap, and two moves that were decided on the same version.
    let gap = [submitted.clone(), dispatched.clone()];
    assert_eq!(commit(orders, &gap).await, Commit::Stale(submitted.next.id));
    let rivals = [submitted.clone(), accepted.clone(), planned(&submitted.next, &story.resident, withdraw(), noon())];
    assert_eq!(commit(orders, &rivals).await, Commit::Stale(submitted.next.id));
    assert_eq!((bed.count("orders").await, bed.count("order_events").await), (0, 0));

    // Whatever their order in the list.
    let end = resolved.next.clone();
    assert_eq!(commit(orders, &[resolved, submitted, dispatched, accepted]).await, Commit::Done);
    assert_eq!(orders.find(end.id, &sight).await.expect("a search"), Some(end.clone()));
    assert_eq!(orders.timeline(end.id, &sight, 0, 9).await.expect("a timeline").len(), 4);

    // Two more moves of an order that is there already.
    let rated = Command::Rate { solved: false, satisfaction: 1, comment: None };
    let rated = planned(&end, &story.resident, rated, minutes(4));
    let reopened = planned(&rated.next, &story.resident, Command::Reopen { reason: "没修好".to_owned() }, minutes(5));
    let last = reopened.next.clone();
    assert_eq!(commit(orders, &[rated.clone(), reopened]).await, Commit::Done);
    assert_eq!(orders.find(end.id, &sight).await.expect("a search"), Some(last));
    assert_eq!(commit(orders, &[rated]).await, Commit::Stale(end.id));
}

pub async fn many_orders_are_imported_in_one_commit(bed: &Bed) {
    let story = Story::begin(bed).await;
    // More than one statement's worth, and more than SQLite binds at once.
    let changes: Vec<Change> = (0..1_203).map(|n| story.submission(minutes(n))).collect();
    assert_eq!(commit(&*bed.stores.orders, &changes).await, Commit::Done);
    assert_eq!((bed.count("orders").await, bed.count("order_events").await), (1_203, 1_203));

    let change = &changes[1_100].next;
    let found = bed.stores.orders.find(change.id, &story.clerk_sight()).await.expect("a search");
    assert_eq!(found.as_ref(), Some(change));
    let next = planned(change, &story.clerk, accept(), minutes(2_000));
    let dispatched = planned(
        &next.next,
        &story.clerk,
        story.dispatch(story.partner, HandlerRole::Lead, minutes(2_001)),
        minutes(2_001),
    );
    committed(bed, next).await;
    committed(bed, dispatched).await;
}
