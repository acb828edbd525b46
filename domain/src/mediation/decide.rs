use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{
    Agreement, Assent, Case, Closing, Command, FollowUp, Held, How, MAX_DAYS_AHEAD, MAX_PARTIES, MAX_SESSIONS,
    MAX_STATEMENTS, Outcome, OutcomeKind, Party, PartyStanding, Refusal, Session, Standing, State, Statement, Status,
    Step,
};
use crate::deadline::day_in_shanghai;
use crate::ids::{AttachmentId, MediationId, PersonId};
use crate::notice::MediationNews;
use crate::order::Order;

/// What follows from a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    Apply {
        next: Box<Case>,
        news: Option<MediationNews>,
    },
    /// What was asked for is so already: answer as if it had just been done, write nothing.
    AlreadyApplied,
}

/// A new case, with whoever asked for the mediation as its first party.
pub fn open(
    id: MediationId,
    order: &Order,
    mediator: PersonId,
    name: String,
    phone: Option<String>,
    now: DateTime<Utc>,
) -> Case {
    let first = Party {
        number: 1,
        name,
        phone,
        person: Some(order.requester),
        standing: PartyStanding::Joined,
        code: None,
        statements: Vec::new(),
        erased: false,
    };
    Case {
        id,
        order: order.id,
        number: order.number.clone(),
        community: order.community,
        mediator,
        opened_at: now,
        parties: vec![first],
        sessions: Vec::new(),
        state: State::Open,
        order_is_gone: false,
        version: 1,
    }
}

/// Says whether whoever stands so may do this in the case now, and what follows. Pure.
pub fn decide(case: &Case, as_what: Standing, command: Command, now: DateTime<Utc>) -> Result<Decision, Refusal> {
    permits(as_what, &command)?;
    if is_repeat(case, as_what, &command) {
        return Ok(Decision::AlreadyApplied);
    }
    if !is_left(case, Step::from(&command)) {
        return Err(Refusal::OrderGone);
    }
    if !fits(Step::from(&command), case.status()) {
        return Err(Refusal::WrongStatus(case.status()));
    }
    let mut next = case.clone();
    let news = apply(&mut next, as_what, command, now)?;
    next.version += 1;
    Ok(Decision::Apply { next: Box::new(next), news })
}

/// The steps that whoever stands so may take now.
pub fn allowed_steps(case: &Case, as_what: Standing) -> Vec<Step> {
    use strum::IntoEnumIterator;
    let own = match as_what {
        Standing::Party(number) => case.party(number).map(|party| party.standing),
        Standing::Mediator | Standing::Office => None,
    };
    let has_joined = own.is_none_or(|standing| standing == PartyStanding::Joined);
    let assents = case.agreement().map(|agreement| agreement.assents.as_slice()).unwrap_or_default();
    let has_agreed = assents.iter().any(|assent| as_what == Standing::Party(assent.party));
    let is_sensible = |step: Step| match step {
        Step::Join => own != Some(PartyStanding::Joined),
        Step::Decline => own != Some(PartyStanding::Declined),
        Step::Introduce | Step::State => has_joined,
        Step::Agree => has_joined && !has_agreed,
        Step::Propose => case.bound().count() >= 2,
        Step::Move | Step::Hold => case.sessions.iter().any(|session| session.held.is_none()),
        Step::FollowUp => case.follow_up_on().is_some(),
        Step::Invite | Step::Plan | Step::Close | Step::Replace => true,
    };
    let is_in_hand = |step: Step| [true, false].iter().any(|other| hand(as_what, step, *other).is_ok());
    let is_possible = |step: Step| is_left(case, step) && fits(step, case.status()) && is_sensible(step);
    Step::iter().filter(|step| is_in_hand(*step) && is_possible(*step)).collect()
}

/// Where the order is gone, nobody else is drawn in and nobody new reads what was said.
fn is_left(case: &Case, step: Step) -> bool {
    match step {
        Step::Close | Step::FollowUp => true,
        Step::Invite
        | Step::Join
        | Step::Decline
        | Step::Plan
        | Step::Move
        | Step::Hold
        | Step::Introduce
        | Step::State
        | Step::Propose
        | Step::Agree
        | Step::Replace => !case.order_is_gone,
    }
}

/// Whether the step is one for whoever stands so, whatever the case is like.
pub fn permits(as_what: Standing, command: &Command) -> Result<(), Refusal> {
    hand(as_what, command.into(), command.is_for_another())
}

/// The table of hands: who does what.
fn hand(as_what: Standing, step: Step, is_for_another: bool) -> Result<(), Refusal> {
    let is_mediator = as_what == Standing::Mediator;
    let is_party = matches!(as_what, Standing::Party(_));
    match step {
        Step::State | Step::Agree if is_for_another => is_mediator.then_some(()).ok_or(Refusal::ForTheMediator),
        Step::Invite | Step::Plan | Step::Move | Step::Hold | Step::Propose | Step::Close | Step::FollowUp => {
            is_mediator.then_some(()).ok_or(Refusal::ForTheMediator)
        }
        Step::Join | Step::Decline | Step::Introduce | Step::State | Step::Agree => {
            is_party.then_some(()).ok_or(Refusal::ForAParty)
        }
        // Nobody chooses who mediates in the own quarrel: a secretary who is a party stands here as one.
        Step::Replace => (as_what == Standing::Office).then_some(()).ok_or(Refusal::ForTheSecretary),
    }
}

/// The table of steps: in which status each may be taken.
fn fits(step: Step, status: Status) -> bool {
    use Status::{Agreed, Closed, Open, Proposed};
    match step {
        // What everybody has agreed to stays as it is.
        Step::Invite | Step::Join | Step::Decline | Step::State | Step::Propose => match status {
            Open | Proposed => true,
            Agreed | Closed => false,
        },
        Step::Plan | Step::Move | Step::Hold | Step::Introduce | Step::Close => match status {
            Open | Proposed | Agreed => true,
            Closed => false,
        },
        Step::Agree => match status {
            Proposed => true,
            Open | Agreed | Closed => false,
        },
        Step::FollowUp => match status {
            Closed => true,
            Open | Proposed | Agreed => false,
        },
        // A closed case may still need somebody to look after it.
        Step::Replace => match status {
            Open | Proposed | Agreed | Closed => true,
        },
    }
}

/// A phone that lost the answer asks again.
fn is_repeat(case: &Case, as_what: Standing, command: &Command) -> bool {
    let own = match as_what {
        Standing::Party(number) => case.party(number),
        Standing::Mediator | Standing::Office => None,
    };
    match command {
        Command::Join { person, .. } => {
            own.is_some_and(|party| party.standing == PartyStanding::Joined && party.person == Some(*person))
        }
        Command::Decline => own.is_some_and(|party| party.standing == PartyStanding::Declined),
        Command::Agree { signature } => {
            let number = signature.map(|(party, _)| party).or(own.map(|party| party.number));
            let assents = case.agreement().map(|agreement| agreement.assents.as_slice()).unwrap_or_default();
            case.status() != Status::Closed && assents.iter().any(|assent| Some(assent.party) == number)
        }
        Command::Invite { .. }
        | Command::Plan { .. }
        | Command::Move { .. }
        | Command::Hold { .. }
        | Command::Introduce { .. }
        | Command::State { .. }
        | Command::Propose { .. }
        | Command::Close { .. }
        | Command::FollowUp { .. }
        | Command::Replace { .. } => false,
    }
}

fn apply(
    case: &mut Case,
    as_what: Standing,
    command: Command,
    now: DateTime<Utc>,
) -> Result<Option<MediationNews>, Refusal> {
    match command {
        Command::Invite { name, phone, person, code } => {
            may_invite(case, person)?;
            let number = next_number(case.parties.len());
            let standing = PartyStanding::Invited;
            let (statements, erased) = (Vec::new(), false);
            case.parties.push(Party { number, name, phone, person, standing, code, statements, erased });
            Ok(person.map(|person| MediationNews::Invited { person }))
        }
        Command::Join { party, .. } if as_what != Standing::Party(party) => Err(Refusal::InvitationInvalid),
        Command::Join { party, person } => join(case, party, person, now).map(|()| None),
        Command::Decline => decline(case, as_what).map(|()| None),
        Command::Plan { at, place } => {
            if case.sessions.len() >= MAX_SESSIONS {
                return Err(Refusal::TooMuch);
            }
            may_meet(at, now)?;
            let number = next_number(case.sessions.len());
            case.sessions.push(Session { number, at, place, held: None });
            Ok(Some(MediationNews::Planned { at, session: number }))
        }
        Command::Move { session, at, place } => {
            may_meet(at, now)?;
            let moved = unheld(case, session)?;
            (moved.at, moved.place) = (at, place);
            Ok(Some(MediationNews::Moved { at, session }))
        }
        Command::Hold { session, attended, notes, agreed } => {
            if attended.iter().any(|number| case.party(*number).is_none()) {
                return Err(Refusal::NoSuchParty);
            }
            let session = unheld(case, session)?;
            if session.at > now {
                return Err(Refusal::NotHeldYet);
            }
            session.held = Some(Held { attended, notes, agreed });
            Ok(None)
        }
        Command::Introduce { name, phone } => introduce(case, as_what, name, phone).map(|()| None),
        Command::State { party, text } => state(case, as_what, party, text, now).map(|()| None),
        Command::Propose { text } => {
            if case.bound().count() < 2 {
                return Err(Refusal::PartiesMissing);
            }
            case.state = State::Proposed { agreement: Agreement { text, at: now, assents: Vec::new() } };
            Ok(Some(MediationNews::Proposed))
        }
        Command::Agree { signature } => agree(case, as_what, signature, now).map(|()| None),
        Command::Close { outcome, follow_up_on } => {
            close(case, outcome, follow_up_on, now).map(|()| Some(MediationNews::Ended))
        }
        Command::FollowUp { result, note } => {
            let State::Closed { closing } = &mut case.state else { return Err(Refusal::NoFollowUp) };
            let follow_up = closing.follow_up.as_mut().filter(|up| up.result.is_none()).ok_or(Refusal::NoFollowUp)?;
            (follow_up.result, follow_up.note) = (Some(result), note);
            Ok(None)
        }
        Command::Replace { mediator } => {
            if mediator == case.mediator {
                return Err(Refusal::SameMediator);
            }
            if is_party(case, mediator) {
                return Err(Refusal::MediatorIsParty);
            }
            case.mediator = mediator;
            Ok(Some(MediationNews::MediatorChanged))
        }
    }
}

/// Numbers are small: there are few of anything in a case.
fn next_number(count: usize) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX).saturating_add(1)
}

fn is_party(case: &Case, person: PersonId) -> bool {
    case.parties.iter().any(|party| party.person == Some(person))
}

fn may_invite(case: &Case, person: Option<PersonId>) -> Result<(), Refusal> {
    if case.parties.len() >= MAX_PARTIES {
        return Err(Refusal::TooMuch);
    }
    let Some(person) = person else { return Ok(()) };
    if person == case.mediator || is_party(case, person) { Err(Refusal::IsPartyAlready) } else { Ok(()) }
}

fn join(case: &mut Case, number: u8, person: PersonId, now: DateTime<Utc>) -> Result<(), Refusal> {
    if person == case.mediator || case.parties.iter().any(|p| p.number != number && p.person == Some(person)) {
        return Err(Refusal::IsPartyAlready);
    }
    let party = case.parties.iter_mut().find(|p| p.number == number).ok_or(Refusal::InvitationInvalid)?;
    let by_code = party.code.as_ref().is_some_and(|code| now < code.expires_at);
    // Whoever declined may think better of it.
    let is_invited = party.person == Some(person) || (party.person.is_none() && by_code);
    if !is_invited || party.erased {
        return Err(Refusal::InvitationInvalid);
    }
    (party.person, party.standing, party.code) = (Some(person), PartyStanding::Joined, None);
    Ok(())
}

fn decline(case: &mut Case, as_what: Standing) -> Result<(), Refusal> {
    let Standing::Party(number) = as_what else { return Err(Refusal::ForAParty) };
    let party = case.parties.iter_mut().find(|p| p.number == number).ok_or(Refusal::NoSuchParty)?;
    party.standing = PartyStanding::Declined;
    party.code = None;
    // What was read out was meant for all of them.
    case.state = State::Open;
    Ok(())
}

fn may_meet(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
    let is_fine = at > now && at <= now + TimeDelta::days(MAX_DAYS_AHEAD);
    is_fine.then_some(()).ok_or(Refusal::MeetingTime)
}

fn unheld(case: &mut Case, number: u8) -> Result<&mut Session, Refusal> {
    let session = case.sessions.iter_mut().find(|session| session.number == number).ok_or(Refusal::NoSuchSession)?;
    if session.held.is_some() { Err(Refusal::AlreadyHeld) } else { Ok(session) }
}

fn introduce(case: &mut Case, as_what: Standing, name: Option<String>, phone: Option<String>) -> Result<(), Refusal> {
    let Standing::Party(number) = as_what else { return Err(Refusal::ForAParty) };
    let party = case.parties.iter_mut().find(|p| p.number == number && !p.erased).ok_or(Refusal::NoSuchParty)?;
    takes_part(party, as_what)?;
    if let Some(name) = name {
        party.name = name;
    }
    party.phone = phone.or(party.phone.take());
    Ok(())
}

fn state(
    case: &mut Case,
    as_what: Standing,
    whose: Option<u8>,
    text: String,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let number = match (as_what, whose) {
        (Standing::Party(number), _) => number,
        (Standing::Mediator | Standing::Office, Some(number)) => number,
        (Standing::Mediator | Standing::Office, None) => return Err(Refusal::NoSuchParty),
    };
    let party = case.parties.iter_mut().find(|party| party.number == number && !party.erased);
    let party = party.ok_or(Refusal::NoSuchParty)?;
    takes_part(party, as_what)?;
    if party.statements.len() >= MAX_STATEMENTS {
        return Err(Refusal::TooMuch);
    }
    party.statements.push(Statement { at: now, by_mediator: as_what == Standing::Mediator, text });
    Ok(())
}

/// Who speaks in the app has joined there; for those who have not, the mediator writes.
fn takes_part(party: &Party, as_what: Standing) -> Result<(), Refusal> {
    match (party.standing, as_what) {
        (PartyStanding::Joined, _) | (PartyStanding::Invited, Standing::Mediator) => Ok(()),
        (PartyStanding::Invited, Standing::Party(_) | Standing::Office) => Err(Refusal::ForAParty),
        (PartyStanding::Declined, _) => Err(Refusal::Declined),
    }
}

fn agree(
    case: &mut Case,
    as_what: Standing,
    signature: Option<(u8, AttachmentId)>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let (number, how) = match (as_what, signature) {
        (_, Some((number, photo))) => (number, How::OnPaper { photo }),
        (Standing::Party(number), None) => (number, How::InApp),
        (Standing::Mediator | Standing::Office, None) => return Err(Refusal::ForAParty),
    };
    takes_part(case.party(number).ok_or(Refusal::NoSuchParty)?, as_what)?;
    let State::Proposed { agreement } = &case.state else { return Err(Refusal::WrongStatus(case.status())) };
    let mut agreement = agreement.clone();
    agreement.assents.push(Assent { party: number, at: now, how });
    let by_all = case.bound().all(|party| agreement.assents.iter().any(|assent| assent.party == party.number));
    case.state = if by_all { State::Agreed { agreement } } else { State::Proposed { agreement } };
    Ok(())
}

fn close(
    case: &mut Case,
    outcome: Outcome,
    follow_up_on: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let agreement = match (OutcomeKind::from(&outcome).is_settled(), &case.state) {
        (true, State::Agreed { agreement }) => Some(agreement.clone()),
        (true, State::Open | State::Proposed { .. } | State::Closed { .. }) => return Err(Refusal::NotAgreedByAll),
        // What not everybody agreed to is no agreement, and is not kept as one.
        (false, _) => None,
    };
    let today = day_in_shanghai(now);
    let is_far = |day: NaiveDate| day <= today || day > today + TimeDelta::days(MAX_DAYS_AHEAD);
    if follow_up_on.is_some_and(is_far) {
        return Err(Refusal::FollowUpDay);
    }
    let follow_up = follow_up_on.map(|on| FollowUp { on, result: None, note: None });
    case.state = State::Closed { closing: Closing { at: now, outcome, agreement, follow_up } };
    Ok(())
}
