//! The HTTP contract, one file an action.

mod addresses;
mod admin;
mod attachments;
mod auth;
mod bookings;
mod calls;
mod campaigns;
mod certificates;
mod communities;
mod consents;
mod data_access;
mod delegations;
mod dispatches;
mod duty;
mod entrances;
mod erase;
mod events;
mod export;
mod grids;
mod inbox;
mod invitations;
mod me;
mod mediations;
mod memberships;
mod operations;
mod orders;
mod partners;
mod published;
mod residences;
mod residents;
mod second_factor;
mod services;
mod sessions;
mod slots;
mod subscriptions;
mod tickets;
mod versioned;
mod volunteers;
mod wechat;

pub use operations::{figures, healthz, readyz};

use utoipa_actix_web::service_config::ServiceConfig;

/// Where WeChat knocks.
pub fn wechat(config: &mut ServiceConfig<'_>) {
    wechat::routes(config);
}

/// Everything under `/v1`. The router tries one path after the other: those that are asked for most stand first.
pub fn v1(config: &mut ServiceConfig<'_>) {
    config
        .configure(orders::routes)
        .configure(communities::routes)
        .configure(slots::routes)
        .configure(dispatches::routes)
        .configure(inbox::routes)
        .configure(attachments::routes)
        .configure(events::routes)
        .configure(auth::routes)
        .configure(me::routes)
        .configure(bookings::routes)
        .configure(subscriptions::routes)
        .configure(partners::routes)
        .configure(certificates::routes)
        .configure(published::routes)
        .configure(duty::routes)
        .configure(calls::routes)
        .configure(services::routes)
        .configure(campaigns::routes)
        .configure(mediations::routes)
        .configure(residences::routes)
        .configure(delegations::routes)
        .configure(residents::routes)
        .configure(consents::routes)
        .configure(grids::routes)
        .configure(addresses::routes)
        .configure(volunteers::routes)
        .configure(entrances::routes)
        .configure(tickets::routes)
        .configure(sessions::routes)
        .configure(second_factor::routes)
        .configure(invitations::routes)
        .configure(memberships::routes)
        .configure(data_access::routes)
        .configure(export::routes)
        .configure(erase::routes)
        .configure(admin::routes);
}
