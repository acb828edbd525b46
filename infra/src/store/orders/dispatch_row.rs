use sea_orm::sea_query::OnConflict;
use uuid::Uuid;

use domain::order::{Dispatch, DispatchStatus, Event, HandlerRole, Happening, Order};
use domain::ports::StoreError;

use crate::entity::dispatch::{self, Column};
use crate::store::cell;
use crate::vault::{Cell, Row, Vault};

const WHAT: &str = "dispatch";

/// The rows of those dispatches that the event made or changed.
pub(super) fn touched_rows(vault: &Vault, order: &Order, event: &Event) -> Result<Vec<dispatch::Model>, StoreError> {
    let all = order.dispatches.iter().zip(0i16..);
    all.filter(|(d, _)| is_touched(d, event)).map(|(d, position)| row(vault, order, d, position)).collect()
}

/// All of the order's.
pub(in crate::store) fn rows(vault: &Vault, order: &Order) -> Result<Vec<dispatch::Model>, StoreError> {
    order.dispatches.iter().zip(0i16..).map(|(d, position)| row(vault, order, d, position)).collect()
}

/// A dispatch that is there already gets a new state; where it belongs never changes.
pub(in crate::store) fn overwrite_state() -> OnConflict {
    OnConflict::column(Column::Id).update_columns([Column::Status, Column::Body]).to_owned()
}

pub(in crate::store) fn to_dispatch(vault: &Vault, row: dispatch::Model) -> Result<Dispatch, StoreError> {
    let dispatch: Dispatch = cell::unlock(vault, body_cell(row.id), &row.body)?;
    let status: DispatchStatus = cell::named(WHAT, &row.status)?;
    let role: HandlerRole = cell::named(WHAT, &row.role)?;
    cell::agree(WHAT, status, dispatch.status())?;
    cell::agree(WHAT, role, dispatch.role)?;
    cell::agree(WHAT, row.round, dispatch.round.into())?;
    cell::agree(WHAT, (row.id, row.partner_id), (dispatch.id.0, dispatch.partner.0))?;
    Ok(dispatch)
}

fn row(vault: &Vault, order: &Order, d: &Dispatch, position: i16) -> Result<dispatch::Model, StoreError> {
    Ok(dispatch::Model {
        id: d.id.0,
        order_id: order.id.0,
        position,
        community_id: order.community.0,
        partner_id: d.partner.0,
        role: d.role.to_string(),
        status: d.status().to_string(),
        round: d.round.into(),
        sent_at: d.sent_at,
        body: cell::lock(vault, body_cell(d.id.0), d)?,
    })
}

fn body_cell(id: Uuid) -> Cell<'static> {
    Cell::new("dispatches.body", Row::Id(id))
}

fn is_touched(d: &Dispatch, event: &Event) -> bool {
    match &event.what {
        Happening::Dispatched { dispatch } => d.id == dispatch.id,
        Happening::Signed { dispatch, .. }
        | Happening::Returned { dispatch, .. }
        | Happening::Completed { dispatch, .. }
        | Happening::Recalled { dispatch, .. }
        | Happening::Reworked { dispatch, .. }
        | Happening::Quoted { dispatch, .. }
        | Happening::QuoteAnswered { dispatch, .. } => d.id == *dispatch,
        Happening::Visited { dispatch, .. } => Some(d.id) == *dispatch,
        // The end of an order takes the open ones away from their handlers.
        Happening::Withdrawn { .. } | Happening::Resolved { .. } => d.was_recalled_at(event.at),
        Happening::Submitted { .. }
        | Happening::Accepted { .. }
        | Happening::Checked { .. }
        | Happening::Refused { .. }
        | Happening::Merged { .. }
        | Happening::Absorbed { .. }
        | Happening::Located { .. }
        | Happening::Rated { .. }
        | Happening::Reopened { .. }
        | Happening::Urged
        | Happening::Commented { .. }
        | Happening::Unshared
        | Happening::Mediated { .. } => false,
    }
}
