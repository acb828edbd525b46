use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, rt, web};
use tokio::sync::oneshot;

use super::state::SandboxState;
use super::{SandboxOptions, control, page, phone_side, wechat};

/// The way to a [`RunningSandbox`].
pub struct Sandbox;

/// A sandbox that answers until it is stopped or dropped.
pub struct RunningSandbox {
    addr: SocketAddr,
    state: SandboxState,
    handle: ServerHandle,
    /// Resolves when the sandbox's thread has let go of the port.
    ended: Option<oneshot::Receiver<()>>,
}

/// Why a sandbox could not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error("the sandbox cannot listen on {addr}")]
    Listen {
        addr: SocketAddr,
        #[source]
        source: io::Error,
    },
    #[error("the sandbox's thread cannot start")]
    Thread(#[source] io::Error),
    #[error("the sandbox's server ended at its start")]
    Ended,
}

impl Sandbox {
    /// Starts a sandbox on a thread of its own, so that it does not care
    /// whether the caller runs under actix, under plain tokio, or inside a
    /// test whose runtime ends before the sandbox does.
    ///
    /// # Errors
    /// [`SandboxError`] if the address is taken or no thread can be had.
    pub async fn start(options: SandboxOptions) -> Result<RunningSandbox, SandboxError> {
        let wanted = options.listen;
        Self::resume(SandboxState::new(options), wanted).await
    }

    /// The sandbox as a program: starts, tells `ready` the address, and stops
    /// when `stop` comes true.
    ///
    /// # Errors
    /// As [`Sandbox::start`].
    pub async fn run_until(
        options: SandboxOptions,
        stop: impl Future<Output = ()>,
        ready: impl FnOnce(SocketAddr),
    ) -> Result<(), SandboxError> {
        let sandbox = Self::start(options).await?;
        ready(sandbox.addr());
        stop.await;
        sandbox.stop().await;
        Ok(())
    }

    /// Lets a sandbox that was stopped answer again, on this address, with
    /// everything that it knew.
    ///
    /// # Errors
    /// As [`Sandbox::start`].
    pub async fn resume(state: SandboxState, wanted: SocketAddr) -> Result<RunningSandbox, SandboxError> {
        let listen = |source| SandboxError::Listen { addr: wanted, source };
        let listener = TcpListener::bind(wanted).map_err(listen)?;
        let addr = listener.local_addr().map_err(listen)?;

        let (started, starting) = oneshot::channel();
        let (ending, ended) = oneshot::channel();
        let served = state.clone();
        thread::Builder::new()
            .name("wechat-sandbox".into())
            .spawn(move || {
                serve(listener, served, started);
                // Nobody may be waiting, and that is fine.
                let _ = ending.send(());
            })
            .map_err(SandboxError::Thread)?;

        Ok(RunningSandbox { addr, state, handle: starting.await.map_err(|_| SandboxError::Ended)?, ended: Some(ended) })
    }
}

/// How often is looked whether the last connection is gone, and how many
/// times: actix does not wait for its worker when it is told to stop at once.
const LOOK_EVERY: Duration = Duration::from_millis(1);
const LOOKS: usize = 500;
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Runs the server to its end on the current thread. When this returns, no
/// connection that was kept open is answered any more.
fn serve(listener: TcpListener, state: SandboxState, started: oneshot::Sender<ServerHandle>) {
    let result = rt::System::new().block_on(async move {
        let alive = Arc::new(());
        let still = Arc::downgrade(&alive);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::new(state.clone()))
                // Held by the worker and by each of its connections.
                .app_data(alive.clone())
                .configure(wechat::routes)
                .configure(phone_side::routes)
                .configure(control::routes)
                .configure(page::routes)
                .default_service(web::to(wechat::unknown_path))
        })
        .workers(1)
        // Nobody who pauses between two calls shall meet the moment of closing. How long WeChat waits is UNVERIFIED.
        .keep_alive(KEEP_ALIVE)
        // Who hangs up does not stop what was asked for, as at WeChat.
        .h1_allow_half_closed(true)
        .disable_signals()
        .listen(listener)?
        .run();
        // A caller that stopped waiting drops the handle's other end with it.
        let _ = started.send(server.handle());
        let ended = server.await;
        for _ in 0..LOOKS {
            if still.strong_count() == 0 {
                break;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        ended
    });
    if let Err(error) = result {
        tracing::error!(%error, "wechat.sandbox.failed");
    }
}

impl RunningSandbox {
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// What a [`Config`](crate::Config) takes as its `base_url`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The same phones and controls without HTTP.
    #[must_use]
    pub const fn state(&self) -> &SandboxState {
        &self.state
    }

    /// Stops answering and frees the port.
    pub async fn stop(mut self) {
        self.handle.stop(false).await;
        if let Some(ended) = self.ended.take() {
            // An error means that the thread is gone already.
            let _ = ended.await;
        }
    }
}

impl Drop for RunningSandbox {
    fn drop(&mut self) {
        // The command is on its way without awaiting the answer.
        drop(self.handle.stop(false));
    }
}
