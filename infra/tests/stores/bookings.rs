use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use domain::booking::{BookingRefusal, BookingRule, BookingState, Slot};
use domain::ids::{OrderId, PersonId, SlotId};
use domain::notice::NoticeKind;
use domain::order::{Command, Order};
use domain::people::{Actor, Area, Sight};
use domain::ports::{Fulfilled, Slice, SlotQuery, Wish};

use crate::bed::Bed;
use crate::story::{Story, committed, minutes, moved, new_id, noon, resolve};

const RULE: BookingRule = BookingRule { lead_minutes: 0, move_minutes: 60, may_wait: true, each: 9 };

fn date(story: &Story, hours: i64, capacity: u32) -> Slot {
    let starts_at = noon() + TimeDelta::hours(hours);
    Slot {
        id: new_id(noon()),
        community: story.community,
        service_key: "repair".into(),
        starts_at,
        ends_at: starts_at + TimeDelta::minutes(30),
        capacity,
        taken: 0,
        waiting: 0,
        partner: None,
        closed: false,
    }
}

async fn opened(bed: &Bed, story: &Story, hours: i64, capacity: u32) -> SlotId {
    let slot = date(story, hours, capacity);
    assert_eq!(
        bed.stores.bookings.add_slots(std::slice::from_ref(&slot), None).await.expect("added"),
        Fulfilled::Done(1)
    );
    slot.id
}

fn wish(story: &Story, person: PersonId, slot: SlotId) -> Wish {
    let (community, service_key) = (story.community, "repair".to_owned());
    Wish { order: new_id(noon()), person, by: person, community, service_key, slot, waits: true }
}

async fn hold(bed: &Bed, wish: &Wish) -> Result<BookingState, BookingRefusal> {
    bed.stores.bookings.hold(wish, &RULE, noon(), minutes(1)).await.expect("an answer")
}

/// An order with its seat, or its place in the queue.
async fn booked(bed: &Bed, story: &Story, who: &Actor, slot: SlotId) -> Order {
    let wish = wish(story, who.person, slot);
    hold(bed, &wish).await.expect("a seat or a place");
    let change = story.submission_with(who, noon(), |s| {
        s.id = wish.order;
        s.terms.booked = true;
    });
    committed(bed, change).await
}

async fn state(bed: &Bed, order: OrderId) -> Option<(BookingState, u32)> {
    let found = bed.stores.bookings.of_orders(&[order]).await.expect("bookings").pop();
    found.map(|booking| (booking.state, booking.ahead))
}

async fn numbers(bed: &Bed, slot: SlotId) -> (u32, u32) {
    let slot = bed.stores.bookings.slot(slot).await.expect("an answer").expect("a date");
    (slot.taken, slot.waiting)
}

fn page() -> Slice<u32> {
    Slice { before: None, limit: 9 }
}

fn done<T>(fulfilled: Fulfilled<T>) -> T {
    match fulfilled {
        Fulfilled::Done(done) => done,
        Fulfilled::KeyTaken => panic!("no key was named"),
    }
}

fn withdraw() -> Command {
    Command::Withdraw { reason: None }
}

pub async fn nobody_is_given_a_seat_that_is_not_there(bed: &Bed) {
    let story = Story::begin(bed).await;
    let slot = opened(bed, &story, 24, 5).await;
    let wishes: Vec<_> = (0..40).map(|_| wish(&story, story.resident.person, slot)).collect();
    // One person with many orders: the rule of this test lets nobody be told "too many".
    let rule = BookingRule { each: 100, ..RULE };
    let ask = async |wish: &Wish| bed.stores.bookings.hold(wish, &rule, noon(), minutes(1)).await.expect("an answer");
    let same = ask(&wishes[0]).await;
    assert_eq!(same, Ok(BookingState::Booked));
    assert_eq!(ask(&wishes[1]).await, Err(BookingRefusal::UnderWay), "the first one is being written");
    let later = bed.stores.bookings.hold(&wishes[1], &rule, minutes(1), minutes(2)).await.expect("an answer");
    assert_eq!(later, Err(BookingRefusal::SameSlot));
    bed.tamper("DELETE FROM bookings").await;
    bed.tamper("UPDATE slots SET taken = 0, arrived = 0").await;
    let people = persons(bed, 40).await;
    let wishes: Vec<_> = people.iter().map(|person| wish(&story, *person, slot)).collect();
    let held = join_all(wishes.iter().map(ask)).await;
    let booked = held.iter().filter(|state| **state == Ok(BookingState::Booked)).count();
    let waiting = held.iter().filter(|state| **state == Ok(BookingState::Waiting)).count();
    assert_eq!((booked, waiting), (5, 35));
    assert_eq!(numbers(bed, slot).await, (5, 35));
}

pub async fn of_two_dates_at_once_a_person_has_as_many_as_the_rule_says(bed: &Bed) {
    let story = Story::begin(bed).await;
    let dates = [opened(bed, &story, 24, 9).await, opened(bed, &story, 48, 9).await];
    let rule = BookingRule { each: 1, ..RULE };
    for person in persons(bed, 8).await {
        let wishes = dates.map(|slot| wish(&story, person, slot));
        let ask = |wish| bed.stores.bookings.hold(wish, &rule, noon(), minutes(1));
        let held = join_all(wishes.iter().map(ask)).await;
        let got = held.iter().filter(|held| matches!(held, Ok(Ok(_)))).count();
        assert_eq!(got, 1, "{held:?}");
    }
}

async fn persons(bed: &Bed, count: usize) -> Vec<PersonId> {
    let mut people = Vec::new();
    for n in 0..count {
        let identity = domain::ports::WechatIdentity { app_id: "app".into(), openid: format!("p{n}"), unionid: None };
        people.push(bed.stores.people.sign_in(&identity, new_id(noon()), noon()).await.expect("a person").id);
    }
    people
}

pub async fn a_seat_that_is_given_back_goes_to_whoever_waits_first(bed: &Bed) {
    let story = Story::begin(bed).await;
    let slot = opened(bed, &story, 24, 1).await;
    let first = booked(bed, &story, &story.resident, slot).await;
    let second = booked(bed, &story, &story.neighbour, slot).await;
    let third = booked(bed, &story, &story.worker, slot).await;
    assert_eq!(state(bed, first.id).await, Some((BookingState::Booked, 0)));
    assert_eq!(state(bed, third.id).await, Some((BookingState::Waiting, 1)));
    moved(bed, &first, &story.resident, withdraw(), minutes(1)).await;
    assert_eq!(state(bed, first.id).await, Some((BookingState::Cancelled, 0)));
    assert_eq!(state(bed, second.id).await, Some((BookingState::Booked, 0)));
    assert_eq!(state(bed, third.id).await, Some((BookingState::Waiting, 0)));
    assert_eq!(numbers(bed, slot).await, (1, 1));
    let told = bed.texts("SELECT kind FROM outbox WHERE kind = 'seat_free'").await;
    assert_eq!(told, [NoticeKind::SeatFree.to_string()], "one of them is told");
    // More seats: the next one.
    bed.stores.bookings.change_slot(slot, 2, false, minutes(2)).await.expect("changed");
    assert_eq!(state(bed, third.id).await, Some((BookingState::Booked, 0)));
    assert_eq!(numbers(bed, slot).await, (2, 0));
    let fewer = bed.stores.bookings.change_slot(slot, 1, false, minutes(3)).await.expect("an answer").expect("a date");
    assert_eq!(fewer.capacity, 2, "two have a seat");
    let come = bed.stores.bookings.of_slot(slot, &Sight::of(&story.clerk), page()).await.expect("bookings");
    assert_eq!(come.iter().map(|(_, booking)| booking.order).collect::<Vec<_>>(), [second.id, third.id]);
}

pub async fn what_is_resolved_was_served_and_what_is_refused_is_free(bed: &Bed) {
    let story = Story::begin(bed).await;
    let slot = opened(bed, &story, 24, 2).await;
    let order = booked(bed, &story, &story.resident, slot).await;
    let order = moved(bed, &order, &story.clerk, crate::story::accept(), minutes(1)).await;
    moved(bed, &order, &story.clerk, resolve(), minutes(2)).await;
    assert_eq!(state(bed, order.id).await, Some((BookingState::Served, 0)));
    let other = booked(bed, &story, &story.neighbour, slot).await;
    let refuse = Command::Refuse { reason: domain::order::RefuseReason::OutOfScope, redirect_to: None };
    moved(bed, &other, &story.clerk, refuse, minutes(3)).await;
    assert_eq!(numbers(bed, slot).await, (1, 0), "a seat that was used stays used");
}

pub async fn what_is_held_for_no_order_is_free_again(bed: &Bed) {
    let story = Story::begin(bed).await;
    let slot = opened(bed, &story, 24, 1).await;
    let lost = wish(&story, story.resident.person, slot);
    assert_eq!(hold(bed, &lost).await, Ok(BookingState::Booked));
    let waiting = booked(bed, &story, &story.neighbour, slot).await;
    assert_eq!(state(bed, waiting.id).await, Some((BookingState::Waiting, 0)));
    let bookings = &bed.stores.bookings;
    assert_eq!(bookings.sweep(noon(), 9).await.expect("swept"), 0);
    assert_eq!(bookings.sweep(minutes(1), 9).await.expect("swept"), 1);
    assert_eq!(state(bed, waiting.id).await, Some((BookingState::Booked, 0)));
    assert_eq!(state(bed, lost.order).await, None);
    // An order that comes too late is told so, and is not written.
    let late = story.submission_with(&story.resident, noon(), |s| {
        s.id = lost.order;
        s.terms.booked = true;
    });
    let commit = bed.stores.orders.commit(&[late], None).await.expect("an answer");
    assert_eq!(commit, domain::ports::Commit::SeatLost);
    // What an order has is not let go by mistake.
    bookings.let_go(waiting.id, minutes(2)).await.expect("an answer");
    assert_eq!(state(bed, waiting.id).await, Some((BookingState::Booked, 0)));
}

pub async fn a_move_keeps_the_old_seat_until_the_new_one_is_sure(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (early, late) = (opened(bed, &story, 24, 1).await, opened(bed, &story, 48, 1).await);
    let order = booked(bed, &story, &story.resident, early).await;
    let next = booked(bed, &story, &story.neighbour, early).await;
    let full = booked(bed, &story, &story.worker, late).await;
    let move_to = async |order: OrderId, slot, waits, now: DateTime<Utc>| {
        let wish = Wish { order, waits, ..wish(&story, story.resident.person, slot) };
        let moved = bed.stores.bookings.move_to(&wish, &RULE, now, None).await.expect("an answer");
        moved.map(done).map(|booking| (booking.slot.id, booking.state))
    };
    assert_eq!(move_to(order.id, late, false, minutes(1)).await, Err(BookingRefusal::Full));
    assert_eq!(move_to(order.id, early, false, minutes(1)).await, Err(BookingRefusal::SameSlot));
    assert_eq!(state(bed, order.id).await, Some((BookingState::Booked, 0)));
    assert_eq!(move_to(order.id, late, true, minutes(1)).await, Ok((late, BookingState::Waiting)));
    assert_eq!(state(bed, next.id).await, Some((BookingState::Booked, 0)), "who waited has the old seat");
    moved(bed, &full, &story.worker, withdraw(), minutes(2)).await;
    assert_eq!(state(bed, order.id).await, Some((BookingState::Booked, 0)));
    assert_eq!((numbers(bed, early).await, numbers(bed, late).await), ((1, 0), (1, 0)));
    let too_late = minutes(47 * 60 + 1);
    assert_eq!(move_to(order.id, early, false, too_late).await, Err(BookingRefusal::TooLateToMove));
    let missed = async |at| {
        bed.stores.bookings.missed(order.id, at, None).await.expect("an answer").map(|missed| done(missed).state)
    };
    assert_eq!(missed(too_late).await, Err(BookingRefusal::TooEarly));
    assert_eq!(missed(minutes(48 * 60)).await, Ok(BookingState::NoShow));
    assert_eq!(missed(minutes(48 * 60)).await, Err(BookingRefusal::NotLive(BookingState::NoShow)));
}

pub async fn two_who_change_places_do_not_wait_for_each_other(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (a, b) = (opened(bed, &story, 24, 2).await, opened(bed, &story, 48, 2).await);
    let one = booked(bed, &story, &story.resident, a).await;
    let other = booked(bed, &story, &story.neighbour, b).await;
    for _ in 0..5 {
        let swap = async |order: &Order, person, to| {
            let wish = Wish { order: order.id, ..wish(&story, person, to) };
            let moved = bed.stores.bookings.move_to(&wish, &RULE, minutes(1), None).await.expect("an answer");
            done(moved.expect("moved"));
        };
        let there =
            futures_util::future::join(swap(&one, story.resident.person, b), swap(&other, story.neighbour.person, a));
        there.await;
        let back =
            futures_util::future::join(swap(&one, story.resident.person, a), swap(&other, story.neighbour.person, b));
        back.await;
    }
    assert_eq!((numbers(bed, a).await, numbers(bed, b).await), ((1, 0), (1, 0)));
}

pub async fn dates_are_there_once_and_come_by_their_starts(bed: &Bed) {
    let story = Story::begin(bed).await;
    let dates: Vec<_> = [30, 24, 48].into_iter().map(|hours| date(&story, hours, 2)).collect();
    let bookings = &bed.stores.bookings;
    assert_eq!(bookings.add_slots(&dates, None).await.expect("added"), Fulfilled::Done(3));
    let again: Vec<_> = dates.iter().map(|slot| Slot { id: new_id(noon()), capacity: 7, ..slot.clone() }).collect();
    assert_eq!(bookings.add_slots(&again, None).await.expect("added"), Fulfilled::Done(0));
    let query = SlotQuery {
        community: story.community,
        service_key: Some("repair".into()),
        from: noon(),
        until: noon() + TimeDelta::hours(47),
        after: None,
        limit: 9,
    };
    let found = bookings.slots(&query).await.expect("dates");
    assert_eq!(found, [dates[1].clone(), dates[0].clone()]);
    let rest = SlotQuery { after: Some((found[0].starts_at, found[0].id)), ..query.clone() };
    assert_eq!(bookings.slots(&rest).await.expect("dates"), [dates[0].clone()]);
    let elsewhere = SlotQuery { community: story.elsewhere, ..query.clone() };
    assert_eq!(bookings.slots(&elsewhere).await.expect("dates"), []);
    let other = SlotQuery { service_key: Some("danger".into()), ..query };
    assert_eq!(bookings.slots(&other).await.expect("dates"), []);
}

async fn told(bed: &Bed) -> Vec<String> {
    bed.texts("SELECT kind FROM outbox WHERE kind IN ('seat_free', 'seat_not_found')").await
}

pub async fn who_waits_for_a_date_that_begins_is_told(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (slot, later) = (opened(bed, &story, 24, 1).await, opened(bed, &story, 48, 1).await);
    let first = booked(bed, &story, &story.resident, slot).await;
    let second = booked(bed, &story, &story.neighbour, slot).await;
    let bookings = &bed.stores.bookings;
    let begins = minutes(24 * 60);
    assert_eq!(bookings.end_queues(begins - TimeDelta::milliseconds(1), 9).await.expect("ended"), 0);
    // Before the sweep, too, a place in a queue that leads nowhere keeps nobody from another date.
    let rule = BookingRule { each: 1, ..RULE };
    let next = Wish { waits: false, ..wish(&story, story.neighbour.person, later) };
    let early = bookings.hold(&next, &rule, minutes(1), minutes(2)).await.expect("an answer");
    assert_eq!(early, Err(BookingRefusal::TooMany));
    let held = bookings.hold(&next, &rule, begins, begins + TimeDelta::minutes(1)).await.expect("an answer");
    assert_eq!(held, Ok(BookingState::Booked));
    assert_eq!(bookings.end_queues(begins, 9).await.expect("ended"), 1);
    assert_eq!(state(bed, second.id).await, Some((BookingState::Cancelled, 0)));
    assert_eq!(state(bed, first.id).await, Some((BookingState::Booked, 0)), "whoever has a seat keeps it");
    assert_eq!((numbers(bed, slot).await, told(bed).await), ((1, 0), vec!["seat_not_found".to_owned()]));
    assert_eq!(bookings.end_queues(begins, 9).await.expect("ended"), 0);
}

pub async fn a_closed_date_ends_its_queue(bed: &Bed) {
    let story = Story::begin(bed).await;
    let slot = opened(bed, &story, 24, 1).await;
    let first = booked(bed, &story, &story.resident, slot).await;
    let second = booked(bed, &story, &story.neighbour, slot).await;
    let coming = wish(&story, story.worker.person, slot);
    assert_eq!(hold(bed, &coming).await, Ok(BookingState::Waiting));
    let bookings = &bed.stores.bookings;
    bookings.change_slot(slot, 2, true, minutes(1)).await.expect("changed");
    assert_eq!(state(bed, second.id).await, Some((BookingState::Cancelled, 0)));
    assert_eq!((numbers(bed, slot).await, told(bed).await), ((1, 1), vec!["seat_not_found".to_owned()]));
    // An order that was on its way is placed, and told at the next look.
    let change = story.submission_with(&story.worker, noon(), |s| {
        s.id = coming.order;
        s.terms.booked = true;
    });
    let third = committed(bed, change).await;
    assert_eq!(bookings.end_queues(minutes(2), 9).await.expect("ended"), 1);
    assert_eq!(state(bed, third.id).await, Some((BookingState::Cancelled, 0)));
    assert_eq!(state(bed, first.id).await, Some((BookingState::Booked, 0)));
    assert_eq!((numbers(bed, slot).await, told(bed).await.len()), ((1, 0), 2));
}

pub async fn a_move_books_no_date_twice(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (early, late) = (opened(bed, &story, 24, 9).await, opened(bed, &story, 48, 9).await);
    booked(bed, &story, &story.resident, early).await;
    let second = booked(bed, &story, &story.resident, late).await;
    let person = story.resident.person;
    let move_to = async |slot, now| {
        let wish = Wish { order: second.id, ..wish(&story, person, slot) };
        let moved = bed.stores.bookings.move_to(&wish, &RULE, now, None).await.expect("an answer");
        moved.map(|moved| done(moved).slot.id)
    };
    assert_eq!(move_to(early, minutes(1)).await, Err(BookingRefusal::SameSlot));
    assert_eq!((numbers(bed, early).await, numbers(bed, late).await), ((1, 0), (1, 0)));
    let third = opened(bed, &story, 72, 9).await;
    assert_eq!(move_to(third, minutes(1)).await, Ok(third));
}

pub async fn of_a_sealed_order_only_those_see_the_seat_who_see_it(bed: &Bed) {
    let story = Story::begin(bed).await;
    let slot = opened(bed, &story, 24, 3).await;
    let open = booked(bed, &story, &story.resident, slot).await;
    let hidden = wish(&story, story.neighbour.person, slot);
    hold(bed, &hidden).await.expect("a seat");
    let change = story.submission_with(&story.neighbour, noon(), |s| {
        s.id = hidden.order;
        s.terms.booked = true;
        s.sealed = true;
    });
    committed(bed, change).await;
    let seen = async |area| {
        let sight = Sight { persons: vec![story.clerk.person], area, partners: Vec::new(), mediates_in: Vec::new() };
        let found = bed.stores.bookings.of_slot(slot, &sight, page()).await.expect("bookings");
        found.into_iter().map(|(_, booking)| booking.order).collect::<Vec<_>>()
    };
    let here = vec![story.community];
    assert_eq!(seen(Area { communities: here.clone(), ..Area::default() }).await, [open.id]);
    assert_eq!(seen(Area { sealed: here, ..Area::default() }).await, [open.id, hidden.order]);
    assert_eq!(seen(Area { communities: vec![story.elsewhere], ..Area::default() }).await, []);
}
