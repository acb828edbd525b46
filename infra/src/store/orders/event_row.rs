//! Event ↔ row. What happened is kept as the text that was hashed; time, person and hat stand beside it.

use uuid::Uuid;

use domain::order::{ChainHash, ChainRow, Chained, Event, EventKind, Happening, Salt};
use domain::ports::StoreError;

use crate::entity::order_event;
use crate::store::cell;
use crate::vault::{Cell, Row, Vault};

const WHAT: &str = "event";

pub(super) fn row(vault: &Vault, chained: &Chained) -> Result<order_event::Model, StoreError> {
    let event = &chained.event;
    Ok(order_event::Model {
        order_id: event.order.0,
        seq: event.seq,
        at: event.at,
        by_id: event.by.0,
        hat: event.hat.to_string(),
        kind: EventKind::from(&event.what).to_string(),
        body: vault.lock(body_cell(event.order.0, event.seq), chained.body.as_bytes())?,
        salt: Some(chained.salt.0.to_vec()),
        body_hash: chained.body_hash.0.to_vec(),
        hash: chained.hash.0.to_vec(),
        erased_at: None,
    })
}

pub(in crate::store) fn to_event(vault: &Vault, row: &order_event::Model) -> Result<Event, StoreError> {
    read(row, &body(vault, row)?)
}

fn read(row: &order_event::Model, body: &str) -> Result<Event, StoreError> {
    let unreadable = |e| StoreError::corrupt(WHAT, format!("{} of order {}: {e}", row.seq, row.order_id));
    let what: Happening = serde_json::from_str(body).map_err(unreadable)?;
    cell::agree(WHAT, cell::named::<EventKind>(WHAT, &row.kind)?, EventKind::from(&what))?;
    Ok(Event {
        order: row.order_id.into(),
        seq: row.seq,
        at: row.at,
        by: row.by_id.into(),
        hat: cell::named(WHAT, &row.hat)?,
        what,
    })
}

pub(in crate::store) fn to_chain_row(vault: &Vault, row: order_event::Model) -> Result<ChainRow, StoreError> {
    let body = body(vault, &row)?;
    Ok(ChainRow {
        event: read(&row, &body)?,
        body,
        salt: row.salt.map(|salt| cell::bytes(WHAT, salt).map(Salt)).transpose()?,
        is_erased: row.erased_at.is_some(),
        body_hash: ChainHash(cell::bytes(WHAT, row.body_hash)?),
        hash: ChainHash(cell::bytes(WHAT, row.hash)?),
    })
}

fn body(vault: &Vault, row: &order_event::Model) -> Result<String, StoreError> {
    let body = vault.unlock(body_cell(row.order_id, row.seq), &row.body)?;
    String::from_utf8(body).map_err(|e| StoreError::corrupt(WHAT, e))
}

/// What is left of an event out of which words were taken.
pub(in crate::store) fn left_of(vault: &Vault, event: &Event) -> Result<Vec<u8>, StoreError> {
    cell::lock(vault, body_cell(event.order.0, event.seq), &event.what)
}

fn body_cell(order: Uuid, seq: i64) -> Cell<'static> {
    Cell::new("order_events.body", Row::Numbered(order, seq))
}
