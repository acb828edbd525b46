//! 调解: cases of mediation, as each of those whom they concern sees them.

mod appoint;
mod parties;
mod read;
mod reply;
mod reveal;
mod sessions;
mod settle;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use view::MediationView;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(appoint::open)
        .service(appoint::replace_mediator)
        .service(read::list)
        .service(read::one)
        .service(parties::join_by_code)
        .service(parties::invite)
        .service(parties::join)
        .service(parties::decline)
        .service(parties::contact)
        .service(parties::statement)
        .service(sessions::plan)
        .service(sessions::move_)
        .service(sessions::held)
        .service(settle::agreement)
        .service(settle::agree)
        .service(settle::close)
        .service(settle::follow_up)
        .service(reveal::reveal);
}

/// What every step in a case documents.
macro_rules! step {
    ($($what:tt)*) => {
        crate::routes::versioned::versioned! { "mediations", MediationId => MediationView; $($what)* }
    };
}
use step;
