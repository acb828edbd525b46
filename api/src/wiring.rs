//! Puts the parts together. The only place that names the implementations.

use std::sync::{Arc, OnceLock};

use actix_web::web::Data;
use anyhow::Context;
use chrono::TimeDelta;
use domain::deadline::WorkCalendar;
use domain::erasure::Eraser;
use domain::mediation::Mediations;
use domain::order::usecase::Orders;
use domain::ports::{Clock, Ids, NoticeQueue, PhotoStore};
use domain::retention::{Keeper, Periods};
use infra::Stores;
use infra::clock::{SystemClock, SystemIds};
use infra::database::StatementWatch;
use infra::photo::{BoundedDarkroom, ObjectPhotoStore};
use infra::queue::{MemoryQueue, SharedQueue, StreamQueue};
use infra::redis::Redis;
use infra::throttle::SecondsThrottle;
use infra::worker::{AuditLog, Bell, Clockwork, ContentWorker, Expander, Housekeeping, Relay, Sender};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use secrecy::ExposeSecret;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use uuid::Uuid;
use wechat_adapter::{MemoryTokenStore, TokenStore};

use crate::access::Access;
use crate::app::App;
use crate::auth::{PhotoLinks, Tokens};
use crate::config::Settings;
use crate::keyring::KeyRing;
use crate::limiter::Limiter;
use crate::live::Hub;
use crate::names::Names;
use crate::server::describe;
use crate::shared_read::SharedReads;
use crate::storage::Storage;
use crate::token_store::RedisTokenStore;
use crate::uploads::Uploads;
use crate::wechat::{Apps, WechatMessenger, WechatReader};

/// Where tests and measurements look in, or put something of theirs in place of the system's own.
#[derive(Clone)]
pub struct Seams {
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub watch: Option<StatementWatch>,
    /// What happened is passed on by whoever holds these, and by nobody in the background.
    pub by_hand: bool,
}

impl Default for Seams {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), ids: Arc::new(SystemIds), watch: None, by_hand: false }
    }
}

/// Opens and migrates the database, connects everything. `public_url` is how clients reach us.
pub async fn wire(settings: &Settings, seams: Seams, public_url: String) -> anyhow::Result<Data<App>> {
    let Seams { clock, ids, watch, by_hand: _ } = seams;
    let Storage { database, vault, stores } = Storage::open_watched(settings, clock.clone(), watch).await?;
    let photos = photo_store(settings)?;
    let redis = match &settings.redis_url {
        Some(url) => Some(Redis::connect(url, &settings.redis_prefix).await.context("the address of Redis is wrong")?),
        None => None,
    };
    let keys = signing_keys(settings)?;
    let orders = orders(&stores, &clock, &ids);
    let tokens = &settings.tokens;
    let links = PhotoLinks::new(keys.clone(), public_url, TimeDelta::minutes(tokens.photo_link_minutes));
    let apps =
        Arc::new(Apps::of(&settings.wechat, &token_store(redis.as_ref()), &clock).context("WeChat cannot be set up")?);
    let reader = reader(&apps, &stores, links.clone(), &clock);
    let reader = settings.wechat.check_content.then(|| Arc::new(reader));
    let bell = Bell::new(redis.clone());
    Ok(Data::new(App {
        access: Access::of(&describe()),
        audit: AuditLog::new(stores.audit.clone(), clock.clone(), ids.clone()),
        names: Names::new(stores.directory.clone()),
        slot_pages: SharedReads::default(),
        tokens: Tokens::new(keys, TimeDelta::minutes(tokens.access_minutes)),
        refresh_lifetime: TimeDelta::days(tokens.refresh_days),
        desk_idle_minutes: tokens.desk_idle_minutes,
        links,
        limits: settings.limits.clone(),
        limiter: Limiter::new(&settings.limits, redis.clone()),
        trust_forwarded: settings.trust_forwarded,
        reader,
        errands: tokio::sync::Mutex::default(),
        doors: Arc::new(apps.doors()),
        apps,
        darkroom: Arc::new(BoundedDarkroom::new(u64::from(settings.limits.photo_memory_mb) * 1024 * 1024)),
        eraser: eraser(&orders, &stores, photos.clone()),
        retention: settings.retention.clone(),
        photos,
        uploads: Uploads::default(),
        wake: Arc::new(Notify::new()),
        wake_sender: Arc::new(Notify::new()),
        hub: Arc::new(Hub::new(stores.feed.clone(), bell.clone())),
        bell,
        queue: queue(redis.as_ref(), ids.at(clock.now())),
        throttle: Arc::new(SecondsThrottle::new(redis.clone(), clock.clone(), settings.wechat.sends_per_second)),
        metrics: recorder()?,
        mediations: Mediations { orders: orders.clone(), store: stores.mediations.clone() },
        orders,
        stores,
        clock,
        ids,
        database,
        vault,
        redis,
        runtime: Handle::current(),
    }))
}

/// Passes on what this process writes: to its own workers, or to those of other processes where a stream leads there.
pub fn relay(app: &App, has_workers: bool) -> Relay {
    let to_others = || app.redis.clone().map(|redis| Arc::new(StreamQueue::new(redis, String::new())) as Arc<_>);
    Relay {
        store: app.stores.outbox.clone(),
        queue: if has_workers { Some(app.queue.clone()) } else { to_others() },
        clock: app.clock.clone(),
        wake: app.wake.clone(),
        bell: app.bell.clone(),
    }
}

pub fn expander(app: &App) -> Expander {
    Expander {
        store: app.stores.outbox.clone(),
        queue: app.queue.clone(),
        doors: app.doors.clone(),
        clock: app.clock.clone(),
        relay: app.wake.clone(),
        sender: app.wake_sender.clone(),
        bell: app.bell.clone(),
    }
}

pub fn sender(app: &App) -> Sender {
    let (apps, ledger, clock) = (app.apps.clone(), app.stores.wechat.clone(), app.clock.clone());
    Sender {
        store: app.stores.deliveries.clone(),
        messenger: Arc::new(WechatMessenger { apps, ledger, clock }),
        throttle: app.throttle.clone(),
        doors: app.doors.clone(),
        clock: app.clock.clone(),
        wake: app.wake_sender.clone(),
        relay: app.wake.clone(),
    }
}

pub fn clockwork(app: &App) -> Clockwork {
    Clockwork {
        reminders: app.stores.reminders.clone(),
        bookings: app.stores.bookings.clone(),
        deliveries: app.stores.deliveries.clone(),
        mediations: app.mediations.clone(),
        calendar: app.orders.calendar.clone(),
        doors: app.doors.clone(),
        clock: app.clock.clone(),
        relay: app.wake.clone(),
        sender: app.wake_sender.clone(),
    }
}

/// Of this process alone, or shared by all workers where there is a Redis.
fn queue(redis: Option<&Redis>, process: Uuid) -> Arc<dyn NoticeQueue> {
    match redis {
        Some(redis) => Arc::new(SharedQueue::new(StreamQueue::new(redis.clone(), process.to_string()))),
        None => Arc::new(MemoryQueue::default()),
    }
}

/// `None` where words and photos are not checked.
pub fn content_worker(app: &App) -> Option<ContentWorker> {
    let check = app.reader.clone()?;
    Some(ContentWorker { store: app.stores.content.clone(), check, clock: app.clock.clone() })
}

pub fn housekeeping(app: &App) -> Housekeeping {
    Housekeeping {
        answers: app.stores.answers.clone(),
        people: app.stores.people.clone(),
        tickets: app.stores.tickets.clone(),
        attempts: app.stores.attempts.clone(),
        delegations: app.stores.delegations.clone(),
        wechat: app.stores.wechat.clone(),
        feed: app.stores.feed.clone(),
        keeper: keeper(&app.stores, app.eraser.clone(), app.retention.clone()),
        clock: app.clock.clone(),
    }
}

pub fn eraser(orders: &Orders, stores: &Stores, photos: Arc<dyn PhotoStore>) -> Eraser {
    Eraser { orders: orders.clone(), store: stores.erasures.clone(), photos }
}

pub fn keeper(stores: &Stores, eraser: Eraser, periods: Periods) -> Keeper {
    Keeper { periods, store: stores.retention.clone(), attachments: stores.attachments.clone(), eraser }
}

/// The use cases of orders.
pub fn orders(stores: &Stores, clock: &Arc<dyn Clock>, ids: &Arc<dyn Ids>) -> Orders {
    let calendar = Arc::new(WorkCalendar::announced());
    let (store, bookings) = (stores.orders.clone(), stores.bookings.clone());
    Orders { store, bookings, clock: clock.clone(), ids: ids.clone(), calendar }
}

/// The folder of photos, made where it is missing.
pub fn photo_store(settings: &Settings) -> anyhow::Result<Arc<dyn PhotoStore>> {
    let photos = settings.data_dir.join("photos");
    std::fs::create_dir_all(&photos).with_context(|| format!("the folder {} cannot be made", photos.display()))?;
    Ok(Arc::new(ObjectPhotoStore::in_folder(&photos)?))
}

fn signing_keys(settings: &Settings) -> anyhow::Result<KeyRing> {
    if settings.tokens.keys.is_empty() {
        return KeyRing::open(&settings.signing_keys_file());
    }
    KeyRing::parse(settings.tokens.keys.iter().map(ExposeSecret::expose_secret))
}

fn reader(apps: &Arc<Apps>, stores: &Stores, links: PhotoLinks, clock: &Arc<dyn Clock>) -> WechatReader {
    WechatReader { apps: apps.clone(), people: stores.wechat.clone(), links, clock: clock.clone() }
}

/// Shared by all processes where there is a Redis.
fn token_store(redis: Option<&Redis>) -> Arc<dyn TokenStore> {
    match redis {
        Some(redis) => Arc::new(RedisTokenStore::new(redis.clone())),
        None => Arc::new(MemoryTokenStore::default()),
    }
}

/// Seconds; from a quick read to a slow photo.
const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// One recorder a process: tests start many servers in one.
fn recorder() -> anyhow::Result<PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let handle = RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".into()), BUCKETS);
        builder.ok()?.install_recorder().ok()
    });
    handle.clone().context("metrics cannot be recorded")
}
