//! A quarrel between neighbours, and steps in it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::ids::{AttachmentId, CommunityId, MediationId, OrderId, PersonId};
use domain::mediation::{
    Case, Code, Command, Decision, FollowUpResult, Outcome, Party, PartyStanding, Refusal, Standing, State, decide,
};
use uuid::Uuid;

pub const HERE: CommunityId = CommunityId(Uuid::from_u128(0xC1));
pub const CHEN: PersonId = PersonId(Uuid::from_u128(1));
pub const LI: PersonId = PersonId(Uuid::from_u128(2));
pub const MEDIATOR: PersonId = PersonId(Uuid::from_u128(3));
pub const ANOTHER: PersonId = PersonId(Uuid::from_u128(4));
pub const PHOTO: AttachmentId = AttachmentId(Uuid::from_u128(0xF1));

/// Monday, 23 November 2026, nine o'clock in Shijiazhuang.
pub fn now() -> DateTime<Utc> {
    "2026-11-23T09:00:00+08:00".parse().expect("an instant")
}

pub fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, n).expect("a day")
}

pub fn party(number: u8, person: Option<PersonId>, standing: PartyStanding) -> Party {
    Party {
        number,
        name: format!("当事人{number}"),
        phone: None,
        person,
        standing,
        code: None,
        statements: Vec::new(),
        erased: false,
    }
}

/// Chen asked for it; nobody else takes part yet.
pub fn opened() -> Case {
    Case {
        id: MediationId(Uuid::from_u128(0xAA)),
        order: OrderId(Uuid::from_u128(0xE1)),
        number: "RY-20261123-0001".into(),
        community: HERE,
        mediator: MEDIATOR,
        opened_at: now(),
        parties: vec![party(1, Some(CHEN), PartyStanding::Joined)],
        sessions: Vec::new(),
        state: State::Open,
        order_is_gone: false,
        version: 1,
    }
}

pub fn invite(person: Option<PersonId>) -> Command {
    let code = person.is_none().then(|| Code::new("7K2MZ-0QX9B".into(), now()));
    Command::Invite { name: "楼上李先生".into(), phone: Some("13900000002".into()), person, code }
}

pub fn join(person: PersonId) -> Command {
    Command::Join { party: 2, person }
}

pub fn plan() -> Command {
    Command::Plan { at: now() + TimeDelta::hours(2), place: "调解室".into() }
}

pub fn move_it() -> Command {
    Command::Move { session: 1, at: now() + TimeDelta::hours(5), place: "李家".into() }
}

pub fn hold() -> Command {
    Command::Hold {
        session: 1, attended: vec![1, 2], notes: "李先生承认".into(), agreed: Some("先查漏点".into())
    }
}

pub fn introduce() -> Command {
    Command::Introduce { name: Some("陈女士".into()), phone: Some("13900000001".into()) }
}

pub fn say(party: Option<u8>) -> Command {
    Command::State { party, text: "每晚十一点".into() }
}

pub fn propose() -> Command {
    Command::Propose { text: "周五前修好".into() }
}

pub fn agree() -> Command {
    Command::Agree { signature: None }
}

pub fn signed(party: u8) -> Command {
    Command::Agree { signature: Some((party, PHOTO)) }
}

pub fn close(outcome: Outcome) -> Command {
    Command::Close { outcome, follow_up_on: Some(day(23)) }
}

pub fn look_back() -> Command {
    Command::FollowUp { result: FollowUpResult::Kept, note: None }
}

pub fn replace(mediator: PersonId) -> Command {
    Command::Replace { mediator }
}

pub const FIRST: Standing = Standing::Party(1);
pub const SECOND: Standing = Standing::Party(2);

/// The step is taken.
#[track_caller]
pub fn then(case: Case, as_what: Standing, command: Command) -> Case {
    then_at(case, as_what, command, now())
}

#[track_caller]
pub fn then_at(case: Case, as_what: Standing, command: Command, at: DateTime<Utc>) -> Case {
    let text = format!("{as_what:?}: {command:?}");
    match decide(&case, as_what, command, at) {
        Ok(Decision::Apply { next, .. }) => {
            assert_eq!(next.version, case.version + 1);
            *next
        }
        other => panic!("{text} should be taken, but: {other:?}"),
    }
}

#[track_caller]
pub fn refused(case: &Case, as_what: Standing, command: Command) -> Refusal {
    decide(case, as_what, command, now()).expect_err("a refusal")
}

/// Both take part.
pub fn joined() -> Case {
    then(then(opened(), Standing::Mediator, invite(Some(LI))), SECOND, join(LI))
}

pub fn proposed() -> Case {
    then(joined(), Standing::Mediator, propose())
}

pub fn agreed() -> Case {
    then(then(proposed(), FIRST, agree()), SECOND, agree())
}

pub fn closed() -> Case {
    then(agreed(), Standing::Mediator, close(Outcome::Agreed))
}
