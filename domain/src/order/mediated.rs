//! What an order knows of a mediation: who does it and whether it goes on. Nothing of what is said there.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::order::{Event, Happening, Move, Order, OrderStatus, Refusal};
use crate::people::Hat;

/// The service whose orders are mediated; a community offers it as a sealed one.
pub const MEDIATION_SERVICE: &str = "mediation";

/// The result of every order that was mediated, whatever was typed: the timeline says nothing of the matter.
pub const NEUTRAL_RESULT: &str = "社区事项已办理完毕";

/// From the appointment on, the secretary reads no words of the order without a reason (ADR 0015).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum Mediation {
    Running {
        by: PersonId,
    },
    /// The case is closed; its mediator still looks after the agreement.
    Ended {
        by: PersonId,
    },
    /// Nobody mediates any more.
    Over,
}

/// How the mediation of an order goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum MediationStep {
    Appointed {
        mediator: PersonId,
    },
    /// Another mediator takes the same case over.
    Replaced {
        mediator: PersonId,
    },
    Ended,
    /// The mediator's time of looking after it is over.
    Released,
}

impl Mediation {
    pub(super) fn after(before: Option<Self>, step: MediationStep) -> Self {
        match (step, before) {
            (MediationStep::Replaced { mediator: by }, Some(Self::Ended { .. } | Self::Over)) => Self::Ended { by },
            (MediationStep::Appointed { mediator: by } | MediationStep::Replaced { mediator: by }, _) => {
                Self::Running { by }
            }
            (MediationStep::Ended, Some(Self::Running { by } | Self::Ended { by })) => Self::Ended { by },
            (MediationStep::Ended | MediationStep::Released, _) => Self::Over,
        }
    }
}

impl Order {
    /// Who may read the order because it was entrusted to them.
    pub fn mediator(&self) -> Option<PersonId> {
        match self.mediation? {
            Mediation::Running { by } | Mediation::Ended { by } => Some(by),
            Mediation::Over => None,
        }
    }

    /// A mediator was appointed, now or once.
    pub fn is_mediated(&self) -> bool {
        self.mediation.is_some()
    }

    pub(super) fn is_being_mediated(&self) -> bool {
        matches!(self.mediation, Some(Mediation::Running { .. }))
    }

    /// What would carry words of the quarrel to others, or others to the order.
    pub(super) fn is_closed_to(&self, a_move: Move) -> bool {
        let tells = match a_move {
            Move::Merge | Move::Absorb | Move::Dispatch | Move::Visit | Move::Comment | Move::Check => true,
            Move::Accept
            | Move::Refuse
            | Move::Withdraw
            | Move::Locate
            | Move::Sign
            | Move::Return
            | Move::Complete
            | Move::Recall
            | Move::Rework
            | Move::Quote
            | Move::AnswerQuote
            | Move::Resolve
            | Move::Rate
            | Move::Reopen
            | Move::Urge
            | Move::Unshare => false,
        };
        tells && self.is_mediated()
    }
}

/// Writes the step into the order's history; the rules of the case itself stand in [`mediation`](crate::mediation).
pub fn mediate(
    order: &Order,
    by: PersonId,
    hat: Hat,
    step: MediationStep,
    now: DateTime<Utc>,
) -> Result<(Order, Event), Refusal> {
    may_step(order, step)?;
    let what = Happening::Mediated { step };
    let event = Event { order: order.id, seq: order.version + 1, at: now, by, hat, what };
    let mut next = order.clone();
    next.apply(&event).map_err(|_| Refusal::NotForMediation)?;
    Ok((next, event))
}

fn may_step(order: &Order, step: MediationStep) -> Result<(), Refusal> {
    if order.is_erased() {
        return Err(Refusal::Erased);
    }
    match step {
        MediationStep::Appointed { mediator } | MediationStep::Replaced { mediator } if order.is_for(mediator) => {
            Err(Refusal::MediatorIsParty)
        }
        MediationStep::Appointed { .. } => {
            if !order.sealed || order.service_key != MEDIATION_SERVICE {
                return Err(Refusal::NotForMediation);
            }
            // An order that lies with handlers is read by them; it is taken back first.
            if order.is_being_mediated() || order.status() != OrderStatus::Accepted {
                return Err(Refusal::NotToBeMediatedNow);
            }
            Ok(())
        }
        MediationStep::Replaced { .. } => {
            if order.mediator().is_some() {
                Ok(())
            } else {
                Err(Refusal::NotToBeMediatedNow)
            }
        }
        MediationStep::Ended => {
            if order.is_being_mediated() {
                Ok(())
            } else {
                Err(Refusal::NotToBeMediatedNow)
            }
        }
        MediationStep::Released => match order.mediation {
            Some(Mediation::Ended { .. }) => Ok(()),
            Some(Mediation::Running { .. } | Mediation::Over) | None => Err(Refusal::NotToBeMediatedNow),
        },
    }
}
