//! Orders: place, look up, move.

mod advice;
mod clear;
mod locate;
mod moves;
mod read;
mod reveal;
mod submit;
mod terms;
mod visit;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use read::searchable;
pub(super) use reveal::{Reveal, Revealed};
pub(super) use submit::{Submit, at_most_nine, no_such_service, place};
pub(super) use visit::VisitBody;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(submit::submit)
        .service(advice::advice)
        .service(read::list)
        .service(read::one)
        .service(read::timeline)
        .service(moves::accept)
        .service(moves::check)
        .service(moves::refuse)
        .service(moves::withdraw)
        .service(moves::merge)
        .service(moves::dispatch)
        .service(locate::locate)
        .service(visit::visit)
        .service(moves::resolve)
        .service(moves::rate)
        .service(moves::reopen)
        .service(moves::urge)
        .service(moves::leave_comment)
        .service(moves::unshare)
        .service(clear::clear)
        .service(reveal::reveal);
}
