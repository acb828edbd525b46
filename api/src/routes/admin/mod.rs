//! What administrators keep, and secretaries for their own community: places, organisations, services, the audit log.

mod audit;
mod health;
mod organisations;
mod places;
mod services;

use domain::ids::PlaceId;
use domain::people::Actor;
use domain::people::access::Operation;
use domain::place::Tree;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::problem::Problem;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(places::list_places)
        .service(places::add_place)
        .service(places::rename_place)
        .service(organisations::organisations)
        .service(organisations::add_organisation)
        .service(organisations::change_organisation)
        .service(services::save_service)
        .service(audit::audit)
        .service(health::health);
}

/// A place outside the caller's own does not exist for the caller.
fn must_govern(actor: &Actor, operation: Operation, place: Option<PlaceId>, tree: &Tree) -> Result<(), Problem> {
    if actor.governs(operation, place, tree) { Ok(()) } else { Err(Problem::not_found()) }
}
