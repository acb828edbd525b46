use chrono::{DateTime, TimeDelta, Utc};

use crate::deadline::day_in_shanghai;
use crate::ids::{DispatchId, PartnerId};
use crate::order::charge::{may_answer, may_charge, may_charge_at_the_end, may_quote};
use crate::order::{
    Command, Dispatch, DispatchState, DispatchStatus, Event, HandlerRole, Happening, MAX_REOPENS, Move, NEUTRAL_RESULT,
    Order, OrderStatus, REOPEN_WITHIN_DAYS, Refusal, State, URGE_PAUSE_HOURS, Upon, Visibility, Visit, permitted_hats,
};
use crate::people::access::Operation;
use crate::people::{Actor, Hat};
use crate::place::Located;

/// What follows from a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// The order as it shall be, and the event that made it so.
    Apply { next: Box<Order>, event: Box<Event> },
    /// What was asked for is so already: answer as if it had just been done, write nothing.
    AlreadyApplied,
}

/// Says whether `actor` may make this move on `order` now, and what follows. Pure.
pub fn decide(order: &Order, actor: &Actor, command: Command, now: DateTime<Utc>) -> Result<Decision, Refusal> {
    let hat = wear(order, actor, &command)?;
    let Some(what) = judge(order, actor, command, now)? else {
        return Ok(Decision::AlreadyApplied);
    };
    let event = Event { order: order.id, seq: order.version + 1, at: now, by: actor.person, hat, what };
    let mut next = order.clone();
    next.apply(&event).map_err(|_| Refusal::NoSuchDispatch)?;
    Ok(Decision::Apply { next: Box::new(next), event: Box::new(event) })
}

/// The moves that `actor` may make on the order now, in the order of their table; those on dispatches not included.
pub fn allowed_moves(order: &Order, actor: &Actor, now: DateTime<Utc>) -> Vec<Move> {
    use strum::IntoEnumIterator;
    let hats = actor.hats(order);
    Move::iter()
        .filter(|m| m.is_made(Upon::Order) && *m != Move::Absorb && !is_own_praise(*m, &hats))
        .filter(|m| hats.iter().any(|h| permitted_hats(*m, Upon::Order).contains(h)))
        .filter(|m| may_now(order, *m, now))
        .collect()
}

impl Order {
    /// Whether the resident's name and number may go to this partner at all.
    fn may_share_with(&self, partner: PartnerId) -> bool {
        self.content.visibility == Visibility::Normal && !self.is_about(partner) && self.shares_contact()
    }
}

impl Dispatch {
    /// The contact lease: name and number reach a handler only while its dispatch is open, was sent with them, and the
    /// resident agreed.
    pub fn may_call(&self, order: &Order) -> bool {
        self.share_contact && self.status().is_open() && order.may_share_with(self.partner)
    }

    /// Handlers see their own dispatches only; whoever placed the order and the desk see all of them.
    pub fn is_seen_by(&self, actor: &Actor, order: &Order) -> bool {
        // Whoever holds one of the order's dispatches reaches the order, but no dispatch of another's.
        actor.owns(order) || actor.serves(self.partner) || actor.watches(Operation::DispatchesOne, order)
    }

    fn awaits_an_answer_of(&self, actor: &Actor, order: &Order) -> bool {
        self.pending_quote().is_some() && self.may_answer_quote(actor, order)
    }

    /// The moves that `actor` may make on this dispatch now.
    pub fn allowed_moves(&self, order: &Order, actor: &Actor) -> Vec<Move> {
        use strum::IntoEnumIterator;
        let hats = actor.hats(order);
        let may_wear = |hat: Hat, a_move| permitted_hats(a_move, Upon::Dispatch).contains(&hat);
        let is_mine = actor.serves(self.partner);
        if order.status() != OrderStatus::Dispatched || self.round != order.round {
            return Vec::new();
        }
        Move::iter()
            .filter(|m| m.is_made(Upon::Dispatch) && !order.is_closed_to(*m))
            .filter(|m| hats.iter().any(|h| may_wear(*h, *m) && (*h != Hat::Partner || is_mine)))
            .filter(|m| fits(*m, self.status()))
            .filter(|m| *m != Move::AnswerQuote || self.awaits_an_answer_of(actor, order))
            .collect()
    }
}

/// The hat under which the move is made and recorded.
fn wear(order: &Order, actor: &Actor, command: &Command) -> Result<Hat, Refusal> {
    let a_move = command.name();
    let dispatch = dispatch_of(command);
    if let Some(id) = dispatch
        && !order.dispatch(id).is_some_and(|d| d.is_seen_by(actor, order))
    {
        return Err(Refusal::NoSuchDispatch);
    }
    let serves = dispatch.and_then(|id| order.dispatch(id)).is_none_or(|d| actor.serves(d.partner));
    let hats = actor.hats(order);
    let is_own_word = a_move == Move::AnswerQuote
        && dispatch.and_then(|id| order.dispatch(id)).is_some_and(|d| !d.may_answer_quote(actor, order));
    if is_own_praise(a_move, &hats) || is_own_word {
        return Err(Refusal::NotPermitted(a_move));
    }
    hats.into_iter()
        .find(|hat| permitted_hats(a_move, command.upon()).contains(hat) && (*hat != Hat::Partner || serves))
        .ok_or(Refusal::NotPermitted(a_move))
}

/// The desk never rates its own work, not even on what its people ordered themselves.
fn is_own_praise(a_move: Move, hats: &[Hat]) -> bool {
    a_move == Move::Rate && hats.iter().any(|hat| matches!(hat, Hat::IntakeClerk | Hat::Secretary))
}

fn dispatch_of(command: &Command) -> Option<DispatchId> {
    match command {
        Command::Sign { dispatch, .. }
        | Command::Return { dispatch, .. }
        | Command::Complete { dispatch, .. }
        | Command::Recall { dispatch, .. }
        | Command::Rework { dispatch, .. }
        | Command::Quote { dispatch, .. }
        | Command::AnswerQuote { dispatch, .. } => Some(*dispatch),
        Command::Visit { dispatch, .. } => *dispatch,
        Command::Accept { .. }
        | Command::Check { .. }
        | Command::Refuse { .. }
        | Command::Withdraw { .. }
        | Command::Merge { .. }
        | Command::Absorb { .. }
        | Command::Dispatch { .. }
        | Command::Locate { .. }
        | Command::Resolve { .. }
        | Command::Rate { .. }
        | Command::Reopen { .. }
        | Command::Urge
        | Command::Comment { .. }
        | Command::Unshare => None,
    }
}

/// The event that the command makes; `None` where it is so already.
fn judge(order: &Order, actor: &Actor, command: Command, now: DateTime<Utc>) -> Result<Option<Happening>, Refusal> {
    if is_repeat(order, actor, &command, now) {
        return Ok(None);
    }
    let a_move = command.name();
    if order.is_erased() {
        return Err(Refusal::Erased);
    }
    if !fits_order(a_move, command.upon(), order.status()) {
        return Err(not_now(order, a_move));
    }
    if order.is_closed_to(a_move) {
        return Err(Refusal::UnderMediation(a_move));
    }
    if a_move == Move::Check && !order.takes_papers() {
        return Err(Refusal::NoPapers);
    }
    let what = match command {
        Command::Accept { note } => Happening::Accepted { note },
        Command::Check { missing, note } => Happening::Checked { missing, note },
        Command::Refuse { reason, redirect_to } => Happening::Refused { reason, redirect_to },
        Command::Withdraw { reason } => Happening::Withdrawn { reason },
        Command::Merge { into } => {
            may_merge(order, &into)?;
            Happening::Merged { into: into.id, into_number: into.number }
        }
        Command::Absorb { child, child_number, followers } => Happening::Absorbed { child, child_number, followers },
        Command::Dispatch { id, partner, taker, role, task, due_at, share_contact, despite_off_duty } => {
            let taker = taker.filter(|taker| taker.community == order.community).ok_or(Refusal::NoSuchPartner)?;
            may_dispatch(order, partner, role, share_contact)?;
            taker.may_take(despite_off_duty, day_in_shanghai(now))?;
            let round = order.round;
            let (sent_at, sent_by) = (now, actor.person);
            let (signed_at, visit_at, visits, reworks, state) = (None, None, Vec::new(), 0, DispatchState::Sent);
            let quotes = Vec::new();
            let dispatch = Dispatch {
                id,
                partner,
                role,
                task,
                due_at,
                share_contact,
                despite_off_duty,
                round,
                sent_at,
                sent_by,
                signed_at,
                visit_at,
                visits,
                quotes,
                reworks,
                state,
            };
            Happening::Dispatched { dispatch }
        }
        Command::Locate { grid, of } => {
            of.filter(|community| *community == order.community).ok_or(Refusal::NoSuchGrid)?;
            Happening::Located { grid }
        }
        Command::Sign { dispatch, visit_at } => {
            may_sign(order, dispatch, visit_at)?;
            Happening::Signed { dispatch, visit_at }
        }
        Command::Return { dispatch, reason, note } => {
            on(order, dispatch, a_move).map(|()| Happening::Returned { dispatch, reason, note })?
        }
        Command::Visit { dispatch, at, report } => {
            dispatch.map_or(Ok(()), |id| on(order, id, a_move))?;
            Happening::Visited { dispatch, visit: Visit::new(order, actor.person, at, report, now)? }
        }
        Command::Complete { dispatch, result, photos, charge } => {
            on(order, dispatch, a_move)?;
            charge.as_ref().map_or(Ok(()), |charge| may_charge(order, order.dispatch(dispatch), charge))?;
            Happening::Completed { dispatch, result, proof: photos, charge }
        }
        Command::Quote { dispatch, charge } => {
            on(order, dispatch, a_move)?;
            may_quote(order, &charge)?;
            Happening::Quoted { dispatch, charge }
        }
        Command::AnswerQuote { dispatch, number, agreed } => {
            on(order, dispatch, a_move)?;
            may_answer(order, dispatch, number)?;
            Happening::QuoteAnswered { dispatch, agreed }
        }
        Command::Recall { dispatch, reason } => {
            on(order, dispatch, a_move).map(|()| Happening::Recalled { dispatch, reason })?
        }
        Command::Rework { dispatch, reason } => {
            on(order, dispatch, a_move).map(|()| Happening::Reworked { dispatch, reason })?
        }
        Command::Resolve { result, photos, signature, override_reason, charge } => {
            if order.is_mediated() {
                return resolved_in_silence(order, !photos.is_empty() || signature.is_some()).map(Some);
            }
            if override_reason.is_none() {
                may_resolve(order, !photos.is_empty(), signature.is_some())?;
            }
            charge.as_ref().map_or(Ok(()), |charge| may_charge_at_the_end(order, charge))?;
            Happening::Resolved { result, proof: photos, signature, override_reason, charge }
        }
        Command::Rate { solved, satisfaction, comment } => Happening::Rated { solved, satisfaction, comment },
        Command::Reopen { reason } => {
            may_reopen(order, now)?;
            Happening::Reopened { reason }
        }
        Command::Urge => Happening::Urged,
        Command::Comment { photos, .. } if order.terms.originals_only && !photos.is_empty() => {
            return Err(Refusal::OriginalsOnly);
        }
        Command::Comment { text, photos } => Happening::Commented { text, photos },
        Command::Unshare => Happening::Unshared,
    };
    Ok(Some(what))
}

/// A phone that lost the answer asks again; the same person gets the same picture, not a scolding.
fn is_repeat(order: &Order, actor: &Actor, command: &Command, now: DateTime<Utc>) -> bool {
    match command {
        Command::Sign { dispatch, visit_at } => order.dispatch(*dispatch).is_some_and(|d| {
            matches!(d.state, DispatchState::Signed) && (visit_at.is_none() || *visit_at == d.visit_at)
        }),
        Command::Withdraw { .. } => order.status() == OrderStatus::Withdrawn && actor.owns(order),
        Command::Merge { into } => matches!(&order.state, State::Merged { into: there, .. } if *there == into.id),
        Command::Quote { dispatch, charge } => {
            let asked = order.dispatch(*dispatch).and_then(Dispatch::pending_quote);
            asked.is_some_and(|quote| quote.charge == *charge)
        }
        Command::AnswerQuote { dispatch, number, agreed } => order.dispatch(*dispatch).is_some_and(|d| {
            let said = d.quotes.last().and_then(|quote| quote.answer.as_ref()).map(|answer| answer.agreed);
            d.last_quote() == *number && said == Some(*agreed)
        }),
        Command::Urge => order.status().is_open() && was_just_urged(order, now),
        Command::Unshare => !order.shares_contact(),
        Command::Locate { grid, .. } => order.located == Some(Located::Person { grid: *grid }),
        Command::Accept { .. }
        | Command::Check { .. }
        | Command::Refuse { .. }
        | Command::Absorb { .. }
        | Command::Dispatch { .. }
        | Command::Return { .. }
        | Command::Visit { .. }
        | Command::Complete { .. }
        | Command::Recall { .. }
        | Command::Rework { .. }
        | Command::Resolve { .. }
        | Command::Rate { .. }
        | Command::Reopen { .. }
        | Command::Comment { .. } => false,
    }
}

/// The table of moves: in which status of the order each may be made.
fn fits_order(a_move: Move, upon: Upon, status: OrderStatus) -> bool {
    use OrderStatus::{Accepted, Dispatched, Merged, Rated, Refused, Resolved, Submitted, Withdrawn};
    match a_move {
        Move::Accept | Move::Refuse => match status {
            Submitted => true,
            Accepted | Dispatched | Resolved | Rated | Refused | Withdrawn | Merged => false,
        },
        Move::Merge => match status {
            Submitted | Accepted => true,
            Dispatched | Resolved | Rated | Refused | Withdrawn | Merged => false,
        },
        Move::Dispatch | Move::Check | Move::Resolve => match status {
            Accepted | Dispatched => true,
            Submitted | Resolved | Rated | Refused | Withdrawn | Merged => false,
        },
        // Who looks for themselves may do so before they take the order.
        Move::Visit if upon == Upon::Order => status.is_open(),
        Move::Sign
        | Move::Return
        | Move::Visit
        | Move::Complete
        | Move::Recall
        | Move::Rework
        | Move::Quote
        | Move::AnswerQuote => match status {
            Dispatched => true,
            Submitted | Accepted | Resolved | Rated | Refused | Withdrawn | Merged => false,
        },
        Move::Rate => match status {
            Resolved => true,
            Submitted | Accepted | Dispatched | Rated | Refused | Withdrawn | Merged => false,
        },
        Move::Reopen => match status {
            Resolved | Rated => true,
            Submitted | Accepted | Dispatched | Refused | Withdrawn | Merged => false,
        },
        Move::Withdraw | Move::Absorb | Move::Urge | Move::Locate => status.is_open(),
        // Nobody handles an order that has come to its end: its contact is shared with nobody.
        Move::Comment | Move::Unshare => !status.is_terminal(),
    }
}

/// The same table for the dispatch that a move is made on.
fn fits(a_move: Move, status: DispatchStatus) -> bool {
    use DispatchStatus::{Completed, Recalled, Returned, Sent, Signed};
    match status {
        Sent => matches!(a_move, Move::Sign | Move::Return | Move::Recall),
        Signed => matches!(
            a_move,
            Move::Return | Move::Visit | Move::Complete | Move::Recall | Move::Quote | Move::AnswerQuote
        ),
        Completed => matches!(a_move, Move::Rework),
        Returned | Recalled => false,
    }
}

fn on(order: &Order, id: DispatchId, a_move: Move) -> Result<(), Refusal> {
    let dispatch = order.dispatch(id).ok_or(Refusal::NoSuchDispatch)?;
    if dispatch.round == order.round && fits(a_move, dispatch.status()) {
        return Ok(());
    }
    let is = match dispatch.status() {
        DispatchStatus::Sent => "还没有签收",
        DispatchStatus::Signed => "正在办理",
        DispatchStatus::Completed => "已经完工",
        DispatchStatus::Returned => "已经退回",
        DispatchStatus::Recalled => "已被收回",
    };
    Err(Refusal::WrongDispatchState { a_move, is })
}

/// Whoever signed already may say another time.
fn may_sign(order: &Order, id: DispatchId, visit_at: Option<DateTime<Utc>>) -> Result<(), Refusal> {
    let is_signed = order.dispatch(id).is_some_and(|d| d.round == order.round && d.status() == DispatchStatus::Signed);
    if is_signed && visit_at.is_some() { Ok(()) } else { on(order, id, Move::Sign) }
}

fn not_now(order: &Order, a_move: Move) -> Refusal {
    match (a_move, order.status()) {
        (Move::Rate, OrderStatus::Rated) => Refusal::AlreadyRated,
        (_, status) => Refusal::WrongState { a_move, status },
    }
}

/// What the service asks for; whoever says why may do without.
fn may_resolve(order: &Order, has_photo: bool, has_signature: bool) -> Result<(), Refusal> {
    let terms = &order.terms;
    match order.status() {
        OrderStatus::Dispatched if !order.lead_completed() => return Err(Refusal::LeadNotCompleted),
        OrderStatus::Accepted if terms.needs_handler => return Err(Refusal::HandlerNeeded),
        OrderStatus::Submitted
        | OrderStatus::Accepted
        | OrderStatus::Dispatched
        | OrderStatus::Resolved
        | OrderStatus::Rated
        | OrderStatus::Refused
        | OrderStatus::Withdrawn
        | OrderStatus::Merged => {}
    }
    if terms.proof.before_photo && !order.has_before_photo() {
        return Err(Refusal::ProofMissing("办理前的照片"));
    }
    if terms.proof.after_photo && !has_photo && !order.has_completion_photo() {
        return Err(Refusal::ProofMissing("办理后的照片"));
    }
    if terms.proof.signature && !has_signature {
        return Err(Refusal::ProofMissing("居民签字的照片"));
    }
    Ok(())
}

fn may_merge(order: &Order, into: &super::MergeTarget) -> Result<(), Refusal> {
    if into.id == order.id {
        return Err(Refusal::MergeIntoItself);
    }
    // Under supervision an order is watched to its end; a merge would make it start anew.
    if order.supervised {
        return Err(Refusal::MergeSupervised);
    }
    if into.community != order.community {
        return Err(Refusal::MergeAcrossCommunities);
    }
    // The history of each names the other: who reads the open one, or ordered the other sealed one, would learn that there
    // is this one.
    let is_twin = into.sealed && order.sealed && into.requester == order.requester;
    if (into.sealed || order.sealed) && !is_twin {
        return Err(Refusal::MergeSealed);
    }
    // A merged order is closed, so a circle cannot come about.
    if into.status.is_open() { Ok(()) } else { Err(Refusal::MergeTargetClosed(into.status)) }
}

fn may_dispatch(order: &Order, partner: PartnerId, role: HandlerRole, share_contact: bool) -> Result<(), Refusal> {
    if order.live_dispatches().any(|d| d.partner == partner) {
        return Err(Refusal::PartnerBusy);
    }
    match (role, order.lead().is_some()) {
        (HandlerRole::Lead, true) => return Err(Refusal::LeadExists),
        (HandlerRole::Co, false) => return Err(Refusal::LeadMissing),
        (HandlerRole::Lead, false) | (HandlerRole::Co, true) => {}
    }
    if share_contact && !order.may_share_with(partner) { Err(Refusal::ContactNotAgreed) } else { Ok(()) }
}

/// What proves that a quarrel is settled lies in its case; the order says the same neutral sentence, whatever was typed.
fn resolved_in_silence(order: &Order, has_proof: bool) -> Result<Happening, Refusal> {
    if order.is_being_mediated() {
        return Err(Refusal::MediationOpen);
    }
    if has_proof {
        return Err(Refusal::MediationProof);
    }
    let (result, proof, signature, override_reason) = (NEUTRAL_RESULT.to_owned(), Vec::new(), None, None);
    Ok(Happening::Resolved { result, proof, signature, override_reason, charge: None })
}

fn may_reopen(order: &Order, now: DateTime<Utc>) -> Result<(), Refusal> {
    if order.reopens() >= MAX_REOPENS {
        return Err(Refusal::ReopenLimit);
    }
    let last_day = order.resolution().map(|r| r.at + TimeDelta::days(REOPEN_WITHIN_DAYS));
    if last_day.is_some_and(|end| now > end) { Err(Refusal::ReopenTooLate) } else { Ok(()) }
}

fn was_just_urged(order: &Order, now: DateTime<Utc>) -> bool {
    order.urged_at.is_some_and(|at| now - at < TimeDelta::hours(URGE_PAUSE_HOURS))
}

fn may_now(order: &Order, a_move: Move, now: DateTime<Utc>) -> bool {
    fits_order(a_move, Upon::Order, order.status())
        && !order.is_erased()
        && !order.is_closed_to(a_move)
        && (a_move != Move::Resolve || !order.is_being_mediated())
        && (a_move != Move::Unshare || order.shares_contact())
        && (a_move != Move::Reopen || may_reopen(order, now).is_ok())
        && (a_move != Move::Urge || !was_just_urged(order, now))
        && (a_move != Move::Merge || !order.supervised)
        && (a_move != Move::Check || order.takes_papers())
}
