//! Order ↔ row. Content, clocks and origin are written once; a move touches the other columns only.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use domain::advice::Advice;
use domain::deadline::Due;
use domain::notice::reminder_after;
use domain::order::{
    Beneficiary, ChainHash, Contact, Content, Erased, Mediation, Order, OrderStatus, PapersCheck, Place, Rating,
    Source, State, Visit,
};
use domain::place::Located;
use domain::ports::StoreError;
use domain::service::{Answers, Edition, Terms};

use super::dispatch_row::to_dispatch;
use crate::entity::{dispatch, order};
use crate::store::cell;
use crate::vault::{Cell, Row, Vault};

const WHAT: &str = "order";

/// What is written once and locked.
#[derive(Serialize, Deserialize)]
struct Private {
    terms: Terms,
    place: Option<Place>,
    contact: Option<Contact>,
    on_behalf_of: Option<Beneficiary>,
    advice: Advice,
    /// Of sealed and erased matters; others are searched, and stand in the open.
    words: Option<Words>,
    #[serde(default)]
    form: Answers,
    #[serde(default)]
    minor: bool,
    #[serde(default)]
    erased: Option<Erased>,
}

#[derive(Default, Serialize, Deserialize)]
struct Words {
    title: String,
    description: String,
}

/// What moves change, locked.
#[derive(Serialize, Deserialize)]
struct Progress {
    state: State,
    ratings: Vec<Rating>,
    /// How its grid was found; the grid itself stands in the open, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    located: Option<Located>,
    /// On-site records that were made without a dispatch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    visits: Vec<Visit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    papers: Option<PapersCheck>,
    /// The resident took back that handlers may call; the private part, written once, still says otherwise.
    #[serde(default)]
    is_unshared: bool,
}

/// The whole row of an order that is new.
pub(super) fn new_row(vault: &Vault, o: &Order) -> Result<order::Model, StoreError> {
    let (source_system, source_reference) = match &o.content.source {
        Source::MiniProgram => (None, None),
        Source::Import { system, reference } => (Some(system.clone()), Some(reference.clone())),
    };
    let (open, private) = content_parts(o);
    Ok(order::Model {
        id: o.id.0,
        number: o.number.clone(),
        community_id: o.community.0,
        service_key: o.service_key.clone(),
        service_place_id: o.terms.edition.place.0,
        service_version: cell::number(WHAT, o.terms.edition.version)?,
        requester_id: o.requester.0,
        beneficiary_id: o.beneficiary().map(Into::into),
        compound_id: o.compound().map(Into::into),
        grid_id: o.grid().map(Into::into),
        sealed: o.sealed,
        emergency: o.advice.emergency.is_some(),
        about_partner_id: o.content.about_partner.map(Into::into),
        title: open.title,
        description: open.description,
        private: cell::lock(vault, private_cell(o.id.0), &private)?,
        attachments: cell::to_json(WHAT, &o.content.attachments)?,
        visibility: o.content.visibility.to_string(),
        source_system,
        source_reference,
        submitted_at: o.submitted_at,
        accept_by: o.due.accept_by,
        resolve_by: o.due.resolve_by,
        due_preset: o.due.preset.clone(),
        due_note: o.due.note.clone(),
        status: o.status().to_string(),
        mediation: o.mediation.map(|mediation| stage(mediation).to_owned()),
        mediator_id: o.mediator().map(Into::into),
        progress: locked_progress(vault, o)?,
        accepted_at: o.accepted_at,
        round: o.round.into(),
        supervised: o.supervised,
        followers: cell::to_json(WHAT, &o.followers)?,
        urged_at: o.urged_at,
        urges: o.urges.into(),
        next_due_at: o.next_due(),
        next_reminder_at: first_reminder(o),
        version: o.version,
        head: o.head.0.to_vec(),
        erased_at: None,
    })
}

fn content_parts(o: &Order) -> (Words, Private) {
    let content = &o.content;
    let words = Words { title: content.title.clone(), description: content.description.clone() };
    let is_locked = o.sealed || o.is_erased();
    let (open, locked) = if is_locked { (Words::default(), Some(words)) } else { (words, None) };
    let private = Private {
        terms: o.terms.clone(),
        place: content.place.clone(),
        contact: content.contact.clone(),
        on_behalf_of: content.on_behalf_of.clone(),
        words: locked,
        advice: o.advice,
        form: content.form.clone(),
        minor: content.minor,
        erased: content.erased,
    };
    (open, private)
}

/// The columns out of which something was erased.
pub(in crate::store) fn erased_columns(vault: &Vault, o: &Order) -> Result<order::ActiveModel, StoreError> {
    let (open, private) = content_parts(o);
    Ok(order::ActiveModel {
        beneficiary_id: Set(o.beneficiary().map(Into::into)),
        emergency: Set(o.advice.emergency.is_some()),
        title: Set(open.title),
        description: Set(open.description),
        private: Set(cell::lock(vault, private_cell(o.id.0), &private)?),
        attachments: Set(cell::to_json(WHAT, &o.content.attachments)?),
        progress: Set(locked_progress(vault, o)?),
        ..Default::default()
    })
}

/// The columns that a move may change.
pub(super) fn moved_columns(vault: &Vault, o: &Order) -> Result<order::ActiveModel, StoreError> {
    Ok(order::ActiveModel {
        status: Set(o.status().to_string()),
        grid_id: Set(o.grid().map(Into::into)),
        mediation: Set(o.mediation.map(|mediation| stage(mediation).to_owned())),
        mediator_id: Set(o.mediator().map(Into::into)),
        progress: Set(locked_progress(vault, o)?),
        accepted_at: Set(o.accepted_at),
        round: Set(o.round.into()),
        supervised: Set(o.supervised),
        followers: Set(cell::to_json(WHAT, &o.followers)?),
        urged_at: Set(o.urged_at),
        urges: Set(o.urges.into()),
        next_due_at: Set(o.next_due()),
        version: Set(o.version),
        head: Set(o.head.0.to_vec()),
        ..Default::default()
    })
}

/// Of what was brought over from elsewhere, nobody is reminded before somebody moved it here.
fn first_reminder(o: &Order) -> Option<DateTime<Utc>> {
    match o.content.source {
        Source::MiniProgram => reminder_after(o, o.submitted_at),
        Source::Import { .. } => None,
    }
}

/// The next reminder after a move: where the move started another clock, that clock's first; else what it was.
pub(super) fn reminder(o: &Order, moved_at: DateTime<Utc>) -> SimpleExpr {
    let Some(due) = o.next_due() else { return Expr::val(None::<DateTime<Utc>>) };
    let first = reminder_after(o, moved_at);
    let is_same_clock = Expr::col(order::Column::NextDueAt).eq(due);
    Expr::case(is_same_clock, Expr::col(order::Column::NextReminderAt)).finally(first).into()
}

/// `dispatches` are the order's, by position.
pub(in crate::store) fn to_order(
    vault: &Vault,
    row: order::Model,
    dispatches: Vec<dispatch::Model>,
) -> Result<Order, StoreError> {
    let status: OrderStatus = cell::named(WHAT, &row.status)?;
    let Progress { state, ratings, located, visits, papers, is_unshared } =
        cell::unlock(vault, progress_cell(row.id), &row.progress)?;
    let mut private: Private = cell::unlock(vault, private_cell(row.id), &row.private)?;
    if let Some(contact) = private.contact.as_mut().filter(|_| is_unshared) {
        contact.may_share = false;
    }
    let words = private.words.unwrap_or(Words { title: row.title, description: row.description });
    cell::agree(WHAT, status, state.status())?;
    cell::agree(WHAT, row.grid_id.map(Into::into), located.and_then(Located::grid))?;
    let edition = Edition { place: row.service_place_id.into(), version: cell::number(WHAT, row.service_version)? };
    cell::agree(WHAT, edition, private.terms.edition)?;
    cell::agree(WHAT, row.emergency, private.advice.emergency.is_some())?;
    Ok(Order {
        id: row.id.into(),
        number: row.number,
        community: row.community_id.into(),
        service_key: row.service_key,
        terms: private.terms,
        requester: row.requester_id.into(),
        sealed: row.sealed,
        advice: private.advice,
        content: Content {
            title: words.title,
            description: words.description,
            place: private.place,
            attachments: cell::from_json(WHAT, row.attachments)?,
            contact: private.contact,
            on_behalf_of: private.on_behalf_of,
            visibility: cell::named(WHAT, &row.visibility)?,
            about_partner: row.about_partner_id.map(Into::into),
            source: to_source(row.source_system, row.source_reference)?,
            form: private.form,
            minor: private.minor,
            erased: private.erased,
        },
        located,
        submitted_at: row.submitted_at,
        due: Due { accept_by: row.accept_by, resolve_by: row.resolve_by, preset: row.due_preset, note: row.due_note },
        accepted_at: row.accepted_at,
        round: cell::number(WHAT, row.round)?,
        supervised: row.supervised,
        state,
        dispatches: dispatches.into_iter().map(|d| to_dispatch(vault, d)).collect::<Result<_, _>>()?,
        visits,
        papers,
        mediation: to_mediation(row.mediation.as_deref(), row.mediator_id)?,
        ratings,
        followers: cell::from_json(WHAT, row.followers)?,
        urged_at: row.urged_at,
        urges: cell::number(WHAT, row.urges)?,
        version: row.version,
        head: ChainHash(cell::bytes(WHAT, row.head)?),
    })
}

fn stage(mediation: Mediation) -> &'static str {
    match mediation {
        Mediation::Running { .. } => "running",
        Mediation::Ended { .. } => "ended",
        Mediation::Over => "over",
    }
}

fn to_mediation(stage: Option<&str>, mediator: Option<Uuid>) -> Result<Option<Mediation>, StoreError> {
    Ok(match (stage, mediator.map(Into::into)) {
        (None, None) => None,
        (Some("running"), Some(by)) => Some(Mediation::Running { by }),
        (Some("ended"), Some(by)) => Some(Mediation::Ended { by }),
        (Some("over"), None) => Some(Mediation::Over),
        (Some(_), _) | (None, Some(_)) => return Err(StoreError::corrupt(WHAT, "half of a mediation")),
    })
}

fn to_source(system: Option<String>, reference: Option<String>) -> Result<Source, StoreError> {
    match (system, reference) {
        (None, None) => Ok(Source::MiniProgram),
        (Some(system), Some(reference)) => Ok(Source::Import { system, reference }),
        (Some(_), None) | (None, Some(_)) => Err(StoreError::corrupt(WHAT, "half of a source")),
    }
}

fn locked_progress(vault: &Vault, o: &Order) -> Result<Vec<u8>, StoreError> {
    let is_unshared = o.content.contact.is_some() && !o.shares_contact();
    let (state, ratings, visits) = (o.state.clone(), o.ratings.clone(), o.visits.clone());
    let (located, papers) = (o.located, o.papers.clone());
    let progress = Progress { state, ratings, located, visits, papers, is_unshared };
    cell::lock(vault, progress_cell(o.id.0), &progress)
}

fn private_cell(id: Uuid) -> Cell<'static> {
    Cell::new("orders.private", Row::Id(id))
}

fn progress_cell(id: Uuid) -> Cell<'static> {
    Cell::new("orders.progress", Row::Id(id))
}
