//! A booking follows its order.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use chrono::{DateTime, Utc};
use domain::booking::BookingState;
use domain::order::Happening;
use domain::ports::{Change, Commit};

use super::seat;
use crate::database::store_error;
use crate::entity::booking::{Column, Entity};
use crate::store::write::Halt;

/// Inside the transaction that changes the orders.
pub(in crate::store) async fn follow(tx: &DatabaseTransaction, changes: &[&Change]) -> Result<(), Halt> {
    for change in changes.iter().filter(|change| change.next.terms.booked) {
        let (order, at) = (change.next.id, change.chained.event.at);
        match &change.chained.event.what {
            Happening::Submitted { .. } => {
                let kept = Entity::update_many()
                    .col_expr(Column::HeldUntil, Expr::val(None::<DateTime<Utc>>))
                    .filter(Column::OrderId.eq(order.0))
                    .filter(Column::HeldUntil.is_not_null())
                    .exec(tx)
                    .await
                    .map_err(store_error)?;
                if kept.rows_affected == 0 {
                    return Err(Halt::Ended(Commit::SeatLost));
                }
            }
            Happening::Withdrawn { .. } | Happening::Refused { .. } | Happening::Merged { .. } => {
                seat::give_back(tx, order, BookingState::Cancelled, at).await?;
            }
            Happening::Resolved { .. } => seat::served(tx, order, at).await?,
            Happening::Accepted { .. }
            | Happening::Checked { .. }
            | Happening::Absorbed { .. }
            | Happening::Dispatched { .. }
            | Happening::Located { .. }
            | Happening::Signed { .. }
            | Happening::Returned { .. }
            | Happening::Visited { .. }
            | Happening::Mediated { .. }
            | Happening::Completed { .. }
            | Happening::Recalled { .. }
            | Happening::Reworked { .. }
            | Happening::Quoted { .. }
            | Happening::QuoteAnswered { .. }
            | Happening::Rated { .. }
            | Happening::Reopened { .. }
            | Happening::Urged
            | Happening::Commented { .. }
            | Happening::Unshared => {}
        }
    }
    Ok(())
}
