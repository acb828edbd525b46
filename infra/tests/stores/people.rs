use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use domain::ids::{PersonId, SessionId};
use domain::people::Residence;
use domain::ports::{Newcomer, ProfileChange, RefreshToken, Rotation, TokenHash};

use crate::bed::Bed;
use crate::story::{Story, minutes, new_id, noon};

const FIRST: TokenHash = [1; 32];

fn token(hash: TokenHash, session: SessionId, at: DateTime<Utc>) -> RefreshToken {
    RefreshToken { hash, session, issued_at: at, expires_at: at + TimeDelta::days(30) }
}

async fn session(bed: &Bed, person: PersonId) -> SessionId {
    let session = new_id(noon());
    bed.stores.people.open_session(person, &token(FIRST, session, noon())).await.expect("a session");
    session
}

async fn rotate(bed: &Bed, old: TokenHash, new: TokenHash, at: DateTime<Utc>) -> Rotation {
    bed.stores.people.rotate(old, &token(new, new_id(at), at), at).await.expect("a rotation")
}

pub async fn signing_in_twice_is_one_person(bed: &Bed) {
    let people = &bed.stores.people;
    let at_once = join_all((0..8).map(|_| people.sign_in("openid-1", None, new_id(noon()), noon()))).await;
    let persons: Vec<_> = at_once.into_iter().map(|p| p.expect("a person")).collect();
    assert!(persons.iter().all(|p| p == &persons[0]));
    assert_eq!(persons[0].openid.as_deref(), Some("openid-1"));
    assert_eq!(persons[0].created_at, noon());

    let later = people.sign_in("openid-1", Some("union"), new_id(noon()), minutes(9)).await.expect("a person");
    assert_eq!(later, persons[0]);
    people.sign_in("openid-1", None, new_id(noon()), minutes(9)).await.expect("a person");
    assert_eq!(bed.texts("SELECT unionid FROM persons").await, ["union"]);
}

pub async fn newcomers_are_people_once(bed: &Bed) {
    let story = Story::begin(bed).await;
    let people = &bed.stores.people;
    let newcomer = |id, nickname: &str| Newcomer { id, nickname: nickname.to_owned(), created_at: minutes(-9) };
    let (one, two): (PersonId, PersonId) = (new_id(noon()), new_id(noon()));
    // The same one twice in one list, somebody who is known, and nobody at all.
    let list = [newcomer(one, "A1"), newcomer(one, "A1"), newcomer(story.resident.person, "A0")];
    people.insert_missing(&list).await.expect("written");
    people.insert_missing(&[newcomer(one, "renamed"), newcomer(two, "A2")]).await.expect("written");
    people.insert_missing(&[]).await.expect("nothing to write");
    for (id, name) in [(one, Some("A1")), (two, Some("A2")), (story.resident.person, None)] {
        let person = people.find_person(id, noon()).await.expect("a search").expect("a person");
        assert_eq!(person.nickname.as_deref(), name);
    }
    assert_eq!(bed.texts("SELECT 'row' FROM persons WHERE openid IS NULL").await.len(), 2);
}

pub async fn the_person_behind_a_session_has_every_role(bed: &Bed) {
    let story = Story::begin(bed).await;
    let people = &bed.stores.people;
    let plain = session(bed, story.resident.person).await;
    let found = people.find_by_session(plain, noon()).await.expect("a search").expect("a person");
    assert_eq!((found.id, found.memberships.as_slice()), (story.resident.person, [].as_slice()));

    let busy = new_id(noon());
    people.open_session(story.second_worker.person, &token([2; 32], busy, noon())).await.expect("a session");
    let found = people.find_by_session(busy, noon()).await.expect("a search").expect("a person");
    assert_eq!(found.memberships.len(), 2);
    let serves = |partner| found.memberships.iter().any(|m| m.partner_id == Some(partner));
    assert!(found.memberships.len() == 2 && serves(story.partner) && serves(story.helper));

    people.close_session(busy, minutes(1)).await.expect("closed");
    assert_eq!(people.find_by_session(busy, noon()).await.expect("a search"), None);
    assert!(people.find_by_session(plain, noon()).await.expect("a search").is_some());
    assert_eq!(people.find_by_session(new_id(noon()), noon()).await.expect("a search"), None);
}

pub async fn the_profile_is_kept(bed: &Bed) {
    let story = Story::begin(bed).await;
    let people = &bed.stores.people;
    let home = Residence {
        community_id: story.community,
        compound: "东苑".to_owned(),
        building: Some("3-甲".to_owned()),
        unit: None,
        room: Some("1204".to_owned()),
    };
    let changes = [
        ProfileChange::Nickname(Some("小王".to_owned())),
        ProfileChange::Phone("13800000000".to_owned()),
        ProfileChange::Residence(Some(home.clone())),
    ];
    for change in &changes {
        people.save_profile(story.resident.person, change).await.expect("saved");
    }
    let person = people.sign_in("resident", None, new_id(noon()), noon()).await.expect("a person");
    assert_eq!(person.nickname.as_deref(), Some("小王"));
    assert_eq!(person.phone.as_deref(), Some("13800000000"));
    assert_eq!(person.residence, Some(home));
    let owners = people.find_by_phone("13800000000", noon()).await.expect("a search");
    assert_eq!(owners.iter().map(|owner| owner.id).collect::<Vec<_>>(), [person.id]);
    assert_eq!(people.find_by_phone("13800000001", noon()).await.expect("a search"), []);
    people.save_profile(story.resident.person, &ProfileChange::Nickname(None)).await.expect("saved");
    let person = people.sign_in("resident", None, new_id(noon()), noon()).await.expect("a person");
    assert_eq!(person.nickname, None);
}

pub async fn of_two_rotations_at_once_one_is_a_theft(bed: &Bed) {
    let story = Story::begin(bed).await;
    for n in 0..8 {
        let (old, one, two) = ([n * 3 + 10; 32], [n * 3 + 11; 32], [n * 3 + 12; 32]);
        let session: SessionId = new_id(noon());
        let person = story.resident.person;
        bed.stores.people.open_session(person, &token(old, session, noon())).await.expect("a session");
        let ends = tokio::join!(rotate(bed, old, one, minutes(1)), rotate(bed, old, two, minutes(1)));
        let rotated = Rotation::Rotated { person, session };
        assert!(ends == (rotated.clone(), Rotation::Reused) || ends == (Rotation::Reused, rotated), "{ends:?}");
        // The whole session is closed, for the thief and for the owner.
        assert_eq!(bed.stores.people.find_by_session(session, noon()).await.expect("a search"), None);
        for hash in [old, one, two] {
            assert_eq!(rotate(bed, hash, [250; 32], minutes(2)).await, Rotation::Invalid);
        }
    }
}

pub async fn tokens_that_are_of_no_use(bed: &Bed) {
    let story = Story::begin(bed).await;
    let session = session(bed, story.resident.person).await;
    assert_eq!(rotate(bed, [99; 32], [98; 32], noon()).await, Rotation::Invalid, "never issued");
    assert_eq!(rotate(bed, FIRST, [2; 32], noon() + TimeDelta::days(30)).await, Rotation::Invalid, "expired");
    let person = story.resident.person;
    assert_eq!(rotate(bed, FIRST, [3; 32], minutes(1)).await, Rotation::Rotated { person, session });
    assert_eq!(rotate(bed, [3; 32], [4; 32], minutes(2)).await, Rotation::Rotated { person, session });
    bed.stores.people.close_session(session, minutes(3)).await.expect("closed");
    assert_eq!(rotate(bed, [4; 32], [5; 32], minutes(4)).await, Rotation::Invalid, "its session was closed");
}

pub async fn expired_tokens_are_swept(bed: &Bed) {
    let story = Story::begin(bed).await;
    session(bed, story.resident.person).await;
    let people = &bed.stores.people;
    let end = noon() + TimeDelta::days(30);
    assert_eq!(people.sweep_tokens(end).await.expect("a sweep"), 0);
    assert_eq!(people.sweep_tokens(end + TimeDelta::milliseconds(1)).await.expect("a sweep"), 1);
}

pub async fn the_last_word_on_a_subscription_stands(bed: &Bed) {
    let story = Story::begin(bed).await;
    let people = &bed.stores.people;
    for (template, accepted) in [("t-1", true), ("t-2", true), ("t-1", false)] {
        people.note_subscription(story.resident.person, template, accepted, noon()).await.expect("noted");
    }
    let kept =
        bed.texts("SELECT template_id || CASE WHEN accepted THEN '+' ELSE '-' END FROM subscriptions ORDER BY 1");
    assert_eq!(kept.await, ["t-1-", "t-2+"]);
}
