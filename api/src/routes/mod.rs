//! The HTTP contract, one file an action.

mod attachments;
mod auth;
mod communities;
mod consents;
mod data_access;
mod dispatches;
mod erase;
mod export;
mod me;
mod operations;
mod orders;

pub use operations::{figures, healthz, readyz};

use utoipa_actix_web::service_config::ServiceConfig;

/// Everything under `/v1`.
pub fn v1(config: &mut ServiceConfig<'_>) {
    config
        .configure(auth::routes)
        .configure(me::routes)
        .configure(data_access::routes)
        .configure(export::routes)
        .configure(erase::routes)
        .configure(consents::routes)
        .configure(communities::routes)
        .configure(attachments::routes)
        .configure(orders::routes)
        .configure(dispatches::routes);
}
