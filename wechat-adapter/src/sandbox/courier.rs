//! Carries what happens in the sandbox to the servers of its accounts.

use std::collections::HashMap;

use super::judgement::{MediaVerdict, label};
use super::pending::{PendingEvent, PendingPush};
use super::phone_side::Choice;
use super::push::{PushTarget, PushTargetError, Pushed, Pusher};
use super::state::SandboxState;
use crate::callback::{
    Event, MediaVerdict as Judged, RevokedItem, SentResult, SubscribeResult, SubscribeStatus, TemplateSendStatus,
};

/// Where the media could not be fetched.
const UNREACHABLE: i64 = -1008;

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
                pushed.push(pusher.push(&spoken(event), at).await);
            }
        }
        pushed
    }
}

/// What happened, as WeChat tells it.
fn spoken(event: PendingEvent) -> Event {
    match event {
        PendingEvent::SubscribePopup { openid, template_id, choice } => {
            Event::SubscribePopup { openid, results: vec![answered(template_id, status(choice))] }
        }
        PendingEvent::SubscribeChange { openid, template_id } => {
            Event::SubscribeChange { openid, results: vec![answered(template_id, SubscribeStatus::Reject)] }
        }
        PendingEvent::SubscribeSent { openid, template_id, msgid } => {
            let (msgid, error_status) = (msgid.to_string(), "success".to_owned());
            Event::SubscribeSent {
                openid,
                results: vec![SentResult { template_id, msgid, error_code: 0, error_status }],
            }
        }
        PendingEvent::MediaChecked { trace_id, verdict } => {
            let judged = judged(verdict);
            let errcode = if judged.is_some() { 0 } else { UNREACHABLE };
            Event::MediaChecked { trace_id, verdict: judged, errcode }
        }
        PendingEvent::ProfileCleaned { openid } => Event::ProfileCleaned { openid },
        PendingEvent::AuthorisationRevoked { openid, item } => {
            Event::AuthorisationRevoked { openid, items: vec![RevokedItem::numbered(&item.to_string())] }
        }
        PendingEvent::AccountClosed { openid } => Event::AccountClosed { openid },
        PendingEvent::Followed { openid, scene } => Event::Followed { openid, scene },
        PendingEvent::Unfollowed { openid } => Event::Unfollowed { openid },
        PendingEvent::Scanned { openid, scene } => Event::Scanned { openid, scene },
        PendingEvent::TemplateSendFinished { openid, msgid, delivered } => {
            let status = if delivered { TemplateSendStatus::Success } else { TemplateSendStatus::UserBlocked };
            Event::TemplateSendFinished { openid, msgid: msgid.to_string(), status }
        }
    }
}

fn answered(template_id: String, status: SubscribeStatus) -> SubscribeResult {
    SubscribeResult { template_id, status, scene: Some(0) }
}

const fn status(choice: Choice) -> SubscribeStatus {
    match choice {
        Choice::Accept => SubscribeStatus::Accept,
        Choice::Reject => SubscribeStatus::Reject,
        Choice::Ban => SubscribeStatus::Ban,
        Choice::Filter => SubscribeStatus::Filter,
    }
}

fn judged(verdict: MediaVerdict) -> Option<Judged> {
    verdict.suggest().map(|suggest| Judged { suggest, label: label(suggest) })
}
