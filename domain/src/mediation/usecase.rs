//! What people do with cases: load, decide, write the answer, commit; together with the order where it shall know.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use thiserror::Error;
use uuid::Uuid;

use super::{Case, Command, Decision, PartyStanding, Refusal, Sight, Standing, decide, open, permits};
use crate::ids::{DisclosureId, MediationId, OrderId, PersonId};
use crate::notice::notices_of_mediation;
use crate::order::usecase::{Asking, Orders, Written};
use crate::order::{self, MediationStep, Order, mediate, settled};
use crate::people::{self, Actor, Area, Disclosure, Hat, Purpose};
use crate::ports::{CaseChange, Change, Commit, MediationStore, StoreError};

/// A step is decided again on the fresh case this often before the person is asked to try again.
const ATTEMPTS: u32 = 5;
/// Cases looked at in one go.
const BATCH: u16 = 100;

/// The use cases, over their ports.
#[derive(Clone)]
pub struct Mediations {
    pub orders: Orders,
    pub store: Arc<dyn MediationStore>,
}

/// With what a case begins.
#[derive(Clone, Debug)]
pub struct Opening {
    pub mediator: Actor,
    /// Of whoever asked for the mediation.
    pub name: String,
    pub phone: Option<String>,
}

/// Turns the case as it shall be into the answer, which is stored together with it.
#[async_trait]
pub trait Reply: Send + Sync {
    async fn write(&self, case: &Case) -> Result<Written, StoreError>;
}

#[derive(Debug, Error)]
pub enum CaseError {
    #[error("no such case or order in sight")]
    NotFound,
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    OfTheOrder(#[from] order::Refusal),
    /// Neither works nor helps in the community.
    #[error("cannot be appointed")]
    NotEligible,
    /// The caller named a version that is not the present one.
    #[error("the case has moved on")]
    Stale,
    #[error("the case is being changed by others")]
    Contended,
    #[error("a photo cannot be attached")]
    PhotoUnavailable,
    /// Another request with the same key was faster; its answer stands.
    #[error("the key is taken")]
    KeyTaken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How a commit ended, where the loop does not go on.
fn ended(commit: Commit) -> Option<Result<(), CaseError>> {
    match commit {
        Commit::Done => Some(Ok(())),
        Commit::Stale(_) => None,
        Commit::KeyTaken => Some(Err(CaseError::KeyTaken)),
        Commit::PhotoUnavailable => Some(Err(CaseError::PhotoUnavailable)),
        Commit::ReferenceTaken | Commit::PartnerFull { .. } | Commit::SeatLost => Some(Err(CaseError::Contended)),
    }
}

impl Mediations {
    /// The secretary appoints a mediator for an order: from now on only that person reads what is said.
    pub async fn open(
        &self,
        asking: &Asking,
        id: OrderId,
        opening: &Opening,
        reply: &dyn Reply,
    ) -> Result<Written, CaseError> {
        for _ in 0..ATTEMPTS {
            let (actor, now) = (&asking.actor, self.orders.clock.now());
            let order = self.orders.store.find(id, &people::Sight::of(actor)).await?;
            let order = order.ok_or(CaseError::NotFound)?;
            if !actor.hats(&order).contains(&Hat::Secretary) || actor.owns(&order) {
                return Err(Refusal::ForTheSecretary.into());
            }
            may_appoint(actor, &opening.mediator, &order)?;
            let mediator = opening.mediator.person;
            let step = MediationStep::Appointed { mediator };
            let (next, event) = mediate(&order, actor.person, Hat::Secretary, step, now)?;
            let case_id = MediationId(self.orders.ids.at(now));
            let case = open(case_id, &order, mediator, opening.name.clone(), opening.phone.clone(), now);
            let written = reply.write(&case).await?;
            let case = Some(Box::new(plain(case, actor.person, now)));
            let change = Change { case, ..self.orders.change(&order, next, event, Vec::new())? };
            let answer = asking.answer(&written, now);
            if let Some(end) = ended(self.orders.store.commit(&[change], answer.as_ref()).await?) {
                return end.map(|()| written);
            }
        }
        Err(CaseError::Contended)
    }

    /// What somebody does in a case that they see.
    pub async fn step(
        &self,
        asking: &Asking,
        id: MediationId,
        command: &Command,
        reply: &dyn Reply,
    ) -> Result<Written, CaseError> {
        for _ in 0..ATTEMPTS {
            let (case, standing) = self.seen(asking, id).await?;
            if let Some(written) = self.take(asking, &case, standing, command.clone(), reply).await? {
                return Ok(written);
            }
        }
        Err(CaseError::Contended)
    }

    /// The secretary gives the case into other hands; the former mediator loses sight of it at once.
    pub async fn replace(
        &self,
        asking: &Asking,
        id: MediationId,
        mediator: &Actor,
        reply: &dyn Reply,
    ) -> Result<Written, CaseError> {
        for _ in 0..ATTEMPTS {
            let (case, standing) = self.seen(asking, id).await?;
            let keeps_the_office = Sight::of(&asking.actor, self.orders.clock.now()).offices.contains(&case.community);
            // A secretary who mediates as well may still hand it over.
            let standing = match standing {
                Standing::Mediator if keeps_the_office => Standing::Office,
                Standing::Mediator | Standing::Party(_) | Standing::Office => standing,
            };
            let command = Command::Replace { mediator: mediator.person };
            permits(standing, &command)?;
            // Whoever takes over leaves a line in the order's history; where nothing can be written there, nobody does.
            let order = self.order_of(&asking.actor, &case).await?.ok_or(Refusal::OrderGone)?;
            may_appoint(&asking.actor, mediator, &order)?;
            if let Some(written) = self.take(asking, &case, standing, command, reply).await? {
                return Ok(written);
            }
        }
        Err(CaseError::Contended)
    }

    /// Whoever brought the code takes the part of the party that it was made for.
    pub async fn join_by_code(&self, asking: &Asking, code: &str, reply: &dyn Reply) -> Result<Written, CaseError> {
        for _ in 0..ATTEMPTS {
            let now = self.orders.clock.now();
            let found = self.store.find_by_code(code, now).await?;
            let (case, party) = found.ok_or(CaseError::Refused(Refusal::InvitationInvalid))?;
            let command = Command::Join { party, person: asking.actor.person };
            if let Some(written) = self.take(asking, &case, Standing::Party(party), command, reply).await? {
                return Ok(written);
            }
        }
        Err(CaseError::Contended)
    }

    /// The case and what the person is to it.
    pub async fn seen(&self, asking: &Asking, id: MediationId) -> Result<(Case, Standing), CaseError> {
        let sight = Sight::of(&asking.actor, self.orders.clock.now());
        let case = self.store.find_case(id, &sight).await?.ok_or(CaseError::NotFound)?;
        let standing = sight.standing(&case).ok_or(CaseError::NotFound)?;
        Ok((case, standing))
    }

    /// `None` where somebody else changed it first.
    async fn take(
        &self,
        asking: &Asking,
        case: &Case,
        standing: Standing,
        command: Command,
        reply: &dyn Reply,
    ) -> Result<Option<Written>, CaseError> {
        if asking.if_match.is_some_and(|seen| seen != case.version) {
            return Err(CaseError::Stale);
        }
        let (actor, now) = (&asking.actor, self.orders.clock.now());
        let photos = command.photos();
        let on_the_order = on_the_order(&command);
        let (next, news) = match decide(case, standing, command, now)? {
            Decision::AlreadyApplied => return Ok(Some(reply.write(case).await?)),
            Decision::Apply { next, news } => (*next, news),
        };
        let written = reply.write(&next).await?;
        let answer = asking.answer(&written, now);
        let is_settled = matches!(on_the_order, Some((_, MediationStep::Ended))) && next.is_settled();
        let disclosures = if next.mediator == case.mediator { Vec::new() } else { self.handed_on(&next, now) };
        let notices = news.map(|news| notices_of_mediation(news, &next)).unwrap_or_default();
        let change = CaseChange { notices, photos, disclosures, ..plain(next, actor.person, now) };
        let order = match on_the_order {
            Some(_) => self.order_of(actor, case).await?,
            None => None,
        };
        let commit = match (order, on_the_order) {
            (Some(order), Some((hat, step))) => {
                let (moved, event) = mediate(&order, actor.person, hat, step, now)?;
                let moved = self.orders.change(&order, moved, event, Vec::new())?;
                let figure = if is_settled { settled(&order, now) } else { None };
                let moved = Change { case: Some(Box::new(change)), figure, ..moved };
                self.orders.store.commit(&[moved], answer.as_ref()).await?
            }
            (Some(_) | None, _) => self.store.save_case(&change, answer.as_ref()).await?,
        };
        ended(commit).map(|end| end.map(|()| written)).transpose()
    }

    /// What the parties told one mediator, another one reads from now on; each of them can read that.
    fn handed_on(&self, case: &Case, at: DateTime<Utc>) -> Vec<Disclosure> {
        let joined = case.parties.iter().filter(|party| party.standing == PartyStanding::Joined);
        let row = |subject| Disclosure {
            id: DisclosureId(self.orders.ids.at(at)),
            subject,
            order: case.order,
            viewer: case.mediator,
            hat: Hat::Mediator,
            partner: None,
            purpose: Purpose::TakeOver,
            at,
        };
        joined.filter_map(|party| party.person).map(row).collect()
    }

    /// The order of the case, where anything can still be written into its history.
    async fn order_of(&self, actor: &Actor, case: &Case) -> Result<Option<Order>, StoreError> {
        let order = self.orders.store.find(case.order, &people::Sight::of(actor)).await?;
        Ok(order.filter(|order| !order.is_erased()))
    }

    /// What the clock brings about: follow-ups whose day has come, and mediators whose time is over. Says how many. Any number
    /// of these may run at once.
    pub async fn look_at_the_clock(&self) -> Result<u64, StoreError> {
        let now = self.orders.clock.now();
        let mut told = 0;
        loop {
            let some = self.store.remind_of_follow_ups(now, BATCH).await?;
            told += some;
            if some < u64::from(BATCH) {
                break;
            }
        }
        for case in self.store.to_release(now, BATCH).await? {
            self.release(&case, now).await?;
            told += 1;
        }
        Ok(told)
    }

    async fn release(&self, case: &Case, now: DateTime<Utc>) -> Result<(), StoreError> {
        for _ in 0..ATTEMPTS {
            let sight = people::Sight {
                persons: vec![case.mediator],
                area: Area::default(),
                partners: Vec::new(),
                mediates_in: vec![case.community],
            };
            let order = self.orders.store.find(case.order, &sight).await?;
            let step = MediationStep::Released;
            let moved = order.and_then(|order| {
                let moved = mediate(&order, PersonId(Uuid::nil()), Hat::System, step, now).ok()?;
                (order.mediator() == Some(case.mediator)).then_some((order, moved))
            });
            // Another case of the same order runs, or its words are gone.
            let Some((order, (next, event))) = moved else { break };
            let change = self.orders.change(&order, next, event, Vec::new())?;
            if self.orders.store.commit(&[change], None).await? == Commit::Done {
                break;
            }
        }
        self.store.released(case.id).await
    }
}

fn plain(next: Case, by: PersonId, at: DateTime<Utc>) -> CaseChange {
    CaseChange { next, at, by, notices: Vec::new(), photos: Vec::new(), disclosures: Vec::new() }
}

/// What the order is told of, and by which hat.
fn on_the_order(command: &Command) -> Option<(Hat, MediationStep)> {
    match command {
        Command::Close { .. } => Some((Hat::Mediator, MediationStep::Ended)),
        Command::Replace { mediator } => Some((Hat::Secretary, MediationStep::Replaced { mediator: *mediator })),
        Command::Invite { .. }
        | Command::Join { .. }
        | Command::Decline
        | Command::Plan { .. }
        | Command::Move { .. }
        | Command::Hold { .. }
        | Command::Introduce { .. }
        | Command::State { .. }
        | Command::Propose { .. }
        | Command::Agree { .. }
        | Command::FollowUp { .. } => None,
    }
}

/// Somebody else of the place, who does not work for whom the order complains about. Nobody opens the seal to themselves.
fn may_appoint(by: &Actor, candidate: &Actor, order: &Order) -> Result<(), CaseError> {
    if by.is_self(candidate.person) || candidate.is_self(by.person) {
        return Err(Refusal::OwnAppointment.into());
    }
    let is_fit = candidate.may_mediate_in(order.community) && !candidate.is_accused_in(order);
    if is_fit { Ok(()) } else { Err(CaseError::NotEligible) }
}
