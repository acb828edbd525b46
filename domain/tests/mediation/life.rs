//! Quarrels from their beginning to the look back.

use chrono::TimeDelta;
use domain::mediation::{
    Case, Command, Decision, How, INVITATION_DAYS, MAX_PARTIES, Outcome, PartyStanding, Refusal, Standing, Status,
    decide,
};
use domain::notice::{Audience, MediationNews, NoticeKind, notices_of_mediation};

use crate::given::{
    ANOTHER, CHEN, FIRST, LI, MEDIATOR, SECOND, agree, agreed, close, closed, day, hold, introduce, invite, join,
    joined, look_back, move_it, now, opened, plan, propose, proposed, refused, replace, say, signed, then, then_at,
};

const MINE: Standing = Standing::Mediator;

#[test]
fn from_the_first_word_to_the_look_back() {
    let case = then(joined(), MINE, plan());
    assert_eq!(case.next_session().map(|session| session.number), Some(1));
    let case = then(case, FIRST, say(None));
    let case = then(case, MINE, say(Some(2)));
    assert!(!case.parties[0].statements[0].by_mediator && case.parties[1].statements[0].by_mediator);
    let case = then(case, MINE, move_it());
    assert_eq!(refused(&case, MINE, hold()), Refusal::NotHeldYet);
    let case = then_at(case, MINE, hold(), now() + TimeDelta::hours(6));
    assert_eq!(refused(&case, MINE, move_it()), Refusal::AlreadyHeld);
    assert_eq!(case.next_session(), None);
    let case = then(case, MINE, propose());
    let case = then(case, FIRST, agree());
    assert_eq!(case.status(), Status::Proposed);
    assert_eq!(refused(&case, MINE, close(Outcome::Agreed)), Refusal::NotAgreedByAll);
    let case = then(case, MINE, signed(2));
    assert_eq!(case.status(), Status::Agreed);
    let hows: Vec<_> = case.agreement().expect("one").assents.iter().map(|assent| assent.how).collect();
    assert!(matches!(hows[..], [How::InApp, How::OnPaper { .. }]));
    let case = then(case, MINE, close(Outcome::Agreed));
    assert_eq!((case.outcome(), case.follow_up_on()), (Some(&Outcome::Agreed), Some(day(23))));
    let case = then(case, MINE, look_back());
    assert_eq!(case.follow_up_on(), None);
    assert_eq!(refused(&case, MINE, look_back()), Refusal::NoFollowUp);
}

#[test]
fn an_agreement_takes_two_and_all_of_them() {
    assert_eq!(refused(&opened(), MINE, propose()), Refusal::PartiesMissing);
    // Whoever declined is not asked; whoever is invited later is.
    let case = then(proposed(), MINE, invite(Some(ANOTHER)));
    let case = then(then(case, FIRST, agree()), SECOND, agree());
    assert_eq!(case.status(), Status::Proposed);
    let case = then(case, Standing::Party(3), Command::Decline);
    assert_eq!(case.status(), Status::Open, "what was read out was meant for three");
    // Another text needs everybody's word again.
    let case = then(then(proposed(), FIRST, agree()), MINE, propose());
    assert!(case.agreement().expect("one").assents.is_empty());
    let agreed_twice = then(case, FIRST, agree());
    assert_eq!(decide(&agreed_twice, FIRST, agree(), now()), Ok(Decision::AlreadyApplied));
}

#[test]
fn what_not_everybody_agreed_to_is_not_kept_as_an_agreement() {
    let failed = then(then(proposed(), FIRST, agree()), MINE, close(Outcome::Failed));
    assert_eq!((failed.agreement(), failed.status()), (None, Status::Closed));
    assert!(closed().agreement().is_some());
    let to = Outcome::Referred { to: "裕华区司法所".into() };
    assert_eq!(then(opened(), MINE, close(to.clone())).outcome(), Some(&to));
}

#[test]
fn an_invitation_is_for_one() {
    let by_code = then(opened(), MINE, invite(None));
    assert_eq!(refused(&by_code, SECOND, join(MEDIATOR)), Refusal::IsPartyAlready);
    assert_eq!(refused(&by_code, SECOND, join(CHEN)), Refusal::IsPartyAlready);
    let late = now() + TimeDelta::days(INVITATION_DAYS);
    assert_eq!(decide(&by_code, SECOND, join(LI), late), Err(Refusal::InvitationInvalid));
    let joined = then(by_code, SECOND, join(LI));
    assert_eq!((joined.parties[1].person, &joined.parties[1].code), (Some(LI), &None));
    assert_eq!(refused(&joined, SECOND, join(ANOTHER)), Refusal::InvitationInvalid);
    assert_eq!(refused(&joined, MINE, invite(Some(LI))), Refusal::IsPartyAlready);
    assert_eq!(refused(&joined, MINE, invite(Some(MEDIATOR))), Refusal::IsPartyAlready);
    let invited = then(opened(), MINE, invite(Some(LI)));
    assert_eq!(refused(&invited, SECOND, join(ANOTHER)), Refusal::InvitationInvalid);
    let declined = then(invited, SECOND, Command::Decline);
    assert_eq!(declined.parties[1].standing, PartyStanding::Declined);
    // They may think better of it.
    assert_eq!(then(declined, SECOND, join(LI)).parties[1].standing, PartyStanding::Joined);
    let mut many = opened();
    while many.parties.len() < MAX_PARTIES {
        many = then(many, MINE, invite(None));
    }
    assert_eq!(refused(&many, MINE, invite(None)), Refusal::TooMuch);
}

#[test]
fn a_party_that_is_gone_says_and_signs_nothing() {
    let mut gone = proposed();
    gone.parties[1].erased = true;
    gone.parties[1].person = None;
    assert_eq!(refused(&gone, MINE, say(Some(2))), Refusal::NoSuchParty);
    assert_eq!(refused(&gone, MINE, say(Some(9))), Refusal::NoSuchParty);
    let declined = then(joined(), SECOND, Command::Decline);
    assert_eq!(refused(&declined, MINE, say(Some(2))), Refusal::Declined);
    assert_eq!(refused(&declined, SECOND, say(None)), Refusal::Declined);
}

#[test]
fn days_and_times_are_to_come() {
    let at = |time| Command::Plan { at: time, place: "调解室".into() };
    for time in [now(), now() - TimeDelta::hours(1), now() + TimeDelta::days(366)] {
        assert_eq!(refused(&joined(), MINE, at(time)), Refusal::MeetingTime);
    }
    for on in [now().date_naive(), now().date_naive() + TimeDelta::days(366)] {
        let close = Command::Close { outcome: Outcome::Failed, follow_up_on: Some(on) };
        assert_eq!(refused(&joined(), MINE, close), Refusal::FollowUpDay);
    }
    let unknown = Command::Hold { session: 1, attended: vec![7], notes: "。".into(), agreed: None };
    assert_eq!(refused(&then(joined(), MINE, plan()), MINE, unknown), Refusal::NoSuchParty);
    assert_eq!(refused(&joined(), MINE, hold()), Refusal::NoSuchSession);
}

#[test]
fn the_mediator_is_somebody_else() {
    assert_eq!(refused(&joined(), Standing::Office, replace(LI)), Refusal::MediatorIsParty);
    assert_eq!(refused(&joined(), Standing::Office, replace(MEDIATOR)), Refusal::SameMediator);
    assert_eq!(then(agreed(), Standing::Office, replace(ANOTHER)).mediator, ANOTHER);
}

#[test]
fn a_party_says_how_it_is_called_and_reached() {
    let case = then(joined(), SECOND, introduce());
    assert_eq!((case.parties[1].name.as_str(), case.parties[1].phone.as_deref()), ("陈女士", Some("13900000001")));
    let renamed = then(case, SECOND, Command::Introduce { name: Some("陈姐".into()), phone: None });
    assert_eq!((renamed.parties[1].name.as_str(), renamed.parties[1].phone.as_deref()), ("陈姐", Some("13900000001")));
    let invited = then(opened(), MINE, invite(Some(LI)));
    assert_eq!(refused(&invited, SECOND, introduce()), Refusal::ForAParty);
    assert_eq!(refused(&joined(), MINE, introduce()), Refusal::ForAParty);
}

#[test]
fn where_the_order_is_gone_nothing_is_left_but_to_close() {
    let gone = Case { order_is_gone: true, ..joined() };
    assert_eq!(refused(&gone, MINE, invite(Some(ANOTHER))), Refusal::OrderGone);
    assert_eq!(refused(&gone, Standing::Office, replace(ANOTHER)), Refusal::OrderGone);
    assert_eq!(then(gone, MINE, close(Outcome::Withdrawn)).status(), Status::Closed);
}

/// Who is told of what; the words are in the table of notices.
#[test]
fn those_whom_it_concerns_are_told_and_nobody_else() {
    let told = |news, case: &domain::mediation::Case| -> Vec<(NoticeKind, Audience)> {
        notices_of_mediation(news, case).into_iter().map(|notice| (notice.kind, notice.audience)).collect()
    };
    let to = |kind, people: &[domain::ids::PersonId]| -> Vec<(NoticeKind, Audience)> {
        people.iter().map(|person| (kind, Audience::Person(*person))).collect()
    };
    let invited = then(joined(), MINE, invite(Some(ANOTHER)));
    let news = MediationNews::Invited { person: ANOTHER };
    assert_eq!(told(news, &invited), to(NoticeKind::Invited, &[ANOTHER]));
    let at = now();
    assert_eq!(
        told(MediationNews::Planned { at, session: 1 }, &invited),
        to(NoticeKind::Meeting, &[CHEN, LI, ANOTHER])
    );
    assert_eq!(told(MediationNews::Proposed, &invited), to(NoticeKind::ConfirmNeeded, &[CHEN, LI]));
    assert_eq!(told(MediationNews::MediatorChanged, &invited), to(NoticeKind::MediatorChanged, &[CHEN, LI]));
    let declined = then(invited, SECOND, Command::Decline);
    assert_eq!(
        told(MediationNews::Moved { at, session: 1 }, &declined),
        to(NoticeKind::MeetingMoved, &[CHEN, ANOTHER])
    );
    assert_eq!(told(MediationNews::Ended, &declined), to(NoticeKind::MediationEnded, &[CHEN, ANOTHER]));
    assert_eq!(told(MediationNews::FollowUpDue, &closed()), to(NoticeKind::FollowUpDue, &[MEDIATOR]));
}
