use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::notice::{DeliveryState, FOLD_WINDOW, NoticeKind, Outcome};
use domain::ports::StoreError;

use super::sent_names;
use crate::clock::uuid_at;
use crate::database::store_error;
use crate::entity::delivery::{Column, Entity};
use crate::store::cell;

#[derive(FromQueryResult)]
struct Last {
    person: Uuid,
    kind: String,
    leaves: Option<DateTime<Utc>>,
}

/// When the last message of each kind left for each of these people, or will leave.
pub(in crate::store) async fn last_equal(
    db: &impl ConnectionTrait,
    persons: &BTreeSet<PersonId>,
    now: DateTime<Utc>,
) -> Result<HashMap<(PersonId, NoticeKind), DateTime<Utc>>, StoreError> {
    let is_queued = Expr::col(Column::State).eq(DeliveryState::Queued.name());
    let left = Func::coalesce([Expr::col(Column::EndedAt), Expr::col(Column::At)]);
    let leaves = Expr::case(is_queued, Expr::col(Column::DueAt)).finally(left);
    let counted = [
        DeliveryState::Queued,
        DeliveryState::Sending,
        DeliveryState::Ended(Outcome::Delivered),
        DeliveryState::Ended(Outcome::Unconfirmed),
    ];
    let query = Query::select()
        .expr_as(Expr::col(Column::PersonId), "person")
        .expr_as(Expr::col(Column::Kind), "kind")
        .expr_as(Expr::expr(leaves).max(), "leaves")
        .from(Entity)
        .and_where(Expr::col(Column::PersonId).is_in(persons.iter().map(|id| id.0)))
        .and_where(Expr::col(Column::Channel).is_in(sent_names()))
        .and_where(Expr::col(Column::State).is_in(counted.map(DeliveryState::name)))
        // Ids grow with time: what is older than a night and a window delays nothing.
        .and_where(Expr::col(Column::Id).gte(uuid_at(now - FOLD_WINDOW - chrono::TimeDelta::hours(12))))
        .group_by_columns([Column::PersonId, Column::Kind])
        .take();
    let mut last = HashMap::new();
    for row in &db.query_all(&query).await.map_err(store_error)? {
        let Last { person, kind, leaves } = Last::from_query_result(row, "").map_err(store_error)?;
        if let Some(leaves) = leaves {
            last.insert((person.into(), cell::named("delivery", &kind)?), leaves);
        }
    }
    Ok(last)
}
