use std::time::Duration;

use sea_orm::{ConnectOptions, DatabaseConnection};

use super::DatabaseError;

/// Nobody waits longer for a free connection: an answer of 503 is better than a queue.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// No statement of ours is meant to run this long.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);
/// A connection that rested this long is asked whether it still lives before it is used.
const PING_AFTER_IDLE: Duration = Duration::from_secs(30);

/// One change of the schema at a time, however long it takes. The number is ours alone: "hgj" in ASCII.
pub(super) const SCHEMA_CHANGE: &str = "SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(6842218)";

pub(super) async fn open(url: &str, max_connections: u32) -> Result<DatabaseConnection, DatabaseError> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(max_connections)
        // All of them are opened here and kept. A connection dies with the runtime that opened it, and a server that
        // stops ends the runtimes of its threads one by one, while others still answer.
        .min_connections(max_connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .statement_timeout(STATEMENT_TIMEOUT)
        .test_before_acquire_if_idle_for(PING_AFTER_IDLE)
        .set_application_name("hongguanjia")
        .sqlx_logging(false);
    sea_orm::Database::connect(options).await.map_err(DatabaseError::open)
}
