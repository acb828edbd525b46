use domain::ids::AttachmentId;
use domain::ports::Change;
use domain::safety::{CheckState, MarkedWords};

use crate::bed::Bed;
use crate::story::{Story, committed, minutes, noon, photo};

fn marked(change: Change, again: bool) -> Change {
    let (text, state) = ("楼道灯不亮".to_owned(), CheckState::Waiting);
    Change { words: Some(MarkedWords { text, state, again }), ..change }
}

pub async fn marked_words_wait_and_are_forgotten_when_decided(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = committed(bed, marked(story.submission(noon()), true)).await;
    let content = &bed.stores.content;
    assert_eq!(content.marked(&[order.id]).await.expect("orders"), [order.id]);
    let [words] = content.claim_words(noon(), minutes(5), 9).await.expect("words").try_into().expect("one");
    assert_eq!((words.order, words.seq, words.author), (order.id, 1, story.resident.person));
    assert_eq!((words.text.as_str(), words.tries), ("楼道灯不亮", 1));
    assert_eq!(content.claim_words(minutes(4), minutes(9), 9).await.expect("words"), [], "lent already");

    content.settle_words(order.id, 1, CheckState::Waiting, Some(minutes(6))).await.expect("settled");
    let [again] = content.claim_words(minutes(6), minutes(11), 9).await.expect("words").try_into().expect("one");
    assert_eq!(again.tries, 2);
    content.settle_words(order.id, 1, CheckState::Passed, None).await.expect("settled");
    assert_eq!(content.marked(&[order.id]).await.expect("orders"), []);
    assert_eq!(bed.count("marked_words").await, 0);
}

pub async fn where_asking_brings_nothing_no_copy_is_kept(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = committed(bed, marked(story.submission(noon()), false)).await;
    assert_eq!(bed.count("marked_words").await, 1);
    assert_eq!(bed.stores.content.claim_words(minutes(99), minutes(104), 9).await.expect("words"), []);
    assert_eq!(bed.stores.content.marked(&[order.id]).await.expect("orders"), [order.id]);
}

pub async fn the_desk_clears_words_and_photos_and_hides_what_it_must(bed: &Bed) {
    let story = Story::begin(bed).await;
    let photos = [photo(bed, &story.resident, noon()).await, photo(bed, &story.resident, noon()).await];
    let elsewhere = photo(bed, &story.neighbour, noon()).await;
    let change = story.submission_with(&story.resident, noon(), |s| s.content.attachments = photos.to_vec());
    let order = committed(bed, marked(change, true)).await;
    bed.stores.content.clear(order.id, 1, &[photos[1], elsewhere]).await.expect("cleared");
    assert_eq!(bed.stores.content.marked(&[order.id]).await.expect("orders"), []);
    let ids = [photos[0], photos[1], elsewhere];
    let found = bed.stores.attachments.find_many(&ids).await.expect("photos");
    let states = ids.map(|id| found.iter().find(|photo| photo.id == id).expect("a photo").check);
    assert_eq!(states, [CheckState::Cleared, CheckState::Risky, CheckState::Waiting], "others' photos are left alone");
    assert_eq!(bed.stores.content.claim_words(minutes(9), minutes(14), 9).await.expect("words"), []);
}

/// Photos of an order.
pub async fn with_photos(bed: &Bed, story: &Story, count: usize, sealed: bool) -> Vec<AttachmentId> {
    let mut photos = Vec::new();
    for _ in 0..count {
        photos.push(photo(bed, &story.resident, noon()).await);
    }
    let change = story.submission_with(&story.resident, noon(), |s| {
        (s.sealed, s.content.attachments) = (sealed, photos.clone());
    });
    committed(bed, change).await;
    photos
}

pub async fn a_photo_is_checked_once_it_belongs_to_an_open_matter(bed: &Bed) {
    let story = Story::begin(bed).await;
    let loose = photo(bed, &story.resident, noon()).await;
    let sealed = with_photos(bed, &story, 2, true).await;
    let open = with_photos(bed, &story, 1, false).await;
    let due = bed.stores.content.claim_photos(minutes(1), minutes(6), 9).await.expect("photos");
    assert_eq!(due.iter().map(|photo| photo.id).collect::<Vec<_>>(), open);
    let found = bed.stores.attachments.find_many(&[loose, sealed[0], sealed[1]]).await.expect("photos");
    let state = |id| found.iter().find(|photo| photo.id == id).expect("a photo").check;
    assert_eq!(
        [loose, sealed[0], sealed[1]].map(state),
        [CheckState::Waiting, CheckState::Cleared, CheckState::Cleared]
    );
}

pub async fn two_workers_never_hold_the_same_photo(bed: &Bed) {
    let story = Story::begin(bed).await;
    for _ in 0..12 {
        with_photos(bed, &story, 1, false).await;
    }
    let content = &bed.stores.content;
    let (a, b) = tokio::join!(content.claim_photos(noon(), minutes(5), 8), content.claim_photos(noon(), minutes(5), 8));
    let (a, b) = (a.expect("photos"), b.expect("photos"));
    assert!(a.iter().all(|photo| b.iter().all(|other| other.id != photo.id)));
    let rest = content.claim_photos(noon(), minutes(5), 99).await.expect("photos");
    assert_eq!(a.len() + b.len() + rest.len(), 12);
}
