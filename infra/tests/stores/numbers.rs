use std::collections::BTreeSet;

use chrono::NaiveDate;
use futures_util::future::join_all;

use crate::bed::Bed;
use crate::story::Story;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

pub async fn fifty_at_once_get_fifty_numbers(bed: &Bed) {
    let story = Story::begin(bed).await;
    let today = day("2026-11-23");
    let calls = (0..50).map(|n| {
        let (orders, community) = (bed.stores.orders.clone(), story.community);
        // Every fifth call takes three at once.
        let count = if n % 5 == 0 { 3 } else { 1 };
        tokio::spawn(async move { (orders.reserve_numbers(community, today, count).await.expect("numbers"), count) })
    });
    let taken: Vec<u32> = join_all(calls)
        .await
        .into_iter()
        .flat_map(|call| {
            let (first, count) = call.expect("a call");
            first..first + count
        })
        .collect();
    let distinct: BTreeSet<u32> = taken.iter().copied().collect();
    assert_eq!(taken.len(), 70);
    assert_eq!(distinct, (1..=70).collect());
}

pub async fn days_and_communities_count_for_themselves(bed: &Bed) {
    let story = Story::begin(bed).await;
    let orders = &bed.stores.orders;
    let (monday, tuesday) = (day("2026-11-23"), day("2026-11-24"));
    assert_eq!(orders.reserve_numbers(story.community, monday, 100).await.expect("numbers"), 1);
    assert_eq!(orders.reserve_numbers(story.community, monday, 1).await.expect("numbers"), 101);
    assert_eq!(orders.reserve_numbers(story.community, tuesday, 1).await.expect("numbers"), 1);
    assert_eq!(orders.reserve_numbers(story.elsewhere, monday, 1).await.expect("numbers"), 1);
}

pub async fn whoever_goes_away_holds_up_nobody(bed: &Bed) {
    let story = Story::begin(bed).await;
    let today = day("2026-11-25");
    let reserve = |_| {
        let (orders, community) = (bed.stores.orders.clone(), story.community);
        tokio::spawn(async move { orders.reserve_numbers(community, today, 1).await.expect("a number") })
    };
    let calls: Vec<_> = (0..40).map(reserve).collect();
    for impatient in calls.iter().step_by(2) {
        impatient.abort();
        tokio::task::yield_now().await;
    }
    let taken: Vec<u32> = join_all(calls).await.into_iter().flatten().collect();
    let distinct: BTreeSet<u32> = taken.iter().copied().collect();
    assert!(taken.len() >= 20, "the patient ones got theirs");
    assert_eq!(distinct.len(), taken.len());
}
