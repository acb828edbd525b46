//! What may be done with a campaign: pure, as the moves of an order are.

use chrono::{DateTime, Utc};

use super::visit::all_photos;
use super::{
    Campaign, Closing, Draft, Household, MAX_HELPERS, MAX_HOUSEHOLDS, MAX_ITEMS, MAX_PHOTOS, MAX_QUANTITY, MAX_ROUNDS,
    MAX_VISITORS, Outcome, Refusal, Report, Side, Standing, Visit,
};
use crate::ids::{CampaignId, PartnerId, PersonId, VisitId};
use crate::order::Order;

/// How a wish to close a campaign ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    Now(Campaign),
    /// It was closed before, and stays as it was closed.
    Before,
}

/// Out of an order that stands. `works_here`: whether a partner is open and at home in the order's community.
pub fn open(
    id: CampaignId,
    order: &Order,
    draft: Draft,
    works_here: impl Fn(PartnerId) -> bool,
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<Campaign, Refusal> {
    if order.sealed {
        return Err(Refusal::SealedOrder);
    }
    if order.status().is_terminal() {
        return Err(Refusal::OrderOver(order.status()));
    }
    if order.content.erased.is_some() {
        return Err(Refusal::OrderErased);
    }
    let Draft { title, purpose, items, partners } = draft;
    if items.len() > MAX_ITEMS {
        return Err(Refusal::TooManyItems);
    }
    if let Some((at, name)) = first_twice(items.iter().map(|item| &item.name)) {
        return Err(Refusal::ItemTwice { at, name: name.clone() });
    }
    if partners.len() > MAX_HELPERS {
        return Err(Refusal::TooManyPartners);
    }
    if let Some(at) = partners.iter().position(|helper| !works_here(helper.partner)) {
        return Err(Refusal::NoSuchPartner { at });
    }
    if let Some((at, _)) = first_twice(partners.iter().map(|helper| helper.partner)) {
        return Err(Refusal::PartnerTwice { at });
    }
    let (order, community) = (order.id, order.community);
    let (households, closed) = (0, None);
    Ok(Campaign {
        id,
        order,
        community,
        title,
        purpose,
        items,
        partners,
        households,
        opened_by: by,
        opened_at: now,
        closed,
    })
}

pub fn close(campaign: &Campaign, by: PersonId, now: DateTime<Utc>) -> Closed {
    match campaign.closed {
        Some(_) => Closed::Before,
        None => Closed::Now(Campaign { closed: Some(Closing { by, at: now }), ..campaign.clone() }),
    }
}

/// Takes a unit out of an open campaign: it knows of nothing any more, and what it did stays.
pub fn dismiss(campaign: &Campaign, partner: PartnerId) -> Result<Campaign, Refusal> {
    if !campaign.is_open() {
        return Err(Refusal::Closed);
    }
    if campaign.helper(partner).is_none() {
        return Err(Refusal::NotNamed);
    }
    let partners = campaign.partners.iter().filter(|helper| helper.partner != partner).copied().collect();
    Ok(Campaign { partners, ..campaign.clone() })
}

/// Whether doors may be given to the unit, or taken back where none is named.
pub fn may_assign(campaign: &Campaign, to: Option<PartnerId>) -> Result<(), Refusal> {
    if !campaign.is_open() {
        return Err(Refusal::Closed);
    }
    match to {
        Some(partner) if campaign.helper(partner).is_none() => Err(Refusal::NotNamed),
        Some(_) | None => Ok(()),
    }
}

/// Whether so many more doors fit in.
pub fn may_enlist(campaign: &Campaign, more: usize) -> Result<(), Refusal> {
    if !campaign.is_open() {
        return Err(Refusal::Closed);
    }
    let (have, more) = (campaign.households, u32::try_from(more).unwrap_or(u32::MAX));
    if have.saturating_add(more) > MAX_HOUSEHOLDS {
        return Err(Refusal::TooManyHouseholds { have, more });
    }
    Ok(())
}

/// The record of one knock at one door. `standing`: as what the person stands before this household.
pub fn record(
    id: VisitId,
    campaign: &Campaign,
    household: &Household,
    report: Report,
    (by, standing): (PersonId, Standing),
    now: DateTime<Utc>,
) -> Result<Visit, Refusal> {
    if !campaign.is_open() {
        return Err(Refusal::Closed);
    }
    check_round(household, report.round)?;
    check_handed_out(campaign, &report)?;
    if all_photos(&report.photos, &report.handed_out).len() > MAX_PHOTOS {
        return Err(Refusal::TooManyPhotos);
    }
    check_visitors(campaign, &report, standing)?;
    let Report { round, outcome, findings, handed_out, photos, visitors } = report;
    Ok(Visit {
        id,
        campaign: campaign.id,
        household: household.id,
        round,
        outcome,
        findings,
        handed_out,
        photos,
        visitors,
        by,
        hat: standing.hat,
        partner: standing.partner,
        at: now,
    })
}

/// One record a round, and another round only where nobody was let in.
fn check_round(household: &Household, round: u8) -> Result<(), Refusal> {
    if household.door.is_none() {
        return Err(Refusal::Forgotten);
    }
    if (1..=household.rounds).contains(&round) {
        return Err(Refusal::RoundTaken { round });
    }
    match household.next_round() {
        None => Err(Refusal::AlreadyVisited),
        Some(next) if next > MAX_ROUNDS => Err(Refusal::TooManyRounds),
        Some(next) if next != round => Err(Refusal::WrongRound { round, next }),
        Some(_) => Ok(()),
    }
}

fn check_handed_out(campaign: &Campaign, report: &Report) -> Result<(), Refusal> {
    match report.outcome {
        Outcome::Visited => {}
        Outcome::NotAtHome | Outcome::Refused => {
            return if report.handed_out.is_empty() { Ok(()) } else { Err(Refusal::NothingHandedOver) };
        }
    }
    for (at, handed) in report.handed_out.iter().enumerate() {
        let name = handed.item.clone();
        if campaign.item(&name).is_none() {
            return Err(Refusal::NoSuchItem { at, name });
        }
        if !(1..=MAX_QUANTITY).contains(&handed.quantity) {
            return Err(Refusal::Quantity { at });
        }
        if handed.proof.is_empty() {
            return Err(Refusal::NoProof { at, name });
        }
    }
    match first_twice(report.handed_out.iter().map(|handed| &handed.item)) {
        Some((at, name)) => Err(Refusal::HandedTwice { at, name: name.clone() }),
        None => Ok(()),
    }
}

/// From the desk, from the grid, and from partners that the campaign names. A partner writes down its own visits.
fn check_visitors(campaign: &Campaign, report: &Report, standing: Standing) -> Result<(), Refusal> {
    if report.visitors.is_empty() {
        return Err(Refusal::NobodyCame);
    }
    if report.visitors.len() > MAX_VISITORS {
        return Err(Refusal::TooManyVisitors);
    }
    let is_stranger = |side: Side| match side {
        Side::Desk | Side::Grid => false,
        Side::Partner(partner) => campaign.helper(partner).is_none(),
    };
    if let Some(at) = report.visitors.iter().position(|visitor| is_stranger(visitor.side)) {
        return Err(Refusal::PartnerNotNamed { at });
    }
    let came = |partner| report.visitors.iter().any(|visitor| visitor.side == Side::Partner(partner));
    match standing.partner {
        Some(partner) if !came(partner) => Err(Refusal::NotOneself),
        Some(_) | None => Ok(()),
    }
}

/// The first that stood before, and where.
fn first_twice<T: PartialEq>(all: impl Iterator<Item = T>) -> Option<(usize, T)> {
    let mut seen = Vec::new();
    for (at, one) in all.enumerate() {
        if seen.contains(&one) {
            return Some((at, one));
        }
        seen.push(one);
    }
    None
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
