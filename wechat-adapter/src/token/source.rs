use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout_at};

use super::{AccessToken, Claim, ForcedRefreshes, Issuer, Mode, TokenStore};
use crate::clock::Clock;
use crate::error::WechatError;

/// A little longer than one request may take: who holds a turn beyond it has
/// died or lost the network.
const LEASE: Duration = Duration::from_secs(6);
/// Between two looks at what another process is fetching.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Hands out the current token and fetches the next one in time.
///
/// It asks in WeChat's normal mode, which gives every process the same token.
/// Only where that is the very token that was just refused does it force a new
/// one, which kills the old for everybody and is therefore rationed.
pub(crate) struct TokenSource {
    /// The account's name in the store.
    key: String,
    issuer: Box<dyn Issuer>,
    store: Arc<dyn TokenStore>,
    clock: Clock,
    /// Held while a token is fetched, so that a process fetches one at a time.
    fetching: Mutex<()>,
}

impl TokenSource {
    pub(crate) fn new(key: String, issuer: Box<dyn Issuer>, store: Arc<dyn TokenStore>, clock: Clock) -> Self {
        Self { key, issuer, store, clock, fetching: Mutex::new(()) }
    }

    pub(crate) fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    pub(crate) async fn current(&self) -> Result<AccessToken, WechatError> {
        match self.kept(None).await? {
            Some(token) => Ok(token),
            None => self.in_turn(None).await,
        }
    }

    /// The token to use instead of `refused`, or none where WeChat insists on
    /// `refused` and may not be forced again yet. If another process has
    /// replaced it in the store already, that one.
    pub(crate) async fn replace(&self, refused: &AccessToken) -> Result<Option<AccessToken>, WechatError> {
        self.store.expire_if_still(&self.key, refused).await?;
        match self.kept(Some(refused)).await? {
            Some(token) => Ok(Some(token)),
            None => {
                let token = self.in_turn(Some(refused)).await?;
                Ok(Some(token).filter(|token| !token.same_as(refused)))
            }
        }
    }

    /// Lets one task of one process fetch while the others wait for what it
    /// brings. Nobody waits longer than a lease; after that a second call to
    /// WeChat does less harm than none.
    async fn in_turn(&self, refused: Option<&AccessToken>) -> Result<AccessToken, WechatError> {
        let deadline = Instant::now() + LEASE;
        let _turn_in_process = timeout_at(deadline, self.fetching.lock()).await;
        match self.await_turn(refused, deadline).await? {
            Turn::Done(token) => Ok(token),
            Turn::Ours(claim) => {
                let outcome = self.fetch_and_keep(refused).await;
                self.release(claim).await;
                outcome
            }
            Turn::Overdue => self.fetch_and_keep(refused).await,
        }
    }

    async fn await_turn(&self, refused: Option<&AccessToken>, deadline: Instant) -> Result<Turn, WechatError> {
        while Instant::now() < deadline {
            let claim = self.store.claim(&self.key, LEASE).await?;
            // Also after a claim: whoever had the turn before us has most likely fetched already.
            if let Some(token) = self.kept(refused).await? {
                if let Some(claim) = claim {
                    self.release(claim).await;
                }
                return Ok(Turn::Done(token));
            }
            if let Some(claim) = claim {
                return Ok(Turn::Ours(claim));
            }
            sleep(LOOK_AGAIN).await;
        }
        tracing::warn!(account = self.key, "wechat.token.turn: whoever has it does not finish");
        Ok(Turn::Overdue)
    }

    async fn fetch_and_keep(&self, refused: Option<&AccessToken>) -> Result<AccessToken, WechatError> {
        let token = match refused {
            Some(refused) => self.fetch_another(refused).await?,
            None => self.fetch(Mode::Normal).await?,
        };
        if is_another(&token, refused) {
            self.store.put(&self.key, &token).await?;
        }
        Ok(token)
    }

    /// A lost release costs the others one lease, and us nothing.
    async fn release(&self, claim: Claim) {
        if let Err(error) = self.store.release(&self.key, claim).await {
            tracing::warn!(%error, "wechat.token.turn could not be given back");
        }
    }

    async fn kept(&self, refused: Option<&AccessToken>) -> Result<Option<AccessToken>, WechatError> {
        let kept = self.store.get(&self.key).await?;
        let lives = |token: &AccessToken| token.lives_for(self.issuer.early(), (self.clock)());
        Ok(kept.filter(|token| lives(token) && is_another(token, refused)))
    }

    /// Asks once more in normal mode, and by force if that repeats `refused`.
    async fn fetch_another(&self, refused: &AccessToken) -> Result<AccessToken, WechatError> {
        let token = self.fetch(Mode::Normal).await?;
        if !token.same_as(refused) || !self.may_force().await? {
            return Ok(token);
        }
        tracing::error!(account = self.key, "wechat.token.forced: WeChat refuses the token that it hands out");
        self.fetch(Mode::Forced).await
    }

    async fn may_force(&self) -> Result<bool, WechatError> {
        if !self.issuer.can_force() {
            return Ok(false);
        }
        let ration = ForcedRefreshes::RATION;
        let allowed = self.store.spend_forced_refresh(&self.key, ration, (self.clock)()).await?;
        if !allowed {
            tracing::error!(
                account = self.key,
                "wechat.token.stuck: refused again, and it was forced too often already"
            );
        }
        Ok(allowed)
    }

    async fn fetch(&self, mode: Mode) -> Result<AccessToken, WechatError> {
        // Read before asking: the seconds count from WeChat's answer, and an
        // expiry that is too early only costs one fetch.
        let asked_at = (self.clock)();
        let answer = self.issuer.issue(mode).await?;
        tracing::info!(account = self.key, expires_in = answer.expires_in, "wechat.token.fetched");
        let life = TimeDelta::seconds(answer.expires_in.into());
        Ok(AccessToken::new(answer.access_token, asked_at + life))
    }
}

fn is_another(token: &AccessToken, refused: Option<&AccessToken>) -> bool {
    refused.is_none_or(|refused| !token.same_as(refused))
}

enum Turn {
    /// Somebody else has brought the token meanwhile.
    Done(AccessToken),
    Ours(Claim),
    /// Somebody else has had the turn for a whole lease.
    Overdue,
}

#[cfg(test)]
#[path = "source_tests.rs"]
mod tests;
