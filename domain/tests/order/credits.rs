//! Whose hours may be noted for an order, and on whose word.

use domain::ids::PartnerId;
use domain::order::{Command, HandlerRole};
use domain::people::{Actor, CreditRefusal, Membership, Post, Role, Word, may_credit, volunteers_in};
use uuid::Uuid;

use crate::given::Who::{IntakeClerk, Lead, Requester, Secretary, Stranger};
use crate::given::{
    ELSEWHERE, FIRE_BRIGADE, HERE, LEAD_TASK, PROPERTY, Who, accept, complete, resolve_anyway, send, sign, works_for,
};
use crate::story::Story;

/// The property company's people are a team of volunteers here.
const TEAMS: [PartnerId; 1] = [PROPERTY];

fn sent() -> Story {
    let task: Command = send(LEAD_TASK, PROPERTY, HandlerRole::Lead);
    Story::begins().then(IntakeClerk, accept()).then(IntakeClerk, task).then(Lead, sign(LEAD_TASK))
}

fn credit(story: &Story, actor: &Actor, whom: Who, volunteers: bool) -> Result<Word, CreditRefusal> {
    may_credit(&story.order, actor, whom.person(), volunteers, &TEAMS)
}

#[test]
fn the_own_word_waits_and_the_desks_counts() {
    let done = sent().then(Lead, complete(LEAD_TASK));
    assert_eq!(credit(&done, &Lead.actor(), Lead, true), Ok(Word::Own));
    for desk in [IntakeClerk, Secretary] {
        assert_eq!(credit(&done, &desk.actor(), Lead, true), Ok(Word::Desk));
        assert_eq!(credit(&done, &desk.actor(), Stranger, false), Err(CreditRefusal::NoSuchVolunteer));
        assert_eq!(credit(&done, &desk.actor(), desk, true), Err(CreditRefusal::NotPermitted), "for itself");
    }
    let both = Actor { posts: vec![Post::at(HERE, Role::IntakeClerk), works_for(PROPERTY)], ..IntakeClerk.actor() };
    assert_eq!(credit(&done, &both, IntakeClerk, true), Ok(Word::Own), "the own word waits, whoever speaks it");
    for nobody in [Requester, Stranger, Who::Co, Who::Other, Who::GridWorker] {
        assert_eq!(credit(&done, &nobody.actor(), nobody, true), Err(CreditRefusal::NotPermitted));
        assert_eq!(credit(&done, &nobody.actor(), Lead, true), Err(CreditRefusal::NotPermitted));
    }
}

#[test]
fn nothing_is_credited_before_it_is_done() {
    let open = sent();
    assert_eq!(credit(&open, &Lead.actor(), Lead, true), Err(CreditRefusal::NotDone));
    assert_eq!(credit(&open, &IntakeClerk.actor(), Stranger, true), Err(CreditRefusal::NotDone));
    let resolved = open.then(IntakeClerk, resolve_anyway());
    assert_eq!(credit(&resolved, &IntakeClerk.actor(), Stranger, true), Ok(Word::Desk));
    assert_eq!(credit(&resolved, &Lead.actor(), Lead, true), Err(CreditRefusal::NotPermitted), "it did not finish");
}

#[test]
fn who_is_a_volunteer_of_a_community() {
    let is = |membership: Membership| volunteers_in(&[membership], HERE, &TEAMS);
    assert!(is(Membership::at(HERE, Role::Volunteer)) && is(Membership::staff(HERE, PROPERTY)));
    assert!(!is(Membership::at(ELSEWHERE, Role::Volunteer)) && !is(Membership::staff(HERE, FIRE_BRIGADE)));
    assert!(!is(Membership::at(HERE, Role::GridWorker)) && !is(Membership::staff(HERE, PartnerId(Uuid::nil()))));
}
