//! What work costs and who pays. What a resident is to pay is said before the work and agreed to; what it was in the end
//! stands beside it in the history, so that a quarrel about money can be answered.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{DispatchId, PersonId};
use crate::order::{Dispatch, Order, Refusal};
use crate::people::{Actor, Hat};

/// Of one charge, in fen: 100,000 yuan. More is no matter between neighbours.
pub const MOST_FEN: u32 = 10_000_000;
/// Lines of materials.
pub const MOST_MATERIALS: usize = 20;

/// Whole fen (分), the hundredth of a yuan; never a fraction of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub u32);

impl fmt::Display for Fen {
    /// For people: 「12.50 元」.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02} 元", self.0 / 100, self.0 % 100)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// 工时费; nothing where the work was given.
    pub labour: Fen,
    pub materials: Vec<Material>,
    pub paid_by: Payer,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// 「水龙头」
    pub what: String,
    pub cost: Fen,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Payer {
    Resident,
    Community,
    /// Whoever did the work gave the materials as well.
    Volunteer,
}

impl Payer {
    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Resident => "居民",
            Self::Community => "社区",
            Self::Volunteer => "志愿者",
        }
    }
}

/// What a handler told the resident before the work (报价). The resident pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub at: DateTime<Utc>,
    pub by: PersonId,
    pub charge: Charge,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<QuoteAnswer>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteAnswer {
    pub agreed: bool,
    pub at: DateTime<Utc>,
    pub by: PersonId,
    /// The requester's own, or that of the desk, which was told on the telephone.
    pub hat: Hat,
}

impl Charge {
    pub fn total(&self) -> Fen {
        let materials = self.materials.iter().map(|material| material.cost.0);
        Fen(materials.fold(self.labour.0, u32::saturating_add))
    }

    /// What for goes with the words of the order; what it cost stays.
    pub(super) fn without_words(&self, gone: &str) -> Self {
        let materials = self.materials.iter().map(|material| Material { what: gone.to_owned(), ..material.clone() });
        Self { materials: materials.collect(), ..self.clone() }
    }
}

impl Dispatch {
    /// The latest quote, where the resident has not answered it.
    pub fn pending_quote(&self) -> Option<&Quote> {
        self.quotes.last().filter(|quote| quote.answer.is_none())
    }

    /// What the resident agreed to last.
    pub fn agreed_charge(&self) -> Option<&Charge> {
        let is_agreed = |quote: &&Quote| quote.answer.as_ref().is_some_and(|answer| answer.agreed);
        self.quotes.iter().rev().find(is_agreed).map(|quote| &quote.charge)
    }

    /// The number by which the latest quote is answered: 1, 2, 3 …; 0 where there is none.
    pub fn last_quote(&self) -> usize {
        self.quotes.len()
    }

    /// Whoever named the figure, or earns it, does not agree to it for the resident.
    pub(super) fn may_answer_quote(&self, actor: &Actor, order: &Order) -> bool {
        let has_a_part = actor.serves(self.partner) || self.quotes.last().is_some_and(|quote| actor.is_self(quote.by));
        actor.owns(order) || !has_a_part
    }
}

/// Only what the resident is to pay is asked about.
pub(super) fn may_quote(order: &Order, charge: &Charge) -> Result<(), Refusal> {
    if charge.paid_by != Payer::Resident {
        return Err(Refusal::QuotedForOthers);
    }
    may_cost(order, charge)
}

/// `number`: of the quote that was seen. Another one stands by now, or this one was answered.
pub(super) fn may_answer(order: &Order, id: DispatchId, number: usize) -> Result<(), Refusal> {
    let dispatch = order.dispatch(id).ok_or(Refusal::NoSuchDispatch)?;
    if dispatch.last_quote() != number || number == 0 {
        return Err(Refusal::QuoteChanged);
    }
    if dispatch.pending_quote().is_some() { Ok(()) } else { Err(Refusal::QuoteAnswered) }
}

/// What a handler may write down at the end.
pub(super) fn may_charge(order: &Order, by: Option<&Dispatch>, charge: &Charge) -> Result<(), Refusal> {
    may_cost(order, charge)?;
    let agreed = by.and_then(Dispatch::agreed_charge).map(Charge::total);
    match charge.paid_by {
        Payer::Resident if agreed.is_none_or(|agreed| charge.total() > agreed) => {
            Err(Refusal::ChargeNotAgreed { agreed, said: charge.total() })
        }
        Payer::Resident | Payer::Community | Payer::Volunteer => Ok(()),
    }
}

/// What the desk may write down when it resolves: where a handler finished, that one has said it.
pub(super) fn may_charge_at_the_end(order: &Order, charge: &Charge) -> Result<(), Refusal> {
    if order.lead_completed() {
        return Err(Refusal::ChargeStated);
    }
    may_charge(order, order.lead(), charge)
}

fn may_cost(order: &Order, charge: &Charge) -> Result<(), Refusal> {
    match charge.paid_by {
        _ if charge.labour == Fen(0) => Ok(()),
        Payer::Volunteer => Err(Refusal::LabourOfAVolunteer),
        Payer::Resident if !order.terms.priced => Err(Refusal::LabourNotCharged),
        Payer::Resident | Payer::Community => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fen_are_written_as_yuan() {
        assert_eq!(Fen(1_250).to_string(), "12.50 元");
        assert_eq!(Fen(5).to_string(), "0.05 元");
        assert_eq!(Fen(MOST_FEN).to_string(), "100000.00 元");
    }

    #[test]
    fn a_charge_is_the_sum_of_its_lines() {
        let material = |fen| Material { what: "水龙头".into(), cost: Fen(fen) };
        let charge = |labour, materials| Charge { labour: Fen(labour), materials, paid_by: Payer::Resident }.total();
        assert_eq!(charge(0, Vec::new()), Fen(0));
        assert_eq!(charge(100, vec![material(1_250), material(1)]), Fen(1_351));
        assert_eq!(charge(u32::MAX, vec![material(1)]), Fen(u32::MAX), "it does not begin anew");
    }
}
