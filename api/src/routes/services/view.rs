use chrono::{DateTime, FixedOffset};
use domain::booking::BookingRule;
use domain::ids::{PartnerId, PlaceId};
use domain::ports::ServiceVersion;
use domain::service::{Form, Offer, Proof, Service};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::names::Book;
use crate::view::local;

/// One line of a service list, as somebody chooses from it.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct ServiceView {
    #[schema(example = "repair")]
    key: String,
    version: u32,
    #[schema(example = "公共设施报修")]
    name: String,
    /// A path: `帮办/医保`.
    #[schema(example = "报修")]
    category: String,
    description: String,
    /// `urgent` or `ordinary`.
    #[schema(example = "ordinary")]
    urgency: &'static str,
    /// `public`, `normal`, `confidential` or `sealed`: read by the secretary alone.
    #[schema(example = "normal")]
    privacy: &'static str,
    /// Who may order: `resident`, `grid_worker`, `staff`.
    #[schema(example = json!(["resident", "grid_worker", "staff"]))]
    orderers: Vec<&'static str>,
    /// There is something to fill in: the line in full has the form.
    has_form: bool,
    /// It comes at a date that is booked.
    has_slots: bool,
    /// An order comes with at least so many.
    photos: usize,
    /// Who is responsible: a partner, or the community itself.
    #[schema(example = "西苑物业服务中心")]
    responsible: String,
    /// Promised: resolved within so many working days.
    resolve_days: Option<u32>,
    /// Free where it is null.
    #[schema(example = "20 元起")]
    price: Option<String>,
}

/// A line with everything that somebody who orders needs to know.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct ServiceInFullView {
    #[serde(flatten)]
    line: ServiceView,
    /// JSON Schema: what is to be filled in. `title` is the question, `x-order` says where it stands, `x-widget` how it is
    /// drawn, `x-sensitive` that it is kept apart.
    #[schema(value_type = Option<Object>)]
    form: Option<Value>,
    /// What to bring or to have at hand.
    #[schema(example = json!(["身份证原件"]))]
    papers: Vec<String>,
    /// Bring the originals; pictures of them are not taken.
    originals_only: bool,
    /// The field of the form whose answer names a kind of certificate: `GET /v1/communities/{id}/certificates` has them all.
    #[schema(example = "kind")]
    certificate_field: Option<String>,
    booking: Option<BookingRuleView>,
    /// `confirm` or `auto`.
    #[schema(example = "confirm")]
    closing: &'static str,
}

/// How dates are booked.
#[derive(Serialize, ToSchema)]
struct BookingRuleView {
    /// Booked at the latest so many minutes before it starts.
    lead_minutes: u32,
    /// Moved at the latest so many minutes before it starts; given back at any time.
    move_minutes: u32,
    may_wait: bool,
    each: u32,
}

impl From<BookingRule> for BookingRuleView {
    fn from(rule: BookingRule) -> Self {
        let BookingRule { lead_minutes, move_minutes, may_wait, each } = rule;
        Self { lead_minutes, move_minutes, may_wait, each }
    }
}

/// A line as those see it who keep the list.
#[derive(Serialize, ToSchema)]
pub(super) struct KeptServiceView {
    #[serde(flatten)]
    service: ServiceInFullView,
    /// The place whose line it is: the own one, or one above whose catalogue gives it.
    place_id: Uuid,
    /// Of the own list; a line of a catalogue is adapted by saving it here.
    own: bool,
    #[serde(flatten)]
    terms: TermsView,
    /// No longer offered.
    closed: bool,
}

/// What those who handle the orders need to know.
#[derive(Serialize, ToSchema)]
struct TermsView {
    lead_partner_id: Option<Uuid>,
    grid_leads: Vec<GridLeadView>,
    community_resolves: bool,
    proof: ProofView,
    texts: TextsView,
    /// In which published figure it counts.
    #[schema(example = "errand")]
    figure: Option<&'static str>,
}

/// Who is offered first where the order lies in the grid.
#[derive(Serialize, ToSchema)]
struct GridLeadView {
    grid_id: Uuid,
    partner_id: Uuid,
}

#[derive(Serialize, ToSchema)]
struct ProofView {
    before_photo: bool,
    after_photo: bool,
    signature: bool,
}

#[derive(Serialize, ToSchema)]
struct TextsView {
    accepted: Option<String>,
    resolved: Option<String>,
}

/// What a line once said.
#[derive(Serialize, ToSchema)]
pub(super) struct ServiceVersionView {
    version: u32,
    made_at: DateTime<FixedOffset>,
    /// Who made it; null where the program brought it along.
    #[schema(example = "润园社区书记")]
    made_by: Option<String>,
    #[schema(example = "公共设施报修")]
    name: String,
    category: String,
    description: String,
    #[schema(value_type = Option<Object>)]
    form: Option<Value>,
    papers: Vec<String>,
    #[serde(flatten)]
    terms: TermsView,
}

fn schema(form: Option<&Form>) -> Option<Value> {
    form.map(|form| form.schema().clone())
}

impl ServiceView {
    /// As somebody sees it who looks at the list of `place`, or at what holds in one of its grids.
    pub(in crate::routes) fn new(book: &Book, place: PlaceId, grid: Option<PlaceId>, s: &Service) -> Self {
        let offer = &s.offer;
        let lead = offer.lead_in(grid).and_then(|lead| book.partner(lead)).filter(|lead| !lead.closed);
        Self {
            key: s.key.clone(),
            version: s.version,
            name: offer.name.clone(),
            category: offer.category.clone(),
            description: offer.description.clone(),
            urgency: offer.urgency.into(),
            privacy: offer.privacy.into(),
            orderers: offer.orderers.iter().map(Into::into).collect(),
            has_form: offer.form.is_some(),
            has_slots: offer.booking.is_some(),
            photos: offer.photos,
            responsible: lead.map_or_else(|| book.tree().name(place), |lead| lead.name.as_str()).to_owned(),
            resolve_days: offer.resolve_days,
            price: offer.price.clone(),
        }
    }
}

impl ServiceInFullView {
    pub(in crate::routes) fn new(book: &Book, place: PlaceId, s: &Service) -> Self {
        let offer = &s.offer;
        let (form, papers, closing) = (schema(offer.form.as_ref()), offer.papers.clone(), offer.closing.into());
        let certificate_field = offer.form.as_ref().and_then(Form::certificate_field);
        let (originals_only, booking) = (offer.originals_only, offer.booking.map(Into::into));
        let line = ServiceView::new(book, place, None, s);
        Self { line, form, papers, originals_only, certificate_field, booking, closing }
    }
}

impl KeptServiceView {
    pub(super) fn new(book: &Book, keeper: PlaceId, service: &Service) -> Self {
        let (place_id, own, closed) = (service.place.0, service.place == keeper, service.closed);
        let in_full = ServiceInFullView::new(book, keeper, service);
        Self { service: in_full, place_id, own, terms: (&service.offer).into(), closed }
    }
}

fn grid_lead(grid: PlaceId, lead: PartnerId) -> GridLeadView {
    GridLeadView { grid_id: grid.0, partner_id: lead.0 }
}

impl From<&Offer> for TermsView {
    fn from(offer: &Offer) -> Self {
        let Proof { before_photo, after_photo, signature } = offer.proof;
        let texts = TextsView { accepted: offer.texts.accepted.clone(), resolved: offer.texts.resolved.clone() };
        Self {
            lead_partner_id: offer.lead.map(Into::into),
            grid_leads: offer.grid_leads.iter().map(|(grid, lead)| grid_lead(*grid, *lead)).collect(),
            community_resolves: offer.community_resolves,
            proof: ProofView { before_photo, after_photo, signature },
            texts,
            figure: offer.figure.map(Into::into),
        }
    }
}

impl ServiceVersionView {
    pub(super) fn new(made_by: Option<String>, version: ServiceVersion) -> Self {
        let offer = &version.offer;
        Self {
            version: version.version,
            made_at: local(version.made_at),
            made_by,
            name: offer.name.clone(),
            category: offer.category.clone(),
            description: offer.description.clone(),
            form: schema(offer.form.as_ref()),
            papers: offer.papers.clone(),
            terms: offer.into(),
        }
    }
}
