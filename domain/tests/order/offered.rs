//! The moves that a client shows as buttons: exactly those that would change something if they were made.

use std::fmt::Write;

use domain::ids::{DispatchId, PartnerId};
use domain::order::{Command, Decision, HandlerRole, Move, Upon, allowed_moves, decide};
use strum::IntoEnumIterator;
use uuid::Uuid;

use crate::given::{
    LEAD_TASK, NEXT_TASK, Who, absorb, accept, answer_quote_for, check, comment, complete, give_back, locate, look,
    merge_into, quote_for, rate, recall, refuse, reopen, resolve, resolve_anyway, rework, send, sign, twin, visit,
    withdraw,
};
use crate::situations::{self, Situation};

#[test]
fn the_buttons_that_everybody_sees() -> std::fmt::Result {
    let mut text = String::from("on the order · on the dispatch of the row; whoever is not named is offered nothing\n");
    for Situation { name, story, task } in situations::all() {
        writeln!(text, "\n{name}")?;
        for who in Who::iter() {
            let on_order = names(allowed_moves(&story.order, &who.actor(), story.now));
            let on_task = story.order.dispatch(task).map(|d| d.allowed_moves(&story.order, &who.actor()));
            let on_task = names(on_task.unwrap_or_default());
            if !(on_order.is_empty() && on_task.is_empty()) {
                let who = who.to_string();
                writeln!(text, "    {}", format!("{who:13} {on_order:40} · {on_task}").trim_end_matches([' ', '·']))?;
            }
        }
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("offered", text);
    });
    Ok(())
}

#[test]
fn a_move_is_offered_exactly_if_it_would_be_made() {
    let mut offers = 0;
    for situation in &situations::all() {
        let order = &situation.story.order;
        for who in Who::iter() {
            let mut check = |offered: Vec<Move>, a_move: Move, task: Option<DispatchId>| {
                let offered = offered.contains(&a_move);
                offers += usize::from(offered);
                let made = would_be_made(situation, who, a_move, task);
                assert_eq!(offered, made, "{}: {who}, {a_move}", situation.name);
            };
            let on_order = Move::iter().filter(|m| m.is_made(Upon::Order) && *m != Move::Absorb);
            on_order.for_each(|m| check(allowed_moves(order, &who.actor(), situation.story.now), m, None));
            for task in &order.dispatches {
                let on_task = Move::iter().filter(|m| m.is_made(Upon::Dispatch));
                on_task.for_each(|m| check(task.allowed_moves(order, &who.actor()), m, Some(task.id)));
            }
        }
    }
    assert!(offers > 100, "{offers} offers only");
}

/// Whether one way at least of making the move changes the order.
fn would_be_made(situation: &Situation, who: Who, a_move: Move, task: Option<DispatchId>) -> bool {
    let story = &situation.story;
    ways(a_move, task)
        .into_iter()
        .any(|way| matches!(decide(&story.order, &who.actor(), way, story.now), Ok(Decision::Apply { .. })))
}

/// On the dispatch, where there is one; else on the order.
fn ways(a_move: Move, on: Option<DispatchId>) -> Vec<Command> {
    let task = on.unwrap_or(LEAD_TASK);
    let nobody_yet = PartnerId(Uuid::from_u128(0xA9));
    match a_move {
        Move::Accept => vec![accept()],
        Move::Check => vec![check(&[])],
        Move::Refuse => vec![refuse()],
        Move::Withdraw => vec![withdraw()],
        Move::Merge => vec![merge_into(twin())],
        Move::Absorb => vec![absorb(vec![])],
        Move::Dispatch => [HandlerRole::Lead, HandlerRole::Co].map(|r| send(NEXT_TASK, nobody_yet, r)).to_vec(),
        Move::Locate => vec![locate()],
        Move::Sign => vec![sign(task)],
        Move::Return => vec![give_back(task)],
        Move::Visit => vec![on.map_or_else(look, visit)],
        Move::Complete => vec![complete(task)],
        Move::Recall => vec![recall(task)],
        Move::Rework => vec![rework(task)],
        Move::Quote => vec![quote_for(task, 900)],
        Move::AnswerQuote => vec![answer_quote_for(task, 1, true)],
        Move::Resolve => vec![resolve(), resolve_anyway()],
        Move::Rate => (1..=5).map(rate).collect(),
        Move::Reopen => vec![reopen()],
        Move::Urge => vec![Command::Urge],
        Move::Comment => vec![comment()],
        Move::Unshare => vec![Command::Unshare],
    }
}

fn names(moves: Vec<Move>) -> String {
    moves.into_iter().map(Into::<&str>::into).collect::<Vec<_>>().join(" ")
}
