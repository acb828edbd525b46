use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::phone_side::Choice;
use super::wechat::{self, Refusal, WechatCall};
use super::world::World;
use super::world::phones::{Phone, PhoneMessage};
use super::world::unexpected::UnexpectedCall;
use super::{Fault, SandboxOptions};
use crate::clock::Clock;
use crate::endpoint::Endpoint;

/// A handle on everything the sandbox knows. Clones share it.
#[derive(Clone)]
pub struct SandboxState {
    world: Arc<Mutex<World>>,
    clock: Clock,
}

/// A prompt for a template that this mini-program does not have.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sandbox has no such template")]
pub struct UnknownTemplate;

/// What a person's WeChat does.
impl SandboxState {
    pub(super) fn new(options: SandboxOptions) -> Self {
        Self { clock: options.clock.clone(), world: Arc::new(Mutex::new(World::new(options))) }
    }

    /// `wx.login`: any openid may, and is known from then on.
    #[must_use]
    pub fn login(&self, openid: &str) -> String {
        let now = (self.clock)();
        let mut world = self.world();
        world.phones.meet(openid);
        world.login_codes.issue(openid.to_owned(), now)
    }

    /// A press on the phone-number button.
    #[must_use]
    pub fn phone_code(&self, openid: &str, number: &str) -> String {
        let now = (self.clock)();
        let mut world = self.world();
        world.phones.meet(openid);
        let shared = (openid.to_owned(), number.to_owned());
        world.phone_codes.issue(shared, now)
    }

    /// An answer to the subscribe prompt; gives the rights then held.
    ///
    /// # Errors
    /// [`UnknownTemplate`], as the prompt itself would fail.
    pub fn subscribe(&self, openid: &str, template_id: &str, choice: Choice) -> Result<u32, UnknownTemplate> {
        let mut world = self.world();
        if world.template(template_id).is_none() {
            return Err(UnknownTemplate);
        }
        if choice == Choice::Accept {
            world.phones.grant(openid, template_id);
        }
        Ok(world.phones.rights(openid, template_id))
    }

    /// What arrived, newest last.
    #[must_use]
    pub fn messages_of(&self, openid: &str) -> Vec<PhoneMessage> {
        self.world().phones.messages_of(openid)
    }

    /// Every phone, those of the options first.
    #[must_use]
    pub fn phones(&self) -> Vec<Phone> {
        self.world().phones.all()
    }
}

/// What a test asks for.
impl SandboxState {
    /// One more right to send, as if the person had accepted a prompt.
    pub fn grant(&self, openid: &str, template_id: &str) {
        self.world().phones.grant(openid, template_id);
    }

    /// Scripts a failure.
    pub fn fault(&self, fault: Fault) {
        self.world().faults.push(fault);
    }

    /// Calls that a correct client would never make.
    #[must_use]
    pub fn unexpected(&self) -> Vec<UnexpectedCall> {
        self.world().unexpected.clone()
    }

    /// How often `endpoint` was called, scripted failures included.
    #[must_use]
    pub fn calls_to(&self, endpoint: Endpoint) -> u64 {
        self.world().calls.get(&endpoint).copied().unwrap_or(0)
    }

    /// Kills every access token, as somebody's forced refresh would.
    pub fn revoke_tokens(&self) {
        self.world().tokens.revoke_all();
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

    pub(super) fn decide(&self, endpoint: Endpoint, call: &WechatCall<'_>) -> Result<serde_json::Value, Refusal> {
        let now = (self.clock)();
        let mut world = self.world();
        let outcome = wechat::decide(&mut world, endpoint, call, now);
        if let Err(refusal) = &outcome
            && refusal.is_callers_mistake(endpoint)
        {
            let reason = format!("{}: {}", refusal.errcode, refusal.errmsg);
            world.note_unexpected(now, call.method, endpoint.path(), reason);
        }
        outcome
    }

    pub(super) fn note_unknown_path(&self, method: &str, path: &str) {
        let now = (self.clock)();
        self.world().note_unexpected(now, method, path, "unknown path".to_owned());
    }

    fn world(&self) -> MutexGuard<'_, World> {
        // Scripted or not, a panic in one call must not deafen the others.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
