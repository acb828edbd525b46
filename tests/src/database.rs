use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use api::config::{Settings, VaultSettings};
use api::storage::Storage;
use chrono::{DateTime, Utc};
use infra::clock::SystemClock;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement};
use uuid::Uuid;

use crate::app::APP_ID;

/// On what a test runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    /// With Redis.
    Postgres,
}

/// One database with the four communities in it, this test's alone.
pub struct Lease {
    pub backend: Backend,
    pub url: String,
    pub redis_url: Option<String>,
    pub redis_prefix: String,
    /// Past the server, for what only an inspector or a tamperer would do.
    raw: DatabaseConnection,
    /// Of PostgreSQL: where the database was made, and its name.
    made: Option<(String, String)>,
}

/// One process at a time makes the template; any number will do that nobody else uses.
const TEMPLATE_LOCK: i64 = 7_220_002;
const TEMPLATE_PREFIX: &str = "hgj_suites_template_";

/// Everything that a request may change.
const TABLES: &[&str] = &[
    "addresses",
    "answers",
    "attachments",
    "attempts",
    "bookings",
    "campaign_items",
    "campaign_partners",
    "campaign_visits",
    "campaigns",
    "communities",
    "consents",
    "delegation_offers",
    "delegations",
    "deliveries",
    "desk_tickets",
    "disclosures",
    "dispatches",
    "duty_desks",
    "duty_rota",
    "erasures",
    "former_selves",
    "grid_borders",
    "handed_out",
    "household_looks",
    "household_people",
    "households",
    "identities",
    "invitations",
    "mediation_parties",
    "mediations",
    "memberships",
    "order_events",
    "orders",
    "outbox",
    "partner_jobs",
    "partner_particulars",
    "partner_records",
    "partners",
    "persons",
    "place_codes",
    "places",
    "recovery_codes",
    "refresh_tokens",
    "residences",
    "retention_runs",
    "second_factors",
    "service_versions",
    "services",
    "sessions",
    "slots",
    "subscriptions",
    "volunteer_hours",
    "volunteer_skills",
    "volunteers",
];

impl Lease {
    pub async fn take(backend: Backend, folder: &Path, now: DateTime<Utc>) -> Self {
        match backend {
            Backend::Sqlite => {
                let url = format!("sqlite:{}", folder.join("hongguanjia.db").display());
                prepare(&url, now).await;
                let raw = connect(&url).await;
                Self { backend, url, redis_url: None, redis_prefix: String::new(), raw, made: None }
            }
            Backend::Postgres => {
                let admin_url = server("HGJ_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres");
                let redis_url = server("HGJ_TEST_REDIS", "redis://127.0.0.1:6379");
                let admin = connect(&admin_url).await;
                let template = template(&admin, &admin_url, now).await;
                let name = format!("hgj_suites_{}", Uuid::new_v4().simple());
                run(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
                let url = beside(&admin_url, &name);
                let raw = connect(&url).await;
                let redis_prefix = format!("{name}:");
                Self { backend, url, redis_url: Some(redis_url), redis_prefix, raw, made: Some((admin_url, name)) }
            }
        }
    }

    pub async fn give_back(self) {
        self.raw.close().await.expect("closed");
        if let Some((admin_url, name)) = self.made {
            run(&connect(&admin_url).await, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }

    /// Runs a statement past the server.
    pub async fn tamper(&self, sql: &str) {
        run(&self.raw, sql).await;
    }

    /// The first column of all rows, as text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.raw.query_all_raw(Statement::from_string(self.raw.get_database_backend(), sql)).await;
        rows.expect(sql).iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
    }

    pub async fn count(&self, table: &str) -> usize {
        self.texts(&format!("SELECT 'row' FROM {table}")).await.len()
    }

    /// What a thief carries away: of SQLite its files, of PostgreSQL every row, what is binary also as it is.
    pub async fn stolen(&self) -> Vec<u8> {
        match self.backend {
            Backend::Sqlite => {
                let file = self.url.trim_start_matches("sqlite:");
                let parts = [file.to_owned(), format!("{file}-wal")];
                parts.iter().flat_map(|part| std::fs::read(part).unwrap_or_default()).collect()
            }
            Backend::Postgres => {
                let rows = self.dump().await;
                // A row shows bytes as \x and hexadecimal digits.
                let digits = rows.split("\\x").skip(1).map(|part| {
                    let digits: Vec<u8> = part.bytes().take_while(u8::is_ascii_hexdigit).collect();
                    let pair = |pair: &[u8]| {
                        u8::from_str_radix(std::str::from_utf8(pair).expect("digits"), 16).expect("a byte")
                    };
                    digits.chunks_exact(2).map(pair).collect::<Vec<u8>>()
                });
                let bytes: Vec<u8> = digits.flatten().collect();
                [rows.into_bytes(), bytes].concat()
            }
        }
    }

    /// How messages to residents ended, sorted. What lies in an inbox is no message.
    pub async fn outcomes(&self) -> Vec<String> {
        let sent = "side = 'resident' AND channel <> 'inbox' AND ended_at IS NOT NULL";
        self.texts(&format!("SELECT state FROM deliveries WHERE {sent} ORDER BY state")).await
    }

    /// Every row of every table, as text; bytes as hexadecimal digits.
    pub async fn dump(&self) -> String {
        let names = match self.backend {
            Backend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Backend::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        };
        let mut dump = String::new();
        for table in self.texts(names).await {
            let row = match self.backend {
                Backend::Sqlite => {
                    let quoted = format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')");
                    self.texts(&quoted).await.join(" || ' ' || ")
                }
                Backend::Postgres => "x::text".to_owned(),
            };
            let rows = self.texts(&format!("SELECT {row} FROM \"{table}\" x")).await;
            dump.extend(rows.iter().map(|row| format!("{table}: {row}\n")));
        }
        dump
    }

    /// How many rows each table has, and at which version each order is.
    pub async fn picture(&self) -> (BTreeMap<&'static str, usize>, Vec<String>) {
        let mut counts = BTreeMap::new();
        for table in TABLES.iter().copied() {
            counts.insert(table, self.count(table).await);
        }
        (counts, self.texts("SELECT CAST(version AS TEXT) FROM orders ORDER BY id").await)
    }
}

fn server(variable: &str, example: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} must hold the URL of a server for tests, such as {example}; tests/servers run … sets it")
    })
}

/// One for all, so that every test can read what the template holds.
pub fn master_key() -> VaultSettings {
    VaultSettings { keys: vec![MASTER_KEY.into()] }
}

pub(crate) const MASTER_KEY: &str = "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The schema, the communities and their people.
async fn prepare(url: &str, now: DateTime<Utc>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let settings = Settings {
        data_dir: folder.path().into(),
        database_url: Some(url.to_owned()),
        database_connections: 2,
        vault: master_key(),
        ..Settings::default()
    };
    let storage = Storage::open(&settings, Arc::new(SystemClock)).await.expect("a schema");
    api::seed::seed(&storage.stores, APP_ID, now).await.expect("the communities");
    storage.database.close().await.expect("closed");
}

/// The prepared database that all others are copies of: made by the first process that comes, anew for each build.
async fn template(admin: &DatabaseConnection, admin_url: &str, now: DateTime<Utc>) -> String {
    let binary = std::env::current_exe().and_then(std::fs::metadata).and_then(|file| file.modified());
    let built = binary.expect("this binary's time").duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
    let name = format!("{TEMPLATE_PREFIX}{built}");
    let known = format!("SELECT datname::text FROM pg_database WHERE datname = '{name}'");
    run(admin, &format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
    let found = admin.query_all_raw(Statement::from_string(admin.get_database_backend(), known)).await;
    if found.expect("names of databases").is_empty() {
        // Under another name until it is whole: a test that is killed here leaves no half template.
        run(admin, &format!("DROP DATABASE IF EXISTS {name}_new WITH (FORCE)")).await;
        run(admin, &format!("CREATE DATABASE {name}_new")).await;
        prepare(&beside(admin_url, &format!("{name}_new")), now).await;
        run(admin, &format!("ALTER DATABASE {name}_new RENAME TO {name}")).await;
    }
    run(admin, &format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await;
    name
}

/// One connection, so that a lock that was taken is the lock that is given back.
async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
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
