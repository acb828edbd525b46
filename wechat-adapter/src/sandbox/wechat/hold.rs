use std::time::Duration;

use serde::Deserialize;

use super::{Refusal, WechatCall};
use crate::endpoint::Endpoint;
use crate::sandbox::state::SandboxState;

/// A send that is on its way to one person. Gives way when dropped.
pub(crate) struct Hold {
    state: SandboxState,
    receiver: String,
    pub(super) moment: Duration,
}

#[derive(Deserialize)]
struct Receiver {
    touser: String,
}

/// None where sends take no time, or where this call is no send.
///
/// UNVERIFIED: that a second send is refused before anything else about it is
/// looked at, and that a service account's sends exclude each other as well.
pub(super) fn hold(state: &SandboxState, call: &WechatCall<'_>) -> Result<Option<Hold>, Refusal> {
    let moment = state.send_moment();
    let is_send = matches!(call.endpoint, Endpoint::SubscribeSend | Endpoint::ServiceTemplateSend);
    if moment.is_zero() || !is_send {
        return Ok(None);
    }
    // A body out of shape is refused later.
    let Ok(Receiver { touser }) = call.json() else {
        return Ok(None);
    };
    if !state.take_receiver(&touser) {
        return Err(Refusal::new(43108, "concurrent sends to one user"));
    }
    Ok(Some(Hold { state: state.clone(), receiver: touser, moment }))
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.state.release_receiver(&self.receiver);
    }
}
