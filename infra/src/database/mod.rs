//! One database, SQLite or PostgreSQL, behind the same few words.

mod error;
mod postgres;
mod sqlite;

use std::sync::Arc;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use domain::ports::StoreError;

pub use error::DatabaseError;
pub(crate) use error::store_error;

use crate::migration::Migrator;

/// Sees statements after they were executed.
pub type StatementWatch = Arc<dyn Fn(&Statement) + Send + Sync>;

/// Cheap to clone: all clones share the same connections.
#[derive(Clone, Debug)]
pub struct Database {
    /// On SQLite a pool of exactly one connection, because SQLite has one writer at a time.
    writer: DatabaseConnection,
    /// On PostgreSQL the same pool as the writer.
    reader: DatabaseConnection,
}

impl Database {
    /// Opens `sqlite:PATH` (made where it is missing, with its folder) or `postgres://…`, for a command that does one
    /// thing after the other.
    pub async fn connect(url: &str) -> Result<Self, DatabaseError> {
        Self::connect_with(url, 2).await
    }

    /// Like [`Database::connect`], with this many connections to PostgreSQL. SQLite needs no such number.
    pub async fn connect_with(url: &str, connections: u32) -> Result<Self, DatabaseError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let (writer, reader) = sqlite::open(path.strip_prefix("//").unwrap_or(path)).await?;
            return Ok(Self { writer, reader });
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let pool = postgres::open(url, connections).await?;
            return Ok(Self { writer: pool.clone(), reader: pool });
        }
        Err(DatabaseError::UnknownKind)
    }

    /// Shows every statement that is executed from now on, with its values.
    pub fn watched(mut self, watch: StatementWatch) -> Self {
        for connection in [&mut self.writer, &mut self.reader] {
            let watch = watch.clone();
            connection.set_metric_callback(move |info| watch(info.statement));
        }
        self
    }

    /// Brings the schema up to date. Processes that start together do it one after the other.
    pub async fn migrate(&self) -> Result<(), DatabaseError> {
        let tx = self.begin_schema_change().await.map_err(DatabaseError::migrate)?;
        Migrator::up(&tx, None).await.map_err(DatabaseError::migrate)?;
        tx.commit().await.map_err(DatabaseError::migrate)
    }

    /// Takes every migration back, **with all data**.
    pub async fn revert_migrations(&self) -> Result<(), DatabaseError> {
        let tx = self.begin_schema_change().await.map_err(DatabaseError::migrate)?;
        Migrator::down(&tx, None).await.map_err(DatabaseError::migrate)?;
        tx.commit().await.map_err(DatabaseError::migrate)
    }

    /// Whether reads and writes can be served now.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.writer.ping().await.map_err(store_error)?;
        self.reader.ping().await.map_err(store_error)
    }

    /// Lets running statements end and closes all connections.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.reader.close_by_ref().await.map_err(store_error)?;
        self.writer.close_by_ref().await.map_err(store_error)
    }

    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    pub(crate) async fn begin_write(&self) -> Result<DatabaseTransaction, StoreError> {
        self.begin().await.map_err(store_error)
    }

    /// Everything read in it shows one moment.
    pub(crate) async fn begin_snapshot(&self) -> Result<DatabaseTransaction, StoreError> {
        // SQLite keeps the moment of the first read by itself.
        let isolation_level =
            (self.reader.get_database_backend() == DbBackend::Postgres).then_some(IsolationLevel::RepeatableRead);
        let options = TransactionOptions { isolation_level, ..Default::default() };
        self.reader.begin_with_options(options).await.map_err(store_error)
    }

    /// IMMEDIATE on SQLite: a deferred transaction that turns into a writer later may fail as "locked".
    async fn begin(&self) -> Result<DatabaseTransaction, sea_orm::DbErr> {
        let sqlite_transaction_mode =
            (self.writer.get_database_backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate);
        self.writer.begin_with_options(TransactionOptions { sqlite_transaction_mode, ..Default::default() }).await
    }

    async fn begin_schema_change(&self) -> Result<DatabaseTransaction, sea_orm::DbErr> {
        let tx = self.begin().await?;
        if tx.get_database_backend() == DbBackend::Postgres {
            tx.execute_unprepared(postgres::SCHEMA_CHANGE).await?;
        }
        Ok(tx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_unknown_kind_is_said_aloud() {
        for url in ["", "mysql://localhost/db", "data/hgj.db"] {
            assert!(matches!(Database::connect(url).await, Err(DatabaseError::UnknownKind)), "{url}");
        }
    }
}
