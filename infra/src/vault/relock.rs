//! Changing keys while everything goes on.

use chrono::TimeDelta;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult};
use uuid::Uuid;

use domain::ports::StoreError;

use super::{Cell, FORMAT, HEAD, RELOAD_EVERY, Row, Vault, VaultError, keys};
use crate::database::store_error;

/// Rows read by one statement.
const BATCH: u64 = 200;

/// A column of locked values.
struct Locked {
    /// `table.column`, as in [`Cell`].
    name: &'static str,
    id: &'static str,
    /// The rest of the primary key.
    beside: Beside,
}

#[derive(Clone, Copy)]
enum Beside {
    Nothing,
    Number(&'static str),
    Name(&'static str),
}

const LOCKED: &[Locked] = &[
    Locked { name: "persons.profile", id: "id", beside: Beside::Nothing },
    Locked { name: "residences.body", id: "id", beside: Beside::Nothing },
    Locked { name: "addresses.room", id: "id", beside: Beside::Nothing },
    Locked { name: "delegations.note", id: "id", beside: Beside::Nothing },
    Locked { name: "orders.private", id: "id", beside: Beside::Nothing },
    Locked { name: "orders.progress", id: "id", beside: Beside::Nothing },
    Locked { name: "order_events.body", id: "order_id", beside: Beside::Number("seq") },
    Locked { name: "dispatches.body", id: "id", beside: Beside::Nothing },
    Locked { name: "campaigns.purpose", id: "id", beside: Beside::Nothing },
    Locked { name: "households.door", id: "id", beside: Beside::Nothing },
    Locked { name: "household_people.body", id: "household_id", beside: Beside::Number("seq") },
    Locked { name: "campaign_visits.body", id: "id", beside: Beside::Nothing },
    Locked { name: "answers.body", id: "person_id", beside: Beside::Name("key") },
    Locked { name: "sessions.device", id: "id", beside: Beside::Nothing },
    Locked { name: "desk_tickets.browser", id: "id", beside: Beside::Nothing },
    Locked { name: "marked_words.words", id: "order_id", beside: Beside::Number("seq") },
    Locked { name: "wechat_events.raw", id: "id", beside: Beside::Nothing },
    Locked { name: "volunteer_hours.note", id: "id", beside: Beside::Nothing },
    Locked { name: "duty_rota.body", id: "id", beside: Beside::Nothing },
    Locked { name: "second_factors.secret", id: "person_id", beside: Beside::Nothing },
    Locked { name: "mediations.body", id: "id", beside: Beside::Nothing },
    Locked { name: "mediation_parties.body", id: "mediation_id", beside: Beside::Number("number") },
];

impl Vault {
    /// Makes a new key. Nothing is locked with it before every process has learned it: wait that long, then
    /// [`relock`](Self::relock).
    pub async fn make_key(&self) -> Result<(u32, TimeDelta), VaultError> {
        let pause = TimeDelta::from_std(RELOAD_EVERY * 3).unwrap_or(TimeDelta::minutes(1));
        let id = keys::make_next(&self.db, &self.masters, self.clock.now() + pause).await?;
        Ok((id, pause))
    }

    /// Locks every data key with the first master key; says how many had another.
    pub async fn rewrap(&self) -> Result<usize, VaultError> {
        keys::rewrap(&self.db, &self.masters).await
    }

    /// Locks everything with the present key that still has an older one, in small steps that stop nobody; says how
    /// many values that were.
    pub async fn relock(&self) -> Result<u64, VaultError> {
        self.reload().await?;
        let mut changed = 0;
        for column in LOCKED {
            loop {
                let old = self.some_old(column).await?;
                if old.is_empty() {
                    break;
                }
                for row in &old {
                    changed += u64::from(self.relock_one(column, row).await?);
                }
            }
        }
        Ok(changed)
    }

    async fn some_old(&self, column: &Locked) -> Result<Vec<QueryResult>, StoreError> {
        let mut select = Query::select();
        select.column(column.id).column(column.column()).from(column.table()).limit(BATCH);
        match column.beside {
            Beside::Nothing => {}
            Beside::Number(beside) | Beside::Name(beside) => {
                select.column(beside);
            }
        }
        // A value that is not there has no head and is not older than anything.
        select.and_where(head_of(column.column()).ne(self.present_head())).order_by(column.id, Order::Asc);
        self.db.reader().query_all(&select).await.map_err(store_error)
    }

    /// Whoever wrote the row meanwhile wins, with the present key.
    async fn relock_one(&self, column: &Locked, row: &QueryResult) -> Result<bool, StoreError> {
        let id: Uuid = row.try_get("", column.id).map_err(store_error)?;
        let old: Vec<u8> = row.try_get("", column.column()).map_err(store_error)?;
        let mut update = Query::update();
        update.table(column.table()).and_where(Expr::col(column.id).eq(id));
        update.and_where(Expr::col(column.column()).eq(old.clone()));
        let new = match column.beside {
            Beside::Nothing => self.again(Cell::new(column.name, Row::Id(id)), &old)?,
            Beside::Number(beside) => {
                let number: i64 = row.try_get("", beside).map_err(store_error)?;
                update.and_where(Expr::col(beside).eq(number));
                self.again(Cell::new(column.name, Row::Numbered(id, number)), &old)?
            }
            Beside::Name(beside) => {
                let name: String = row.try_get("", beside).map_err(store_error)?;
                update.and_where(Expr::col(beside).eq(name.clone()));
                self.again(Cell::new(column.name, Row::Named(id, &name)), &old)?
            }
        };
        update.value(column.column(), new);
        let writer: &DatabaseConnection = self.db.writer();
        let done = writer.execute(&update).await.map_err(store_error)?;
        Ok(done.rows_affected() == 1)
    }

    fn again(&self, cell: Cell<'_>, old: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.lock(cell, &self.unlock(cell, old)?)
    }

    fn present_head(&self) -> Vec<u8> {
        let id = self.ring().current().0;
        std::iter::once(FORMAT).chain(id.to_be_bytes()).collect()
    }
}

impl Locked {
    fn table(&self) -> &'static str {
        self.name.split('.').next().unwrap_or(self.name)
    }

    fn column(&self) -> &'static str {
        self.name.split('.').next_back().unwrap_or(self.name)
    }
}

/// Format and key's id of a locked value; both databases count from 1.
fn head_of(column: &'static str) -> Expr {
    Expr::cust(format!("substr({column}, 1, {HEAD})"))
}
