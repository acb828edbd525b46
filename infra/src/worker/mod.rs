//! What the program does by itself: passes on what happened, sends messages, looks at the clock, and tidies.

mod audit;
mod bell;
mod clockwork;
mod content;
mod expander;
mod housekeeping;
mod relay;
mod sender;

pub use audit::AuditLog;
pub use bell::Bell;
pub use clockwork::Clockwork;
pub use content::ContentWorker;
pub use expander::Expander;
pub use housekeeping::Housekeeping;
pub use relay::Relay;
pub use sender::Sender;

use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// So long, or until told to stop.
async fn pause(time: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(time) => {}
    }
}
