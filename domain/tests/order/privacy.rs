//! Partners see the task, not the person; and each only its own.

use domain::ids::DispatchId;
use domain::order::{Command, Contact, Content, Decision, DispatchStatus, Refusal, Visibility, allowed_moves, decide};
use domain::people::{Actor, Hat, Post, Role};
use uuid::Uuid;

use crate::given::Who::{Co, IntakeClerk, Lead, Other, Requester, Secretary, Stranger};
use crate::given::{
    CO_TASK, ELSEWHERE, LEAD_TASK, PROPERTY, a_broken_kerb, accept, comment, complete, give_back, person, recall,
    rework, sign, to_co, to_lead, visit, works_for,
};
use crate::story::Story;

/// A dispatch that hands the contact over.
fn with_contact() -> Command {
    let mut command = to_lead();
    let Command::Dispatch { share_contact, .. } = &mut command else { panic!("no dispatch") };
    *share_contact = true;
    command
}

fn accepted(change: impl FnOnce(&mut Content)) -> Story {
    let mut content = a_broken_kerb();
    change(&mut content);
    Story::begins_with(content).then(IntakeClerk, accept())
}

#[test]
fn a_contact_goes_out_where_the_resident_agreed() {
    let story = accepted(|_| {}).then(IntakeClerk, with_contact());
    assert_eq!(story.order.dispatch(LEAD_TASK).map(|d| d.share_contact), Some(true));
}

#[test]
fn a_contact_stays_where_the_resident_did_not_agree() {
    let silent = Contact { name: None, phone: Some("13900000001".into()), may_share: false };
    accepted(|c| c.contact = Some(silent)).but_refused(IntakeClerk, with_contact(), "contact_not_agreed");
    accepted(|c| c.contact = None).but_refused(IntakeClerk, with_contact(), "contact_not_agreed");
}

#[test]
fn a_confidential_or_anonymous_contact_stays_whatever_was_ticked() {
    for visibility in [Visibility::Confidential, Visibility::Anonymous] {
        accepted(|c| c.visibility = visibility)
            .but_refused(Secretary, with_contact(), "contact_not_agreed")
            .then(IntakeClerk, to_lead());
    }
}

/// A lead and a helper, both at work.
fn two_at_work() -> Story {
    accepted(|_| {})
        .then(IntakeClerk, to_lead())
        .then(IntakeClerk, to_co())
        .then(Lead, sign(LEAD_TASK))
        .then(Co, sign(CO_TASK))
}

#[test]
fn a_partner_touches_its_own_dispatch_only() {
    let moves: [fn(DispatchId) -> Command; 4] = [sign, give_back, visit, complete];
    for a_move in moves {
        two_at_work()
            .but_refused(Co, a_move(LEAD_TASK), "not_found")
            .but_refused(Lead, a_move(CO_TASK), "not_found")
            .but_refused(Other, a_move(LEAD_TASK), "not_found")
            .but_refused(Stranger, a_move(LEAD_TASK), "not_found")
            .but_refused(Requester, a_move(LEAD_TASK), "not_permitted");
    }
}

#[test]
fn a_partner_never_decides_about_dispatches() {
    let done = two_at_work().then(Lead, complete(LEAD_TASK));
    done.but_refused(Lead, rework(LEAD_TASK), "not_permitted").but_refused(Co, recall(CO_TASK), "not_permitted");
}

#[test]
fn whoever_gave_the_work_back_is_out() {
    let story = two_at_work().then(Co, give_back(CO_TASK)).task_is(CO_TASK, DispatchStatus::Returned);
    assert_eq!(Co.actor().hats(&story.order), []);
    story.but_refused(Co, comment(), "not_permitted").but_refused(Co, complete(CO_TASK), "not_permitted");
}

#[test]
fn the_desk_of_another_community_is_a_stranger_here() {
    let story = two_at_work();
    for role in [Role::IntakeClerk, Role::Secretary] {
        let actor = Actor { person: person(70), former: Vec::new(), posts: vec![Post::at(ELSEWHERE, role)] };
        assert_eq!(actor.hats(&story.order), [], "{role}");
        assert_eq!(allowed_moves(&story.order, &actor, story.now), [], "{role}");
        let recalled = decide(&story.order, &actor, recall(LEAD_TASK), story.now);
        assert_eq!(recalled, Err(Refusal::NoSuchDispatch), "{role}");
    }
}

#[test]
fn an_unknown_dispatch_is_not_found() {
    let unknown = DispatchId(Uuid::from_u128(0xD9));
    two_at_work().but_refused(IntakeClerk, recall(unknown), "not_found").but_refused(Lead, sign(unknown), "not_found");
}

#[test]
fn a_clerk_who_also_works_for_the_partner_signs_as_the_partner() {
    let mut clerk = IntakeClerk.actor();
    clerk.posts.push(works_for(PROPERTY));
    let story = accepted(|_| {}).then(IntakeClerk, to_lead());
    let hat_for = |command| match decide(&story.order, &clerk, command, story.now) {
        Ok(Decision::Apply { event, .. }) => Some(event.hat),
        Ok(Decision::AlreadyApplied) | Err(_) => None,
    };
    assert_eq!(hat_for(sign(LEAD_TASK)), Some(Hat::Partner));
    assert_eq!(hat_for(recall(LEAD_TASK)), Some(Hat::IntakeClerk));
    assert_eq!(hat_for(to_co()), Some(Hat::IntakeClerk));
}
