//! [`MediationStore`] over the tables `mediations` and `mediation_parties`.

mod row;
mod write;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{
    Expr, ExprTrait, JoinType::InnerJoin, LockBehavior, LockType, Order as Direction, Query, SelectStatement,
    SimpleExpr,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    QueryTrait, Select,
};
use strum::IntoEnumIterator;
use uuid::Uuid;

use domain::ids::{CommunityId, MediationId, PersonId};
use domain::mediation::{Case, Docket, Sight, Status};
use domain::notice::{MediationNews, notices_of_mediation};
use domain::order::OrderStatus;
use domain::ports::{Answer, CaseChange, Commit, MediationStore, Slice, StoreError};

use self::row::to_case;
use super::write::{finish, insert_answer};
use crate::database::{Database, store_error};
use crate::entity::{former_self, mediation, mediation_party, order};
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

/// The orders that one of these accounts is a party to, other than as whoever asked for the mediation.
pub(super) fn orders_of_other_parties(persons: &[PersonId]) -> SelectStatement {
    let person = Expr::col((mediation_party::Entity, mediation_party::Column::PersonId));
    let mut these = other_parties(person.is_in(persons.iter().map(|person| person.0)));
    these.column((mediation::Entity, mediation::Column::OrderId)).take()
}

/// The latest case in which this person, now or under an earlier account, is another party of the order than whoever asked.
pub(super) fn case_of_other_party(order: SimpleExpr, person: SimpleExpr) -> SimpleExpr {
    let own = || Expr::col((mediation_party::Entity, mediation_party::Column::PersonId));
    let former = Query::select()
        .column((former_self::Entity, former_self::Column::FormerId))
        .from(former_self::Entity)
        .and_where(Expr::col((former_self::Entity, former_self::Column::PersonId)).eq(person.clone()))
        .take();
    let latest = other_parties(own().eq(person).or(own().in_subquery(former)))
        .column((mediation::Entity, mediation::Column::Id))
        .and_where(Expr::col((mediation::Entity, mediation::Column::OrderId)).eq(order))
        .order_by((mediation::Entity, mediation::Column::Id), Direction::Desc)
        .limit(1)
        .take();
    SimpleExpr::SubQuery(None, Box::new(latest.into()))
}

fn other_parties(which: SimpleExpr) -> SelectStatement {
    let same = Expr::col((mediation::Entity, mediation::Column::Id))
        .equals((mediation_party::Entity, mediation_party::Column::MediationId));
    Query::select()
        .from(mediation_party::Entity)
        .join(InnerJoin, mediation::Entity, same)
        .and_where(Expr::col((mediation_party::Entity, mediation_party::Column::Number)).gt(1))
        .and_where(which)
        .take()
}

/// By order: the latest case in which one of these accounts is another party than whoever asked.
pub(super) async fn cases_of_other_parties(
    db: &impl ConnectionTrait,
    persons: &[PersonId],
    orders: &[Uuid],
) -> Result<HashMap<Uuid, MediationId>, StoreError> {
    if orders.is_empty() {
        return Ok(HashMap::new());
    }
    let person = Expr::col((mediation_party::Entity, mediation_party::Column::PersonId));
    let these = other_parties(person.is_in(persons.iter().map(|person| person.0)))
        .column((mediation::Entity, mediation::Column::OrderId))
        .column((mediation::Entity, mediation::Column::Id))
        .and_where(Expr::col((mediation::Entity, mediation::Column::OrderId)).is_in(orders.iter().copied()))
        .order_by((mediation::Entity, mediation::Column::Id), Direction::Asc)
        .take();
    let rows = db.query_all(&these).await.map_err(store_error)?;
    let pair = |row: &QueryResult| {
        let (order, case): (Uuid, Uuid) = (row.try_get("", "order_id")?, row.try_get("", "id")?);
        Ok((order, MediationId(case)))
    };
    rows.iter().map(pair).collect::<Result<_, sea_orm::DbErr>>().map_err(store_error)
}

/// By order: its parties, other than whoever asked for the mediation.
pub(super) async fn other_parties_of(
    db: &impl ConnectionTrait,
    orders: &[Uuid],
) -> Result<HashMap<Uuid, Vec<PersonId>>, StoreError> {
    let mut found: HashMap<Uuid, Vec<PersonId>> = HashMap::new();
    if orders.is_empty() {
        return Ok(found);
    }
    let person = (mediation_party::Entity, mediation_party::Column::PersonId);
    let these = other_parties(Expr::col(person).is_not_null())
        .column((mediation::Entity, mediation::Column::OrderId))
        .column(person)
        .and_where(Expr::col((mediation::Entity, mediation::Column::OrderId)).is_in(orders.iter().copied()))
        .take();
    for row in &db.query_all(&these).await.map_err(store_error)? {
        let (order, person): (Uuid, Uuid) =
            (row.try_get("", "order_id").map_err(store_error)?, row.try_get("", "person_id").map_err(store_error)?);
        found.entry(order).or_default().push(person.into());
    }
    Ok(found)
}

/// Those of these orders in whose mediation nothing is left but to close it.
async fn gone(db: &impl ConnectionTrait, orders: impl Iterator<Item = Uuid>) -> Result<HashSet<Uuid>, StoreError> {
    let ended = OrderStatus::iter().filter(|status| status.is_terminal()).map(<&str>::from);
    let gone = order::Entity::find()
        .select_only()
        .column(order::Column::Id)
        .filter(order::Column::Id.is_in(orders))
        .filter(order::Column::ErasedAt.is_not_null().or(order::Column::Status.is_in(ended)))
        .into_tuple::<Uuid>()
        .all(db)
        .await
        .map_err(store_error)?;
    Ok(gone.into_iter().collect())
}

/// One statement for the parties of all of them, and one for their orders.
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
    let gone = gone(db, rows.iter().map(|row| row.order_id)).await?;
    let mut by_case: HashMap<Uuid, Vec<mediation_party::Model>> = HashMap::new();
    for party in parties {
        by_case.entry(party.mediation_id).or_default().push(party);
    }
    let with_own = |row: mediation::Model| {
        let parties = by_case.remove(&row.id).unwrap_or_default();
        let order_is_gone = gone.contains(&row.order_id);
        to_case(vault, row, parties, order_is_gone)
    };
    rows.into_iter().map(with_own).collect()
}
