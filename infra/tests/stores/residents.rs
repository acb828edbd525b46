use domain::erasure::Begun;
use domain::ids::{CommunityId, PersonId};
use domain::notice::NoticeKind;
use domain::order::Beneficiary;
use domain::people::{Address, Area, Delegation, Evidence, Kept, Residence, Verification};
use domain::ports::{Added, Commit, HomeQuery, ProfileChange, ResidentQuery, Slice};

use crate::bed::Bed;
use crate::outbox::{inbox, pass_on};
use crate::story::{Story, accept, committed, compound, minutes, moved, new_id, noon, resolve, wechat};

const PHONE: &str = "13800000009";

fn home(person: PersonId, community: CommunityId, name: &str, room: &str, minute: i64) -> Residence {
    let since = minutes(minute);
    let address = Address {
        community_id: community,
        compound: name.to_owned(),
        building: Some("3".to_owned()),
        unit: None,
        room: Some(room.to_owned()),
    };
    let compound_id = Some(compound(community, name));
    Residence { id: new_id(since), person, address, compound_id, is_main: true, since, verified: None }
}

fn whole(community: CommunityId) -> Area {
    Area { communities: vec![community], ..Area::default() }
}

pub async fn keep(bed: &Bed, community: CommunityId, name: &str, minute: i64) -> PersonId {
    let home = home(new_id(minutes(minute)), community, "东苑", "101", minute);
    let (by, phone, at) = (community, Some(PHONE.to_owned()), minutes(minute));
    let kept = Kept { by, name: name.to_owned(), phone, note: Some("听力不好".to_owned()), home, at };
    assert_eq!(bed.stores.residents.keep(&kept, None).await.expect("kept"), Commit::Done);
    kept.home.person
}

async fn residents(bed: &Bed, community: CommunityId, area: Area, phone: Option<&str>) -> Vec<PersonId> {
    let slice = Slice { before: None, limit: 9 };
    let query = ResidentQuery { community, area, phone: phone.map(str::to_owned), slice };
    let found = bed.stores.residents.residents(&query).await.expect("a list");
    found.into_iter().map(|resident| resident.id).collect()
}

pub async fn verified_phone(bed: &Bed, person: PersonId) {
    bed.stores.people.save_profile(person, &ProfileChange::Phone(PHONE.to_owned())).await.expect("saved");
}

pub async fn homes_come_back_as_given_and_the_first_is_the_main_one(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.residences);
    let at = |room: &str, minute| home(story.resident.person, story.community, "东苑", room, minute);
    let add = async |home: &Residence| store.add(home, None).await.expect("an end");
    let homes: Vec<_> = (0..5).map(|n| at(&n.to_string(), n)).collect();
    for home in &homes {
        assert_eq!(add(home).await, Added::Done);
    }
    assert_eq!(add(&at("0", 8)).await, Added::Known);
    assert_eq!(add(&at("9", 9)).await, Added::Full);
    let expected: Vec<_> = homes.iter().map(|h| Residence { is_main: h.id == homes[0].id, ..h.clone() }).collect();
    assert_eq!(store.residences_of(story.resident.person).await.expect("a list"), expected);

    assert!(!store.remove(story.neighbour.person, homes[1].id).await.expect("an end"), "not the neighbour's");
    assert!(store.remove(story.resident.person, homes[0].id).await.expect("an end"));
    let left = store.residences_of(story.resident.person).await.expect("a list");
    assert_eq!((left.len(), left[0].id, left[0].is_main), (4, homes[1].id, true));
}

pub async fn a_main_home_gives_way_to_another(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.residences);
    let person = story.resident.person;
    let at = |room: &str, minute| home(person, story.community, "东苑", room, minute);
    let (old, second, new) = (at("1", 1), at("2", 2), at("3", 3));
    store.settle(&old).await.expect("settled");
    let seen = Verification { at: minutes(4), by: story.clerk.person };
    assert!(store.verify(old.id, &whole(story.community), Some(seen)).await.expect("verified"));
    store.settle(&at("1", 5)).await.expect("the same again");
    let kept = store.residences_of(person).await.expect("a list");
    assert_eq!((kept.len(), kept[0].id, kept[0].verified), (1, old.id, Some(seen)), "the same address stays verified");

    assert_eq!(store.add(&second, None).await.expect("an end"), Added::Done);
    store.settle(&new).await.expect("settled");
    let moved = store.residences_of(person).await.expect("a list");
    assert_eq!(moved.iter().map(|h| (h.id, h.is_main)).collect::<Vec<_>>(), [(new.id, true), (second.id, false)]);
    assert_eq!(moved[0].verified, None);
    assert!(
        !store.verify(old.id, &whole(story.community), Some(seen)).await.expect("an end"),
        "the old one is no more"
    );
    store.settle(&at("2", 9)).await.expect("settled");
    let back = store.residences_of(person).await.expect("a list");
    assert_eq!(back.iter().map(|h| (h.id, h.is_main)).collect::<Vec<_>>(), [(second.id, true), (new.id, false)]);
}

pub async fn homes_are_found_in_their_area_only(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.residences);
    let (here, far) = (story.community, story.elsewhere);
    let east = home(story.resident.person, here, "东苑", "1204室", 1);
    // The same door, written in another way.
    let mate = home(story.worker.person, here, "东苑", "１２０４", 2);
    let west = home(story.neighbour.person, here, "西苑", "1204", 3);
    let elsewhere = home(story.stranger.person, far, "东苑", "1204", 4);
    for home in [&east, &mate, &west, &elsewhere] {
        assert_eq!(store.add(home, None).await.expect("an end"), Added::Done);
    }
    let grid = Area { compounds: vec![compound(here, "东苑")], ..Area::default() };
    let seen = Verification { at: minutes(9), by: story.clerk.person };
    for (area, found) in [(Area::default(), false), (whole(far), false), (whole(here), true), (grid.clone(), true)] {
        assert_eq!(store.find_home(east.id, &area).await.expect("a search").is_some(), found, "{area:?}");
        assert_eq!(store.verify(east.id, &area, Some(seen)).await.expect("an end"), found, "{area:?}");
    }
    let list = async |community, area: Area, verified| {
        let slice = Slice { before: None, limit: 9 };
        let homes = store.homes_in(&HomeQuery { community, area, verified, slice }).await.expect("a list");
        homes.into_iter().map(|of| (of.home.id, of.others)).collect::<Vec<_>>()
    };
    assert_eq!(list(here, whole(here), None).await, [(west.id, 0), (mate.id, 1), (east.id, 1)]);
    assert_eq!(list(here, grid.clone(), None).await, [(mate.id, 1), (east.id, 1)]);
    assert_eq!(list(here, whole(here), Some(true)).await, [(east.id, 1)]);
    assert_eq!(list(here, grid, Some(false)).await, [(mate.id, 1)]);
    assert_eq!(list(far, whole(here), None).await, []);
}

pub async fn a_kept_account_is_found_where_it_lives(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (here, far) = (story.community, story.elsewhere);
    let kept = keep(bed, here, "张大爷", 1).await;
    let west = Area { compounds: vec![compound(here, "西苑")], ..Area::default() };
    for phone in [None, Some(PHONE)] {
        assert_eq!(residents(bed, here, whole(here), phone).await, [kept]);
        assert_eq!(residents(bed, here, west.clone(), phone).await, []);
        assert_eq!(residents(bed, far, whole(far), phone).await, []);
        assert_eq!(residents(bed, far, whole(here), phone).await, []);
    }
    assert_eq!(residents(bed, here, whole(here), Some("13800000008")).await, []);
    assert_eq!(bed.stores.people.find_by_phone(PHONE, noon()).await.expect("a search"), [], "nobody verified it");
}

pub async fn a_kept_account_is_taken_over_once(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.residents);
    let (here, me, other) = (story.community, story.resident.person, story.neighbour.person);
    let kept = keep(bed, here, "张 大爷", 1).await;
    assert!(!store.is_mergeable(me).await.expect("a search"), "no verified number yet");
    assert!(!store.take_over(me, "张大爷", minutes(2)).await.expect("an end"));
    for person in [me, other] {
        verified_phone(bed, person).await;
        assert!(store.is_mergeable(person).await.expect("a search"));
    }
    let ends = tokio::join!(store.take_over(me, "张大爷", minutes(3)), store.take_over(other, "张大爷", minutes(3)));
    let ends = [ends.0.expect("an end"), ends.1.expect("an end")];
    assert_eq!(ends.iter().filter(|taken| **taken).count(), 1, "{ends:?}");
    let owner = if ends[0] { me } else { other };
    assert!(store.take_over(owner, "张大爷", minutes(4)).await.expect("an end"), "a phone asks again");
    assert!(!store.take_over(owner, "李大爷", minutes(4)).await.expect("an end"));
    let person = bed.stores.people.find_person(owner, noon()).await.expect("a search").expect("a person");
    assert_eq!(person.former, [kept]);
    let homes = bed.stores.residences.residences_of(owner).await.expect("a list");
    let main = homes.into_iter().find(|home| home.is_main).expect("a home");
    assert_eq!((main.person, main.address.room.as_deref()), (owner, Some("101")), "the home moved along");
    assert_eq!(residents(bed, here, whole(here), None).await, [owner]);
    for person in [me, other] {
        assert!(!store.is_mergeable(person).await.expect("a search"));
    }
}

pub async fn a_kept_account_is_not_given_away_lightly(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.residents);
    let me = story.resident.person;
    verified_phone(bed, me).await;
    // Two WeChat accounts with one number stay two.
    verified_phone(bed, story.neighbour.person).await;
    assert!(!store.is_mergeable(me).await.expect("a search"));

    // The elder gave the daughter's number, and the daughter orders for him.
    let father = keep(bed, story.community, "张大爷", 1).await;
    let next = story.neighbour.person;
    assert!(store.is_mergeable(next).await.expect("a search"));
    names(bed, &story, father, me, 2).await;
    // Nor is it anybody else's: the number is the daughter's.
    for person in [me, next] {
        assert!(!store.is_mergeable(person).await.expect("a search"));
        assert!(!store.take_over(person, "张大爷", minutes(3)).await.expect("an end"));
    }

    // The number's next owner may not guess for long.
    keep(bed, story.community, "李大妈", 3).await;
    for _ in 0..5 {
        assert!(store.is_mergeable(next).await.expect("a search"));
        assert!(!store.take_over(next, "李大爷", minutes(4)).await.expect("an end"));
    }
    assert!(!store.is_mergeable(next).await.expect("a search"));
    assert!(!store.take_over(next, "李大妈", minutes(5)).await.expect("an end"));
    assert_eq!(bed.count("former_selves").await, 0);
}

/// The elder agreed, before staff, that this person orders.
async fn names(bed: &Bed, story: &Story, principal: PersonId, delegate: PersonId, minute: i64) {
    let consent = Delegation {
        id: new_id(minutes(minute)),
        principal,
        delegate,
        evidence: Evidence::RecordedByStaff,
        recorded_by: Some(story.clerk.person),
        given_at: minutes(minute),
        expires_at: minutes(60),
        ended_at: None,
    };
    assert_eq!(bed.stores.delegations.record(&consent, "口头同意", None).await.expect("kept"), Commit::Done);
}

pub async fn a_delegate_who_comes_again_takes_nothing_over(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.residents);
    let (daughter, neighbour) = (story.resident.person, story.neighbour.person);
    let father = keep(bed, story.community, "张大爷", 1).await;
    names(bed, &story, father, daughter, 2).await;
    // Only now is it known whose number that is.
    verified_phone(bed, daughter).await;
    let closed = async |who, minute| bed.stores.erasures.begin(who, minutes(minute)).await.expect("an end");
    assert_eq!(closed(daughter, 3).await, Begun::Begun);
    assert_eq!(bed.count("delegations").await, 0);
    let again: PersonId = new_id(minutes(4));
    bed.stores.people.sign_in(&wechat("resident", None), again, minutes(4)).await.expect("a person");
    verified_phone(bed, again).await;
    assert!(!store.is_mergeable(again).await.expect("a search"));
    assert!(!store.take_over(again, "张大爷", minutes(5)).await.expect("an end"));

    // A delegate with another number takes nothing from the elder.
    let mother = keep(bed, story.community, "李大妈", 6).await;
    let other = ProfileChange::Phone("13800000007".to_owned());
    bed.stores.people.save_profile(neighbour, &other).await.expect("saved");
    names(bed, &story, mother, neighbour, 7).await;
    assert_eq!(closed(neighbour, 8).await, Begun::Begun);
    assert!(store.take_over(again, "李大妈", minutes(9)).await.expect("an end"));
}

pub async fn a_former_self_is_told_under_its_new_name(bed: &Bed) {
    let story = Story::begin(bed).await;
    let kept = keep(bed, story.community, "张大爷", 1).await;
    let order = story.submission_with(&story.neighbour, minutes(2), |s| {
        s.content.on_behalf_of = Some(Beneficiary { name: "张大爷".into(), phone: None, person: Some(kept) });
    });
    let order = committed(bed, order).await;
    let order = moved(bed, &order, &story.clerk, accept(), minutes(2)).await;
    pass_on(bed, minutes(2)).await;
    assert_eq!(inbox(bed, kept).await.len(), 2, "ordered and accepted");
    verified_phone(bed, story.resident.person).await;
    assert!(bed.stores.residents.take_over(story.resident.person, "张大爷", minutes(3)).await.expect("an end"));
    moved(bed, &order, &story.clerk, resolve(), minutes(4)).await;
    pass_on(bed, minutes(4)).await;
    let told = inbox(bed, story.resident.person).await;
    assert_eq!(told.first().map(|item| item.kind), Some(NoticeKind::Resolved));
    assert_eq!(inbox(bed, kept).await.len(), 2, "nobody looks into it any more");
}
