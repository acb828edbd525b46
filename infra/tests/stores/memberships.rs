use chrono::{DateTime, TimeDelta, Utc};

use domain::ids::SessionId;
use domain::people::{Held, Membership, Role, SessionKind};
use domain::ports::{Grant, NewSession, RefreshToken, WecomMember};

use crate::bed::Bed;
use crate::story::{Story, grant, minutes, new_id, noon};

async fn held(bed: &Bed, story: &Story, now: DateTime<Utc>) -> Vec<Held> {
    let all = bed.stores.memberships.held_at(&[story.community.into()], None, 100, now).await.expect("a list");
    all.into_iter().filter(|held| held.person == story.neighbour.person).collect()
}

pub async fn a_role_is_granted_once(bed: &Bed) {
    let story = Story::begin(bed).await;
    let grid = Membership::at(story.community, Role::GridWorker);
    let staff = Membership::staff(story.community, story.partner);
    let everywhere = Membership { role: Role::Administrator, place: None, partner_id: None };
    for membership in [&grid, &grid, &staff, &staff, &everywhere, &everywhere] {
        bed.stores.memberships.grant(&grant(story.neighbour.person, membership)).await.expect("a grant");
    }
    let person = bed.stores.people.find_person(story.neighbour.person, noon()).await.expect("a search");
    let memberships = person.expect("a person").memberships;
    assert_eq!(memberships.len(), 3);
    assert!([grid, staff, everywhere].iter().all(|membership| memberships.contains(membership)));
}

pub async fn a_role_runs_out_and_may_be_given_again(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (person, by) = (story.neighbour.person, Some(story.clerk.person));
    let membership = Membership::at(story.community, Role::Volunteer);
    let summer = Grant { person, membership, by, at: noon(), until: Some(noon() + TimeDelta::days(30)) };
    bed.stores.memberships.grant(&summer).await.expect("a grant");
    let (before, end) = (noon() + TimeDelta::days(30) - TimeDelta::milliseconds(1), noon() + TimeDelta::days(30));
    assert_eq!(held(bed, &story, before).await.len(), 1);
    assert_eq!(held(bed, &story, end).await, []);
    let actor = bed.stores.people.find_person(person, end).await.expect("a search").expect("a person");
    assert_eq!(actor.memberships, []);

    bed.stores.memberships.grant(&Grant { at: end, until: None, ..summer }).await.expect("a grant");
    let again = held(bed, &story, end).await;
    assert_eq!(
        again.iter().map(|held| (held.since, held.until, held.granted_by)).collect::<Vec<_>>(),
        [(end, None, by)]
    );
    assert_eq!(
        bed.texts("SELECT 'row' FROM memberships WHERE role = 'volunteer'").await.len(),
        2,
        "the first one stays"
    );
}

pub async fn leaving_closes_every_session(bed: &Bed) {
    let story = Story::begin(bed).await;
    let person = story.neighbour.person;
    bed.stores
        .memberships
        .grant(&grant(person, &Membership::at(story.community, Role::Secretary)))
        .await
        .expect("given");
    let mut sessions: Vec<SessionId> = Vec::new();
    for n in 0..2 {
        let session = new_id(noon());
        let token = RefreshToken { hash: [n + 60; 32], session, issued_at: noon(), expires_at: minutes(60) };
        let opening = NewSession { person, kind: SessionKind::Phone, device: None, first: token };
        bed.stores.people.open_session(&opening).await.expect("a session");
        sessions.push(session);
    }
    let id = held(bed, &story, noon()).await[0].id;
    let found = bed.stores.memberships.find_membership(id, noon()).await.expect("a search");
    let ended = bed.stores.memberships.end(id, Some(story.clerk.person), minutes(1)).await.expect("an end");
    assert_eq!(ended, found);
    for session in sessions {
        assert_eq!(bed.stores.people.find_by_session(session, minutes(1)).await.expect("a search"), None);
    }
    assert_eq!(held(bed, &story, minutes(1)).await, []);
    assert_eq!(bed.stores.memberships.end(id, None, minutes(2)).await.expect("nothing to end"), None);
    assert_eq!(bed.stores.memberships.find_membership(id, minutes(2)).await.expect("a search"), None);
}

pub async fn the_name_in_wecom_goes_with_the_last_role(bed: &Bed) {
    let story = Story::begin(bed).await;
    let person = story.neighbour.person;
    for role in [Role::GridWorker, Role::Volunteer] {
        bed.stores.memberships.grant(&grant(person, &Membership::at(story.community, role))).await.expect("a grant");
    }
    let member = WecomMember { person, user_id: "Neighbour".to_owned() };
    assert!(bed.stores.wecom_members.save_member(&member, noon()).await.expect("saved"));
    let mut left = Vec::new();
    for role in held(bed, &story, noon()).await {
        bed.stores.memberships.end(role.id, None, minutes(1)).await.expect("an end");
        left.push(bed.count("wecom_members").await);
    }
    assert_eq!(left, [1, 0]);
}
