use std::path::Path;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, DatabaseConnection};

use super::DatabaseError;

/// Readers never wait for the writer; a few keep all cores of a small machine busy.
const READERS: u32 = 4;
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const JOURNAL_LIMIT_BYTES: &str = "67108864";

/// The writer first: it makes the file that the readers open.
pub(super) async fn open(path: &str) -> Result<(DatabaseConnection, DatabaseConnection), DatabaseError> {
    if let Some(folder) = Path::new(path).parent() {
        tokio::fs::create_dir_all(folder).await.map_err(DatabaseError::Folder)?;
    }
    let writer = pool(path, 1, |o| o.create_if_missing(true).journal_mode(SqliteJournalMode::Wal)).await?;
    let reader = pool(path, READERS, |o| o.pragma("query_only", "ON")).await?;
    Ok((writer, reader))
}

async fn pool(
    path: &str,
    connections: u32,
    role: fn(SqliteConnectOptions) -> SqliteConnectOptions,
) -> Result<DatabaseConnection, DatabaseError> {
    let file = path.to_owned();
    let mut options = ConnectOptions::new("sqlite:");
    options
        .max_connections(connections)
        .min_connections(1)
        // A file neither hangs up nor ages: connections are kept for good.
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |o| role(tuned(o.filename(&file))));
    sea_orm::Database::connect(options).await.map_err(DatabaseError::open)
}

fn tuned(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        // An order that was answered survives a power cut, not only a crash of this program.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        // SQLite's own small cache is enough, and mapping the file is not worth it: the system caches the file, and
        // gives that memory back when others need it.
        .pragma("journal_size_limit", JOURNAL_LIMIT_BYTES)
        // What was erased leaves no letters in the file's free pages.
        .pragma("secure_delete", "ON")
}
