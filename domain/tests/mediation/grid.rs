//! Every step × every status × everybody, as a table to read.

use std::fmt::Write;

use domain::mediation::{Case, Command, Decision, Outcome, Refusal, Standing, Step, allowed_steps, decide};
use strum::IntoEnumIterator;

use crate::given::{
    ANOTHER, FIRST, LI, SECOND, agree, agreed, close, closed, hold, introduce, invite, join, joined, look_back,
    move_it, now, opened, plan, propose, proposed, replace, say, signed, then, then_at,
};

const LEGEND: &str = "\
.            not for this person
→status      taken; the status that follows
=            already so; answered as done, nothing written
otherwise    the code of the refusal

second is the other party, who joined where two take part
";

fn situations() -> Vec<(&'static str, Case)> {
    let mediator = Standing::Mediator;
    let invited = then(opened(), mediator, invite(Some(LI)));
    let declined = then(joined(), SECOND, Command::Decline);
    let planned = then(joined(), mediator, plan());
    let held = then_at(planned.clone(), mediator, hold(), now() + chrono::TimeDelta::hours(3));
    let one_agreed = then(proposed(), FIRST, agree());
    let failed = then(joined(), mediator, Command::Close { outcome: Outcome::Failed, follow_up_on: None });
    let looked_back = then(closed(), mediator, look_back());
    vec![
        ("opened", opened()),
        ("the other is invited", invited),
        ("both take part", joined()),
        ("the other declined", declined),
        ("a session is planned", planned),
        ("a session was held", held),
        ("proposed", proposed()),
        ("one agreed", one_agreed),
        ("all agreed", agreed()),
        ("closed, agreed", closed()),
        ("closed, followed up", looked_back),
        ("closed, failed", failed),
        ("proposed, taken back", gone(proposed())),
        ("closed, taken back", gone(closed())),
    ]
}

/// The order was taken back.
fn gone(case: Case) -> Case {
    Case { order_is_gone: true, ..case }
}

fn steps() -> Vec<(Step, &'static str, fn() -> Command)> {
    vec![
        (Step::Invite, "", || invite(Some(ANOTHER))),
        (Step::Join, "", || join(LI)),
        (Step::Decline, "", || Command::Decline),
        (Step::Plan, "", plan),
        (Step::Move, " the first session", move_it),
        (Step::Hold, " the first session, too early", hold),
        (Step::Introduce, "", introduce),
        (Step::State, "", || say(None)),
        (Step::State, " for the second party", || say(Some(2))),
        (Step::Propose, "", propose),
        (Step::Agree, "", agree),
        (Step::Agree, " by a signature of the second party", || signed(2)),
        (Step::Close, " as agreed", || close(Outcome::Agreed)),
        (Step::Close, " as failed", || close(Outcome::Failed)),
        (Step::FollowUp, "", look_back),
        (Step::Replace, "", || replace(ANOTHER)),
    ]
}

const WHO: [(&str, Standing); 4] =
    [("mediator", Standing::Mediator), ("first", FIRST), ("second", SECOND), ("office", Standing::Office)];

fn cell(case: &Case, standing: Standing, command: Command) -> String {
    match decide(case, standing, command, now()) {
        Ok(Decision::Apply { next, .. }) => format!("→{}", next.status()),
        Ok(Decision::AlreadyApplied) => "=".to_owned(),
        Err(Refusal::ForTheMediator | Refusal::ForAParty | Refusal::ForTheSecretary) => ".".to_owned(),
        Err(refusal) => refusal.code().to_owned(),
    }
}

#[test]
fn who_may_take_which_step_when() -> std::fmt::Result {
    let named: Vec<Step> = steps().into_iter().map(|(step, ..)| step).collect();
    assert!(Step::iter().all(|step| named.contains(&step)));
    let mut text = String::from(LEGEND);
    for (step, detail, command) in steps() {
        assert_eq!(Step::from(&command()), step);
        writeln!(text, "\n{step}{detail}\n\n{:22} {:18} {:18} {:18} office", "", "mediator", "first", "second")?;
        for (name, case) in situations() {
            let cells = WHO.map(|(_, standing)| format!("{:18}", cell(&case, standing, command())));
            writeln!(text, "{}", format!("{name:22} {}", cells.join(" ")).trim_end())?;
        }
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("steps", text);
    });
    Ok(())
}

/// The buttons: what is offered can be done, in one way at least, and what can be done is offered.
#[test]
fn a_step_is_offered_where_it_would_be_taken() {
    let mut offers = 0;
    for (name, case) in situations() {
        let is_there = |standing: Standing| standing != SECOND || case.parties.len() > 1;
        for (who, standing) in WHO.into_iter().filter(|(_, standing)| is_there(*standing)) {
            let offered = allowed_steps(&case, standing);
            offers += offered.len();
            for step in Step::iter() {
                let ways = steps().into_iter().filter(|(of, ..)| *of == step);
                let mut ends = ways.map(|(_, _, command)| cell(&case, standing, command()));
                let is_taken = match step {
                    // It is not yet time, or the second party is not there.
                    Step::Hold => {
                        ends.any(|end| end.starts_with('→') || end == "wrong_state")
                            && { case.sessions.iter().any(|session| session.held.is_none()) }
                            && case.state.closing().is_none()
                            && standing == Standing::Mediator
                    }
                    _ => ends.any(|end| end.starts_with('→')),
                };
                let is_offered = offered.contains(&step);
                // For whom the mediator writes or takes a signature, is told when that is tried.
                let is_for_another = standing == Standing::Mediator && matches!(step, Step::State | Step::Agree);
                assert!(is_offered == is_taken || is_for_another, "{name}: {who}, {step}: {is_offered} {is_taken}");
            }
        }
    }
    assert!(offers > 60, "{offers}");
}
