//! What a resident brings along, and what the desk says of it.

use domain::notice::{NoticeKind, notices_for};
use domain::order::{Command, Move, Order, PaperState, allowed_moves};

use crate::given::Who::{Co, IntakeClerk, Requester, Secretary, Stranger};
use crate::given::{PHOTO, accept, check, refuse};
use crate::story::Story;

fn needs_papers() -> Story {
    let mut story = Story::begins();
    story.order.terms.papers = vec!["身份证原件".into(), "户口本原件".into()];
    story
}

fn states(order: &Order) -> Vec<(&str, PaperState)> {
    order.papers()
}

fn told(story: &Story) -> Vec<NoticeKind> {
    let event = story.events.last().expect("an event");
    notices_for(event, &story.order).into_iter().map(|notice| notice.kind).collect()
}

#[test]
fn the_checklist_says_what_is_needed_then_what_is_missing_and_then_that_all_is_there() {
    use PaperState::{Missing, Needed, Seen};
    let story = needs_papers();
    assert_eq!(states(&story.order), [("身份证原件", Needed), ("户口本原件", Needed)]);
    let story = story.then(IntakeClerk, accept()).then(IntakeClerk, check(&["户口本原件", "租赁合同"]));
    assert_eq!(states(&story.order), [("身份证原件", Seen), ("户口本原件", Missing), ("租赁合同", Missing)]);
    assert_eq!(told(&story), [NoticeKind::PapersMissing]);
    let story = story.then(Secretary, check(&[]));
    assert_eq!(states(&story.order), [("身份证原件", Seen), ("户口本原件", Seen)]);
    assert_eq!(told(&story), [], "whoever stands at the desk knows");
}

#[test]
fn the_desk_looks_at_papers_of_what_it_has_accepted() {
    let story = needs_papers().but_refused(IntakeClerk, check(&[]), "wrong_state");
    let story = story.then(IntakeClerk, accept());
    for who in [Requester, Co, Stranger] {
        story.clone().but_refused(who, check(&[]), "not_permitted");
    }
    needs_papers().then(IntakeClerk, refuse()).but_refused(IntakeClerk, check(&[]), "wrong_state");
}

#[test]
fn a_broken_kerb_needs_no_papers() {
    let mut story = needs_papers().then(IntakeClerk, accept());
    story.order.terms.papers = Vec::new();
    assert!(!allowed_moves(&story.order, &IntakeClerk.actor(), story.now).contains(&Move::Check));
    story.but_refused(IntakeClerk, check(&["户口本原件"]), "wrong_state");
}

#[test]
fn where_originals_are_shown_nobody_leaves_a_picture() {
    let mut story = needs_papers().then(IntakeClerk, accept());
    let photographed = Command::Comment { text: "身份证照片".into(), photos: vec![PHOTO] };
    story.clone().then(Requester, photographed.clone());
    story.order.terms.originals_only = true;
    let story = story.but_refused(Requester, photographed, "invalid_fields");
    story.then(Requester, Command::Comment { text: "明天上午来".into(), photos: Vec::new() });
}
