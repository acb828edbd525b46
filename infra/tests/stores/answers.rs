use chrono::TimeDelta;

use domain::ports::{Answer, Commit};

use crate::bed::Bed;
use crate::story::{Story, minutes, noon};

pub async fn the_answer_comes_back_as_given(bed: &Bed) {
    let story = Story::begin(bed).await;
    let answer = story.answer("k-1", noon());
    let answers = &bed.stores.answers;
    assert_eq!(answers.find_answer(story.resident.person, "k-1").await.expect("a search"), None);

    let change = story.submission(noon());
    assert_eq!(bed.stores.orders.commit(&[change], Some(&answer)).await.expect("a commit"), Commit::Done);
    assert_eq!(answers.find_answer(story.resident.person, "k-1").await.expect("a search"), Some(answer));
    assert_eq!(answers.find_answer(story.neighbour.person, "k-1").await.expect("a search"), None);
}

pub async fn old_answers_are_swept(bed: &Bed) {
    let story = Story::begin(bed).await;
    // Whole seconds and milliseconds are written differently on SQLite and must still sort by time.
    let ages = [noon(), noon() + TimeDelta::milliseconds(877), minutes(1)];
    for (n, at) in ages.into_iter().enumerate() {
        let answer = story.answer(&format!("k-{n}"), at);
        let change = story.submission(at);
        assert_eq!(bed.stores.orders.commit(&[change], Some(&answer)).await.expect("a commit"), Commit::Done);
    }
    let answers = &bed.stores.answers;
    assert_eq!(answers.sweep_answers(ages[1]).await.expect("a sweep"), 1);
    assert_eq!(answers.sweep_answers(ages[1]).await.expect("a sweep"), 0);
    assert!(answers.find_answer(story.resident.person, "k-1").await.expect("a search").is_some());
    assert_eq!(answers.sweep_answers(ages[2] + TimeDelta::milliseconds(1)).await.expect("a sweep"), 2);
}

pub async fn a_key_is_taken_once(bed: &Bed) {
    let story = Story::begin(bed).await;
    let answers = &bed.stores.answers;
    let first = story.answer("k", noon());
    assert_eq!(answers.keep_answer(&first).await.expect("kept"), Commit::Done);
    let second = Answer { body: "{}".to_owned(), ..first.clone() };
    assert_eq!(answers.keep_answer(&second).await.expect("refused"), Commit::KeyTaken);
    assert_eq!(answers.find_answer(first.person, "k").await.expect("an answer"), Some(first));
}
