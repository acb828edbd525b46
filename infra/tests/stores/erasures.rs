use std::sync::Arc;

use chrono::{DateTime, Utc};
use object_store::memory::InMemory;

use domain::deadline::WorkCalendar;
use domain::erasure::{Begun, Eraser, Stage};
use domain::ids::{OrderId, PersonId};
use domain::order::usecase::Orders;
use domain::order::{Beneficiary, Command, Contact, Content, Erased, Erasing, Order, OrderStatus, verify};
use domain::people::{Actor, Consent, ConsentChannel, ConsentPurpose, Membership, Role, Sight};
use domain::ports::{Commit, Grant, OrderErased, OrdersOf, PhotosOf, ProfileChange, Slice};
use infra::clock::{ManualClock, SystemIds};
use infra::photo::ObjectPhotoStore;

use crate::bed::Bed;
use crate::residents::keep;
use crate::story::{Story, accept, committed, minutes, moved, new_id, noon, photo, planned, resolve};

const GONE: Erasing = Erasing::Words(Erased::ByRequest);

/// At this instant, and without any photo.
pub fn eraser(bed: &Bed, at: DateTime<Utc>) -> Eraser {
    let (clock, calendar) = (Arc::new(ManualClock::new(at)), Arc::new(WorkCalendar::announced()));
    let (store, bookings) = (bed.stores.orders.clone(), bed.stores.bookings.clone());
    let orders = Orders { store, bookings, clock, ids: Arc::new(SystemIds), calendar };
    let photos = Arc::new(ObjectPhotoStore::new(Arc::new(InMemory::new())));
    Eraser { orders, store: bed.stores.erasures.clone(), photos }
}

/// Placed by the one for the other.
async fn placed_for(bed: &Bed, story: &Story, who: &Actor, whom: PersonId, minute: i64) -> Order {
    let change = story.submission_with(who, minutes(minute), |s| {
        s.content.on_behalf_of = Some(Beneficiary { name: "张大爷".into(), phone: None, person: Some(whom) });
    });
    committed(bed, change).await
}

async fn closes(bed: &Bed, person: PersonId, minute: i64) {
    let eraser = eraser(bed, minutes(minute));
    assert_eq!(eraser.begin(person).await.expect("an end"), Begun::Begun);
    eraser.clear(person).await.expect("cleared");
}

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
    let of = async |whose| erasures.orders_of(whose, None, 10).await.expect("orders");
    assert_eq!((of(OrdersOf::Left(neighbour)).await, of(OrdersOf::ForOthers(neighbour)).await), (vec![], vec![]));
    assert_eq!(of(OrdersOf::Named(neighbour)).await, [order.id]);
    assert_eq!(erasures.orders_of(OrdersOf::Named(neighbour), Some(order.id), 10).await.expect("orders"), []);
    let what = Erasing::Beneficiary(neighbour);
    assert_eq!(erasures.erase_order(order.id, what, minutes(1)).await.expect("an end"), OrderErased::Done);
    assert_eq!(of(OrdersOf::Named(neighbour)).await, []);
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
    assert_eq!((left.nickname, left.phone), (None, None));
    assert!(bed.stores.residences.residences_of(resident).await.expect("a list").is_empty());
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

pub async fn an_order_for_somebody_who_lives_stays(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (delegate, elder) = (story.resident.person, story.neighbour.person);
    let order = placed_for(bed, &story, &story.resident, elder, 0).await;
    let seen = photo(bed, &story.resident, minutes(1)).await;
    let comment = Command::Comment { text: "老人行动不便".into(), photos: vec![seen] };
    let order = moved(bed, &order, &story.resident, comment, minutes(1)).await;
    let own = story.placed(bed, minutes(2)).await;

    closes(bed, delegate, 3).await;
    let left = history(bed, order.id).await;
    assert_eq!(left.content, Content { contact: None, ..order.content.clone() });
    assert_eq!((left.version, left.status(), left.beneficiary()), (2, OrderStatus::Submitted, Some(elder)));
    assert_eq!(bed.stores.erasures.photos(PhotosOf::Order(order.id), 9).await.expect("photos"), [seen]);
    let gone = history(bed, own.id).await;
    assert_eq!((gone.is_erased(), gone.status()), (true, OrderStatus::Withdrawn));
    eraser(bed, minutes(4)).clear(delegate).await.expect("it ends once more");
    assert_eq!(history(bed, order.id).await, left);
    let mine = bed.stores.orders.find(order.id, &Sight::of(&story.neighbour)).await.expect("a search");
    assert_eq!(mine.as_ref(), Some(&left), "the elder still has it");
    moved(bed, &left, &story.clerk, accept(), minutes(5)).await;

    // Nobody is left whose order it is.
    closes(bed, elder, 6).await;
    let gone = history(bed, order.id).await;
    assert_eq!((gone.is_erased(), gone.status()), (true, OrderStatus::Withdrawn));
    assert_eq!(bed.stores.erasures.photos(PhotosOf::Order(order.id), 9).await.expect("photos"), []);
}

pub async fn whoever_is_gone_keeps_no_order(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (delegate, elder) = (story.resident.person, story.neighbour.person);
    let order = placed_for(bed, &story, &story.resident, elder, 0).await;
    // The elder's request is noted, and interrupted before the order.
    assert_eq!(eraser(bed, minutes(1)).begin(elder).await.expect("an end"), Begun::Begun);
    closes(bed, delegate, 2).await;
    let gone = history(bed, order.id).await;
    assert_eq!((gone.is_erased(), gone.status()), (true, OrderStatus::Withdrawn));
    eraser(bed, minutes(3)).clear(elder).await.expect("cleared");
    assert_eq!(history(bed, order.id).await, gone);
}

pub async fn sharing_ends_also_on_orders_that_others_placed(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (me, neighbour) = (story.resident.person, &story.neighbour);
    let kept = keep(bed, story.community, "张大爷", 1).await;
    let phone = ProfileChange::Phone("13800000009".to_owned());
    bed.stores.people.save_profile(me, &phone).await.expect("saved");
    assert!(bed.stores.residents.take_over(me, "张大爷", minutes(2)).await.expect("an end"));
    let for_me = placed_for(bed, &story, neighbour, me, 3).await;
    let before_i_came = placed_for(bed, &story, neighbour, kept, 4).await;
    let own = story.placed(bed, minutes(5)).await;
    let theirs = committed(bed, story.submission_with(neighbour, minutes(6), |_| {})).await;
    let person = bed.stores.people.find_person(me, minutes(7)).await.expect("a search").expect("a person");
    let take_back = async || eraser(bed, minutes(7)).orders.move_all_own(&person, &Command::Unshare).await;
    assert_eq!((take_back().await.expect("an end"), take_back().await.expect("an end")), (3, 0));
    for order in [for_me, before_i_came, own] {
        assert!(!history(bed, order.id).await.shares_contact());
    }
    assert!(history(bed, theirs.id).await.shares_contact());
}

pub async fn an_unreadable_order_keeps_no_other(bed: &Bed) {
    let story = Story::begin(bed).await;
    let me = story.resident.person;
    let (broken, own) = (story.placed(bed, noon()).await, story.placed(bed, minutes(1)).await);
    let for_me = placed_for(bed, &story, &story.neighbour, me, 2).await;
    let first = "(SELECT id FROM orders WHERE number LIKE '%-0001')";
    bed.tamper(&format!("UPDATE order_events SET body = salt WHERE seq = 1 AND order_id = {first}")).await;
    let eraser = eraser(bed, minutes(3));
    assert_eq!(eraser.begin(me).await.expect("an end"), Begun::Begun);
    assert!(eraser.clear(me).await.is_err(), "it is told");
    assert!(history(bed, own.id).await.is_erased());
    assert_eq!(history(bed, for_me.id).await.beneficiary(), None);
    let found = bed.stores.erasures.find_erasure(me).await.expect("read").expect("a request");
    assert_eq!(found.stage, Stage::Begun, "and tried again");
    let left = bed.stores.erasures.orders_of(OrdersOf::Left(me), None, 9).await.expect("orders");
    assert_eq!(left, [broken.id]);
}
