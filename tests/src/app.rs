use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;

use api::command::Running;
use api::config::{
    CallbackSettings, Limits, MiniProgramSettings, ServiceAccountSettings, ServiceTemplates, Settings, WecomSettings,
};
use api::wiring::Seams;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{InvitationId, PersonId};
use domain::people::{Invitation, Membership, Role};
use domain::ports::{Clock, Grant, Ids};
use futures_util::FutureExt;
use infra::clock::{ManualClock, SystemIds};
use secrecy::SecretString;
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::Mutex;
use wechat_adapter::sandbox::{
    PhoneMessage, RunningSandbox, Sandbox, SandboxAccount, SandboxCorp, SandboxCorpApp, SandboxOptions, SandboxState,
    order_templates, service_templates,
};

use crate::ask::{Client, Reply};
use crate::database::{Backend, Lease, MASTER_KEY, master_key};
use crate::people::Person;
use crate::program::Program;
use crate::words::TEMPLATES;

/// When every test begins: a Monday, ten in the morning in Shanghai.
pub const START: &str = "2026-11-23T10:00:00+08:00";
pub const APP_ID: &str = "wx-hongguanjia-test";
/// Another mini-program of the same operator.
pub const OTHER_APP_ID: &str = "wx-jishi-test";
/// The operator's service account.
pub const SERVICE_APP_ID: &str = "wx-service-test";
/// The corporation in WeCom whose members work here, and its app.
pub const CORP_ID: &str = "ww-test";
const AGENT_ID: u64 = 1_000_002;
const SECRET: &str = "test-secret";
pub(crate) const CALLBACK_TOKEN: &str = "test-callback";
/// 43 characters, the last of which has bits that base64 does not need.
pub(crate) const CALLBACK_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

/// The real server with a database, a WeChat and a clock of its own, and no worker in the background.
pub struct TestApp {
    pub clock: ManualClock,
    pub database: Lease,
    pub folder: TempDir,
    http: reqwest::Client,
    pub(crate) base_url: String,
    pub(crate) sandbox: Mutex<Option<RunningSandbox>>,
    pub(crate) phones: SandboxState,
    wechat_address: SocketAddr,
    settings: Mutex<Settings>,
    pub(crate) running: Mutex<Option<Running>>,
    /// What people agreed to and the ledger does not say yet.
    pub(crate) agreed: std::sync::Mutex<Vec<(String, String)>>,
}

/// Starts a server, runs the test on it, and holds it to what must be true after every test.
pub async fn run_on(backend: Backend, change: fn(&mut Settings), test: impl AsyncFnOnce(&TestApp)) {
    let app = TestApp::start(backend, change).await;
    let outcome = AssertUnwindSafe(test(&app)).catch_unwind().await;
    let left = app.finish().await;
    match outcome {
        Err(panic) => resume_unwind(panic),
        Ok(()) => assert!(left.is_empty(), "the test left behind: {left:#?}"),
    }
}

impl TestApp {
    pub async fn start(backend: Backend, change: fn(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = ManualClock::new(START.parse().expect("an instant"));
        let database = Lease::take(backend, folder.path(), clock.now()).await;
        let sandbox = sandbox(&clock, 0).await;
        let phones = sandbox.state().clone();
        let mut settings = Settings {
            listen: "127.0.0.1:0".into(),
            data_dir: folder.path().into(),
            database_url: Some(database.url.clone()),
            database_connections: 4,
            redis_url: database.redis_url.clone(),
            redis_prefix: database.redis_prefix.clone(),
            limits: generous(),
            vault: master_key(),
            ..Settings::default()
        };
        settings.wechat.base_url = sandbox.base_url();
        settings.wechat.app_id = APP_ID.into();
        settings.wechat.secret = SECRET.into();
        settings.wechat.callback = callback();
        settings.wechat.others = vec![MiniProgramSettings {
            app_id: OTHER_APP_ID.into(),
            secret: SECRET.into(),
            templates: settings.wechat.templates.clone(),
            callback: callback(),
        }];
        let (app_id, secret) = (SERVICE_APP_ID.into(), SECRET.into());
        let templates = Some(ServiceTemplates::new("hgj-service-progress", "hgj-service-task"));
        settings.wechat.service_account =
            Some(ServiceAccountSettings { app_id, secret, callback: callback(), templates });
        settings.wechat.wecom = Some(WecomSettings {
            base_url: sandbox.base_url(),
            corp_id: CORP_ID.into(),
            secret: SECRET.into(),
            agent_id: AGENT_ID,
        });
        // The clock stands still: everything happens within one second.
        settings.wechat.sends_per_second = MANY;
        // Tests move the clock by days; those of signing in set their own.
        settings.tokens.access_minutes = 60 * 24 * 365;
        change(&mut settings);
        let running = Running::start(&settings, seams(&clock), false).await.expect("a server");
        // A restart keeps its address, as a service behind its name does.
        settings.listen = running.address.to_string();
        Self {
            clock,
            database,
            folder,
            http: reqwest::Client::builder().no_proxy().build().expect("a client"),
            base_url: format!("http://{}", running.address),
            wechat_address: sandbox.addr(),
            sandbox: Mutex::new(Some(sandbox)),
            phones,
            settings: Mutex::new(settings),
            running: Mutex::new(Some(running)),
            agreed: std::sync::Mutex::default(),
        }
    }

    /// Stops the server and starts it again, on the same data and address.
    pub async fn restart_with(&self, change: impl FnOnce(&mut Settings)) {
        let mut running = self.running.lock().await;
        running.take().expect("a server").stop().await.expect("a clean stop");
        let mut settings = self.settings.lock().await;
        change(&mut settings);
        *running = Some(Running::start(&settings, seams(&self.clock), false).await.expect("a server"));
    }

    /// Somebody who has not signed in.
    pub fn anonymous(&self) -> Client {
        self.bearing(None)
    }

    /// Somebody who shows this token.
    pub fn with_token(&self, token: &str) -> Client {
        self.bearing(Some(token.to_owned()))
    }

    fn bearing(&self, token: Option<String>) -> Client {
        Client { http: self.http.clone(), base_url: self.base_url.clone(), token }
    }

    /// Somebody who shows this token to another server.
    pub fn at(&self, program: &Program, token: &str) -> Client {
        Client { base_url: program.base_url.clone(), ..self.with_token(token) }
    }

    /// Signs in at another server of this test's data, which goes by the clock on the wall.
    pub async fn sign_in_at(&self, program: &Program, openid: &str) -> Person {
        let anonymous = Client { base_url: program.base_url.clone(), ..self.anonymous() };
        let reply = anonymous.post("/v1/auth/wechat").json(&json!({ "code": self.login_code(openid) })).await;
        Person::new(anonymous, openid, &reply.ok())
    }

    /// What this test's server was started with.
    pub async fn settings(&self) -> Settings {
        self.settings.lock().await.clone()
    }

    /// What makes a program of its own work on this test's data.
    pub async fn environment(&self) -> Vec<(String, String)> {
        let settings = self.settings().await;
        let mut named = vec![
            ("DATA_DIR", settings.data_dir.display().to_string()),
            ("DATABASE_URL", settings.database_url()),
            ("REDIS_PREFIX", settings.redis_prefix.clone()),
            ("TOKENS__ACCESS_MINUTES", settings.tokens.access_minutes.to_string()),
            ("WECHAT__BASE_URL", settings.wechat.base_url.clone()),
            ("WECHAT__APP_ID", APP_ID.to_owned()),
            ("WECHAT__SECRET", SECRET.to_owned()),
            ("VAULT__KEYS", format!("[\"{MASTER_KEY}\"]")),
        ];
        named.extend(settings.redis_url.clone().map(|url| ("REDIS_URL", url)));
        for limit in [
            "LIMITS__PERSON_BURST",
            "LIMITS__PERSON_PER_SECOND",
            "LIMITS__ADDRESS_BURST",
            "LIMITS__ADDRESS_PER_SECOND",
            "LIMITS__ANONYMOUS_BURST",
            "LIMITS__ANONYMOUS_PER_SECOND",
        ] {
            named.push((limit, MANY.to_string()));
        }
        named.into_iter().map(|(name, value)| (format!("HGJ_{name}"), value)).collect()
    }

    /// A code as `wx.login` gives it on this person's phone.
    pub fn login_code(&self, openid: &str) -> String {
        self.phones.login(openid)
    }

    pub async fn sign_in(&self, openid: &str) -> Person {
        let reply = self.try_sign_in(&self.login_code(openid)).await;
        Person::new(self.anonymous(), openid, &reply.ok())
    }

    pub async fn try_sign_in(&self, code: &str) -> Reply {
        self.anonymous().post("/v1/auth/wechat").json(&json!({ "code": code })).await
    }

    /// Somebody whose phone number WeChat has verified.
    pub async fn sign_in_with_phone(&self, openid: &str, number: &str) -> Person {
        let person = self.sign_in(openid).await;
        let code = self.phones.phone_code(openid, number);
        person.post("/v1/me/phone").json(&json!({ "code": code })).await.ok();
        person
    }

    /// The administrator of everything, who came in by the first code.
    pub async fn administrator(&self) -> Person {
        let invitation = Invitation {
            id: InvitationId(SystemIds.at(self.now())),
            membership: Membership { role: Role::Administrator, place: None, partner_id: None },
            issued_by: None,
            issued_at: self.now(),
            expires_at: self.now() + TimeDelta::days(1),
            role_ends_at: None,
        };
        let running = self.running.lock().await;
        let invitations = &running.as_ref().expect("a server").app.stores.invitations;
        let is_first = invitations.invite_first_administrator(&invitation, "AAAAA-AAAAA").await.expect("a code");
        drop(running);
        let admin = self.sign_in_with_phone("test-admin", "13900000099").await;
        if is_first {
            admin.post("/v1/invitations/accept").json(&json!({ "code": "AAAAA-AAAAA" })).await.ok();
        }
        admin
    }

    /// Lets this person agree once to each of the messages.
    pub fn agrees_to_messages(&self, openid: &str) {
        for template in TEMPLATES {
            self.agrees_to(openid, template);
        }
    }

    /// Lets this person agree once to this message; the server has heard of it when the next message leaves.
    pub fn agrees_to(&self, openid: &str, template: &str) {
        self.phones.grant(openid, template);
        let mut agreed = self.agreed.lock().expect("no test panicked here");
        agreed.push((openid.to_owned(), template.to_owned()));
    }

    pub fn messages_of(&self, openid: &str) -> Vec<PhoneMessage> {
        self.phones.messages_of(openid)
    }

    /// WeChat, as a test sees and spoils it.
    pub fn wechat(&self) -> &SandboxState {
        &self.phones
    }

    /// WeChat goes away: its port is closed.
    pub async fn wechat_down(&self) {
        self.sandbox.lock().await.take().expect("WeChat is down already").stop().await;
    }

    /// WeChat is back on its old address, and remembers everything.
    pub async fn wechat_up(&self) {
        let back = Sandbox::resume(self.phones.clone(), self.wechat_address).await.expect("a sandbox");
        *self.sandbox.lock().await = Some(back);
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    /// Signs in through another mini-program, which calls the person by another name.
    pub async fn sign_in_through(&self, app_id: &str, openid: &str) -> Person {
        let code = self.phones.login(openid);
        let reply = self.anonymous().post("/v1/auth/wechat").json(&json!({ "code": code, "app_id": app_id })).await;
        Person::new(self.anonymous(), openid, &reply.ok())
    }

    /// Gives somebody a role, as the program itself does.
    pub async fn grant(&self, grant: &Grant) {
        let running = self.running.lock().await;
        let memberships = &running.as_ref().expect("a server").app.stores.memberships;
        memberships.grant(grant).await.expect("a grant");
    }

    /// What the locked cells of all orders, events and saved answers say, as far as anybody can open them.
    pub async fn opened(&self) -> String {
        let running = self.running.lock().await;
        let stores = &running.as_ref().expect("a server").app.stores;
        let mut opened = String::new();
        let mut after = None;
        loop {
            let some = stores.history.walk(after, 100).await.expect("a walk");
            let Some(last) = some.last() else { break };
            after = Some(last.order);
            opened.extend(some.iter().map(|history| format!("{:?}\n", history.read)));
        }
        let keys = self.database.texts("SELECT key FROM answers").await;
        let as_text = match self.database.backend {
            Backend::Sqlite => "SELECT hex(id) FROM persons",
            Backend::Postgres => "SELECT CAST(id AS TEXT) FROM persons",
        };
        let people = self.database.texts(as_text).await;
        let people: Vec<PersonId> = people.iter().filter_map(|id| id.parse().ok()).collect();
        for (person, key) in people.iter().flat_map(|person| keys.iter().map(move |key| (person, key))) {
            let answer = stores.answers.find_answer(*person, key).await.expect("an answer");
            opened += &answer.map(|answer| answer.body).unwrap_or_default();
        }
        opened
    }

    /// The files that lie in the folder of photos, by their paths.
    pub fn photo_files(&self) -> Vec<String> {
        fn walk(folder: &std::path::Path) -> Vec<String> {
            let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
            entries
                .flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path.display().to_string()] })
                .collect()
        }
        walk(&self.folder.path().join("photos"))
    }

    /// Cuts the server off from its database until the next restart.
    pub async fn lose_database(&self) {
        let running = self.running.lock().await;
        running.as_ref().expect("a server").app.database.close().await.expect("closed");
    }

    /// Stops everything and says what should not be there.
    pub async fn finish(self) -> Vec<String> {
        let mut left = Vec::new();
        if let Err(panic) = AssertUnwindSafe(self.send_what_waits()).catch_unwind().await {
            left.push(format!("the outbox cannot be drained: {}", message(panic.as_ref())));
        } else {
            let waiting = self.waiting().await;
            left.extend((waiting > 0).then(|| format!("{waiting} notices in the outbox")));
        }
        left.extend(
            self.phones.unexpected().iter().map(|call| format!("a call that WeChat would not expect: {call:?}")),
        );
        if let Some(running) = self.running.into_inner() {
            left.extend(running.stop().await.err().map(|error| format!("the server stopped badly: {error:#}")));
        }
        if let Some(sandbox) = self.sandbox.into_inner() {
            sandbox.stop().await;
        }
        self.database.give_back().await;
        left
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "a panic".into())
}

fn seams(clock: &ManualClock) -> Seams {
    Seams { clock: Arc::new(clock.clone()), ids: Arc::new(SystemIds), watch: None, by_hand: true }
}

async fn sandbox(clock: &ManualClock, port: u16) -> RunningSandbox {
    let clock = clock.clone();
    let mut options = SandboxOptions::new(APP_ID, SecretString::from(SECRET));
    options.listen.set_port(port);
    options.accounts = vec![
        SandboxAccount::mini_program(OTHER_APP_ID, SecretString::from(SECRET)).with_templates(order_templates()),
        SandboxAccount::service_account(SERVICE_APP_ID, SecretString::from(SECRET)).with_templates(service_templates()),
    ];
    let agent_id = i64::try_from(AGENT_ID).expect("a small number");
    options.corp = Some(SandboxCorp {
        corp_id: CORP_ID.into(),
        name: "街道".into(),
        apps: vec![SandboxCorpApp { agent_id, secret: SecretString::from(SECRET) }],
        members: vec![("ZhaoXiao".into(), "接访员小赵".into())],
        robots: Vec::new(),
    });
    options.clock = Arc::new(move || clock.now());
    Sandbox::start(options).await.expect("a sandbox")
}

fn callback() -> CallbackSettings {
    CallbackSettings { token: CALLBACK_TOKEN.into(), encoding_aes_key: CALLBACK_KEY.into() }
}

const MANY: u32 = 1_000_000;

/// So that no test meets a limit that it does not test.
fn generous() -> Limits {
    Limits {
        person_burst: MANY,
        person_per_second: MANY,
        address_burst: MANY,
        address_per_second: MANY,
        anonymous_burst: MANY,
        anonymous_per_second: MANY,
        export_every_seconds: 0,
        ..Limits::default()
    }
}
