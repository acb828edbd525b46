use domain::ids::{DeliveryId, PersonId};
use domain::notice::NoticeKind;
use domain::ports::{InboxItem, Read, Slice};

use crate::bed::Bed;
use crate::outbox::pass_on;
use crate::story::{Story, accept, minutes, moved, noon, resolve};

async fn page(bed: &Bed, persons: &[PersonId], unread: bool, before: Option<DeliveryId>) -> Vec<InboxItem> {
    bed.stores.inbox.inbox(persons, unread, Slice { before, limit: 2 }).await.expect("an inbox")
}

async fn unread(bed: &Bed, persons: &[PersonId], most: u16) -> u16 {
    bed.stores.inbox.unread(persons, most).await.expect("a count")
}

async fn read(bed: &Bed, person: PersonId, which: Read) -> u64 {
    bed.stores.inbox.read(&[person], &which, minutes(9)).await.expect("noted")
}

/// Three items for the resident, one for the clerk.
async fn told(bed: &Bed) -> Story {
    let story = Story::begin(bed).await;
    let order = story.placed(bed, noon()).await;
    pass_on(bed, noon()).await;
    let order = moved(bed, &order, &story.clerk, accept(), minutes(1)).await;
    pass_on(bed, minutes(1)).await;
    moved(bed, &order, &story.clerk, resolve(), minutes(2)).await;
    pass_on(bed, minutes(2)).await;
    story
}

pub async fn items_come_newest_first_page_by_page(bed: &Bed) {
    let story = told(bed).await;
    let me = [story.resident.person];
    let first = page(bed, &me, false, None).await;
    assert_eq!(first.iter().map(|item| item.kind).collect::<Vec<_>>(), [NoticeKind::Resolved, NoticeKind::Accepted]);
    let rest = page(bed, &me, false, first.last().map(|item| item.id)).await;
    assert_eq!(rest.iter().map(|item| (item.kind, item.at)).collect::<Vec<_>>(), [(NoticeKind::Received, noon())]);
    assert_eq!(rest[0].service_name, "repair 服务");
    let both = [story.resident.person, story.clerk.person];
    assert_eq!(unread(bed, &both, 9).await, 4, "all accounts of one person");
    assert_eq!(page(bed, &[story.neighbour.person], false, None).await, []);
}

pub async fn what_was_read_stays_read_and_others_stay_out_of_it(bed: &Bed) {
    let story = told(bed).await;
    let (me, clerk) = (story.resident.person, story.clerk.person);
    let [newest, middle] = page(bed, &[me], false, None).await.try_into().expect("two items");
    assert_eq!((unread(bed, &[me], 9).await, unread(bed, &[me], 2).await), (3, 2));
    assert_eq!(read(bed, clerk, Read::These(vec![newest.id, middle.id])).await, 0, "they are not the clerk's");
    assert_eq!(read(bed, clerk, Read::UpTo(newest.id)).await, 0, "nor is the end of them");
    assert_eq!(read(bed, me, Read::UpTo(middle.id)).await, 2);
    assert_eq!(read(bed, me, Read::UpTo(middle.id)).await, 0, "it is read already");
    let left = page(bed, &[me], true, None).await;
    assert_eq!(left.iter().map(|item| item.id).collect::<Vec<_>>(), [newest.id]);
    assert_eq!(read(bed, me, Read::These(vec![newest.id])).await, 1);
    assert_eq!((unread(bed, &[me], 9).await, unread(bed, &[clerk], 9).await), (0, 1));
    let all = page(bed, &[me], false, None).await;
    assert!(all.iter().all(|item| item.read_at == Some(minutes(9))), "{all:?}");
}
