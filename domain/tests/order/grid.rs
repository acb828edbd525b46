//! Every move × every status × everybody, as a table to read. A change of the rules shows as a change of the table.

use std::fmt::Write;

use domain::order::{
    Command, Contact, Content, Decision, HandlerRole, MergeTarget, Move, OrderStatus, Refusal, Upon, Visibility,
    decide, permitted_hats,
};
use strum::IntoEnumIterator;

use crate::given::{
    ELSEWHERE, FIRE_BRIGADE, GRID, HERE, KERB, LOCKSMITH, NEXT_TASK, Who, a_broken_kerb, absorb, accept,
    answer_quote_for, check, comment, complete, give_back, locate, look, merge_into, quote_for, rate, recall, refuse,
    reopen, resolve, resolve_anyway, rework, send, sign, twin, visit, withdraw,
};
use crate::situations::{self, Situation};
use crate::story::Story;

const LEGEND: &str = "\
.            may not make this move at all (not_permitted)
→status      made; the status that follows: the dispatch's for a move on a dispatch, else the order's
→one→two     made; the dispatch is now `one` and the order became `two`
=            already so; answered as done, nothing written
otherwise    the code of the refusal

lead, co     work for the partners that were asked as lead and as helper; other works for a partner that was not
";

const ROW: usize = 29;

/// What stands in the grid, one section each. `task` is the dispatch of the row.
fn sections() -> Vec<(Move, &'static str, fn(&Situation) -> Command)> {
    vec![
        (Move::Accept, "", |_| accept()),
        (Move::Check, "", |_| check(&[])),
        (Move::Refuse, "", |_| refuse()),
        (Move::Withdraw, "", |_| withdraw()),
        (Move::Merge, " into an open order of the same community", |_| merge_into(twin())),
        (Move::Absorb, " another order", |_| absorb(vec![])),
        (Move::Dispatch, " to another partner, as lead", |_| send(NEXT_TASK, LOCKSMITH, HandlerRole::Lead)),
        (Move::Dispatch, " to another partner, as co", |_| send(NEXT_TASK, LOCKSMITH, HandlerRole::Co)),
        (Move::Dispatch, " to the co again", |_| send(NEXT_TASK, FIRE_BRIGADE, HandlerRole::Co)),
        (Move::Locate, " in a grid of the community", |_| locate()),
        (Move::Locate, " in a grid of another community", |_| Command::Locate { grid: GRID, of: Some(ELSEWHERE) }),
        (Move::Sign, "", |s| sign(s.task)),
        (Move::Return, "", |s| give_back(s.task)),
        (Move::Visit, "", |s| visit(s.task)),
        (Move::Visit, " without a dispatch", |_| look()),
        (Move::Complete, "", |s| complete(s.task)),
        (Move::Recall, "", |s| recall(s.task)),
        (Move::Rework, "", |s| rework(s.task)),
        (Move::Quote, "", |s| quote_for(s.task, 900)),
        (Move::AnswerQuote, "", |s| answer_quote_for(s.task, 1, true)),
        (Move::Resolve, "", |_| resolve()),
        (Move::Resolve, " with an override reason", |_| resolve_anyway()),
        (Move::Rate, "", |_| rate(5)),
        (Move::Reopen, "", |_| reopen()),
        (Move::Urge, "", |_| Command::Urge),
        (Move::Comment, "", |_| comment()),
        (Move::Unshare, "", |_| Command::Unshare),
    ]
}

#[test]
fn the_grid_names_every_move() {
    let named: Vec<_> = sections().into_iter().map(|(a_move, ..)| a_move).collect();
    for a_move in Move::iter() {
        assert!(named.contains(&a_move), "{a_move} has no section");
    }
    let situation = &situations::all()[0];
    for (a_move, _, command) in sections() {
        assert_eq!(command(situation).name(), a_move);
    }
}

#[test]
fn who_may_make_which_move_when() -> std::fmt::Result {
    let situations = situations::all();
    let mut text = String::from(LEGEND);
    for (a_move, detail, command) in sections() {
        let upon = command(&situations[0]).upon();
        let hats: Vec<&str> = permitted_hats(a_move, upon).iter().map(Into::into).collect();
        writeln!(text, "\n{a_move} {}{detail} (hats: {})\n", a_move.text(), hats.join(", "))?;
        writeln!(text, "{}", line("", |who| who.to_string()))?;
        for situation in &situations {
            writeln!(text, "{}", line(situation.name, |who| cell(situation, who, command(situation))))?;
        }
    }
    text += &merges_by_target()?;
    text += &contacts_by_content()?;
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("moves", text);
    });
    Ok(())
}

/// A move that is the same for everybody may still depend on the order that another one goes into.
fn merges_by_target() -> Result<String, std::fmt::Error> {
    let mut text = String::from("\nmerge by target (an intake clerk, on a submitted order)\n\n");
    let submitted = Story::begins();
    let itself = MergeTarget { id: KERB, ..twin() };
    let elsewhere = MergeTarget { community: ELSEWHERE, ..twin() };
    let by_status = OrderStatus::iter()
        .map(|status| (format!("an order that is {status}"), MergeTarget { community: HERE, status, ..twin() }));
    let sealed = MergeTarget { sealed: true, ..twin() };
    let targets = [
        ("itself".to_owned(), itself),
        ("an order of another community".to_owned(), elsewhere),
        ("a sealed matter".to_owned(), sealed),
    ];
    for (name, target) in targets.into_iter().chain(by_status) {
        let decision = decide(&submitted.order, &Who::IntakeClerk.actor(), merge_into(target), submitted.now);
        let result = decision.map_or_else(|refusal| refusal.code(), |_| "→merged");
        writeln!(text, "{name:ROW$} {result}")?;
    }
    Ok(text)
}

/// Whether the resident's contact may go out with a dispatch: to the partner as lead, by what the resident said.
fn contacts_by_content() -> Result<String, std::fmt::Error> {
    let mut text = String::from("\ndispatch with the contact (an intake clerk, to a lead, on an accepted order)\n\n");
    let silent = Contact { name: None, phone: None, may_share: false };
    let complaint = |partner| Content { about_partner: Some(partner), ..a_broken_kerb() };
    let contents = [
        ("agreed", a_broken_kerb()),
        ("not agreed", Content { contact: Some(silent), ..a_broken_kerb() }),
        ("confidential", Content { visibility: Visibility::Confidential, ..a_broken_kerb() }),
        ("anonymous", Content { visibility: Visibility::Anonymous, ..a_broken_kerb() }),
        ("a complaint about the lead", complaint(LOCKSMITH)),
        ("a complaint about another", complaint(FIRE_BRIGADE)),
    ];
    for (name, content) in contents {
        let story = Story::begins_with(content).then(Who::IntakeClerk, accept());
        let mut command = send(NEXT_TASK, LOCKSMITH, HandlerRole::Lead);
        if let Command::Dispatch { share_contact, .. } = &mut command {
            *share_contact = true;
        }
        let decision = decide(&story.order, &Who::IntakeClerk.actor(), command, story.now);
        let result = decision.map_or_else(|refusal| refusal.code(), |_| "→dispatched");
        writeln!(text, "{name:ROW$} {result}")?;
    }
    Ok(text)
}

fn line(name: &str, cell: impl Fn(Who) -> String) -> String {
    let cells = Who::iter().map(|who| format!("{:1$}", cell(who), width(who)));
    let line = format!("{name:ROW$} {}", cells.collect::<Vec<_>>().join(" "));
    line.trim_end().to_owned()
}

/// Wide enough for the longest word that the column can hold.
fn width(who: Who) -> usize {
    match who {
        Who::IntakeClerk | Who::Secretary | Who::Lead | Who::Co => 20,
        Who::Requester => 15,
        Who::GridWorker | Who::Other | Who::Stranger | Who::System => 11,
    }
}

fn cell(situation: &Situation, who: Who, command: Command) -> String {
    let Story { order, now, .. } = &situation.story;
    let on_dispatch = command.upon() == Upon::Dispatch;
    match decide(order, &who.actor(), command, *now) {
        Ok(Decision::Apply { next, .. }) => {
            let task = next.dispatch(situation.task).filter(|_| on_dispatch).map(|d| format!("→{}", d.status()));
            let changed = task.is_none() || next.status() != order.status();
            let order = changed.then(|| format!("→{}", next.status()));
            task.into_iter().chain(order).collect()
        }
        Ok(Decision::AlreadyApplied) => "=".to_owned(),
        Err(Refusal::NotPermitted(_)) => ".".to_owned(),
        Err(refusal) => refusal.code().to_owned(),
    }
}
