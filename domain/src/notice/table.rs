use chrono::{DateTime, Utc};

use super::{Audience, Facts, Importance, Notice, NoticeKind, nature};
use crate::ids::{DispatchId, PartnerId, PersonId};
use crate::mediation::{Case, PartyStanding};
use crate::order::{Dispatch, Event, HandlerRole, Happening, MediationStep, Order};
use crate::people::Hat;
use crate::service::{Closing, Terms};

/// The table: what happened → who is told what. `order` is as it stands after the event.
pub fn notices_for(event: &Event, order: &Order) -> Vec<Notice> {
    let desk = Audience::Desk(order.community);
    let requester = Audience::Person(order.requester);
    let told: Vec<Told> = match &event.what {
        Happening::Submitted { advice, .. } => {
            let on_the_desk = if advice.emergency.is_some() { NoticeKind::Alarm } else { NoticeKind::NewOrder };
            let whom = beneficiary(order).map(|whom| Told::new(NoticeKind::OrderedForYou, whom));
            [Told::new(on_the_desk, desk), Told::new(NoticeKind::Received, requester)].into_iter().chain(whom).collect()
        }
        Happening::Accepted { .. } => {
            let told = |to| Told::said(NoticeKind::Accepted, to, order.terms.texts.accepted.as_deref());
            std::iter::once(requester).chain(beneficiary(order)).map(told).collect()
        }
        // Whoever ordered for somebody else brings the papers; the person whose papers they are hears of it as well.
        Happening::Checked { missing, .. } if !missing.is_empty() => std::iter::once(requester)
            .chain(beneficiary(order))
            .map(|to| Told::new(NoticeKind::PapersMissing, to))
            .collect(),
        Happening::Refused { .. } => {
            std::iter::once(Told::new(NoticeKind::Refused, requester)).chain(left_alone(order)).collect()
        }
        Happening::Merged { .. } => vec![Told::new(NoticeKind::Merged, requester)],
        Happening::Dispatched { dispatch } => dispatched(requester, dispatch),
        Happening::Signed { dispatch, visit_at: Some(at) } => {
            let about = order.dispatch(*dispatch).map(|dispatch| dispatch.partner);
            let facts = || Some(Facts::VisitAt { at: *at });
            let told = |to| Told { about, facts: facts(), ..Told::new(NoticeKind::VisitPlanned, to) };
            // Whose door it is.
            std::iter::once(requester).chain(beneficiary(order)).map(told).collect()
        }
        Happening::Quoted { dispatch, charge } => {
            let about = order.dispatch(*dispatch).map(|dispatch| dispatch.partner);
            let facts = || Some(Facts::Quote { total: charge.total() });
            let told = |to| Told { about, facts: facts(), ..Told::new(NoticeKind::Quoted, to) };
            std::iter::once(requester).chain(beneficiary(order)).map(told).collect()
        }
        Happening::QuoteAnswered { dispatch, agreed } => {
            let facts = |told| Told { facts: Some(Facts::QuoteAnswer { agreed: *agreed }), ..told };
            to_partner(order, *dispatch, NoticeKind::QuoteAnswered).into_iter().map(facts).collect()
        }
        Happening::Returned { dispatch, .. } => vec![of(order, *dispatch, NoticeKind::Returned, desk)],
        Happening::Completed { dispatch, .. } => vec![of(order, *dispatch, NoticeKind::Completed, desk)],
        Happening::Recalled { dispatch, .. } => to_partner(order, *dispatch, NoticeKind::Recalled),
        Happening::Reworked { dispatch, .. } => to_partner(order, *dispatch, NoticeKind::Reworked),
        Happening::Withdrawn { .. } => {
            let calls_off = called_off(order, event.at);
            let mediator = mediator(order).map(|to| Told::new(NoticeKind::Withdrawn, to));
            // For whom it was ordered took it back.
            let orderer = (event.by != order.requester).then(|| Told::new(NoticeKind::Withdrawn, requester));
            let told = std::iter::once(Told::new(NoticeKind::Withdrawn, desk)).chain(orderer).chain(mediator);
            told.chain(calls_off).chain(left_alone(order)).collect()
        }
        Happening::Resolved { .. } => {
            let waiting = std::iter::once(requester).chain(beneficiary(order)).chain(followers(order));
            let waiting = waiting.map(|to| Told::said(NoticeKind::Resolved, to, resolved(&order.terms)));
            waiting.chain(called_off(order, event.at)).collect()
        }
        Happening::Reopened { .. } => {
            // The secretary reopens after a call-back.
            let by_others = (!order.is_for(event.by)).then_some(requester);
            std::iter::once(desk).chain(by_others).map(|to| Told::new(NoticeKind::Reopened, to)).collect()
        }
        Happening::Urged => {
            let busy = busy_partners(order).map(|(partner, to)| Told::about(NoticeKind::Urged, to, partner));
            let mediator = mediator(order).map(|to| Told::new(NoticeKind::Urged, to));
            std::iter::once(Told::new(NoticeKind::Urged, desk)).chain(mediator).chain(busy).collect()
        }
        Happening::Commented { .. } => commented(event, order),
        Happening::Absorbed { .. }
        | Happening::Located { .. }
        | Happening::Checked { .. }
        | Happening::Signed { visit_at: None, .. }
        | Happening::Visited { .. }
        | Happening::Rated { .. }
        | Happening::Unshared
        | Happening::Mediated { step: MediationStep::Ended | MediationStep::Released } => Vec::new(),
        Happening::Mediated { step: MediationStep::Appointed { mediator } | MediationStep::Replaced { mediator } } => {
            vec![Told::new(NoticeKind::Entrusted, Audience::Person(*mediator))]
        }
    };
    told.into_iter().map(|told| told.notice(order)).collect()
}

/// What happened in a mediation, besides what its order tells → who of it is told what. All of it is sealed: the words say
/// that there is something, and when.
pub fn notices_of_mediation(what: MediationNews, case: &Case) -> Vec<Notice> {
    let facts = |at, session| Some(Facts::MeetingAt { at, session: Some(session) });
    let (kind, facts) = match what {
        MediationNews::Invited { .. } => (NoticeKind::Invited, None),
        MediationNews::Planned { at, session } => (NoticeKind::Meeting, facts(at, session)),
        MediationNews::Moved { at, session } => (NoticeKind::MeetingMoved, facts(at, session)),
        MediationNews::Proposed => (NoticeKind::ConfirmNeeded, None),
        MediationNews::Ended => (NoticeKind::MediationEnded, None),
        MediationNews::FollowUpDue => (NoticeKind::FollowUpDue, None),
        MediationNews::MediatorChanged => (NoticeKind::MediatorChanged, None),
    };
    let people: Vec<PersonId> = match what {
        MediationNews::Invited { person } => vec![person],
        MediationNews::Planned { .. } | MediationNews::Moved { .. } | MediationNews::Ended => {
            let asked = case.parties.iter().filter(|party| party.standing != PartyStanding::Declined);
            asked.filter_map(|party| party.person).collect()
        }
        MediationNews::Proposed | MediationNews::MediatorChanged => {
            let joined = case.parties.iter().filter(|party| party.standing == PartyStanding::Joined);
            joined.filter_map(|party| party.person).collect()
        }
        MediationNews::FollowUpDue => vec![case.mediator],
    };
    let notice = |person| {
        let audience = Audience::Person(person);
        let importance = nature(kind, audience.side()).importance;
        Notice { kind, audience, importance, partner: None, facts: facts.clone() }
    };
    people.into_iter().map(notice).collect()
}

/// What happened in a mediation that somebody is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediationNews {
    Invited {
        person: PersonId,
    },
    /// Sessions of a case have numbers.
    Planned {
        at: DateTime<Utc>,
        session: u8,
    },
    Moved {
        at: DateTime<Utc>,
        session: u8,
    },
    Proposed,
    Ended,
    FollowUpDue,
    MediatorChanged,
}

/// Three quarters of the running clock's time are gone.
pub fn near_due(order: &Order) -> Vec<Notice> {
    reminder(order, NoticeKind::NearDue)
}

/// The running clock has ended.
pub fn overdue(order: &Order) -> Vec<Notice> {
    reminder(order, NoticeKind::Overdue)
}

/// The first instant after `after` at which those who work on the order are reminded of the clock that runs now.
pub fn reminder_after(order: &Order, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let due = order.next_due()?;
    let near = due - (due - order.submitted_at) / 4;
    [near, due].into_iter().find(|at| *at > after)
}

fn reminder(order: &Order, kind: NoticeKind) -> Vec<Notice> {
    let busy = busy_partners(order).map(|(partner, to)| Told::about(kind, to, partner));
    let desk = Told::new(kind, Audience::Desk(order.community));
    std::iter::once(desk).chain(busy).map(|told| told.notice(order)).collect()
}

/// One line of the table, before it is weighed.
struct Told {
    kind: NoticeKind,
    to: Audience,
    about: Option<PartnerId>,
    facts: Option<Facts>,
}

impl Told {
    fn new(kind: NoticeKind, to: Audience) -> Self {
        Self { kind, to, about: None, facts: None }
    }

    /// In the service's own words, where it has any.
    fn said(kind: NoticeKind, to: Audience, words: Option<&str>) -> Self {
        let facts = words.map(|hint| Facts::Said { hint: hint.to_owned() });
        Self { facts, ..Self::new(kind, to) }
    }

    fn about(kind: NoticeKind, to: Audience, partner: PartnerId) -> Self {
        Self { about: Some(partner), ..Self::new(kind, to) }
    }

    /// Whatever is told of an emergency is told day and night.
    fn notice(self, order: &Order) -> Notice {
        let Self { kind, to: audience, about: partner, facts } = self;
        let usual = nature(kind, audience.side()).importance;
        let is_emergency = order.advice.emergency.is_some() && usual != Importance::Quiet;
        let importance = if is_emergency { Importance::Urgent } else { usual };
        Notice { kind, audience, importance, partner, facts }
    }
}

/// Of a service whose result is the end, nobody is asked to rate it.
fn resolved(terms: &Terms) -> Option<&str> {
    let unasked = match terms.closing {
        Closing::Auto => Some("请打开小程序查看办理结果"),
        Closing::Confirm => None,
    };
    terms.texts.resolved.as_deref().or(unasked)
}

/// A right to one message is precious: the resident hears who leads, not who helps.
fn dispatched(requester: Audience, dispatch: &Dispatch) -> Vec<Told> {
    let partner = Audience::Partner(dispatch.partner);
    let whom = match dispatch.role {
        HandlerRole::Lead => vec![requester, partner],
        HandlerRole::Co => vec![partner],
    };
    whom.into_iter().map(|to| Told::about(NoticeKind::Dispatched, to, dispatch.partner)).collect()
}

/// Residents speak to the desk, everybody else to the resident; what a partner says, the desk hears as well.
fn commented(event: &Event, order: &Order) -> Vec<Told> {
    let desk = Audience::Desk(order.community);
    let resident = Audience::Person(order.requester);
    let residents = || std::iter::once(resident).chain(beneficiary(order));
    let whom: Vec<_> = match event.hat {
        _ if order.is_for(event.by) => vec![desk],
        Hat::Partner => std::iter::once(desk).chain(residents()).collect(),
        Hat::Requester | Hat::Mediator | Hat::GridWorker | Hat::IntakeClerk | Hat::Secretary | Hat::System => {
            residents().collect()
        }
    };
    whom.into_iter().map(|to| Told::new(NoticeKind::Comment, to)).collect()
}

/// Whose own orders were merged into this one, and who were promised to hear of its end.
fn followers(order: &Order) -> impl Iterator<Item = Audience> {
    order.followers.iter().copied().map(Audience::Person)
}

/// The followers of an order that ends with nothing done: what they need is still to be done, and they may order anew.
fn left_alone(order: &Order) -> impl Iterator<Item = Told> {
    followers(order).map(|to| Told::new(NoticeKind::TargetEnded, to))
}

/// The person for whom somebody else ordered, where that person is known here.
fn beneficiary(order: &Order) -> Option<Audience> {
    order.beneficiary().filter(|whom: &PersonId| *whom != order.requester).map(Audience::Person)
}

fn mediator(order: &Order) -> Option<Audience> {
    order.mediator().map(Audience::Person)
}

fn of(order: &Order, dispatch: DispatchId, kind: NoticeKind, to: Audience) -> Told {
    Told { about: order.dispatch(dispatch).map(|dispatch| dispatch.partner), ..Told::new(kind, to) }
}

fn to_partner(order: &Order, dispatch: DispatchId, kind: NoticeKind) -> Vec<Told> {
    let partner = order.dispatch(dispatch).map(|dispatch| dispatch.partner);
    partner.into_iter().map(|partner| Told::about(kind, Audience::Partner(partner), partner)).collect()
}

/// Partners who still have something to do.
fn busy_partners(order: &Order) -> impl Iterator<Item = (PartnerId, Audience)> {
    let open = order.live_dispatches().filter(|dispatch| dispatch.status().is_open());
    open.map(|dispatch| (dispatch.partner, Audience::Partner(dispatch.partner)))
}

/// Partners whose work ended with the order: nobody shall set out for nothing.
fn called_off(order: &Order, at: DateTime<Utc>) -> impl Iterator<Item = Told> {
    let off =
        order.dispatches.iter().filter(move |dispatch| dispatch.was_recalled_at(at)).map(|dispatch| dispatch.partner);
    off.map(|partner| Told::about(NoticeKind::Recalled, Audience::Partner(partner), partner))
}
