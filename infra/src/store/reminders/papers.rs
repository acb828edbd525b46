//! Papers of partners that end.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use domain::ids::{CommunityId, PartnerId};
use domain::notice::notices_of_papers;
use domain::place::PaperClock;
use domain::ports::StoreError;

use crate::database::store_error;
use crate::entity::partner_particulars::{Column, Entity, Model};
use crate::entity::{community, outbox as outbox_table, partner};
use crate::store::outbox::{self, of_community};
use crate::store::partners::to_particulars;

/// Rows that another worker holds are passed over: it tells of them.
pub(super) async fn remind(
    tx: &DatabaseTransaction,
    today: NaiveDate,
    now: DateTime<Utc>,
    limit: u16,
) -> Result<u64, StoreError> {
    let due = Entity::find()
        .filter(Column::PapersDueOn.lte(today))
        .order_by_asc(Column::PapersDueOn)
        .order_by_asc(Column::PartnerId)
        .limit(u64::from(limit))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await
        .map_err(store_error)?;
    let homes = homes(tx, due.iter().map(|row| row.partner_id)).await?;
    let (mut told, mut looked_at) = (Vec::new(), 0);
    for row in due {
        looked_at += 1;
        let (id, home) = (row.partner_id, homes.get(&row.partner_id).copied());
        let next = match news(row, home, today, now) {
            Ok((notices, next)) => {
                told.extend(notices);
                next
            }
            // One that cannot be read keeps nobody from being told of all others.
            Err(error) => {
                tracing::error!(partner = %id, error = &error as &dyn std::error::Error, "papers: a partner was put off");
                PaperClock { due: today.succ_opt(), told: None }
            }
        };
        set_clock(tx, id, next).await?;
    }
    outbox::insert(tx, told).await?;
    Ok(looked_at)
}

/// The communities of those that still work there.
async fn homes(
    tx: &DatabaseTransaction,
    partners: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, CommunityId>, StoreError> {
    let open = partner::Entity::find()
        .filter(partner::Column::Id.is_in(partners))
        .filter(partner::Column::Closed.eq(false))
        .all(tx)
        .await
        .map_err(store_error)?;
    let places = open.iter().map(|partner| partner.place_id);
    let communities: Vec<Uuid> = community::Entity::find()
        .select_only()
        .column(community::Column::Id)
        .filter(community::Column::Id.is_in(places))
        .into_tuple()
        .all(tx)
        .await
        .map_err(store_error)?;
    let communities: HashSet<Uuid> = communities.into_iter().collect();
    let at_home = open.into_iter().filter(|partner| communities.contains(&partner.place_id));
    Ok(at_home.map(|partner| (partner.id, partner.place_id.into())).collect())
}

/// What is told now, and when there is something to tell again.
fn news(
    row: Model,
    home: Option<CommunityId>,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(Vec<outbox_table::Model>, PaperClock), StoreError> {
    let (partner, since) = (PartnerId(row.partner_id), row.papers_due_on.unwrap_or(today));
    let terms = to_particulars(row)?.terms;
    let next = terms.clock_after(today);
    let Some(community) = home else { return Ok((Vec::new(), next)) };
    let notices = notices_of_papers(partner, community, &terms.paper_news(since, today));
    let told = notices.iter().map(|notice| of_community(community, notice, now)).collect::<Result<_, _>>()?;
    Ok((told, next))
}

async fn set_clock(tx: &DatabaseTransaction, partner: Uuid, clock: PaperClock) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::PapersDueOn, Expr::val(clock.due))
        .col_expr(Column::PapersToldOn, Expr::val(clock.told))
        .filter(Column::PartnerId.eq(partner))
        .exec(tx)
        .await
        .map(drop)
        .map_err(store_error)
}
