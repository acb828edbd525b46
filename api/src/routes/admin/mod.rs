//! What administrators keep, and secretaries for their own community: places, organisations, services, the audit log,
//! messages, and names in WeCom.

mod audit;
mod deliveries;
mod health;
mod organisations;
mod places;
mod wecom_members;

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
        .service(audit::audit)
        .service(health::health)
        .service(deliveries::deliveries)
        .service(deliveries::deliveries_summary)
        .service(deliveries::requeue_deliveries)
        .service(deliveries::requeue_delivery)
        .service(wecom_members::wecom_members)
        .service(wecom_members::save_wecom_member)
        .service(wecom_members::remove_wecom_member);
}

/// A place outside the caller's own does not exist for the caller.
fn must_govern(actor: &Actor, operation: Operation, place: Option<PlaceId>, tree: &Tree) -> Result<(), Problem> {
    if actor.governs(operation, place, tree) { Ok(()) } else { Err(Problem::not_found()) }
}
