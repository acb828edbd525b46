//! Who is what to a case, and until when.

use chrono::TimeDelta;
use domain::ids::{CommunityId, PersonId};
use domain::mediation::{MEDIATOR_SEES_DAYS, Sight, Standing};
use domain::people::{Actor, Post, Role};
use uuid::Uuid;

use crate::given::{ANOTHER, CHEN, HERE, LI, MEDIATOR, closed, joined, now};

fn holding(person: PersonId, roles: &[Role]) -> Actor {
    let posts = roles.iter().map(|role| Post::at(HERE, *role)).collect();
    Actor { person, former: Vec::new(), posts }
}

fn standing(actor: &Actor) -> Option<Standing> {
    Sight::of(actor, now()).standing(&joined())
}

#[test]
fn everybody_is_what_they_are_and_nobody_else_is_anything() {
    assert_eq!(standing(&holding(MEDIATOR, &[Role::Volunteer])), Some(Standing::Mediator));
    assert_eq!(standing(&holding(MEDIATOR, &[])), None, "the role ended, and the appointment with it");
    assert_eq!(standing(&holding(CHEN, &[])), Some(Standing::Party(1)));
    assert_eq!(standing(&holding(LI, &[])), Some(Standing::Party(2)));
    assert_eq!(standing(&holding(ANOTHER, &[Role::Secretary])), Some(Standing::Office));
    // A secretary in a quarrel of her own is a party like any other.
    assert_eq!(standing(&holding(LI, &[Role::Secretary])), Some(Standing::Party(2)));
    // Nor is somebody who mediates, and took a party's account over, anything else.
    let mediator_too = Actor { former: vec![LI], ..holding(MEDIATOR, &[Role::Volunteer]) };
    assert_eq!(standing(&mediator_too), Some(Standing::Party(2)));
    for role in [Role::IntakeClerk, Role::GridWorker, Role::PartnerStaff, Role::Volunteer, Role::Supervisor] {
        assert_eq!(standing(&holding(ANOTHER, &[role])), None, "{role}");
    }
    let elsewhere = Post::at(CommunityId(Uuid::from_u128(0xC2)), Role::Secretary);
    assert_eq!(standing(&Actor { posts: vec![elsewhere], ..holding(ANOTHER, &[]) }), None);
    let taken_over = Actor { former: vec![LI], ..holding(ANOTHER, &[]) };
    assert_eq!(standing(&taken_over), Some(Standing::Party(2)));
}

#[test]
fn a_mediators_time_runs_out() {
    let mediator = holding(MEDIATOR, &[Role::GridWorker]);
    let case = closed();
    let until = case.mediator_until().expect("an end");
    // A month after the day of the follow-up, 23 December in Shanghai.
    let follow_up: chrono::DateTime<chrono::Utc> = "2026-12-23T00:00:00+08:00".parse().expect("an instant");
    assert_eq!(until, follow_up + TimeDelta::days(MEDIATOR_SEES_DAYS));
    let at = |instant| Sight::of(&mediator, instant).standing(&case);
    assert_eq!(at(until - TimeDelta::milliseconds(1)), Some(Standing::Mediator));
    assert_eq!(at(until), None);
    assert_eq!(joined().mediator_until(), None, "never while it goes on");
}
