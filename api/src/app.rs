//! Everything a handler needs, built once by [`wiring`](crate::wiring).

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::TimeDelta;
use domain::erasure::Eraser;
use domain::order::usecase::Orders;
use domain::ports::{Clock, Darkroom, Ids, PhotoStore};
use domain::retention::Periods;
use infra::database::Database;
use infra::redis::Redis;
use infra::{Stores, Vault};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Notify;
use wechat_adapter::MiniProgram;

use crate::access::Access;
use crate::auth::{PhotoLinks, Tokens};
use crate::config::{Limits, Templates};
use crate::limiter::Limiter;
use crate::names::Names;
use crate::problem::Problem;
use crate::uploads::Uploads;

pub struct App {
    pub access: Access,
    pub stores: Stores,
    pub orders: Orders,
    pub names: Names,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub tokens: Tokens,
    pub refresh_lifetime: TimeDelta,
    pub links: PhotoLinks,
    pub limits: Limits,
    pub limiter: Limiter,
    pub trust_forwarded: bool,
    pub wechat: Arc<MiniProgram>,
    pub wechat_app_id: String,
    pub templates: Templates,
    pub darkroom: Arc<dyn Darkroom>,
    pub photos: Arc<dyn PhotoStore>,
    pub eraser: Eraser,
    pub retention: Periods,
    pub uploads: Uploads,
    /// Rung after each commit, so that messages leave at once.
    pub wake: Arc<Notify>,
    pub metrics: PrometheusHandle,
    pub database: Database,
    pub vault: Arc<Vault>,
    pub redis: Option<Redis>,
}

impl App {
    pub fn of(request: &HttpRequest) -> Result<&Data<Self>, Problem> {
        request.app_data::<Data<Self>>().ok_or_else(|| Problem::internal(anyhow::anyhow!("the app is not wired")))
    }
}
