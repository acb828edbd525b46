use async_trait::async_trait;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use domain::audit::{Entry, Line};
use domain::ids::{AuditId, RunId};
use domain::order::ChainHash;
use domain::ports::{AuditQuery, AuditStore, Slice, StoreError};

use super::cell;
use super::write::ROWS_PER_STATEMENT;
use crate::database::{Database, store_error};
use crate::entity::audit_line::{self, Column, Entity};

const WHAT: &str = "audit line";

/// [`AuditStore`] over the table `audit_log`.
pub struct AuditRows {
    db: Database,
}

impl AuditRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl AuditStore for AuditRows {
    async fn last_line(&self) -> Result<Option<(AuditId, ChainHash)>, StoreError> {
        // Ids of one instant sort by chance; numbers do not.
        let last = Entity::find().order_by_desc(Column::At).order_by_desc(Column::Seq).one(self.db.reader()).await;
        let last = last.map_err(store_error)?;
        last.map(|row| Ok((row.id.into(), ChainHash(cell::bytes(WHAT, row.hash)?)))).transpose()
    }

    async fn append(&self, lines: &[Line]) -> Result<(), StoreError> {
        let tx = self.db.begin_write().await?;
        for some in lines.chunks(ROWS_PER_STATEMENT) {
            let rows = some.iter().map(|line| to_row(line).into_active_model());
            Entity::insert_many(rows).exec_without_returning(&tx).await.map_err(store_error)?;
        }
        tx.commit().await.map_err(store_error)
    }

    async fn lines(&self, query: &AuditQuery, slice: Slice<AuditId>) -> Result<Vec<Line>, StoreError> {
        let rows = Entity::find()
            .apply_if(query.person, |rows, person| rows.filter(Column::PersonId.eq(person.0)))
            .apply_if(query.action.as_ref(), |rows, action| rows.filter(Column::Action.eq(action)))
            .apply_if(query.result.as_ref(), |rows, result| rows.filter(Column::Result.eq(result)))
            .apply_if(query.since, |rows, since| rows.filter(Column::At.gte(since)))
            .apply_if(query.until, |rows, until| rows.filter(Column::At.lt(until)))
            .apply_if(slice.before, |rows, before| rows.filter(Column::Id.lt(before.0)))
            .order_by_desc(Column::Id)
            .limit(u64::from(slice.limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(to_line).collect()
    }

    async fn walk_audit(&self, after: Option<(RunId, i64)>, limit: u16) -> Result<Vec<Line>, StoreError> {
        let later = |(run, seq): (RunId, i64)| {
            let same_run = Condition::all().add(Column::Run.eq(run.0)).add(Column::Seq.gt(seq));
            Condition::any().add(Expr::col(Column::Run).gt(run.0)).add(same_run)
        };
        let rows = Entity::find()
            .apply_if(after, |rows, after| rows.filter(later(after)))
            .order_by_asc(Column::Run)
            .order_by_asc(Column::Seq)
            .limit(u64::from(limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(to_line).collect()
    }
}

fn to_row(line: &Line) -> audit_line::Model {
    let entry = &line.entry;
    audit_line::Model {
        id: line.id.0,
        run: line.run.0,
        seq: line.seq,
        at: entry.at,
        person_id: entry.person.map(Into::into),
        action: entry.action.clone(),
        target_id: entry.target,
        address: entry.address.clone(),
        result: entry.result.clone(),
        previous: line.previous.0.to_vec(),
        hash: line.hash.0.to_vec(),
    }
}

fn to_line(row: audit_line::Model) -> Result<Line, StoreError> {
    Ok(Line {
        id: row.id.into(),
        run: row.run.into(),
        seq: row.seq,
        entry: Entry {
            at: row.at,
            person: row.person_id.map(Into::into),
            action: row.action,
            target: row.target_id,
            address: row.address,
            result: row.result,
        },
        previous: ChainHash(cell::bytes(WHAT, row.previous)?),
        hash: ChainHash(cell::bytes(WHAT, row.hash)?),
    })
}
