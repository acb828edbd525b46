use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use super::misbehaviour::Fate;
use super::wechat::{self, Answer, Refusal, WechatCall};
use super::world::World;
use super::{Fault, SandboxOptions};
use crate::clock::Clock;
use crate::endpoint::Endpoint;

/// A handle on everything the sandbox knows. Clones share it.
///
/// An openid stands for a person in one account. Where the sandbox meets an
/// openid for the first time, it is a new person's, in the first account.
#[derive(Clone)]
pub struct SandboxState {
    world: Arc<Mutex<World>>,
    pub(super) clock: Clock,
    /// Rings when something is to be pushed.
    pub(super) bell: Arc<Notify>,
}

impl SandboxState {
    pub(super) fn new(options: SandboxOptions) -> Self {
        let clock = options.clock.clone();
        let world = World::new(options);
        Self { clock, bell: Arc::clone(&world.pushes.bell), world: Arc::new(Mutex::new(world)) }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        // Scripted or not, a panic in one call must not deafen the others.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the WeChat side needs.
impl SandboxState {
    /// Counts a call and takes the fault scripted for it, if any.
    pub(super) fn next_fault(&self, endpoint: Endpoint) -> Option<Fault> {
        let mut world = self.world();
        *world.calls.entry(endpoint).or_default() += 1;
        let place = world.faults.iter().position(|fault| fault.endpoint == endpoint)?;
        let fault = world.faults.get_mut(place)?;
        fault.times = fault.times.saturating_sub(1);
        if fault.times > 0 {
            return Some(fault.clone());
        }
        Some(world.faults.remove(place))
    }

    pub(super) fn draw_fate(&self, endpoint: Endpoint) -> Fate {
        self.world().mischief.draw(endpoint)
    }

    pub(super) fn send_moment(&self) -> Duration {
        self.world().rules.send_moment
    }

    /// Whether no send is on its way to `openid`; from now on one is.
    pub(super) fn take_receiver(&self, openid: &str) -> bool {
        self.world().busy_receivers.insert(openid.to_owned())
    }

    pub(super) fn release_receiver(&self, openid: &str) {
        self.world().busy_receivers.remove(openid);
    }

    pub(super) fn expire_token(&self, token: &str) {
        let now = self.now();
        let mut world = self.world();
        for account in world.accounts_mut() {
            account.tokens.expire(token, now);
        }
        for app in world.corp.iter_mut().flat_map(|corp| &mut corp.apps) {
            app.tokens.expire(token, now);
        }
    }

    pub(super) fn decide(&self, call: &WechatCall<'_>) -> Result<Answer, Refusal> {
        let now = self.now();
        let mut world = self.world();
        let outcome = wechat::decide(&mut world, call, now);
        if let Err(refusal) = &outcome
            && refusal.is_callers_mistake(call.endpoint)
        {
            let reason = format!("{}: {}", refusal.errcode, refusal.errmsg);
            world.note_unexpected(now, call.method, call.endpoint.path(), reason);
        }
        outcome
    }

    pub(super) fn note_unknown_path(&self, method: &str, path: &str) {
        let now = self.now();
        self.world().note_unexpected(now, method, path, "unknown path".to_owned());
    }
}
