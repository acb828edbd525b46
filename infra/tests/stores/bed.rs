//! A fresh database for each contract, and its removal whatever the contract's end.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use futures_util::FutureExt;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use domain::ports::{Clock, Ids};
use infra::clock::{SystemClock, SystemIds};
use infra::database::Database;
use infra::store::Stores;
use infra::vault::{MasterKey, MasterKeys, Vault};

/// One migrated database, empty.
pub struct Bed {
    pub db: Database,
    pub vault: Arc<Vault>,
    pub stores: Stores,
    /// The same database past the stores, for what only a tamperer or an inspector would do.
    pub raw: DatabaseConnection,
}

/// One at a time makes the template; any number will do that nobody else uses.
const TEMPLATE_LOCK: i64 = 7_220_001;
const TEMPLATE_PREFIX: &str = "hgj_stores_template_";

pub async fn on_sqlite(contract: impl AsyncFnOnce(&Bed)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("new/hgj.db").display());
    let bed = Bed::open(&url).await;
    contract(&bed).await;
}

pub async fn on_postgres(contract: impl AsyncFnOnce(&Bed)) {
    let admin_url = std::env::var("HGJ_TEST_POSTGRES").expect(
        "HGJ_TEST_POSTGRES must hold the URL of a PostgreSQL server on which databases may be made, \
         such as postgres://postgres@127.0.0.1:5432/postgres",
    );
    let admin = connect(&admin_url, 1).await;
    let template = template(&admin, &admin_url).await;
    let name = format!("hgj_stores_{}", SystemIds.at(SystemClock.now()).simple());
    run(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;

    let bed = Bed::open(&beside(&admin_url, &name)).await;
    let outcome = AssertUnwindSafe(contract(&bed)).catch_unwind().await;
    bed.close().await;
    run(&admin, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

impl Bed {
    async fn open(url: &str) -> Self {
        let db = Database::connect_with(url, 4).await.expect("a database");
        db.migrate().await.expect("a schema");
        let vault = Vault::open(&db, masters(), Arc::new(SystemClock)).await.expect("a vault");
        let stores = Stores::over(&db, &vault);
        let raw = connect(url, 2).await;
        Self { db, vault, stores, raw }
    }

    async fn close(&self) {
        self.db.close().await.expect("closed");
        self.raw.close_by_ref().await.expect("closed");
    }

    pub fn is_postgres(&self) -> bool {
        self.raw.get_database_backend() == DbBackend::Postgres
    }

    /// Runs a statement past the stores.
    pub async fn tamper(&self, sql: &str) {
        run(&self.raw, sql).await;
    }

    /// The first column of all rows, as text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.raw.query_all_raw(Statement::from_string(self.raw.get_database_backend(), sql)).await;
        rows.expect(sql).iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
    }

    /// How many rows the table has.
    pub async fn numbers(&self, sql: &str) -> Vec<i64> {
        let rows = self.raw.query_all_raw(Statement::from_string(self.raw.get_database_backend(), sql)).await;
        rows.expect(sql).iter().map(|row| row.try_get_by_index(0).expect("a number")).collect()
    }

    pub async fn count(&self, table: &str) -> usize {
        self.texts(&format!("SELECT 'row' FROM {table}")).await.len()
    }
}

pub fn masters() -> MasterKeys {
    MasterKeys::new(vec![MasterKey { id: "test".to_owned(), secret: [7; 32] }]).expect("a master key")
}

/// The migrated database that all others are copies of: made by the first who comes, anew for each build.
async fn template(admin: &DatabaseConnection, admin_url: &str) -> String {
    let binary = std::env::current_exe().and_then(std::fs::metadata).and_then(|file| file.modified());
    let built = binary.expect("this binary's time").duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
    let name = format!("{TEMPLATE_PREFIX}{built}");
    run(admin, &format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
    let existing = admin
        .query_all_raw(Statement::from_string(
            DbBackend::Postgres,
            format!("SELECT datname::text FROM pg_database WHERE datname LIKE '{TEMPLATE_PREFIX}%'"),
        ))
        .await
        .expect("names of databases");
    let existing: Vec<String> = existing.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect();
    if !existing.contains(&name) {
        for old in existing {
            run(admin, &format!("DROP DATABASE {old} WITH (FORCE)")).await;
        }
        run(admin, &format!("CREATE DATABASE {name}")).await;
        let db = Database::connect_with(&beside(admin_url, &name), 4).await.expect("the template");
        db.migrate().await.expect("a schema");
        db.close().await.expect("closed");
    }
    run(admin, &format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await;
    name
}

async fn connect(url: &str, connections: u32) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).sqlx_logging(false);
    sea_orm::Database::connect(options).await.expect("a connection")
}

async fn run(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql).await.expect(sql);
}

/// The URL of another database on the same server.
fn beside(admin_url: &str, name: &str) -> String {
    let (server, rest) = admin_url.rsplit_once('/').expect("a database's name at the end of the URL");
    let options = rest.split_once('?').map(|(_, options)| format!("?{options}")).unwrap_or_default();
    format!("{server}/{name}{options}")
}
