//! [`VolunteerStore`] over the tables `volunteers`, `volunteer_skills` and `volunteer_hours`.

mod hours;
mod list;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use domain::ids::{CommunityId, CreditId, PersonId};
use domain::people::{Area, Confirmation, Credit, Skill, Volunteer, Volunteering};
use domain::ports::{Answer, Credited, Slice, StoreError, VolunteerQuery, VolunteerStore};

use super::cell;
use super::constraint::HOURS_ONCE;
use super::write::{Halt, finish, insert_answer};
use crate::database::{Database, store_error};
use crate::entity::{volunteer, volunteer_hours, volunteer_skill};
use crate::vault::Vault;

const WHAT: &str = "volunteer";

pub struct VolunteerRows {
    db: Database,
    vault: Arc<Vault>,
}

impl VolunteerRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }
}

#[async_trait]
impl VolunteerStore for VolunteerRows {
    async fn save_volunteering(&self, volunteering: &Volunteering) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        write(&tx, volunteering).await?;
        tx.commit().await.map_err(store_error)
    }

    async fn volunteering_of(&self, selves: &[PersonId]) -> Result<Vec<Volunteering>, StoreError> {
        let (db, ids): (_, Vec<Uuid>) = (self.db.reader(), selves.iter().map(|own| own.0).collect());
        let rows = volunteer::Entity::find().filter(volunteer::Column::PersonId.is_in(ids.clone())).all(db).await;
        let skills = volunteer_skill::Entity::find()
            .filter(volunteer_skill::Column::PersonId.is_in(ids))
            .order_by_asc(volunteer_skill::Column::Skill)
            .all(db)
            .await
            .map_err(store_error)?;
        let mut known: BTreeMap<(Uuid, Uuid), Vec<Skill>> = BTreeMap::new();
        for row in skills {
            known.entry((row.person_id, row.community_id)).or_default().push(cell::named(WHAT, &row.skill)?);
        }
        let offered = |row: volunteer::Model| {
            let skills = known.remove(&(row.person_id, row.community_id)).unwrap_or_default();
            let hours_per_week = cell::number(WHAT, row.hours_per_week)?;
            Ok(Volunteering {
                person: row.person_id.into(),
                community: row.community_id.into(),
                skills,
                hours_per_week,
            })
        };
        rows.map_err(store_error)?.into_iter().map(offered).collect()
    }

    async fn volunteers(&self, query: VolunteerQuery) -> Result<Vec<Volunteer>, StoreError> {
        list::volunteers(self.db.reader(), &self.vault, query).await
    }

    async fn credit(&self, credit: &Credit, answer: Option<&Answer>) -> Result<Credited, StoreError> {
        let row = hours::to_row(&self.vault, credit)?;
        let tx = self.db.begin_write().await?;
        if let Some(answer) = answer
            && let Err(halt) = insert_answer(&tx, &self.vault, answer, Some(credit.order)).await
        {
            return finish(tx, Err(halt)).await.map(Credited::Ended);
        }
        let inserted = volunteer_hours::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await;
        match inserted {
            Err(error) if HOURS_ONCE.is_violated_by(&error) => {
                tx.rollback().await.map_err(store_error)?;
                Ok(Credited::Twice)
            }
            written => {
                let written = written.map(drop).map_err(|e| Halt::Failed(store_error(e)));
                finish(tx, written).await.map(Credited::Ended)
            }
        }
    }

    async fn find_credit(&self, id: CreditId, area: &Area) -> Result<Option<Credit>, StoreError> {
        hours::find(self.db.reader(), &self.vault, id, area).await
    }

    async fn find_own_credit(&self, id: CreditId, selves: &[PersonId]) -> Result<Option<Credit>, StoreError> {
        hours::find_own(self.db.reader(), &self.vault, id, selves).await
    }

    async fn waiting_credits(
        &self,
        community: CommunityId,
        area: &Area,
        slice: Slice<CreditId>,
    ) -> Result<Vec<Credit>, StoreError> {
        hours::waiting(self.db.reader(), &self.vault, community, area, slice).await
    }

    async fn confirm_credit(&self, id: CreditId, minutes: u16, by: Confirmation) -> Result<bool, StoreError> {
        hours::confirm(self.db.writer(), id, minutes, by).await
    }

    async fn remove_credit(&self, id: CreditId) -> Result<bool, StoreError> {
        hours::remove(self.db.writer(), id).await
    }

    async fn credits_of(&self, selves: &[PersonId], slice: Slice<CreditId>) -> Result<Vec<Credit>, StoreError> {
        hours::of(self.db.reader(), &self.vault, selves, slice).await
    }

    async fn minutes_of(&self, selves: &[PersonId]) -> Result<Vec<(i32, u32)>, StoreError> {
        hours::by_year(self.db.reader(), selves).await
    }
}

async fn write(tx: &DatabaseTransaction, volunteering: &Volunteering) -> Result<(), StoreError> {
    use volunteer::Column::{CommunityId as Of, HoursPerWeek, PersonId as Whose};
    let (person_id, community_id) = (volunteering.person.0, volunteering.community.0);
    let row = volunteer::Model { person_id, community_id, hours_per_week: volunteering.hours_per_week.into() };
    volunteer::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::columns([Whose, Of]).update_column(HoursPerWeek).to_owned())
        .exec_without_returning(tx)
        .await
        .map_err(store_error)?;
    volunteer_skill::Entity::delete_many()
        .filter(volunteer_skill::Column::PersonId.eq(person_id))
        .filter(volunteer_skill::Column::CommunityId.eq(community_id))
        .exec(tx)
        .await
        .map_err(store_error)?;
    if volunteering.skills.is_empty() {
        return Ok(());
    }
    let skill = |skill: &Skill| {
        volunteer_skill::Model { community_id, skill: skill.to_string(), person_id }.into_active_model()
    };
    volunteer_skill::Entity::insert_many(volunteering.skills.iter().map(skill))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .map(drop)
        .map_err(store_error)
}
