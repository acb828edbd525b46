use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, FixedOffset};
use domain::campaign::{Campaign, Dweller, Handed, Household, Look, Side, Standing, Visit, Visitor};
use domain::ids::{DisclosureId, HouseholdId, LookId};
use domain::people::access::Operation;
use domain::people::{Actor, Disclosure, Purpose};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Body, Caller, Id};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::routes::orders::Reveal;
use crate::view::{PhotoView, Scene, local};

/// One household in full.
#[derive(Serialize, ToSchema)]
struct RevealedHousehold {
    id: Uuid,
    #[schema(example = "西苑小区")]
    compound: String,
    building: Option<String>,
    unit: Option<String>,
    #[schema(example = "301")]
    room: Option<String>,
    note: Option<String>,
    people: Vec<RevealedPerson>,
    visits: Vec<HouseholdVisitView>,
}

/// Partners read name and number of somebody with an account only as long as that person agrees (`share_contact`), and a
/// guardian of a child under 14 (`child_data`); else both are null.
#[derive(Serialize, ToSchema)]
struct RevealedPerson {
    #[schema(example = "张大爷")]
    name: Option<String>,
    #[schema(example = "13800000000")]
    phone: Option<String>,
    #[schema(example = "独居，八十岁以上")]
    note: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct HouseholdVisitView {
    round: u8,
    #[schema(example = "visited")]
    outcome: &'static str,
    #[schema(example = "已入户")]
    outcome_text: &'static str,
    at: DateTime<FixedOffset>,
    findings: Option<String>,
    handed_out: Vec<HandedView>,
    photos: Vec<PhotoView>,
    visitors: Vec<VisitorView>,
}

#[derive(Serialize, ToSchema)]
struct HandedView {
    #[schema(example = "烟感报警器")]
    item: String,
    quantity: u8,
    /// Signatures and photos.
    photos: Vec<PhotoView>,
}

#[derive(Serialize, ToSchema)]
struct VisitorView {
    /// `desk`, `grid` or `partner`.
    #[schema(example = "partner")]
    from: &'static str,
    partner_name: Option<String>,
    name: Option<String>,
}

/// See a household in full, for a purpose: who lives there, and what was done. Each look is written down; those who have an
/// account can read who looked, when and why.
#[utoipa::path(tag = "campaigns", security(("token" = [])), params(("id" = Uuid, Path)), request_body = Reveal,
    responses((status = 200, body = RevealedHousehold), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[post("/households/{id}/reveal")]
pub(super) async fn reveal(
    app: Data<App>,
    caller: Caller,
    Id(id): Id<HouseholdId>,
    Body(body): Body<Reveal>,
) -> Answer {
    let actor = &caller.actor;
    let (campaign, household, standing) = app.household(actor, Operation::CampaignsReveal, id).await?;
    let accounts = app.accounts(std::slice::from_ref(&household)).await?;
    app.note_look(actor, &campaign, &household, standing, body.purpose).await?;
    let visits = app.stores.campaigns.visits_of(id).await?;
    let photos: Vec<_> = visits.iter().flat_map(Visit::all_photos).collect();
    let scene = app.scene(actor, &photos).await?;
    let address = household.door.as_ref().map(|door| door.address.clone());
    let revealed = RevealedHousehold {
        id: id.0,
        compound: scene.book.tree().name(household.compound).to_owned(),
        building: address.as_ref().and_then(|address| address.building.clone()),
        unit: address.as_ref().and_then(|address| address.unit.clone()),
        room: address.and_then(|address| address.room),
        note: household.door.and_then(|door| door.note),
        people: accounts.reveal(household.dwellers, standing).into_iter().map(Into::into).collect(),
        visits: visits.into_iter().map(|visit| HouseholdVisitView::new(&scene, visit)).collect(),
    };
    Ok(HttpResponse::Ok().json(revealed))
}

impl App {
    /// Where it cannot be written, nothing is shown.
    async fn note_look(
        &self,
        actor: &Actor,
        campaign: &Campaign,
        household: &Household,
        standing: Standing,
        purpose: Purpose,
    ) -> Result<(), Problem> {
        let (at, Standing { hat, partner }) = (self.clock.now(), standing);
        let (id, viewer) = (LookId(self.ids.at(at)), actor.person);
        let look = Look { id, household: household.id, viewer, hat, partner, purpose, at };
        let told = household.dwellers.iter().filter_map(|dweller| dweller.person).map(|subject| {
            let id = DisclosureId(self.ids.at(at));
            Disclosure { id, subject, order: campaign.order, viewer, hat, partner, purpose, at }
        });
        let told: Vec<_> = told.collect();
        Ok(self.stores.campaigns.note_look(&look, &told).await?)
    }
}

impl From<Dweller> for RevealedPerson {
    fn from(dweller: Dweller) -> Self {
        Self { name: dweller.name, phone: dweller.phone, note: dweller.note }
    }
}

impl HouseholdVisitView {
    fn new(scene: &Scene<'_>, visit: Visit) -> Self {
        let handed = |Handed { item, quantity, proof }| HandedView { item, quantity, photos: scene.album.show(&proof) };
        let visitor = |Visitor { side, name }| {
            let (from, partner) = match side {
                Side::Desk => ("desk", None),
                Side::Grid => ("grid", None),
                Side::Partner(partner) => ("partner", scene.book.partner(partner)),
            };
            VisitorView { from, partner_name: partner.map(|partner| partner.name.clone()), name }
        };
        Self {
            round: visit.round,
            outcome: visit.outcome.into(),
            outcome_text: visit.outcome.text(),
            at: local(visit.at),
            findings: visit.findings,
            handed_out: visit.handed_out.into_iter().map(handed).collect(),
            photos: scene.album.show(&visit.photos),
            visitors: visit.visitors.into_iter().map(visitor).collect(),
        }
    }
}
