use domain::erasure::{Begun, Stage};
use domain::ids::OrderId;
use domain::order::{Beneficiary, Command, Contact, Erased, Erasing, Order, verify};
use domain::people::{Consent, ConsentChannel, ConsentPurpose, Membership, Role};
use domain::ports::{Commit, Grant, OrderErased, PhotosOf, ProfileChange, Slice};

use crate::bed::Bed;
use crate::story::{Story, minutes, moved, new_id, noon, photo, planned, resolve};

const GONE: Erasing = Erasing::Words(Erased::ByRequest);

async fn history(bed: &Bed, id: OrderId) -> Order {
    let walked = bed.stores.history.walk(None, 100).await.expect("a walk");
    let history = walked.into_iter().find(|history| history.order == id).expect("it is there");
    let (order, rows) = history.read.expect("a history");
    assert_eq!(verify(&rows), Ok(order.head));
    let events: Vec<_> = rows.into_iter().map(|row| row.event).collect();
    let replayed = Order::replay(&events).expect("a history");
    assert_eq!(Order { head: order.head, ..replayed }, order, "the row is what its events make");
    order
}

pub async fn an_erased_order_is_what_its_events_make(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.dispatched(bed, noon(), story.partner).await;
    let order = moved(bed, &order, &story.clerk, resolve(), minutes(60)).await;
    let erased = bed.stores.erasures.erase_order(order.id, GONE, minutes(61)).await.expect("erased");
    assert_eq!(erased, OrderErased::Done);
    let left = history(bed, order.id).await;
    assert!(left.is_erased() && left.content.contact.is_none());
    assert_eq!((left.version, left.head, left.status()), (order.version, order.head, order.status()));
    let again = bed.stores.erasures.erase_order(order.id, GONE, minutes(62)).await.expect("erased");
    assert_eq!((again, history(bed, order.id).await), (OrderErased::Done, left));
    assert_eq!(bed.texts("SELECT title || description FROM orders").await, [""], "nobody searches it");
}

pub async fn a_move_that_was_decided_before_is_stale(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.accepted(bed, noon()).await;
    let late = planned(&order, &story.clerk, resolve(), minutes(5));
    let erased = bed.stores.erasures.erase_order(order.id, GONE, minutes(4)).await.expect("erased");
    assert_eq!(erased, OrderErased::Done);
    assert_eq!(bed.stores.orders.commit(&[late], None).await.expect("an end"), Commit::Stale(order.id));
    assert!(history(bed, order.id).await.is_erased());
}

pub async fn words_go_only_where_no_photo_is_left(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.accepted(bed, noon()).await;
    let proof = photo(bed, &story.clerk, minutes(1)).await;
    let comment = Command::Comment { text: "看过了".into(), photos: vec![proof] };
    let order = moved(bed, &order, &story.clerk, comment, minutes(2)).await;
    let erasures = &bed.stores.erasures;
    let too_early = erasures.erase_order(order.id, GONE, minutes(3)).await.expect("an end");
    assert_eq!(too_early, OrderErased::PhotosLeft);
    assert!(!history(bed, order.id).await.is_erased());
    let photos = erasures.photos(PhotosOf::Order(order.id), 10).await.expect("photos");
    assert_eq!(photos, [proof]);
    erasures.forget_photos(&photos).await.expect("forgotten");
    assert_eq!(erasures.erase_order(order.id, GONE, minutes(4)).await.expect("an end"), OrderErased::Done);
}

pub async fn a_beneficiary_is_taken_out_of_the_order(bed: &Bed) {
    let story = Story::begin(bed).await;
    let neighbour = story.neighbour.person;
    let placed = story.submission_with(&story.resident, noon(), |s| {
        let whom = Beneficiary { name: "张大爷".into(), phone: Some("13911112222".into()), person: Some(neighbour) };
        s.content.on_behalf_of = Some(whom);
    });
    let order = placed.next.clone();
    assert_eq!(bed.stores.orders.commit(&[placed], None).await.expect("an end"), Commit::Done);
    let erasures = &bed.stores.erasures;
    assert_eq!(erasures.own_orders(neighbour, 10).await.expect("orders"), []);
    assert_eq!(erasures.orders_for(neighbour, 10).await.expect("orders"), [order.id]);
    let what = Erasing::Beneficiary(neighbour);
    assert_eq!(erasures.erase_order(order.id, what, minutes(1)).await.expect("an end"), OrderErased::Done);
    assert_eq!(erasures.orders_for(neighbour, 10).await.expect("orders"), []);
    let left = history(bed, order.id).await;
    assert_eq!((left.beneficiary(), left.is_erased()), (None, false));
    assert_eq!(left.content.description, order.content.description);
    moved(bed, &left, &story.clerk, Command::Accept { note: None }, minutes(2)).await;
}

pub async fn a_tombstone_is_nobody(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (people, erasures) = (&bed.stores.people, &bed.stores.erasures);
    let resident = story.resident.person;
    let role = Membership::at(story.community, Role::Volunteer);
    let grant = Grant { person: resident, membership: role, by: None, at: noon(), until: Some(minutes(10)) };
    bed.stores.memberships.grant(&grant).await.expect("granted");
    assert_eq!(erasures.begin(resident, minutes(5)).await.expect("an end"), Begun::HoldsRole);
    assert_eq!(erasures.begin(resident, minutes(11)).await.expect("an end"), Begun::Begun, "the role has run out");
    assert_eq!(erasures.begin(resident, minutes(12)).await.expect("an end"), Begun::Gone);
    people.save_profile(resident, &ProfileChange::Nickname(Some("迟到".into()))).await.expect("saved");
    let left = people.find_person(resident, minutes(12)).await.expect("read").expect("a tombstone");
    assert_eq!((left.nickname, left.phone, left.residence), (None, None, None));
    let found = erasures.find_erasure(resident).await.expect("read").expect("a request");
    assert_eq!((found.stage, found.requested_at), (Stage::Begun, minutes(11)));
    let unfinished = |before| async move { erasures.unfinished(before, 10).await.expect("requests").len() };
    assert_eq!((unfinished(minutes(10)).await, unfinished(minutes(11)).await), (0, 1));
    erasures.reach(resident, Stage::Done, minutes(12)).await.expect("reached");
    assert_eq!(unfinished(minutes(60)).await, 0);
}

pub async fn a_shared_contact_is_a_consent_until_it_is_taken_back(bed: &Bed) {
    let story = Story::begin(bed).await;
    let resident = story.resident.person;
    let mut placed = story.submission_with(&story.resident, noon(), |s| {
        s.content.contact = Some(Contact { name: None, phone: Some("13800000000".into()), may_share: true });
    });
    let given = Consent {
        id: new_id(noon()),
        person: resident,
        given_by: resident,
        purpose: ConsentPurpose::ShareContact,
        version: 1,
        channel: ConsentChannel::Order,
        order: Some(placed.next.id),
        given_at: noon(),
        withdrawn_at: None,
    };
    placed.consents = vec![given.clone()];
    let order = placed.next.clone();
    assert_eq!(bed.stores.orders.commit(&[placed], None).await.expect("an end"), Commit::Done);
    let (consents, slice) = (&bed.stores.consents, Slice { before: None, limit: 10 });
    assert_eq!(consents.consents_of(resident, slice).await.expect("consents").first(), Some(&given));

    let after = moved(bed, &order, &story.resident, Command::Unshare, minutes(1)).await;
    assert!(!after.shares_contact());
    assert_eq!(history(bed, order.id).await, after);
    let ended = Consent { withdrawn_at: Some(minutes(1)), ..given };
    assert_eq!(consents.consents_of(resident, slice).await.expect("consents"), [ended]);
    let none = consents.withdraw(resident, ConsentPurpose::ShareContact, minutes(2)).await.expect("withdrawn");
    assert_eq!(none, 0);
}
