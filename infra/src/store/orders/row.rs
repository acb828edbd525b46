//! Order ↔ row. Content, clocks and origin are written once; a move touches the other columns only.

use sea_orm::ActiveValue::Set;
use sea_orm::JsonValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use domain::deadline::Due;
use domain::order::{ChainHash, Content, Order, OrderStatus, Source, State};
use domain::ports::StoreError;

use super::dispatch_row::to_dispatch;
use crate::entity::{dispatch, order};
use crate::store::cell;

const WHAT: &str = "order";

/// The whole row of an order that is new.
pub(super) fn new_row(o: &Order) -> Result<order::Model, StoreError> {
    let (source_system, source_reference) = match &o.content.source {
        Source::MiniProgram => (None, None),
        Source::Import { system, reference } => (Some(system.clone()), Some(reference.clone())),
    };
    Ok(order::Model {
        id: o.id.0,
        number: o.number.clone(),
        community_id: o.community.0,
        service_key: o.service_key.clone(),
        requester_id: o.requester.0,
        title: o.content.title.clone(),
        description: o.content.description.clone(),
        place: to_optional_json(o.content.place.as_ref())?,
        contact: to_optional_json(o.content.contact.as_ref())?,
        on_behalf_of: to_optional_json(o.content.on_behalf_of.as_ref())?,
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
        state: cell::to_json(WHAT, &o.state)?,
        accepted_at: o.accepted_at,
        round: o.round.into(),
        supervised: o.supervised,
        ratings: cell::to_json(WHAT, &o.ratings)?,
        followers: cell::to_json(WHAT, &o.followers)?,
        urged_at: o.urged_at,
        urges: o.urges.into(),
        next_due_at: o.next_due(),
        version: o.version,
        head: o.head.0.to_vec(),
    })
}

/// The columns that a move may change.
pub(super) fn moved_columns(o: &Order) -> Result<order::ActiveModel, StoreError> {
    Ok(order::ActiveModel {
        status: Set(o.status().to_string()),
        state: Set(cell::to_json(WHAT, &o.state)?),
        accepted_at: Set(o.accepted_at),
        round: Set(o.round.into()),
        supervised: Set(o.supervised),
        ratings: Set(cell::to_json(WHAT, &o.ratings)?),
        followers: Set(cell::to_json(WHAT, &o.followers)?),
        urged_at: Set(o.urged_at),
        urges: Set(o.urges.into()),
        next_due_at: Set(o.next_due()),
        version: Set(o.version),
        head: Set(o.head.0.to_vec()),
        ..Default::default()
    })
}

/// `dispatches` are the order's, by position.
pub(in crate::store) fn to_order(row: order::Model, dispatches: Vec<dispatch::Model>) -> Result<Order, StoreError> {
    let status: OrderStatus = cell::named(WHAT, &row.status)?;
    let state: State = cell::from_json(WHAT, row.state)?;
    cell::agree(WHAT, status, state.status())?;
    Ok(Order {
        id: row.id.into(),
        number: row.number,
        community: row.community_id.into(),
        service_key: row.service_key,
        requester: row.requester_id.into(),
        content: Content {
            title: row.title,
            description: row.description,
            place: from_optional_json(row.place)?,
            attachments: cell::from_json(WHAT, row.attachments)?,
            contact: from_optional_json(row.contact)?,
            on_behalf_of: from_optional_json(row.on_behalf_of)?,
            visibility: cell::named(WHAT, &row.visibility)?,
            source: to_source(row.source_system, row.source_reference)?,
        },
        submitted_at: row.submitted_at,
        due: Due { accept_by: row.accept_by, resolve_by: row.resolve_by, preset: row.due_preset, note: row.due_note },
        accepted_at: row.accepted_at,
        round: cell::number(WHAT, row.round)?,
        supervised: row.supervised,
        state,
        dispatches: dispatches.into_iter().map(to_dispatch).collect::<Result<_, _>>()?,
        ratings: cell::from_json(WHAT, row.ratings)?,
        followers: cell::from_json(WHAT, row.followers)?,
        urged_at: row.urged_at,
        urges: cell::number(WHAT, row.urges)?,
        version: row.version,
        head: ChainHash(cell::bytes(WHAT, row.head)?),
    })
}

fn to_source(system: Option<String>, reference: Option<String>) -> Result<Source, StoreError> {
    match (system, reference) {
        (None, None) => Ok(Source::MiniProgram),
        (Some(system), Some(reference)) => Ok(Source::Import { system, reference }),
        (Some(_), None) | (None, Some(_)) => Err(StoreError::corrupt(WHAT, "half of a source")),
    }
}

fn to_optional_json<T: Serialize>(value: Option<&T>) -> Result<Option<JsonValue>, StoreError> {
    value.map(|v| cell::to_json(WHAT, v)).transpose()
}

fn from_optional_json<T: DeserializeOwned>(value: Option<JsonValue>) -> Result<Option<T>, StoreError> {
    value.map(|v| cell::from_json(WHAT, v)).transpose()
}
