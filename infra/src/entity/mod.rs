//! The tables as sea-orm sees them. Rows never leave this crate: each store turns them into the domain's types.

pub(crate) mod answer;
pub(crate) mod attachment;
pub(crate) mod community;
pub(crate) mod consent;
pub(crate) mod data_key;
pub(crate) mod delivery;
pub(crate) mod disclosure;
pub(crate) mod dispatch;
pub(crate) mod erasure;
pub(crate) mod membership;
pub(crate) mod order;
pub(crate) mod order_event;
pub(crate) mod order_number;
pub(crate) mod outbox;
pub(crate) mod partner;
pub(crate) mod person;
pub(crate) mod place;
pub(crate) mod place_code;
pub(crate) mod refresh_token;
pub(crate) mod retention_run;
pub(crate) mod service;
pub(crate) mod session;
pub(crate) mod subscription;
