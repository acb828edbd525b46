//! Event ↔ row. What happened is kept as the text that was hashed; time, person and hat stand beside it.

use domain::order::{ChainHash, ChainRow, Chained, Event, EventKind, Happening, Salt};
use domain::ports::StoreError;

use crate::entity::order_event;
use crate::store::cell;

const WHAT: &str = "event";

pub(super) fn row(chained: &Chained) -> order_event::Model {
    let event = &chained.event;
    order_event::Model {
        order_id: event.order.0,
        seq: event.seq,
        at: event.at,
        by_id: event.by.0,
        hat: event.hat.to_string(),
        kind: EventKind::from(&event.what).to_string(),
        body: chained.body.clone(),
        salt: chained.salt.0.to_vec(),
        body_hash: chained.body_hash.0.to_vec(),
        hash: chained.hash.0.to_vec(),
    }
}

pub(super) fn to_event(row: &order_event::Model) -> Result<Event, StoreError> {
    let unreadable = |e| StoreError::corrupt(WHAT, format!("{} of order {}: {e}", row.seq, row.order_id));
    let what: Happening = serde_json::from_str(&row.body).map_err(unreadable)?;
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

pub(in crate::store) fn to_chain_row(row: order_event::Model) -> Result<ChainRow, StoreError> {
    Ok(ChainRow {
        event: to_event(&row)?,
        body: row.body,
        salt: Salt(cell::bytes(WHAT, row.salt)?),
        body_hash: ChainHash(cell::bytes(WHAT, row.body_hash)?),
        hash: ChainHash(cell::bytes(WHAT, row.hash)?),
    })
}
