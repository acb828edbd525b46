//! What an order that is mediated allows, and whom it is shown to.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use domain::ids::PersonId;
use domain::order::{
    Command, Content, Decision, HandlerRole, Happening, MEDIATION_SERVICE, Mediation, MediationStep, Move,
    NEUTRAL_RESULT, Order, Refusal, allowed_moves, decide, mediate, submit,
};
use domain::people::{Actor, Hat, Post, Reach, Role, Sight};
use strum::IntoEnumIterator;

use crate::given::Who::{IntakeClerk, Requester, Secretary};
use crate::given::{
    ELSEWHERE, HERE, KERB, NEXT_TASK, PROPERTY, a_broken_kerb, accept, check, comment, look, merge_into,
    monday_morning, person, rate, refuse, reopen, resolve, send, submission, twin, withdraw, works_for,
};

const WHEN: fn() -> DateTime<Utc> = monday_morning;

/// A neighbour who helps in the community.
fn volunteer() -> Actor {
    Actor { person: person(60), former: Vec::new(), posts: vec![Post::at(HERE, Role::Volunteer)] }
}

fn quarrel() -> Order {
    let content = Content { contact: None, attachments: Vec::new(), ..a_broken_kerb() };
    let mut submission = submission(KERB, Requester.person(), content);
    (submission.sealed, submission.service_key) = (true, MEDIATION_SERVICE.to_owned());
    let (order, _) = submit(submission, WHEN()).expect("a submission");
    made(&order, &Secretary.actor(), accept())
}

fn made(order: &Order, actor: &Actor, command: Command) -> Order {
    match decide(order, actor, command, WHEN()) {
        Ok(Decision::Apply { next, .. }) => *next,
        other => panic!("{other:?}"),
    }
}

fn step(order: &Order, step: MediationStep) -> Result<Order, Refusal> {
    mediate(order, Secretary.person(), Hat::Secretary, step, WHEN()).map(|(order, _)| order)
}

fn appointed(mediator: PersonId) -> MediationStep {
    MediationStep::Appointed { mediator }
}

fn running() -> Order {
    step(&quarrel(), appointed(volunteer().person)).expect("appointed")
}

fn ended() -> Order {
    step(&running(), MediationStep::Ended).expect("ended")
}

fn over() -> Order {
    step(&ended(), MediationStep::Released).expect("released")
}

#[test]
fn who_may_do_what_with_an_order_that_is_mediated() -> std::fmt::Result {
    let resolved = made(&ended(), &Secretary.actor(), resolve());
    let orders = [
        ("accepted", quarrel()),
        ("running", running()),
        ("ended", ended()),
        ("over", over()),
        ("ended, resolved", resolved),
    ];
    let people = [("requester", Requester.actor()), ("secretary", Secretary.actor()), ("mediator", volunteer())];
    let mut text = String::new();
    for (name, order) in &orders {
        writeln!(text, "{name}")?;
        for (who, actor) in &people {
            let seen = if Sight::of(actor).sees(order) { "" } else { " (out of sight)" };
            let offered: Vec<&str> = allowed_moves(order, actor, WHEN()).into_iter().map(Into::into).collect();
            writeln!(text, "    {who:10}{seen} {}", offered.join(" "))?;
            for a_move in Move::iter().filter(|m| !offered.contains(&(*m).into())) {
                let Some(command) = way(a_move) else { continue };
                if let Err(refusal) = decide(order, actor, command, WHEN())
                    && !matches!(refusal, Refusal::NotPermitted(_) | Refusal::WrongState { .. })
                {
                    writeln!(text, "               {a_move}: {}", refusal.code())?;
                }
            }
        }
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("mediated", text);
    });
    Ok(())
}

fn way(a_move: Move) -> Option<Command> {
    Some(match a_move {
        Move::Accept => accept(),
        Move::Check => check(&["户口本原件"]),
        Move::Refuse => refuse(),
        Move::Withdraw => withdraw(),
        Move::Merge => merge_into(twin()),
        Move::Absorb => crate::given::absorb(vec![]),
        Move::Dispatch => send(NEXT_TASK, PROPERTY, HandlerRole::Lead),
        Move::Locate => crate::given::locate(),
        Move::Visit => look(),
        Move::Resolve => resolve(),
        Move::Rate => rate(5),
        Move::Reopen => reopen(),
        Move::Urge => Command::Urge,
        Move::Comment => comment(),
        Move::Unshare => Command::Unshare,
        Move::Sign | Move::Return | Move::Complete | Move::Recall | Move::Rework | Move::Quote | Move::AnswerQuote => {
            return None;
        }
    })
}

#[test]
fn only_a_sealed_quarrel_that_lies_on_the_desk_is_given_to_a_mediator() {
    let mediator = volunteer().person;
    let refused = |order: &Order| step(order, appointed(mediator)).expect_err("a refusal").code();
    let mut open = quarrel();
    open.sealed = false;
    assert_eq!(refused(&open), "not_for_mediation");
    let mut other = quarrel();
    other.service_key = "matchmaking".to_owned();
    assert_eq!(refused(&other), "not_for_mediation");
    let dispatched = made(&quarrel(), &Secretary.actor(), send(NEXT_TASK, PROPERTY, HandlerRole::Lead));
    for order in [dispatched, running()] {
        assert_eq!(refused(&order), "wrong_state");
    }
    assert_eq!(step(&quarrel(), appointed(Requester.person())), Err(Refusal::MediatorIsParty));
    assert_eq!(step(&quarrel(), MediationStep::Ended), Err(Refusal::NotToBeMediatedNow));
    assert_eq!(step(&over(), MediationStep::Replaced { mediator }), Err(Refusal::NotToBeMediatedNow));
}

#[test]
fn the_sight_of_the_mediator_begins_and_ends_with_the_appointment() {
    let (mine, other) = (volunteer(), Actor { person: person(61), ..volunteer() });
    let sees = |actor: &Actor, order: &Order| Sight::of(actor).sees(order);
    assert!(!sees(&mine, &quarrel()));
    assert!(sees(&mine, &running()) && sees(&mine, &ended()) && !sees(&mine, &over()));
    assert!(!sees(&other, &running()) && !sees(&IntakeClerk.actor(), &running()));
    let handed_over = step(&running(), MediationStep::Replaced { mediator: other.person }).expect("replaced");
    assert!(!sees(&mine, &handed_over) && sees(&other, &handed_over));
    assert_eq!(handed_over.mediation, Some(Mediation::Running { by: other.person }));
    let looked_after = step(&ended(), MediationStep::Replaced { mediator: other.person }).expect("replaced");
    assert_eq!(looked_after.mediation, Some(Mediation::Ended { by: other.person }));
    // The appointment lasts as long as a role there that allows it.
    let moved_away = Actor { posts: vec![Post::at(ELSEWHERE, Role::Volunteer)], ..volunteer() };
    let resident = Actor { posts: Vec::new(), ..volunteer() };
    for gone in [moved_away, resident] {
        assert!(!sees(&gone, &running()) && gone.hats(&running()).is_empty());
    }
    // Whoever took the appointed account over.
    let after = Actor { person: person(62), former: vec![mine.person], ..volunteer() };
    assert!(sees(&after, &running()));
}

/// Every role: those who work or help there, and nobody else.
#[test]
fn the_roles_that_may_mediate() {
    let grid = Reach::Compounds { community: HERE, compounds: Vec::new(), grid: None };
    for role in Role::iter() {
        let posts = match role {
            Role::PartnerStaff => vec![works_for(PROPERTY)],
            Role::GridWorker => vec![Post { role, place: None, reach: grid.clone(), partner: None }],
            _ => vec![Post::at(HERE, role)],
        };
        let actor = Actor { posts, ..volunteer() };
        assert_eq!(actor.may_mediate_in(HERE), role.may_mediate(), "{role}");
        assert!(!actor.may_mediate_in(ELSEWHERE));
        assert_eq!(actor.hats(&running()).contains(&Hat::Mediator), role.may_mediate(), "{role}");
    }
    let everywhere = Post { role: Role::Secretary, place: None, reach: Reach::Everywhere, partner: None };
    assert!(!Actor { posts: vec![everywhere], ..volunteer() }.may_mediate_in(HERE));
}

#[test]
fn the_result_of_a_mediated_order_is_always_the_same_neutral_sentence() {
    for actor in [volunteer(), Secretary.actor()] {
        let Ok(Decision::Apply { event, .. }) = decide(&ended(), &actor, resolve(), WHEN()) else { panic!("resolved") };
        let Happening::Resolved { result, .. } = event.what else { panic!("{event:?}") };
        assert_eq!(result, NEUTRAL_RESULT);
    }
    let proof = crate::given::PHOTO;
    for (photos, signature) in [(vec![proof], None), (Vec::new(), Some(proof))] {
        let with_proof =
            Command::Resolve {
                result: "李先生已赔钱".into(), photos, signature, override_reason: None, charge: None
            };
        assert_eq!(decide(&ended(), &volunteer(), with_proof, WHEN()), Err(Refusal::MediationProof));
    }
    assert_eq!(decide(&running(), &volunteer(), resolve(), WHEN()), Err(Refusal::MediationOpen));
}

#[test]
fn a_reopened_quarrel_may_be_mediated_anew() {
    let resolved = made(&over(), &Secretary.actor(), resolve());
    let reopened = made(&resolved, &Requester.actor(), reopen());
    let again = step(&reopened, appointed(volunteer().person)).expect("appointed");
    assert_eq!(again.mediation, Some(Mediation::Running { by: volunteer().person }));
}
