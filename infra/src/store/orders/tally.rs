//! What moves add to the records of partners, and the jobs that these hold open.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use uuid::Uuid;

use domain::order::{Counts, Tally};
use domain::ports::{Change, Commit, StoreError};

use crate::database::store_error;
use crate::entity::{partner_jobs, partner_particulars, partner_record};
use crate::store::cell;
use crate::store::write::Halt;

const WHAT: &str = "partner";

/// Rows are taken by partner, and by partner and month: two transactions never wait for each other.
pub(super) async fn write(tx: &DatabaseTransaction, changes: &[&Change]) -> Result<(), Halt> {
    let tallies: Vec<&Tally> = changes.iter().flat_map(|change| &change.tallies).collect();
    if tallies.is_empty() {
        return Ok(());
    }
    count_jobs(tx, &tallies).await?;
    Ok(add_to_records(tx, &tallies).await?)
}

async fn count_jobs(tx: &DatabaseTransaction, tallies: &[&Tally]) -> Result<(), Halt> {
    let mut jobs: BTreeMap<Uuid, (i64, bool)> = BTreeMap::new();
    for tally in tallies.iter().filter(|tally| tally.open_jobs != 0) {
        let (more, needs_room) = jobs.entry(tally.partner.0).or_default();
        *more += tally.open_jobs;
        *needs_room |= tally.needs_room;
    }
    for (partner, (more, needs_room)) in jobs {
        add_jobs(tx, partner, more).await?;
        if needs_room {
            // The row is ours until the end of the transaction: nobody else counts meanwhile.
            must_have_room(tx, partner).await?;
        }
    }
    Ok(())
}

async fn add_jobs(tx: &DatabaseTransaction, partner: Uuid, more: i64) -> Result<(), StoreError> {
    use partner_jobs::{Column, Entity, Model};
    let sum = Expr::col((Entity, Column::Open)).add(more);
    if more < 0 {
        // What is given back was counted before.
        let less = Entity::update_many().col_expr(Column::Open, sum).filter(Column::PartnerId.eq(partner));
        let less = less.exec(tx).await.map_err(store_error)?;
        let is_known = less.rows_affected == 1;
        return is_known.then_some(()).ok_or_else(|| StoreError::corrupt(WHAT, "jobs that were never counted"));
    }
    Entity::insert(Model { partner_id: partner, open: more }.into_active_model())
        .on_conflict(OnConflict::column(Column::PartnerId).value(Column::Open, sum).to_owned())
        .exec_without_returning(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

async fn must_have_room(tx: &DatabaseTransaction, partner: Uuid) -> Result<(), Halt> {
    let limit: Option<Option<i64>> = partner_particulars::Entity::find()
        .select_only()
        .column(partner_particulars::Column::OpenJobLimit)
        .filter(partner_particulars::Column::PartnerId.eq(partner))
        .into_tuple()
        .one(tx)
        .await
        .map_err(store_error)?;
    let Some(limit) = limit.flatten() else { return Ok(()) };
    let jobs = partner_jobs::Entity::find_by_id(partner).one(tx).await.map_err(store_error)?;
    if jobs.is_some_and(|jobs| jobs.open > limit) {
        let limit = cell::number(WHAT, limit)?;
        return Err(Halt::Ended(Commit::PartnerFull { limit }));
    }
    Ok(())
}

async fn add_to_records(tx: &DatabaseTransaction, tallies: &[&Tally]) -> Result<(), StoreError> {
    let mut records: BTreeMap<(Uuid, NaiveDate), Counts> = BTreeMap::new();
    for tally in tallies.iter().filter(|tally| tally.counts != Counts::default()) {
        *records.entry((tally.partner.0, tally.month)).or_default() += tally.counts;
    }
    if records.is_empty() {
        return Ok(());
    }
    use partner_record::Column::{
        Completed, Dispatches, Month, PartnerId, Points, Ratings, Returns, Reworks, Signed, SignedInTime, Solved,
        Withdrawn,
    };
    let columns = [Dispatches, Withdrawn, Signed, SignedInTime, Returns, Reworks, Completed, Ratings, Points, Solved];
    let mut add = OnConflict::columns([PartnerId, Month]);
    for column in columns {
        add.value(column, Expr::col((partner_record::Entity, column)).add(Expr::col(("excluded", column))));
    }
    let rows = records.into_iter().map(|((partner, month), counts)| row(partner, month, counts).into_active_model());
    partner_record::Entity::insert_many(rows)
        .on_conflict(add)
        .exec_without_returning(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

fn row(partner_id: Uuid, month: NaiveDate, counts: Counts) -> partner_record::Model {
    partner_record::Model {
        partner_id,
        month,
        dispatches: counts.dispatches,
        withdrawn: counts.withdrawn,
        signed: counts.signed,
        signed_in_time: counts.signed_in_time,
        returns: counts.returns,
        reworks: counts.reworks,
        completed: counts.completed,
        ratings: counts.ratings,
        points: counts.points,
        solved: counts.solved,
    }
}
