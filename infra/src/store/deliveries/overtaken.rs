use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use domain::notice::{Channel, DeliveryState, Facts, Mark, NoticeKind, Outcome, perishable};
use domain::ports::StoreError;

use super::settle::{end, write_ends};
use crate::database::store_error;
use crate::entity::delivery::{Column, Entity, Model};
use crate::store::cell;

const WHAT: &str = "delivery";

/// Ends what waits to be sent or called about and is not true any more after these notices of orders, or was not when they
/// were written: several workers may bring them in any order.
pub(in crate::store) async fn end_overtaken(
    tx: &DatabaseTransaction,
    told: &[(Uuid, Mark)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let kinds: Vec<NoticeKind> = perishable().collect();
    let orders: BTreeSet<Uuid> =
        told.iter().filter(|(_, mark)| kinds.contains(&mark.kind)).map(|(order, _)| *order).collect();
    if orders.is_empty() {
        return Ok(());
    }
    let mut marks: HashMap<Uuid, Vec<Mark>> = HashMap::new();
    for (order, mark) in told {
        marks.entry(*order).or_default().push(*mark);
    }
    let here = || Entity::find().filter(Column::OrderId.is_in(orders.iter().copied()));
    let of_these = |kinds: &[NoticeKind]| Column::Kind.is_in(kinds.iter().map(<&str>::from));
    // Each notice has its items in inboxes, however it went on.
    let before = here().filter(of_these(&kinds)).filter(Column::Channel.eq(<&str>::from(Channel::Inbox)));
    for row in before.all(tx).await.map_err(store_error)? {
        let (order, mark) = marked(&row)?;
        marks.entry(order).or_default().push(mark);
    }
    let waiting = here()
        .filter(of_these(&kinds))
        .filter(Column::State.eq(DeliveryState::Queued.name()))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await
        .map_err(store_error)?;
    let mut overtaken = Vec::new();
    for row in waiting {
        let (order, mark) = marked(&row)?;
        if marks.get(&order).is_some_and(|marks| marks.iter().any(|later| mark.is_overtaken_by(*later))) {
            overtaken.push(end(row, Outcome::Overtaken, None, None, now));
        }
    }
    write_ends(tx, &overtaken, now).await
}

fn marked(row: &Model) -> Result<(Uuid, Mark), StoreError> {
    let (kind, partner) = (cell::named(WHAT, &row.kind)?, row.about_partner_id.map(Into::into));
    let (seq, session) = (row.seq.unwrap_or_default(), session(row.facts.as_ref())?);
    Ok((row.order_id.unwrap_or_default(), Mark { seq, at: row.at, kind, partner, session }))
}

/// Of what these facts speak, where that is one meeting of a case.
pub(in crate::store) fn session(facts: Option<&serde_json::Value>) -> Result<Option<u8>, StoreError> {
    let facts: Option<Facts> = facts.map(|facts| cell::from_json(WHAT, facts.clone())).transpose()?;
    Ok(facts.and_then(|facts| facts.session()))
}
