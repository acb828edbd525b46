//! Everything a handler needs, built once by [`wiring`](crate::wiring).

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::Data;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use domain::erasure::Eraser;
use domain::ids::SessionId;
use domain::mediation::Mediations;
use domain::order::usecase::Orders;
use domain::ports::{Clock, Darkroom, Doors, Ids, NoticeQueue, PhotoStore, SlotQuery, StoreError, Throttle};
use domain::retention::Periods;
use infra::database::Database;
use infra::redis::Redis;
use infra::worker::{AuditLog, Bell};
use infra::{Stores, Vault};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::access::Access;
use crate::auth::{PhotoLinks, Tokens};
use crate::config::Limits;
use crate::limiter::Limiter;
use crate::live::Hub;
use crate::names::Names;
use crate::problem::Problem;
use crate::shared_read::SharedReads;
use crate::uploads::Uploads;
use crate::wechat::{Apps, WechatReader};

pub struct App {
    pub access: Access,
    pub audit: AuditLog,
    pub stores: Stores,
    pub orders: Orders,
    pub mediations: Mediations,
    pub names: Names,
    /// Pages of dates that are being read.
    pub slot_pages: SharedReads<SlotQuery, Result<Bytes, Arc<StoreError>>>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub tokens: Tokens,
    pub refresh_lifetime: TimeDelta,
    /// A session at a desk ends when nobody used it for so long.
    pub desk_idle_minutes: u32,
    pub links: PhotoLinks,
    pub limits: Limits,
    pub limiter: Limiter,
    pub trust_forwarded: bool,
    /// The accounts with WeChat.
    pub apps: Arc<Apps>,
    /// Reads what people say; `None` where the settings say so.
    pub reader: Option<Arc<WechatReader>>,
    /// Held by whoever runs errands in this process: the same one is not run twice at once.
    pub errands: tokio::sync::Mutex<()>,
    pub darkroom: Arc<dyn Darkroom>,
    pub photos: Arc<dyn PhotoStore>,
    pub eraser: Eraser,
    pub retention: Periods,
    pub uploads: Uploads,
    /// Rung after each commit, so that messages leave at once.
    pub wake: Arc<Notify>,
    /// Rung where there is a message to send.
    pub wake_sender: Arc<Notify>,
    /// Rung where there is something for those who watch.
    pub bell: Bell,
    /// Where they sit.
    pub hub: Arc<Hub>,
    /// From those who find notices to those who expand them.
    pub queue: Arc<dyn NoticeQueue>,
    pub throttle: Arc<dyn Throttle>,
    /// The ways out to people's phones.
    pub doors: Arc<Doors>,
    pub metrics: PrometheusHandle,
    pub database: Database,
    pub vault: Arc<Vault>,
    pub redis: Option<Redis>,
    /// The program's own: what runs here outlives the server's threads.
    pub runtime: Handle,
}

impl App {
    pub fn of(request: &HttpRequest) -> Result<&Data<Self>, Problem> {
        request.app_data::<Data<Self>>().ok_or_else(|| Problem::internal(anyhow::anyhow!("the app is not wired")))
    }

    /// Notes that the session was seen, and keeps no answer waiting for it. Where it cannot be noted, the next request
    /// will try.
    pub fn note_seen(&self, session: SessionId, now: DateTime<Utc>) {
        let people = self.stores.people.clone();
        self.runtime.spawn(async move {
            if let Err(error) = people.note_seen(session, now).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "session.seen was not noted");
            }
        });
    }
}
