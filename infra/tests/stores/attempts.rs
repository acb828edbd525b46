use chrono::{DateTime, TimeDelta, Utc};
use domain::people::{Admission, FORGET_ATTEMPTS_AFTER, Guessed};
use futures_util::future::join_all;

use crate::bed::Bed;
use crate::story::{minutes, noon};

async fn is_judged(bed: &Bed, what: Guessed, subject: &str, now: DateTime<Utc>) -> bool {
    let admission = bed.stores.attempts.admit(what, subject, now).await.expect("an admission");
    matches!(admission, Admission::Judge(_))
}

pub async fn five_wrong_tries_at_once_are_five(bed: &Bed) {
    let code = Guessed::SecondFactor;
    let judged = join_all((0..20).map(|_| is_judged(bed, code, "me", noon()))).await;
    assert_eq!(judged.into_iter().filter(|judged| *judged).count(), 5);
    assert!(is_judged(bed, code, "somebody else", noon()).await);
    assert!(is_judged(bed, Guessed::InvitationCode, "me", noon()).await);
    let last = minutes(1) - TimeDelta::milliseconds(1);
    assert!(!is_judged(bed, code, "me", last).await);
    assert!(is_judged(bed, code, "me", minutes(1)).await);
    assert!(!is_judged(bed, code, "me", minutes(5)).await, "the second pause is longer");
    assert!(is_judged(bed, code, "me", minutes(6)).await);
    let subjects = bed.texts("SELECT what FROM attempts ORDER BY what").await;
    assert_eq!(subjects, ["invitation_code", "second_factor", "second_factor"]);
}

pub async fn a_right_try_forgets_the_wrong_ones(bed: &Bed) {
    let code = Guessed::InvitationCode;
    for _ in 0..2 {
        for _ in 0..4 {
            assert!(is_judged(bed, code, "10.0.0.1", noon()).await);
        }
        bed.stores.attempts.clear(code, "10.0.0.1").await.expect("cleared");
    }
    assert_eq!(bed.count("attempts").await, 0);
    bed.stores.attempts.clear(code, "10.0.0.1").await.expect("nothing to clear");
}

pub async fn long_ago_is_swept(bed: &Bed) {
    assert!(is_judged(bed, Guessed::SecondFactor, "me", noon()).await);
    let attempts = &bed.stores.attempts;
    let end = noon() + FORGET_ATTEMPTS_AFTER;
    assert_eq!(attempts.sweep_attempts(end - FORGET_ATTEMPTS_AFTER).await.expect("a sweep"), 0);
    assert_eq!(attempts.sweep_attempts(end).await.expect("a sweep"), 1);
}
