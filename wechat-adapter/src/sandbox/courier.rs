//! Carries what happens in the sandbox to the servers of its accounts.

use std::collections::HashMap;

use super::pending::PendingPush;
use super::push::{PushTarget, PushTargetError, Pushed, Pusher};
use super::state::SandboxState;

/// Pushes for every account that has a server; what happens in others is
/// dropped, as WeChat drops it where no address is set.
pub struct Courier {
    pushers: HashMap<String, Pusher>,
}

impl Courier {
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// [`PushTargetError`] of the first target that cannot be.
    pub fn new(targets: Vec<PushTarget>) -> Result<Self, PushTargetError> {
        let pusher = |target: PushTarget| Ok((target.config.app_id.clone(), Pusher::new(target)?));
        Ok(Self { pushers: targets.into_iter().map(pusher).collect::<Result<_, PushTargetError>>()? })
    }

    /// Pushes everything that waits, the oldest first, and says what came of it.
    pub async fn deliver(&self, sandbox: &SandboxState) -> Vec<Pushed> {
        self.push_all(sandbox.take_pushes()).await
    }

    /// Pushes whatever happens from now on. Never ends: spawn it.
    pub async fn run(self, sandbox: SandboxState) {
        loop {
            self.push_all(sandbox.next_pushes().await).await;
        }
    }

    async fn push_all(&self, pushes: Vec<PendingPush>) -> Vec<Pushed> {
        let mut pushed = Vec::with_capacity(pushes.len());
        for PendingPush { app_id, at, event } in pushes {
            if let Some(pusher) = self.pushers.get(&app_id) {
                pushed.push(pusher.push(&event, at).await);
            }
        }
        pushed
    }
}
