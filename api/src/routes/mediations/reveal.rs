use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::ids::{DisclosureId, MediationId};
use domain::mediation::{CaseError, Refusal, Standing};
use domain::order::usecase::Asking;
use domain::people::{Disclosure, Hat, Purpose};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Body, Caller, Id};
use crate::problem::{Answer, ProblemBody};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RevealParty {
    #[garde(skip)]
    party: u8,
    /// `contact_resident`, `home_visit`, `verify_facts`, `emergency` or `follow_up`.
    #[garde(skip)]
    #[schema(value_type = String, example = "contact_resident")]
    purpose: Purpose,
}

/// Whom to call, in full.
#[derive(Serialize, ToSchema)]
struct RevealedParty {
    party: u8,
    #[schema(example = "楼上住户李先生")]
    name: String,
    #[schema(example = "13800000000")]
    phone: Option<String>,
}

/// See a party's number in full, for a purpose; for the mediator. The party can read who looked, when and why.
#[utoipa::path(tag = "mediations", security(("token" = [])), params(("id" = Uuid, Path)), request_body = RevealParty,
    responses((status = 200, body = RevealedParty), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/mediations/{id}/reveal")]
pub(super) async fn reveal(
    app: Data<App>,
    caller: Caller,
    Id(id): Id<MediationId>,
    Body(body): Body<RevealParty>,
) -> Answer {
    let viewer = caller.actor.person;
    let asking = Asking { actor: caller.actor, key: None, if_match: None, words: None };
    let (case, standing) = app.mediations.seen(&asking, id).await?;
    if standing != Standing::Mediator {
        return Err(CaseError::Refused(Refusal::ForTheMediator).into());
    }
    let party = case.party(body.party).ok_or(CaseError::Refused(Refusal::NoSuchParty))?;
    let at = app.clock.now();
    // Where the row cannot be written, nothing is shown.
    if let Some(subject) = party.person {
        let (id, hat) = (DisclosureId(app.ids.at(at)), Hat::Mediator);
        let (order, partner, purpose) = (case.order, None, body.purpose);
        app.stores.disclosures.record(&[Disclosure { id, subject, order, viewer, hat, partner, purpose, at }]).await?;
    }
    let shown = RevealedParty { party: party.number, name: party.name.clone(), phone: party.phone.clone() };
    Ok(HttpResponse::Ok().json(shown))
}
