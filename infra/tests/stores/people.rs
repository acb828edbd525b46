use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use domain::ids::{PersonId, SessionId};
use domain::people::{Person, Session, SessionKind};
use domain::ports::{NewSession, Newcomer, ProfileChange, RefreshToken, Rotation, Slice, TokenHash, WechatIdentity};

use crate::bed::Bed;
use crate::story::{Story, minutes, new_id, noon, wechat};

const FIRST: TokenHash = [1; 32];

fn token(hash: TokenHash, session: SessionId, at: DateTime<Utc>) -> RefreshToken {
    RefreshToken { hash, session, issued_at: at, expires_at: at + TimeDelta::days(30) }
}

async fn open(bed: &Bed, person: PersonId, kind: SessionKind, first: RefreshToken) -> SessionId {
    let session = first.session;
    let opening = NewSession { person, kind, device: Some("窗口一的电脑".to_owned()), first };
    bed.stores.people.open_session(&opening).await.expect("a session");
    session
}

async fn session(bed: &Bed, person: PersonId) -> SessionId {
    open(bed, person, SessionKind::Phone, token(FIRST, new_id(noon()), noon())).await
}

/// Who is behind the session now.
async fn behind(bed: &Bed, session: SessionId, now: DateTime<Utc>) -> Option<Person> {
    bed.stores.people.find_by_session(session, now).await.expect("a search").map(|found| found.person)
}

async fn rotate(bed: &Bed, old: TokenHash, new: TokenHash, at: DateTime<Utc>) -> Rotation {
    bed.stores.people.rotate(old, &token(new, new_id(at), at), at).await.expect("a rotation")
}

pub async fn signing_in_twice_is_one_person(bed: &Bed) {
    let people = &bed.stores.people;
    let phone = wechat("openid-1", None);
    let at_once = join_all((0..8).map(|_| people.sign_in(&phone, new_id(noon()), noon()))).await;
    let persons: Vec<_> = at_once.into_iter().map(|p| p.expect("a person")).collect();
    assert!(persons.iter().all(|p| p == &persons[0]));
    assert_eq!(persons[0].created_at, noon());
    assert_eq!((bed.count("persons").await, bed.count("identities").await), (1, 1));

    let told = wechat("openid-1", Some("union"));
    assert_eq!(people.sign_in(&told, new_id(noon()), minutes(9)).await.expect("a person"), persons[0]);
    people.sign_in(&phone, new_id(noon()), minutes(9)).await.expect("a person");
    assert_eq!(bed.texts("SELECT unionid FROM persons").await, ["union"]);
}

pub async fn a_unionid_leads_from_one_mini_program_to_another(bed: &Bed) {
    let people = &bed.stores.people;
    let in_other = |openid: &str, unionid| WechatIdentity { app_id: "wx-2".into(), ..wechat(openid, unionid) };
    let sign_in = async |identity| people.sign_in(&identity, new_id(noon()), noon()).await.expect("a person").id;
    let first = sign_in(wechat("a1", Some("union-a"))).await;
    // The same openid means somebody else in another mini-program.
    assert_ne!(sign_in(in_other("a1", Some("union-b"))).await, first);
    let other = in_other("a2", Some("union-a"));
    let at_once = join_all((0..8).map(|_| sign_in(other.clone()))).await;
    assert!(at_once.iter().all(|id| *id == first));
    // Two who were here before the unionid was told stay two.
    let late = sign_in(wechat("c1", None)).await;
    assert_eq!(sign_in(wechat("c1", Some("union-a"))).await, late);
    assert_ne!(late, first);
    assert_eq!(
        bed.texts("SELECT unionid FROM persons WHERE unionid IS NOT NULL ORDER BY 1").await,
        ["union-a", "union-b"]
    );
}

pub async fn newcomers_are_people_once(bed: &Bed) {
    let story = Story::begin(bed).await;
    let people = &bed.stores.people;
    let newcomer = |id, nickname: &str| Newcomer { id, nickname: nickname.to_owned(), created_at: minutes(-9) };
    let (one, two): (PersonId, PersonId) = (new_id(noon()), new_id(noon()));
    // The same one twice in one list, somebody who is known, and nobody at all.
    let list = [newcomer(one, "A1"), newcomer(one, "A1"), newcomer(story.resident.person, "A0")];
    bed.stores.newcomers.insert_missing(&list).await.expect("written");
    bed.stores.newcomers.insert_missing(&[newcomer(one, "renamed"), newcomer(two, "A2")]).await.expect("written");
    bed.stores.newcomers.insert_missing(&[]).await.expect("nothing to write");
    for (id, name) in [(one, Some("A1")), (two, Some("A2")), (story.resident.person, None)] {
        let person = people.find_person(id, noon()).await.expect("a search").expect("a person");
        assert_eq!(person.nickname.as_deref(), name);
    }
    let without = "SELECT 'row' FROM persons WHERE id NOT IN (SELECT person_id FROM identities)";
    assert_eq!(bed.texts(without).await.len(), 2);
}

pub async fn the_person_behind_a_session_has_every_role(bed: &Bed) {
    let story = Story::begin(bed).await;
    let people = &bed.stores.people;
    let plain = session(bed, story.resident.person).await;
    let found = behind(bed, plain, noon()).await.expect("a person");
    assert_eq!((found.id, found.memberships.as_slice()), (story.resident.person, [].as_slice()));

    let worker = story.second_worker.person;
    let busy = open(bed, worker, SessionKind::Phone, token([2; 32], new_id(noon()), noon())).await;
    let found = behind(bed, busy, noon()).await.expect("a person");
    assert_eq!(found.memberships.len(), 2);
    let serves = |partner| found.memberships.iter().any(|m| m.partner_id == Some(partner));
    assert!(found.memberships.len() == 2 && serves(story.partner) && serves(story.helper));

    assert!(people.close_session(worker, busy, minutes(1)).await.expect("closed"));
    assert_eq!(behind(bed, busy, noon()).await, None);
    assert!(behind(bed, plain, noon()).await.is_some());
    assert_eq!(behind(bed, new_id(noon()), noon()).await, None);
}

pub async fn the_profile_is_kept(bed: &Bed) {
    let story = Story::begin(bed).await;
    let people = &bed.stores.people;
    let changes = [ProfileChange::Nickname(Some("小王".to_owned())), ProfileChange::Phone("13800000000".to_owned())];
    for change in &changes {
        people.save_profile(story.resident.person, change).await.expect("saved");
    }
    let person = people.sign_in(&wechat("resident", None), new_id(noon()), noon()).await.expect("a person");
    assert_eq!(person.nickname.as_deref(), Some("小王"));
    assert_eq!(person.phone.as_deref(), Some("13800000000"));
    let owners = people.find_by_phone("13800000000", noon()).await.expect("a search");
    assert_eq!(owners.iter().map(|owner| owner.id).collect::<Vec<_>>(), [person.id]);
    assert_eq!(people.find_by_phone("13800000001", noon()).await.expect("a search"), []);
    people.save_profile(story.resident.person, &ProfileChange::Nickname(None)).await.expect("saved");
    let person = people.sign_in(&wechat("resident", None), new_id(noon()), noon()).await.expect("a person");
    assert_eq!(person.nickname, None);
}

pub async fn of_two_rotations_at_once_one_is_a_theft(bed: &Bed) {
    let story = Story::begin(bed).await;
    for n in 0..8 {
        let (old, one, two) = ([n * 3 + 10; 32], [n * 3 + 11; 32], [n * 3 + 12; 32]);
        let session: SessionId = new_id(noon());
        let person = story.resident.person;
        open(bed, person, SessionKind::Phone, token(old, session, noon())).await;
        let ends = tokio::join!(rotate(bed, old, one, minutes(1)), rotate(bed, old, two, minutes(1)));
        let rotated = Rotation::Rotated { person, session };
        assert!(ends == (rotated.clone(), Rotation::Reused) || ends == (Rotation::Reused, rotated), "{ends:?}");
        // The whole session is closed, for the thief and for the owner.
        assert_eq!(behind(bed, session, noon()).await, None);
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
    assert!(bed.stores.people.close_session(person, session, minutes(3)).await.expect("closed"));
    assert_eq!(rotate(bed, [4; 32], [5; 32], minutes(4)).await, Rotation::Invalid, "its session was closed");
}

pub async fn a_desk_that_nobody_uses_signs_out(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (person, kind) = (story.clerk.person, SessionKind::Desk { idle_minutes: 30 });
    let desk = open(bed, person, kind, token(FIRST, new_id(noon()), noon())).await;
    let people = &bed.stores.people;
    people.note_seen(desk, minutes(20)).await.expect("noted");
    // A request that was slow to be noted takes nothing back.
    people.note_seen(desk, minutes(10)).await.expect("noted");
    assert!(behind(bed, desk, minutes(49)).await.is_some());
    assert_eq!(behind(bed, desk, minutes(50)).await, None);

    // A refresh is a use, and one that comes too late ends the session for good.
    assert_eq!(rotate(bed, FIRST, [2; 32], minutes(49)).await, Rotation::Rotated { person, session: desk });
    assert!(behind(bed, desk, minutes(78)).await.is_some());
    assert_eq!(rotate(bed, [2; 32], [3; 32], minutes(79)).await, Rotation::Invalid);
    assert_eq!(behind(bed, desk, minutes(60)).await, None, "closed, whatever the clock says");
}

pub async fn devices_are_listed_and_closed_by_their_owner(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (people, person) = (&bed.stores.people, story.clerk.person);
    let mut opened = Vec::new();
    for n in 0..4_u8 {
        let at = minutes(n.into());
        opened.push(open(bed, person, SessionKind::Phone, token([n + 1; 32], new_id(at), at)).await);
    }
    session_of_somebody_else(bed, story.resident.person).await;
    assert!(people.close_session(person, opened[1], minutes(5)).await.expect("closed"));
    assert!(!people.close_session(person, opened[1], minutes(5)).await.expect("closed before"));
    assert!(!people.close_session(story.resident.person, opened[0], minutes(5)).await.expect("not theirs"));
    let list = async |before, limit, now| {
        let slice = Slice { before, limit };
        people.sessions_of(person, slice, now).await.expect("a list")
    };
    let ids = |sessions: Vec<Session>| sessions.into_iter().map(|session| session.id).collect::<Vec<_>>();
    let all = list(None, 9, minutes(5)).await;
    assert_eq!(all[0].device.as_deref(), Some("窗口一的电脑"));
    assert_eq!((all[0].kind, all[0].opened_at, all[0].last_seen_at), (SessionKind::Phone, minutes(3), minutes(3)));
    assert_eq!(ids(all), [opened[3], opened[2], opened[0]]);
    assert_eq!(ids(list(Some(opened[3]), 1, minutes(5)).await), [opened[2]]);
    // The first one can no longer be refreshed.
    let later = noon() + TimeDelta::days(30) + TimeDelta::seconds(1);
    assert_eq!(ids(list(None, 9, later).await), [opened[3], opened[2]]);
}

async fn session_of_somebody_else(bed: &Bed, person: PersonId) {
    open(bed, person, SessionKind::Phone, token([99; 32], new_id(noon()), noon())).await;
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
