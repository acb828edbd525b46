//! [`PartnerStore`] over the tables `partners`, `partner_particulars`, `partner_jobs` and `partner_records`.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use domain::ids::PartnerId;
use domain::order::Counts;
use domain::place::{Agreement, Listing, PaperClock, Particulars, Partner, Suspension, Terms};
use domain::ports::{Answer, Commit, Opening, PartnerSaved, PartnerStore, StoreError};

use super::constraint::PARTNER_USCC;
use super::write::{Halt, finish, insert_answer};
use super::{cell, directory};
use crate::database::{Database, store_error};
use crate::entity::partner_particulars::{self, Column, Entity};
use crate::entity::{partner_jobs, partner_record};
use crate::vault::Vault;

const WHAT: &str = "partner";

/// What a partner's own staff may change.
const OPENING: [Column; 4] = [Column::Hours, Column::ClosedDays, Column::Offers, Column::OnDuty];

pub struct PartnerRows {
    db: Database,
    vault: Arc<Vault>,
}

impl PartnerRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }
}

#[async_trait]
impl PartnerStore for PartnerRows {
    async fn save_partner(
        &self,
        partner: &Partner,
        particulars: &Particulars,
        with_opening: bool,
        today: NaiveDate,
        answer: Option<&Answer>,
    ) -> Result<PartnerSaved, StoreError> {
        let mut row = to_row(partner.id, particulars)?;
        let tx = self.db.begin_write().await?;
        if let Some(answer) = answer
            && let Err(halt) = insert_answer(&tx, &self.vault, answer, None).await
        {
            return finish(tx, Err(halt)).await.map(PartnerSaved::Ended);
        }
        match directory::upsert_partner(&tx, partner).await {
            Err(error) if PARTNER_USCC.is_violated_by(&error) => {
                tx.rollback().await.map_err(store_error)?;
                return Ok(PartnerSaved::UsccTaken);
            }
            written => written.map_err(store_error)?,
        }
        let clock = particulars.terms.clock_from(paper_clock(&tx, partner.id).await?, today);
        (row.papers_due_on, row.papers_told_on) = (clock.due, clock.told);
        let written = upsert(&tx, row, |column| with_opening || !OPENING.iter().any(|own| same(own, column))).await;
        finish(tx, written).await.map(PartnerSaved::Ended)
    }

    async fn save_opening(
        &self,
        partner: PartnerId,
        opening: &Opening,
        answer: Option<&Answer>,
    ) -> Result<Commit, StoreError> {
        let Opening { hours, closed_days, offers, on_duty } = opening.clone();
        let listing = Listing { hours, closed_days, offers, ..Listing::default() };
        let row = to_row(partner, &Particulars { listing, terms: Terms::default(), on_duty })?;
        let tx = self.db.begin_write().await?;
        let written = async {
            if let Some(answer) = answer {
                insert_answer(&tx, &self.vault, answer, None).await?;
            }
            upsert(&tx, row, |column| OPENING.iter().any(|own| same(own, column))).await
        };
        let written = written.await;
        finish(tx, written).await
    }

    async fn particulars_of(&self, partners: &[PartnerId]) -> Result<HashMap<PartnerId, Particulars>, StoreError> {
        let rows = Entity::find().filter(Column::PartnerId.is_in(ids(partners))).all(self.db.reader()).await;
        let mut all: HashMap<_, _> = partners.iter().map(|partner| (*partner, Particulars::default())).collect();
        for row in rows.map_err(store_error)? {
            all.insert(row.partner_id.into(), to_particulars(row)?);
        }
        Ok(all)
    }

    async fn open_jobs_of(&self, partners: &[PartnerId]) -> Result<HashMap<PartnerId, u32>, StoreError> {
        let rows = partner_jobs::Entity::find()
            .filter(partner_jobs::Column::PartnerId.is_in(ids(partners)))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(|row| Ok((row.partner_id.into(), cell::number(WHAT, row.open)?))).collect()
    }

    async fn record_of(
        &self,
        partner: PartnerId,
        from: NaiveDate,
        until: NaiveDate,
    ) -> Result<Vec<(NaiveDate, Counts)>, StoreError> {
        let rows = partner_record::Entity::find()
            .filter(partner_record::Column::PartnerId.eq(partner.0))
            .filter(partner_record::Column::Month.gte(from))
            .filter(partner_record::Column::Month.lte(until))
            .order_by_asc(partner_record::Column::Month)
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        Ok(rows.iter().map(|row| (row.month, to_counts(row))).collect())
    }

    async fn totals_of(&self, partners: &[PartnerId]) -> Result<HashMap<PartnerId, Counts>, StoreError> {
        // A partner has twelve rows a year.
        let rows = partner_record::Entity::find()
            .filter(partner_record::Column::PartnerId.is_in(ids(partners)))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        let mut totals: HashMap<PartnerId, Counts> = HashMap::new();
        for row in &rows {
            *totals.entry(row.partner_id.into()).or_default() += to_counts(row);
        }
        Ok(totals)
    }
}

/// Writes the row, or these columns of the one that is there.
async fn upsert(
    tx: &DatabaseTransaction,
    row: partner_particulars::Model,
    overwritten: impl Fn(&Column) -> bool,
) -> Result<(), Halt> {
    let overwrite = OnConflict::column(Column::PartnerId)
        .update_columns(Column::iter().filter(|column| !same(column, &Column::PartnerId)).filter(overwritten))
        .to_owned();
    let inserted = Entity::insert(row.into_active_model()).on_conflict(overwrite).exec_without_returning(tx).await;
    inserted.map(drop).map_err(|e| Halt::Failed(store_error(e)))
}

/// As it stands until the end of the transaction: whoever reminds of papers waits.
async fn paper_clock(tx: &DatabaseTransaction, partner: PartnerId) -> Result<PaperClock, StoreError> {
    let row = Entity::find_by_id(partner.0).lock_exclusive().one(tx).await.map_err(store_error)?;
    Ok(row.map_or_else(PaperClock::default, |row| PaperClock { due: row.papers_due_on, told: row.papers_told_on }))
}

fn same(one: &Column, other: &Column) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

fn ids(partners: &[PartnerId]) -> impl Iterator<Item = Uuid> {
    partners.iter().map(|partner| partner.0)
}

fn to_row(partner: PartnerId, particulars: &Particulars) -> Result<partner_particulars::Model, StoreError> {
    let Particulars { listing, terms, on_duty } = particulars;
    let (agreement, suspended) = (terms.agreement.as_ref(), terms.suspended.as_ref());
    Ok(partner_particulars::Model {
        partner_id: partner.0,
        description: listing.description.clone(),
        address: listing.address.clone(),
        phone: listing.phone.clone(),
        hours: cell::to_json(WHAT, &listing.hours)?,
        closed_days: cell::to_json(WHAT, &listing.closed_days)?,
        offers: cell::to_json(WHAT, &listing.offers)?,
        agreement_number: agreement.and_then(|agreement| agreement.number.clone()),
        agreement_from: agreement.map(|agreement| agreement.from),
        agreement_until: agreement.map(|agreement| agreement.until),
        licences: cell::to_json(WHAT, &terms.licences)?,
        alliance: terms.alliance,
        suspended_since: suspended.map(|suspension| suspension.since),
        suspended_reason: suspended.map(|suspension| suspension.reason.clone()),
        on_duty: *on_duty,
        papers_due_on: None,
        papers_told_on: None,
        open_job_limit: terms.open_job_limit.map(Into::into),
    })
}

pub(super) fn to_particulars(row: partner_particulars::Model) -> Result<Particulars, StoreError> {
    let agreement = row.agreement_from.zip(row.agreement_until);
    let agreement = agreement.map(|(from, until)| Agreement { number: row.agreement_number, from, until });
    let suspended = row.suspended_since.zip(row.suspended_reason);
    Ok(Particulars {
        listing: Listing {
            description: row.description,
            address: row.address,
            phone: row.phone,
            hours: cell::from_json(WHAT, row.hours)?,
            closed_days: cell::from_json(WHAT, row.closed_days)?,
            offers: cell::from_json(WHAT, row.offers)?,
        },
        terms: Terms {
            agreement,
            licences: cell::from_json(WHAT, row.licences)?,
            alliance: row.alliance,
            suspended: suspended.map(|(since, reason)| Suspension { since, reason }),
            open_job_limit: row.open_job_limit.map(|limit| cell::number(WHAT, limit)).transpose()?,
        },
        on_duty: row.on_duty,
    })
}

fn to_counts(row: &partner_record::Model) -> Counts {
    Counts {
        dispatches: row.dispatches,
        withdrawn: row.withdrawn,
        signed: row.signed,
        signed_in_time: row.signed_in_time,
        returns: row.returns,
        reworks: row.reworks,
        completed: row.completed,
        ratings: row.ratings,
        points: row.points,
        solved: row.solved,
    }
}
