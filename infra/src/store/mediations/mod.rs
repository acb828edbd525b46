//! [`MediationStore`] over the tables `mediations`, `mediation_parties` and `mediation_counts`.

mod row;
mod write;

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use domain::ids::{CommunityId, MediationId, PersonId};
use domain::mediation::{Case, Docket, Sight, Status};
use domain::notice::{MediationNews, notices_of_mediation};
use domain::ports::{Answer, CaseChange, Commit, MediationStore, Slice, StoreError};

use self::row::to_case;
use super::write::{finish, insert_answer};
use crate::database::{Database, store_error};
use crate::entity::{mediation, mediation_party};
use crate::vault::Vault;

pub(super) use write::{forget, remove_of, write};

const WHAT: &str = "mediation";
/// What the blind index of codes is made for.
const CODE: &str = "mediation code";

pub struct MediationRows {
    db: Database,
    vault: Arc<Vault>,
}

impl MediationRows {
    pub fn new(db: Database, vault: Arc<Vault>) -> Self {
        Self { db, vault }
    }

    async fn read(&self, rows: Vec<mediation::Model>) -> Result<Vec<Case>, StoreError> {
        read(self.db.reader(), &self.vault, rows).await
    }
}

#[async_trait]
impl MediationStore for MediationRows {
    async fn save_case(&self, change: &CaseChange, answer: Option<&Answer>) -> Result<Commit, StoreError> {
        let tx = self.db.begin_write().await?;
        let written = async {
            if let Some(answer) = answer {
                insert_answer(&tx, &self.vault, answer, Some(change.next.order)).await?;
            }
            write(&tx, &self.vault, change).await
        };
        let written = written.await;
        finish(tx, written).await
    }

    async fn find_case(&self, id: MediationId, sight: &Sight) -> Result<Option<Case>, StoreError> {
        let found = mediation::Entity::find_by_id(id.0).filter(in_sight(sight)).one(self.db.reader()).await;
        let found = found.map_err(store_error)?.into_iter().collect();
        Ok(self.read(found).await?.pop())
    }

    async fn find_by_code(&self, code: &str, now: DateTime<Utc>) -> Result<Option<(Case, u8)>, StoreError> {
        use mediation_party::Column;
        let index = self.vault.blind(CODE, code).to_vec();
        let party = mediation_party::Entity::find()
            .filter(Column::CodeIndex.eq(index))
            .filter(Column::CodeExpiresAt.gt(now))
            .one(self.db.reader())
            .await
            .map_err(store_error)?;
        let Some(party) = party else { return Ok(None) };
        let case = mediation::Entity::find_by_id(party.mediation_id)
            .filter(mediation::Column::Status.ne(<&str>::from(Status::Closed)))
            .one(self.db.reader())
            .await
            .map_err(store_error)?;
        let case = self.read(case.into_iter().collect()).await?.pop();
        case.map(|case| Ok((case, super::cell::number(WHAT, party.number)?))).transpose()
    }

    async fn cases(&self, docket: &Docket, slice: Slice<MediationId>) -> Result<Vec<Case>, StoreError> {
        let listed = match docket {
            Docket::Mine(sight) => Condition::any().add(is_mediated_by(sight)).add(is_party(&sight.persons)),
            Docket::Offices(offices) => is_of(offices),
        };
        let rows = newest(listed, slice.limit)
            .apply_if(slice.before, |rows, before| rows.filter(mediation::Column::Id.lt(before.0)))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        self.read(rows).await
    }

    async fn cases_of(&self, persons: &[PersonId], limit: u16) -> Result<Vec<Case>, StoreError> {
        let listed = Condition::all().add(is_party(persons));
        let rows = newest(listed, limit).all(self.db.reader()).await.map_err(store_error)?;
        self.read(rows).await
    }

    async fn remind_of_follow_ups(&self, now: DateTime<Utc>, limit: u16) -> Result<u64, StoreError> {
        use mediation::Column;
        let tx = self.db.begin_write().await?;
        let due = mediation::Entity::find()
            .filter(Column::FollowUpAt.lte(now))
            .order_by_asc(Column::FollowUpAt)
            .limit(u64::from(limit))
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&tx)
            .await
            .map_err(store_error)?;
        let ids: Vec<Uuid> = due.iter().map(|row| row.id).collect();
        for case in read(&tx, &self.vault, due).await? {
            write::tell(&tx, &case, &notices_of_mediation(MediationNews::FollowUpDue, &case), now).await?;
        }
        mediation::Entity::update_many()
            .col_expr(Column::FollowUpAt, Expr::val(None::<DateTime<Utc>>))
            .filter(Column::Id.is_in(ids.iter().copied()))
            .exec(&tx)
            .await
            .map_err(store_error)?;
        tx.commit().await.map_err(store_error)?;
        super::cell::number(WHAT, ids.len())
    }

    async fn to_release(&self, now: DateTime<Utc>, limit: u16) -> Result<Vec<Case>, StoreError> {
        use mediation::Column;
        let over = mediation::Entity::find()
            .filter(Column::MediatorUntil.lte(now))
            .filter(Expr::col(Column::Released).not())
            .order_by_asc(Column::MediatorUntil)
            .limit(u64::from(limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        self.read(over).await
    }

    async fn released(&self, id: MediationId) -> Result<(), StoreError> {
        let released = mediation::Entity::update_many()
            .col_expr(mediation::Column::Released, true.into())
            .filter(mediation::Column::Id.eq(id.0));
        released.exec(self.db.writer()).await.map(drop).map_err(store_error)
    }
}

fn newest(listed: Condition, limit: u16) -> Select<mediation::Entity> {
    mediation::Entity::find().filter(listed).order_by_desc(mediation::Column::Id).limit(u64::from(limit))
}

/// The part of a WHERE that keeps a case from those who are nothing to it.
fn in_sight(sight: &Sight) -> Condition {
    let any = Condition::any().add(is_mediated_by(sight)).add(is_party(&sight.persons));
    if sight.offices.is_empty() { any } else { any.add(is_of(&sight.offices)) }
}

fn is_of(offices: &[CommunityId]) -> Condition {
    Condition::all().add(mediation::Column::CommunityId.is_in(offices.iter().map(|id| id.0)))
}

fn is_mediated_by(sight: &Sight) -> Condition {
    let until = mediation::Column::MediatorUntil;
    Condition::all()
        .add(mediation::Column::MediatorId.is_in(sight.persons.iter().map(|person| person.0)))
        .add(mediation::Column::CommunityId.is_in(sight.mediates_in.iter().map(|id| id.0)))
        .add(until.is_null().or(until.gt(sight.now)))
}

fn is_party(persons: &[PersonId]) -> Expr {
    let own = Query::select()
        .column(mediation_party::Column::MediationId)
        .from(mediation_party::Entity)
        .and_where(mediation_party::Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .take();
    mediation::Column::Id.in_subquery(own)
}

/// One statement for the parties of all of them.
async fn read(db: &impl ConnectionTrait, vault: &Vault, rows: Vec<mediation::Model>) -> Result<Vec<Case>, StoreError> {
    use mediation_party::Column;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let parties = mediation_party::Entity::find()
        .filter(Column::MediationId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(Column::MediationId)
        .order_by_asc(Column::Number)
        .all(db)
        .await
        .map_err(store_error)?;
    let mut by_case: HashMap<Uuid, Vec<mediation_party::Model>> = HashMap::new();
    for party in parties {
        by_case.entry(party.mediation_id).or_default().push(party);
    }
    let with_own = |row: mediation::Model| {
        let parties = by_case.remove(&row.id).unwrap_or_default();
        to_case(vault, row, parties)
    };
    rows.into_iter().map(with_own).collect()
}
