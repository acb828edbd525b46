use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use anyhow::Context;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::config::{Settings, address};
use crate::server::HttpService;
use crate::wechat::run_errands;
use crate::wiring::{Seams, clockwork, content_worker, expander, housekeeping, relay, sender, wire};

/// More threads than this bring nothing: the database is the slower half.
const MAX_WORKERS: usize = 4;
const FORGET_EVERY: Duration = Duration::from_secs(60);

/// A server that answers requests in the background.
pub struct Running {
    pub address: SocketAddr,
    pub app: Data<App>,
    handle: ServerHandle,
    server: JoinHandle<std::io::Result<()>>,
    workers: Vec<JoinHandle<()>>,
    stop: CancellationToken,
    audit: Auditing,
}

impl Running {
    /// Binds, wires and starts. Returns as soon as requests are answered.
    pub async fn start(settings: &Settings, seams: Seams, with_worker: bool) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address(&settings.listen)?)
            .with_context(|| format!("{} is not free to listen on", settings.listen))?;
        let own = format!("http://{}", listener.local_addr()?);
        let public_url = settings.public_url.clone().unwrap_or(own);
        let by_hand = seams.by_hand;
        let app = wire(settings, seams, public_url).await?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_WORKERS);
        let service = HttpService::build(listener, app.clone(), threads, settings.cors_origins.clone())?;
        let (address, handle) = (service.address, service.handle());
        let audit = Auditing::start(&app);
        let server = tokio::spawn(service.run());
        let stop = CancellationToken::new();
        let mut workers = vec![tokio::spawn(app.vault.clone().keep_fresh(stop.clone()))];
        if !by_hand {
            workers.push(tokio::spawn(relay(&app, with_worker).run(stop.clone())));
        }
        workers.push(tokio::spawn(app.bell.clone().listen(stop.clone())));
        workers.push(tokio::spawn(watch(app.clone(), stop.clone())));
        if with_worker {
            workers.extend(start_workers(&app, &stop));
        }
        Ok(Self { address, app, handle, server, workers, stop, audit })
    }

    /// Sends home who watches, lets requests and messages in flight end, then closes the database.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.handle.stop(true).await;
        self.server.await??;
        for worker in self.workers {
            worker.await?;
        }
        self.audit.finish().await?;
        Ok(self.app.database.close().await?)
    }
}

/// Writes the audit log, and stops after everything that has something to tell it.
struct Auditing {
    task: JoinHandle<()>,
    stop: CancellationToken,
}

impl Auditing {
    fn start(app: &Data<App>) -> Self {
        let (app, stop) = (app.clone(), CancellationToken::new());
        let told = stop.clone();
        Self { task: tokio::spawn(async move { app.audit.keep(told).await }), stop }
    }

    async fn finish(self) -> anyhow::Result<()> {
        self.stop.cancel();
        Ok(self.task.await?)
    }
}

fn start_workers(app: &Data<App>, stop: &CancellationToken) -> Vec<JoinHandle<()>> {
    let content = content_worker(app).map(|worker| tokio::spawn(worker.run(stop.clone())));
    let mut workers = vec![
        tokio::spawn(expander(app).run(stop.clone())),
        tokio::spawn(sender(app).run(stop.clone())),
        tokio::spawn(clockwork(app).run(stop.clone())),
        tokio::spawn(housekeeping(app).run(stop.clone())),
        tokio::spawn(run_errands(app.clone(), stop.clone())),
        tokio::spawn(forget_the_quiet(app.clone(), stop.clone())),
    ];
    workers.extend(content);
    workers
}

async fn watch(app: Data<App>, stop: CancellationToken) {
    app.hub.run(stop).await;
}

async fn forget_the_quiet(app: Data<App>, stop: CancellationToken) {
    while tokio::time::timeout(FORGET_EVERY, stop.cancelled()).await.is_err() {
        app.limiter.forget_the_quiet();
    }
}

pub(super) async fn serve(settings: Settings, with_worker: bool) -> anyhow::Result<()> {
    let running = Running::start(&settings, Seams::default(), with_worker).await?;
    super::admin::announce(&running.app).await?;
    tracing::info!(address = %running.address, "ready");
    wait_for_signal().await?;
    tracing::info!("stopping: requests in flight are finished first");
    running.stop().await
}

pub(super) async fn work(settings: Settings) -> anyhow::Result<()> {
    let app = wire(&settings, Seams::default(), settings.public_url.clone().unwrap_or_default()).await?;
    let audit = Auditing::start(&app);
    let stop = CancellationToken::new();
    let mut workers = start_workers(&app, &stop);
    workers.push(tokio::spawn(relay(&app, true).run(stop.clone())));
    workers.push(tokio::spawn(app.vault.clone().keep_fresh(stop.clone())));
    tracing::info!("working");
    wait_for_signal().await?;
    stop.cancel();
    for worker in workers {
        worker.await?;
    }
    audit.finish().await?;
    Ok(app.database.close().await?)
}

/// SIGTERM or Ctrl-C.
pub async fn wait_for_signal() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => Ok(pressed?),
        _ = terminate.recv() => Ok(()),
    }
}
