use domain::attachment::Attachment;
use domain::ids::AttachmentId;
use domain::safety::CheckState;

use crate::bed::Bed;
use crate::story::{Story, committed, minutes, new_id, noon, photo};

pub async fn a_photo_comes_back_as_given(bed: &Bed) {
    let story = Story::begin(bed).await;
    let photos = &bed.stores.attachments;
    let first = photo(bed, &story.resident, noon()).await;
    let second = photo(bed, &story.neighbour, minutes(1)).await;
    let unknown: AttachmentId = new_id(noon());

    let found = photos.find_many(&[second, unknown, first]).await.expect("photos");
    assert_eq!(found.iter().map(|p| p.id).collect::<Vec<_>>(), [first, second]);
    let expected = Attachment {
        id: second,
        uploader: story.neighbour.person,
        media_type: "image/jpeg".to_owned(),
        width: 2048,
        height: 1536,
        bytes: 345_678,
        order_id: None,
        created_at: minutes(1),
        check: CheckState::Waiting,
    };
    assert_eq!(found[1], expected);
    assert_eq!(photos.find_many(&[]).await.expect("photos"), []);
}

pub async fn only_photos_without_an_order_are_swept(bed: &Bed) {
    let story = Story::begin(bed).await;
    let photos = &bed.stores.attachments;
    let used = photo(bed, &story.resident, minutes(0)).await;
    let forgotten = photo(bed, &story.resident, minutes(1)).await;
    let also_forgotten = photo(bed, &story.resident, minutes(2)).await;
    let fresh = photo(bed, &story.resident, minutes(3)).await;
    let change = story.submission_with(&story.resident, minutes(3), |s| s.content.attachments = vec![used]);
    let order = committed(bed, change).await;

    assert_eq!(photos.unattached_before(minutes(3), 1).await.expect("ids"), [forgotten]);
    assert_eq!(photos.unattached_before(minutes(3), 9).await.expect("ids"), [forgotten, also_forgotten]);
    assert_eq!(photos.delete(&[used, forgotten, also_forgotten]).await.expect("a deletion"), 2);
    let left = photos.find_many(&[used, forgotten, also_forgotten, fresh]).await.expect("photos");
    assert_eq!(left.iter().map(|p| (p.id, p.order_id)).collect::<Vec<_>>(), [(used, Some(order.id)), (fresh, None)]);
}
