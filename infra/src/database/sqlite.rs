use std::path::Path;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, DatabaseConnection};

use super::DatabaseError;

/// Readers never wait for the writer; a few keep all cores of a small machine busy.
const READERS: u32 = 4;
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Negative: kibibytes rather than pages, so 64 MiB for each connection.
const CACHE_KIB: &str = "-65536";
const MMAP_BYTES: &str = "268435456";
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
        .pragma("cache_size", CACHE_KIB)
        .pragma("mmap_size", MMAP_BYTES)
        .pragma("journal_size_limit", JOURNAL_LIMIT_BYTES)
}
