//! [`CampaignStore`] over the tables `campaigns`, `households`, `campaign_visits` and those beside them.

mod enlist;
mod find;
mod forget;
mod helpers;
mod household;
mod record;
mod row;
mod sight;
mod totals;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use domain::campaign::{Campaign, CampaignSight, Household, Look, Refusal, Target, Totals, Visit};
use domain::ids::{CampaignId, HouseholdId, PartnerId, PersonId};
use domain::notice::Notice;
use domain::people::Disclosure;
use domain::ports::{
    Answer, CampaignQuery, CampaignStore, Commit, Enlisted, Fulfilled, HouseholdQuery, Promised, Recorded, Recount,
    StoreError, Which,
};

use super::disclosures;
use super::outbox::{self, of_community};
use super::write::{Halt, finish, fulfil, insert_answer, keep, outrun, promise};
use crate::database::{Database, store_error};
use crate::entity::{campaign, disclosure, household_look};
use crate::vault::Vault;

pub(super) use forget::{forget_closed, forget_person, forgettable};

pub struct CampaignRows {
    db: Database,
    vault: Arc<Vault>,
}

impl CampaignRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }
}

#[async_trait]
impl CampaignStore for CampaignRows {
    async fn open(
        &self,
        campaign: &Campaign,
        notices: &[Notice],
        answer: Option<&Answer>,
    ) -> Result<Commit, StoreError> {
        let tx = self.db.begin_write().await?;
        let written = async {
            if let Some(answer) = answer {
                insert_answer(&tx, &self.vault, answer, None).await?;
            }
            row::insert(&tx, &self.vault, campaign).await?;
            let told = notices.iter().map(|notice| of_community(campaign.community, notice, campaign.opened_at));
            Ok::<_, Halt>(outbox::insert(&tx, told.collect::<Result<_, _>>()?).await?)
        };
        let written = written.await;
        finish(tx, written).await
    }

    async fn campaigns(&self, query: &CampaignQuery) -> Result<Vec<Campaign>, StoreError> {
        find::page(self.db.reader(), &self.vault, query).await
    }

    async fn find_campaign(&self, id: CampaignId, sight: &CampaignSight) -> Result<Option<Campaign>, StoreError> {
        find::one(self.db.reader(), &self.vault, id, sight).await
    }

    async fn close(&self, id: CampaignId, by: PersonId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let closed = campaign::Entity::update_many()
            .col_expr(campaign::Column::ClosedBy, by.0.into())
            .col_expr(campaign::Column::ClosedAt, at.into())
            .filter(campaign::Column::Id.eq(id.0))
            .filter(campaign::Column::ClosedAt.is_null());
        closed.exec(self.db.writer()).await.map(|done| done.rows_affected == 1).map_err(store_error)
    }

    async fn enlist(
        &self,
        campaign: CampaignId,
        targets: &[Target],
        answer: Option<&Answer>,
    ) -> Result<Enlisted, StoreError> {
        let tx = self.db.begin_write().await?;
        let enlisted = enlist::all(&tx, &self.vault, campaign, targets, answer).await?;
        enlist::end(tx, enlisted).await
    }

    async fn enlist_new(
        &self,
        campaign: CampaignId,
        targets: &[Target],
        answer: Option<&Promised<'_, u32>>,
    ) -> Result<(Enlisted, u32), StoreError> {
        let tx = self.db.begin_write().await?;
        if !promise(&tx, &self.vault, answer).await? {
            return Ok((enlist::end(tx, Enlisted::KeyTaken).await?, 0));
        }
        let (enlisted, count) = enlist::new_ones(&tx, &self.vault, campaign, targets).await?;
        if matches!(enlisted, Enlisted::Done(_)) {
            keep(&tx, &self.vault, answer, &count).await?;
        }
        Ok((enlist::end(tx, enlisted).await?, count))
    }

    async fn assign(
        &self,
        campaign: CampaignId,
        which: &Which,
        to: Option<PartnerId>,
        answer: Option<&Promised<'_, u64>>,
    ) -> Result<Result<Fulfilled<u64>, Refusal>, StoreError> {
        let tx = self.db.begin_write().await?;
        if !promise(&tx, &self.vault, answer).await? {
            return outrun(tx).await;
        }
        let assigned = helpers::assign(&tx, campaign, which, to).await?;
        fulfil(tx, &self.vault, answer, assigned).await
    }

    async fn dismiss(
        &self,
        campaign: CampaignId,
        partner: PartnerId,
        answer: Option<&Answer>,
    ) -> Result<Result<Commit, Refusal>, StoreError> {
        let tx = self.db.begin_write().await?;
        if let Some(answer) = answer
            && let Err(halt) = insert_answer(&tx, &self.vault, answer, None).await
        {
            return finish(tx, Err(halt)).await.map(Ok);
        }
        let dismissed = helpers::dismiss(&tx, campaign, partner).await?;
        match &dismissed {
            Ok(()) => tx.commit().await,
            Err(_) => tx.rollback().await,
        }
        .map_err(store_error)?;
        Ok(dismissed.map(|()| Commit::Done))
    }

    async fn households(&self, query: &HouseholdQuery) -> Result<Vec<Household>, StoreError> {
        household::page(self.db.reader(), &self.vault, query).await
    }

    async fn find_household(
        &self,
        id: HouseholdId,
        sight: &CampaignSight,
    ) -> Result<Option<(Campaign, Household)>, StoreError> {
        let db = self.db.reader();
        let Some(household) = household::one(db, &self.vault, id).await? else { return Ok(None) };
        let campaign = find::one(db, &self.vault, household.campaign, sight).await?;
        let known = campaign.filter(|campaign| sight.standing(campaign, &household).is_some());
        Ok(known.map(|campaign| (campaign, household)))
    }

    async fn record(&self, visit: &Visit, answer: Option<&Answer>) -> Result<Recorded, StoreError> {
        let tx = self.db.begin_write().await?;
        let recorded = record::write(&tx, &self.vault, visit, answer).await?;
        match recorded {
            Recorded::Done => tx.commit().await,
            Recorded::Taken | Recorded::Closed | Recorded::PhotoUnavailable | Recorded::KeyTaken => tx.rollback().await,
        }
        .map_err(store_error)?;
        Ok(recorded)
    }

    async fn visits_of(&self, household: HouseholdId) -> Result<Vec<Visit>, StoreError> {
        record::visits(self.db.reader(), &self.vault, &[household.0]).await
    }

    async fn note_look(&self, look: &Look, told: &[Disclosure]) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        let row = household_look::Model {
            id: look.id.0,
            household_id: look.household.0,
            viewer_id: look.viewer.0,
            hat: look.hat.to_string(),
            partner_id: look.partner.map(Into::into),
            purpose: look.purpose.to_string(),
            at: look.at,
        };
        let noted = household_look::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await;
        noted.map_err(store_error)?;
        if !told.is_empty() {
            let rows = told.iter().map(|row| disclosures::to_row(row).into_active_model());
            disclosure::Entity::insert_many(rows).exec_without_returning(&tx).await.map_err(store_error)?;
        }
        tx.commit().await.map_err(store_error)
    }

    async fn naming(&self, persons: &[PersonId], limit: u16) -> Result<Vec<(Campaign, Recount)>, StoreError> {
        household::naming(self.db.reader(), &self.vault, persons, limit).await
    }

    async fn totals(&self, campaign: &Campaign) -> Result<Totals, StoreError> {
        totals::of(self.db.reader(), campaign).await
    }

    async fn recount(&self, campaign: CampaignId, after: u32, limit: u16) -> Result<Vec<Recount>, StoreError> {
        household::recount(self.db.reader(), &self.vault, campaign, after, limit).await
    }
}
