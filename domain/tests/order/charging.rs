//! What work costs: said beforehand where the resident pays, and at the end in any case.

use chrono::TimeDelta;
use domain::order::{Charge, Command, DispatchState, Erased, Erasing, Fen, Material, Order, Payer, erase};

use crate::given::Who::{Co, IntakeClerk, Lead, Requester, Secretary, Stranger};
use crate::given::{
    LEAD_TASK, accept, answer_quote, complete, give_back, quote, repair, resolve, resolve_anyway, rework, sign,
    submission, to_co, to_lead,
};
use crate::story::Story;

fn materials(fen: u32, paid_by: Payer) -> Charge {
    let materials = vec![Material { what: "陶瓷阀芯水龙头".into(), cost: Fen(fen) }];
    Charge { labour: Fen(0), materials, paid_by }
}

fn labour(fen: u32, paid_by: Payer) -> Charge {
    Charge { labour: Fen(fen), materials: Vec::new(), paid_by }
}

fn done_for(charge: Charge) -> Command {
    let Command::Complete { dispatch, result, photos, .. } = complete(LEAD_TASK) else { panic!("a completion") };
    Command::Complete { dispatch, result, photos, charge: Some(charge) }
}

fn resolved_for(charge: Charge) -> Command {
    let Command::Resolve { result, photos, signature, override_reason, .. } = resolve_anyway() else {
        panic!("a result")
    };
    Command::Resolve { result, photos, signature, override_reason, charge: Some(charge) }
}

fn at_work(mut story: Story) -> Story {
    story = story.then(IntakeClerk, accept()).then(IntakeClerk, to_lead()).then(IntakeClerk, to_co());
    story.then(Lead, sign(LEAD_TASK))
}

/// Of a service with a price.
fn priced() -> Story {
    let story = Story::begins();
    let mut placed = submission(story.order.id, Requester.person(), story.order.content);
    let mut service = repair();
    service.offer.price = Some("20 元起".into());
    placed.terms = service.terms();
    let (order, event) = domain::order::submit(placed, story.now).expect("a submission");
    at_work(Story { order, events: vec![event], now: story.now })
}

fn charge_of(order: &Order) -> Option<Fen> {
    let DispatchState::Completed { charge, .. } = &order.dispatch(LEAD_TASK).expect("a dispatch").state else {
        return None;
    };
    charge.as_ref().map(Charge::total)
}

#[test]
fn a_resident_pays_what_was_agreed_beforehand() {
    let story = at_work(Story::begins());
    let said = materials(1_250, Payer::Resident);
    let story = story.but_refused(Lead, done_for(said.clone()), "charge_not_agreed").then(Lead, quote(1_250));
    let asked = story.clone().but_refused(Lead, done_for(said.clone()), "charge_not_agreed");
    assert!(asked.order.dispatch(LEAD_TASK).is_some_and(|task| task.pending_quote().is_some()));
    let agreed = asked.later(TimeDelta::minutes(10)).then(Requester, answer_quote(1, true));
    let more = materials(1_251, Payer::Resident);
    let end = agreed.clone().but_refused(Lead, done_for(more), "charge_not_agreed").then(Lead, done_for(said));
    assert_eq!(charge_of(&end.order), Some(Fen(1_250)));
    // Both figures stand in the history, and the replay makes the same order.
    assert_eq!(Order::replay(&end.events).map(|order| order.dispatches), Ok(end.order.dispatches.clone()));
    let less = agreed.clone().then(Lead, done_for(materials(900, Payer::Resident)));
    assert_eq!(charge_of(&less.order), Some(Fen(900)), "less than agreed needs no word");
    let free = agreed.then(Lead, complete(LEAD_TASK));
    assert_eq!(charge_of(&free.order), None);
}

#[test]
fn the_latest_figure_that_was_agreed_to_counts() {
    let story = at_work(Story::begins()).then(Lead, quote(3_000)).then(Requester, answer_quote(1, true));
    let story = story.then(Lead, quote(1_250)).then(Requester, answer_quote(2, true));
    let story = story.but_refused(Lead, done_for(materials(3_000, Payer::Resident)), "charge_not_agreed");
    // What was declined leaves the one before it.
    let story = story.then(Lead, quote(5_000)).then(Requester, answer_quote(3, false));
    let story = story.but_refused(Lead, done_for(materials(5_000, Payer::Resident)), "charge_not_agreed");
    let story = story.then(Lead, done_for(materials(1_250, Payer::Resident)));
    // Sent back, it is charged anew.
    let story = story.then(IntakeClerk, rework(LEAD_TASK)).then(Lead, done_for(materials(600, Payer::Resident)));
    assert_eq!(charge_of(&story.order), Some(Fen(600)));
}

#[test]
fn an_answer_is_to_the_quote_that_was_seen() {
    let story = at_work(Story::begins()).but_refused(Requester, answer_quote(1, true), "quote_changed");
    let story = story.then(Lead, quote(1_250)).but_unchanged(Lead, quote(1_250)).then(Lead, quote(1_800));
    let story = story.but_refused(Requester, answer_quote(1, true), "quote_changed");
    let story = story.then(Requester, answer_quote(2, true)).but_unchanged(Requester, answer_quote(2, true));
    story.but_refused(Requester, answer_quote(2, false), "quote_answered");
}

#[test]
fn nobody_agrees_to_the_own_figure_in_anothers_name() {
    let asked = at_work(Story::begins()).then(Lead, quote(1_250));
    let asked = asked.but_refused(Lead, answer_quote(1, true), "not_permitted");
    let asked = asked.but_refused(Co, answer_quote(1, true), "not_found");
    let asked = asked.but_refused(Stranger, answer_quote(1, true), "not_found");
    asked.clone().then(IntakeClerk, answer_quote(1, true));
    // The desk said it for a handler without a phone: somebody else asks the resident.
    let by_desk = at_work(Story::begins()).then(IntakeClerk, quote(1_250));
    let by_desk = by_desk.but_refused(IntakeClerk, answer_quote(1, true), "not_permitted");
    by_desk.clone().then(Secretary, answer_quote(1, false));
    by_desk.then(Requester, answer_quote(1, true));
}

#[test]
fn a_free_service_charges_a_resident_no_labour_and_a_volunteer_earns_none() {
    let free = at_work(Story::begins());
    let asks = |charge: Charge| Command::Quote { dispatch: LEAD_TASK, charge };
    let free = free.but_refused(Lead, asks(labour(2_000, Payer::Resident)), "labour_not_charged");
    let free = free.but_refused(Lead, done_for(labour(2_000, Payer::Resident)), "labour_not_charged");
    let free = free.but_refused(Lead, done_for(labour(2_000, Payer::Volunteer)), "invalid_fields");
    let free = free.but_refused(Lead, asks(materials(100, Payer::Community)), "invalid_fields");
    for payer in [Payer::Volunteer, Payer::Community] {
        let given = free.clone().then(Lead, done_for(materials(1_250, payer)));
        assert_eq!(charge_of(&given.order), Some(Fen(1_250)), "who gives it is not asked");
    }
    let paid = priced().then(Lead, asks(labour(2_000, Payer::Resident))).then(Requester, answer_quote(1, true));
    assert_eq!(charge_of(&paid.then(Lead, done_for(labour(2_000, Payer::Resident))).order), Some(Fen(2_000)));
}

#[test]
fn the_desk_says_what_it_cost_where_no_handler_did() {
    let story = at_work(Story::begins()).then(Lead, quote(1_250)).then(Requester, answer_quote(1, true));
    let story = story.but_refused(IntakeClerk, resolved_for(materials(1_300, Payer::Resident)), "charge_not_agreed");
    let ended = story.clone().then(IntakeClerk, resolved_for(materials(1_250, Payer::Resident)));
    let charge = ended.order.resolution().and_then(|result| result.charge.as_ref()).map(Charge::total);
    assert_eq!(charge, Some(Fen(1_250)));
    let finished = story.then(Lead, complete(LEAD_TASK));
    let finished = finished.but_refused(IntakeClerk, resolved_for(materials(900, Payer::Community)), "invalid_fields");
    finished.then(IntakeClerk, resolve());
    // Nobody was sent: the community pays for what it does itself.
    let alone = Story::begins().then(IntakeClerk, accept());
    let alone = alone.but_refused(IntakeClerk, resolved_for(materials(1_250, Payer::Resident)), "charge_not_agreed");
    alone.then(IntakeClerk, resolved_for(materials(1_250, Payer::Community)));
}

#[test]
fn whoever_gave_the_work_back_asks_for_nothing() {
    let asked = at_work(Story::begins()).then(Lead, quote(1_250)).then(Lead, give_back(LEAD_TASK));
    let gone = asked.but_refused(Lead, quote(900), "not_permitted");
    gone.but_refused(Requester, answer_quote(1, true), "wrong_dispatch_state");
}

#[test]
fn what_it_was_for_goes_with_the_words_and_what_it_cost_stays() {
    let story = at_work(Story::begins()).then(Lead, quote(1_250)).then(Requester, answer_quote(1, true));
    let story = story.then(Lead, done_for(materials(1_250, Payer::Resident)));
    let (order, events) = erase(&story.events, Erasing::Words(Erased::ByRequest)).expect("a history");
    assert!(!format!("{order:?}{events:?}").contains("水龙头"));
    let task = order.dispatch(LEAD_TASK).expect("a dispatch");
    assert_eq!((task.agreed_charge().map(Charge::total), charge_of(&order)), (Some(Fen(1_250)), Some(Fen(1_250))));
}
