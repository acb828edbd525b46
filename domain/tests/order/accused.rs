//! A complaint about a partner: that partner may have to mend it, and never learns who complained.

use domain::ids::PartnerId;
use domain::order::{Command, Content, HandlerRole, Visibility, allowed_moves};
use domain::people::access::Operation;
use domain::people::{Actor, Hat, Post, Role, Sight};

use crate::given::Who::{Co, IntakeClerk, Lead, Requester, Secretary};
use crate::given::{
    CO_TASK, FIRE_BRIGADE, HERE, LEAD_TASK, PROPERTY, a_broken_kerb, accept, person, send, sign, to_lead, works_for,
};
use crate::story::Story;

fn complaint() -> Content {
    Content { about_partner: Some(PROPERTY), ..a_broken_kerb() }
}

fn with_contact(mut command: Command) -> Command {
    let Command::Dispatch { share_contact, .. } = &mut command else { panic!("no dispatch") };
    *share_contact = true;
    command
}

fn accepted() -> Story {
    Story::begins_with(complaint()).then(IntakeClerk, accept())
}

#[test]
fn the_contact_goes_to_others_and_never_to_whom_the_complaint_is_about() {
    let story = accepted()
        .but_refused(IntakeClerk, with_contact(to_lead()), "contact_not_agreed")
        .but_refused(Secretary, with_contact(to_lead()), "contact_not_agreed")
        .then(IntakeClerk, to_lead())
        .then(IntakeClerk, with_contact(send(CO_TASK, FIRE_BRIGADE, HandlerRole::Co)))
        .then(Co, sign(CO_TASK));
    let may_call = |id| story.order.dispatch(id).map(|d| d.may_call(&story.order));
    assert_eq!((may_call(LEAD_TASK), may_call(CO_TASK)), (Some(false), Some(true)));
}

/// Whatever a dispatch says, for instance one that was written before this rule.
#[test]
fn may_call_is_asked_at_every_look() {
    let mut story = accepted().then(IntakeClerk, to_lead());
    story.order.dispatches[0].share_contact = true;
    let may_call = |order: &domain::order::Order| order.dispatches[0].may_call(order);
    assert!(!may_call(&story.order));
    story.order.content.about_partner = Some(FIRE_BRIGADE);
    assert!(may_call(&story.order));
    story.order.content.visibility = Visibility::Confidential;
    assert!(!may_call(&story.order));
}

fn also(role: Role, partner: PartnerId) -> Actor {
    Actor { person: person(90), former: Vec::new(), posts: vec![Post::at(HERE, role), works_for(partner)] }
}

#[test]
fn who_works_for_the_accused_is_nobody_else_here() {
    let fresh = Story::begins_with(complaint());
    let sent = accepted().then(IntakeClerk, to_lead());
    for role in [Role::GridWorker, Role::IntakeClerk, Role::Secretary, Role::Supervisor] {
        let accused = also(role, PROPERTY);
        assert!(!Sight::of(&accused).sees(&fresh.order), "{role}");
        assert_eq!(accused.hats(&fresh.order), [], "{role}");
        assert_eq!(allowed_moves(&fresh.order, &accused, fresh.now), [], "{role}");
        assert!(!accused.watches(Operation::OrdersOne, &sent.order), "{role}");
        assert_eq!(accused.hats(&sent.order), [Hat::Partner], "{role}");
        assert!(Sight::of(&accused).sees(&sent.order), "{role}: as the handler that it is");
        assert!(Sight::of(&also(role, FIRE_BRIGADE)).sees(&fresh.order), "{role}, who works for somebody else");
    }
}

#[test]
fn who_complains_about_the_own_firm_keeps_the_own_order() {
    let mut insider = Requester.actor();
    insider.posts.push(works_for(PROPERTY));
    let story = accepted();
    assert!(Sight::of(&insider).sees(&story.order));
    assert_eq!(insider.hats(&story.order), [Hat::Requester]);
    assert!(!Sight::of(&Lead.actor()).sees(&story.order));
}
