use domain::people::{SecondFactor, SharedSecret};
use domain::ports::SecondFactorStore;

use crate::bed::Bed;
use crate::story::{Story, minutes, noon};

const SECRET: SharedSecret = SharedSecret([7; 20]);

async fn found(bed: &Bed, story: &Story) -> SecondFactor {
    let found = bed.stores.second_factors.find_second_factor(story.clerk.person).await;
    found.expect("a search").expect("a second factor")
}

/// On, with the code of step 100 taken.
async fn turned_on(bed: &Bed, story: &Story, recovery: &[&str]) {
    let store = &bed.stores.second_factors;
    assert!(store.begin_second_factor(story.clerk.person, &SECRET, noon()).await.expect("begun"));
    let codes: Vec<_> = recovery.iter().map(|code| (*code).to_owned()).collect();
    assert!(store.turn_on(&found(bed, story).await, 100, &codes, minutes(1)).await.expect("turned on"));
}

pub async fn one_that_is_on_is_not_begun_anew(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (store, person): (&dyn SecondFactorStore, _) = (&*bed.stores.second_factors, story.clerk.person);
    assert_eq!(store.find_second_factor(person).await.expect("a search"), None);
    assert!(store.begin_second_factor(person, &SharedSecret([1; 20]), minutes(-1)).await.expect("begun"));
    let first = found(bed, &story).await;
    assert_eq!((first.secret.clone(), first.on_since), (SharedSecret([1; 20]), None));

    turned_on(bed, &story, &["A"]).await;
    assert!(!store.turn_on(&first, 200, &["B".into()], minutes(2)).await.expect("refused"));
    assert!(!store.begin_second_factor(person, &SharedSecret([2; 20]), minutes(2)).await.expect("refused"));
    let on = found(bed, &story).await;
    assert_eq!((on.secret, on.last_step, on.on_since), (SECRET, 100, Some(minutes(1))));

    store.remove_second_factor(person).await.expect("removed");
    assert_eq!((bed.count("second_factors").await, bed.count("recovery_codes").await), (0, 0));
    assert!(!store.turn_on(&first, 200, &["B".into()], minutes(2)).await.expect("nothing to turn on"));
}

pub async fn a_code_works_once(bed: &Bed) {
    let story = Story::begin(bed).await;
    turned_on(bed, &story, &["A", "B"]).await;
    let (store, person) = (&bed.stores.second_factors, story.clerk.person);
    assert!(!store.take_step(person, 100).await.expect("taken before"));
    let (one, two) = tokio::join!(store.take_step(person, 101), store.take_step(person, 101));
    assert!(one.expect("a step") != two.expect("a step"));
    assert!(!store.take_step(person, 99).await.expect("too old"));
    let other = story.worker.person;
    assert!(
        !store.take_step(other, 102).await.expect("none") && !store.take_recovery_code(other, "A").await.expect("none")
    );
    let (one, two) = tokio::join!(store.take_recovery_code(person, "A"), store.take_recovery_code(person, "A"));
    assert!(one.expect("a code") != two.expect("a code"));
    assert!(store.take_recovery_code(person, "B").await.expect("the other one"));
    assert_eq!(bed.count("recovery_codes").await, 0);
}
