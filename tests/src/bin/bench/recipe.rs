//! The statements of one request, as the server executed them, to be executed again without the server.

use std::sync::{Arc, Mutex};

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use infra::database::StatementWatch;
use sea_orm::sqlx::sqlite::SqliteSynchronous;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait, Value,
};
use tests::Backend;
use uuid::Uuid;

/// 9999-01-01.
const NEVER: DateTime<Utc> = DateTime::from_timestamp(253_370_764_800, 0).expect("an instant");

/// What the server executed since it was last asked.
#[derive(Clone, Default)]
pub struct Record(Arc<Mutex<Vec<Statement>>>);

impl Record {
    pub fn watch(&self) -> StatementWatch {
        let seen = self.0.clone();
        Arc::new(move |statement| seen.lock().expect("nobody panicked").push(statement.clone()))
    }

    pub fn take(&self) -> Vec<Statement> {
        std::mem::take(&mut self.0.lock().expect("nobody panicked"))
    }
}

/// A request that moved one order, and what of it must be new each time.
#[derive(Clone)]
pub struct Recipe {
    /// Each on its own.
    before: Vec<Statement>,
    /// Those of the transaction.
    inside: Vec<Statement>,
    order: Uuid,
    number: String,
    key: String,
}

/// The same database, beside the server: as many writers and readers as the server has.
#[derive(Clone)]
pub struct Beside {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Recipe {
    /// The transaction begins with its answer.
    pub fn of(seen: Vec<Statement>, order: Uuid, number: &str, key: &str) -> anyhow::Result<Self> {
        let begin = seen.iter().position(|s| s.sql.starts_with(r#"INSERT INTO "answers""#));
        let (before, inside) = seen.split_at(begin.context("no transaction was seen")?);
        let (before, inside) = (before.to_vec(), inside.to_vec());
        Ok(Self { before, inside, order, number: number.to_owned(), key: key.to_owned() })
    }

    /// Executes everything on this order, which is new or was made by another recipe.
    pub async fn cook(&self, beside: &Beside, order: Uuid) -> anyhow::Result<()> {
        let mut number = String::new();
        let key = Uuid::new_v4().to_string();
        for statement in &self.before {
            let statement = self.renewed(statement, order, &number, &key);
            if statement.sql.starts_with("SELECT") {
                beside.reader.query_all_raw(statement).await?;
            } else {
                // The running number of the day.
                let row = beside.writer.query_one_raw(statement).await?.context("a row")?;
                number = format!("XY-bench-{}", row.try_get::<i64>("", "last")?);
            }
        }
        let sqlite = beside.writer.get_database_backend() == sea_orm::DbBackend::Sqlite;
        let sqlite_transaction_mode = sqlite.then_some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode, ..Default::default() };
        let transaction = beside.writer.begin_with_options(options).await?;
        for statement in &self.inside {
            let done = transaction.execute_raw(self.renewed(statement, order, &number, &key)).await?;
            ensure!(done.rows_affected() > 0, "{} changed nothing", statement.sql);
        }
        Ok(transaction.commit().await?)
    }

    fn renewed(&self, statement: &Statement, order: Uuid, number: &str, key: &str) -> Statement {
        let mut statement = statement.clone();
        let notice = statement.sql.starts_with(r#"INSERT INTO "outbox""#);
        let has_own_id = notice || statement.sql.starts_with(r#"INSERT INTO "consents""#);
        // One statement may insert several rows.
        let columns = statement.sql.split(')').next().map_or(1, |names| names.matches(',').count() + 1);
        for (place, value) in statement.values.iter_mut().flat_map(|values| &mut values.0).enumerate() {
            match value {
                Value::Uuid(Some(id)) if *id == self.order => *id = order,
                Value::Uuid(Some(id)) if has_own_id && place % columns == 0 => *id = Uuid::new_v4(),
                // So that no worker sends what is not real.
                Value::ChronoDateTimeUtc(Some(at)) if notice => *at = NEVER,
                Value::String(Some(text)) if *text == self.number => *text = number.to_owned(),
                Value::String(Some(text)) if *text == self.key => *text = key.to_owned(),
                _ => {}
            }
        }
        statement
    }
}

impl Beside {
    pub async fn open(backend: Backend, url: &str, connections: u32) -> anyhow::Result<Self> {
        match backend {
            Backend::Sqlite => Ok(Self { writer: pool(url, 1).await?, reader: pool(url, 4).await? }),
            Backend::Postgres => {
                let pool = pool(url, connections).await?;
                Ok(Self { writer: pool.clone(), reader: pool })
            }
        }
    }

    pub async fn close(self) -> anyhow::Result<()> {
        self.reader.close_by_ref().await?;
        Ok(self.writer.close().await?)
    }
}

/// With the server's own settings (infra/src/database).
async fn pool(url: &str, connections: u32) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).test_before_acquire(false).sqlx_logging(false).map_sqlx_sqlite_opts(
        |sqlite| {
            sqlite
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(std::time::Duration::from_secs(10))
                .foreign_keys(true)
        },
    );
    Ok(Database::connect(options).await?)
}
