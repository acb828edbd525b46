//! Dispatches, mostly as their handlers see them.

mod charge;
mod moves;
mod read;
mod reveal;

pub(super) use charge::ChargeBody;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(read::list)
        .service(read::one)
        .service(moves::sign)
        .service(moves::return_)
        .service(moves::visit)
        .service(moves::complete)
        .service(moves::recall)
        .service(moves::rework)
        .service(moves::quote)
        .service(moves::answer_quote)
        .service(reveal::reveal);
}
