//! What a test asks for, without HTTP.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::Fault;
use super::judgement::MediaVerdict;
use super::library::{CATEGORIES, LIBRARY};
use super::misbehaviour::{BadShares, Harm, Misbehaviour};
use super::pending::PendingPush;
use super::people_acts::UnknownAccount;
use super::rules::Rules;
use super::state::SandboxState;
use super::template::TemplateKind;
use super::world::media::PendingMedia;
use super::world::phones::Delivery;
use super::world::unexpected::UnexpectedCall;
use crate::endpoint::Endpoint;

/// No media with this trace id waits for a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing with this trace_id waits for a verdict")]
pub struct UnknownTrace;

impl SandboxState {
    /// One more right to send, as if the person had accepted a prompt; no
    /// event tells of it. A template that does not exist counts as one-time.
    pub fn grant(&self, openid: &str, template_id: &str) {
        let mut world = self.world();
        world.people.meet(openid);
        let app_id = world.people.membership(openid).map(|membership| membership.app_id.clone()).unwrap_or_default();
        let kind = world.template_kind(&app_id, template_id).unwrap_or(TemplateKind::OneTime);
        world.people.grant(openid, template_id, kind);
    }

    /// Scripts a failure.
    pub fn fault(&self, fault: Fault) {
        self.world().faults.push(fault);
    }

    /// Takes the scripted failures back that were not met yet.
    pub fn no_more_faults(&self) {
        self.world().faults.clear();
    }

    /// Calls that a correct client would never make.
    #[must_use]
    pub fn unexpected(&self) -> Vec<UnexpectedCall> {
        self.world().unexpected.clone()
    }

    /// How often `endpoint` was called, failures included.
    #[must_use]
    pub fn calls_to(&self, endpoint: Endpoint) -> u64 {
        self.world().calls.get(&endpoint).copied().unwrap_or(0)
    }

    /// Kills every access token, as somebody's forced refresh would.
    pub fn revoke_tokens(&self) {
        let mut world = self.world();
        world.accounts_mut().iter_mut().for_each(|account| account.tokens.revoke_all());
        world.corp.iter_mut().flat_map(|corp| &mut corp.apps).for_each(|app| app.tokens.revoke_all());
    }

    /// Everything that arrived on any phone, in order.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.world().deliveries.clone()
    }

    /// Freezes an account's secret (40243 when a token is asked for), or
    /// thaws it.
    ///
    /// # Errors
    /// [`UnknownAccount`].
    pub fn freeze_secret(&self, app_id: &str, frozen: bool) -> Result<(), UnknownAccount> {
        self.world().account_mut(app_id).ok_or(UnknownAccount)?.secret_frozen = frozen;
        Ok(())
    }

    /// Who may ask for the account's token (40164 for others), or for a
    /// corporation's id send its apps' messages (60020 for others); none:
    /// anybody.
    ///
    /// # Errors
    /// [`UnknownAccount`].
    pub fn allow_ips(&self, app_id: &str, allowed: Option<Vec<IpAddr>>) -> Result<(), UnknownAccount> {
        *self.world().allowed_ips_mut(app_id).ok_or(UnknownAccount)? = allowed;
        Ok(())
    }

    /// Changes the rules for all calls from now on.
    pub fn change_rules(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.world().rules);
    }

    /// The public library: category id and tid of each template.
    #[must_use]
    pub fn library(&self) -> Vec<(u32, u32)> {
        let of = |id: u32| LIBRARY.iter().filter(move |template| template.category == id);
        CATEGORIES.iter().flat_map(|category| of(category.id)).map(|one| (one.category, one.tid)).collect()
    }
}

/// Misbehaviour by chance.
impl SandboxState {
    /// Begins it anew, with counts of nought.
    ///
    /// # Errors
    /// [`BadShares`]; then everything stays as it was.
    pub fn misbehave(&self, plan: Misbehaviour) -> Result<(), BadShares> {
        plan.check()?;
        self.world().mischief.begin(plan);
        Ok(())
    }

    /// Ends it; what was inflicted stays to be read.
    pub fn behave(&self) {
        self.world().mischief.end();
    }

    /// How often each harm was done since it began.
    #[must_use]
    pub fn inflicted(&self) -> BTreeMap<Harm, u64> {
        self.world().mischief.inflicted()
    }
}

/// What WeChat would push, and the verdicts on media.
impl SandboxState {
    /// What is to be pushed, oldest first; it stays.
    #[must_use]
    pub fn pending_pushes(&self) -> Vec<PendingPush> {
        self.world().pushes.all()
    }

    /// Takes what is to be pushed.
    #[must_use]
    pub fn take_pushes(&self) -> Vec<PendingPush> {
        self.world().pushes.drain()
    }

    /// Waits until there is something to be pushed, and takes it. For one
    /// taker at a time.
    pub async fn next_pushes(&self) -> Vec<PendingPush> {
        loop {
            let taken = self.take_pushes();
            if !taken.is_empty() {
                return taken;
            }
            // A ring that came in between is kept.
            self.bell.notified().await;
        }
    }

    /// Media without a verdict, oldest first.
    #[must_use]
    pub fn pending_media(&self) -> Vec<PendingMedia> {
        self.world().media.all()
    }

    /// Speaks the verdict on media that waits for it, which is then pushed.
    ///
    /// # Errors
    /// [`UnknownTrace`], also for a second verdict.
    pub fn judge(&self, trace_id: &str, verdict: MediaVerdict) -> Result<(), UnknownTrace> {
        let now = self.now();
        let mut world = self.world();
        let media = world.media.take(trace_id).ok_or(UnknownTrace)?;
        world.push(&media.app_id, now, verdict.event(media.trace_id));
        Ok(())
    }
}
