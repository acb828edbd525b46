//! Sends notices: by subscribe messages, by the service account, by WeCom.

mod errors;
mod service;
mod subscribe;
mod wecom;

use std::sync::Arc;

use async_trait::async_trait;
use domain::notice::{Channel, Importance, Outcome};
use domain::ports::{Address, Clock, Messenger, Parcel, Prepared, TellError, WechatStore};

use super::Apps;

pub use subscribe::misfits;

pub struct WechatMessenger {
    pub apps: Arc<Apps>,
    pub ledger: Arc<dyn WechatStore>,
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Messenger for WechatMessenger {
    async fn prepare(&self, parcel: &Parcel) -> Result<Box<dyn Prepared>, TellError> {
        match (parcel.channel, &parcel.to) {
            (Channel::Subscribe, Some(Address::Wechat(to))) => self.subscribe_message(parcel, to).await,
            (Channel::ServiceAccount, Some(Address::Wechat(to))) => self.service_message(parcel, to).await,
            (Channel::Wecom, Some(Address::Wecom(user))) => self.wecom_message(parcel, user).await,
            (Channel::Subscribe | Channel::ServiceAccount | Channel::Wecom | Channel::Inbox | Channel::Call, _) => {
                Err(TellError::Ends(Outcome::InvalidRecipient, None))
            }
        }
    }
}

/// Where a tap leads: to the order, for those who may know it, or to the list of what is to be done.
fn page(parcel: &Parcel) -> String {
    match parcel.order.filter(|_| parcel.deliveries.len() == 1 && parcel.mediation.is_none()) {
        Some(order) => format!("pages/order/detail?id={order}"),
        None => "pages/inbox/index".to_owned(),
    }
}

/// Danger is told again where it may not have arrived; everything else is told once.
fn is_told_again(parcel: &Parcel) -> bool {
    parcel.importance == Importance::Urgent
}
