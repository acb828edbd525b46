use std::collections::{BTreeMap, HashSet};

use domain::booking::BookingRule;
use domain::deadline::Urgency;
use domain::ids::{CommunityId, PartnerId, PlaceId};
use domain::service::{Closing, Figure, Form, Offer, Orderer, Privacy, Proof, Texts};
use garde::Validate;
use serde::Deserialize;
use serde_json::Value;
use strum::IntoEnumIterator;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::{list_of, needed, optional};
use crate::names::Book;
use crate::problem::{FieldError, Problem};

/// What a service says; what is left out is as usual.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceBody {
    /// The version that was changed; a clash is refused. Without it, whatever stands is overwritten.
    #[garde(skip)]
    pub version: Option<u32>,
    #[garde(custom(needed("服务名称", 30)))]
    #[schema(example = "公共设施报修")]
    name: String,
    /// A path of your own words.
    #[garde(custom(needed("类别", 40)))]
    #[schema(example = "帮办/医保")]
    category: String,
    #[garde(custom(optional("说明", 300)))]
    description: Option<String>,
    /// `ordinary` or `urgent`.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = String, example = "ordinary")]
    urgency: Urgency,
    /// `public`, `normal`, `confidential` (only the desk learns who asked) or `sealed` (read by the secretary alone).
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = String, example = "normal")]
    privacy: Privacy,
    /// Who may order: `resident`, `grid_worker`, `staff`; everybody where it is left out.
    #[garde(skip)]
    #[schema(value_type = Option<Vec<String>>, example = json!(["resident", "grid_worker", "staff"]))]
    orderers: Option<Vec<Orderer>>,
    /// A form in JSON Schema; docs/services.md says which part of it.
    #[garde(skip)]
    #[schema(value_type = Option<Object>)]
    form: Option<Value>,
    /// What to bring or to have at hand.
    #[serde(default)]
    #[garde(custom(list_of("所需材料", 20, 60)))]
    #[schema(example = json!(["身份证原件"]))]
    papers: Vec<String>,
    /// Papers are shown in the office and given back: an order takes no pictures, so that no copy is kept.
    #[garde(skip)]
    #[serde(default)]
    originals_only: bool,
    /// An order comes with at least so many photos.
    #[garde(skip)]
    #[serde(default)]
    photos: usize,
    /// Promised: resolved within so many working days.
    #[garde(skip)]
    resolve_days: Option<u32>,
    /// Whom the desk is offered first as lead.
    #[garde(skip)]
    lead_partner_id: Option<Uuid>,
    /// Whom instead, for what lies in a grid of the community.
    #[garde(length(max = 100))]
    #[serde(default)]
    grid_leads: Vec<GridLeadBody>,
    /// The community may resolve it without a handler.
    #[garde(skip)]
    #[serde(default = "yes")]
    community_resolves: bool,
    /// What must be there before it is resolved.
    #[garde(skip)]
    #[serde(default)]
    proof: ProofBody,
    /// `confirm`: the resident is asked; `auto`: the result is the end.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = String, example = "confirm")]
    closing: Closing,
    #[garde(skip)]
    #[serde(default)]
    texts: TextsBody,
    /// Free where it is left out.
    #[garde(custom(optional("价格", 30)))]
    #[schema(example = "20 元起")]
    price: Option<String>,
    /// It comes at a date that is booked; the dates are made apart.
    #[garde(skip)]
    booking: Option<BookingBody>,
    /// In which published figure it counts: `matter`, `errand`, `dispute`, `repair`.
    #[garde(skip)]
    #[schema(value_type = Option<String>, example = "errand")]
    figure: Option<Figure>,
    /// No longer offered.
    #[garde(skip)]
    #[serde(default)]
    pub closed: bool,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GridLeadBody {
    grid_id: Uuid,
    partner_id: Uuid,
}

#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct ProofBody {
    before_photo: bool,
    after_photo: bool,
    signature: bool,
}

/// What the service itself adds to messages, at most 20 characters each.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct TextsBody {
    #[schema(example = "请带户口本原件到居委会")]
    accepted: Option<String>,
    resolved: Option<String>,
}

/// How dates are booked.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BookingBody {
    /// Booked at the latest so many minutes before it starts.
    #[serde(default)]
    lead_minutes: u32,
    /// Moved at the latest so many minutes before it starts; given back at any time.
    #[serde(default)]
    move_minutes: u32,
    /// Whoever finds no seat may wait for one.
    #[serde(default)]
    may_wait: bool,
    /// Dates that one person may have at the same time; one where it is left out.
    each: Option<u32>,
}

fn yes() -> bool {
    true
}

fn rule(body: BookingBody) -> BookingRule {
    let BookingBody { lead_minutes, move_minutes, may_wait, each } = body;
    BookingRule { lead_minutes, move_minutes, may_wait, each: each.unwrap_or(1) }
}

/// Every part of the path says something.
fn category(path: &str) -> Result<String, Problem> {
    let parts: Vec<_> = path.split('/').map(str::trim).collect();
    if parts.iter().any(|part| part.is_empty()) {
        return Err(Problem::field("/category", "类别请写成「帮办」或「帮办/医保」这样的写法"));
    }
    Ok(parts.join("/"))
}

fn grid_leads(
    leads: &[GridLeadBody],
    place: PlaceId,
    book: &Book,
    is_here: impl Fn(PartnerId) -> bool,
) -> Result<BTreeMap<PlaceId, PartnerId>, Problem> {
    let grids: HashSet<_> = book.tree().grids_of(CommunityId(place.0)).map(|grid| grid.id).collect();
    let mut read = BTreeMap::new();
    for (at, GridLeadBody { grid_id, partner_id }) in leads.iter().enumerate() {
        let (grid, partner) = (PlaceId(*grid_id), PartnerId(*partner_id));
        let fault = |field, text: &str| Err(Problem::field(format!("/grid_leads/{at}/{field}"), text));
        if !grids.contains(&grid) {
            return fault("grid_id", "本社区没有这个网格，请从社区的网格里选择");
        }
        if !is_here(partner) {
            return fault("partner_id", "没有这个单位，请从本社区的单位里选择");
        }
        if read.insert(grid, partner).is_some() {
            return fault("grid_id", "这个网格写了两次，请只留一行");
        }
    }
    Ok(read)
}

impl ServiceBody {
    pub(super) fn offer(self, place: PlaceId, book: &Book) -> Result<Offer, Problem> {
        let form = self.form.map(|schema| Form::read(&schema)).transpose();
        let form = form.map_err(|faults| Problem::form("/form", faults))?;
        let lead = self.lead_partner_id.map(PartnerId);
        let is_here = |lead| book.partner(lead).is_some_and(|partner| partner.place_id == place && !partner.closed);
        if lead.is_some_and(|lead| !is_here(lead)) {
            return Err(Problem::field("/lead_partner_id", "没有这个单位，请从本社区的单位里选择"));
        }
        let grid_leads = grid_leads(&self.grid_leads, place, book, is_here)?;
        let category = category(&self.category)?;
        let if_any = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let ProofBody { before_photo, after_photo, signature } = self.proof;
        let offer = Offer {
            name: self.name.trim().to_owned(),
            category,
            description: self.description.unwrap_or_default(),
            urgency: self.urgency,
            privacy: self.privacy,
            orderers: self.orderers.unwrap_or_else(|| Orderer::iter().collect()),
            form,
            papers: self.papers,
            originals_only: self.originals_only,
            photos: self.photos,
            resolve_days: self.resolve_days,
            lead,
            grid_leads,
            community_resolves: self.community_resolves,
            proof: Proof { before_photo, after_photo, signature },
            closing: self.closing,
            texts: Texts { accepted: if_any(self.texts.accepted), resolved: if_any(self.texts.resolved) },
            price: if_any(self.price),
            booking: self.booking.map(rule),
            figure: self.figure,
        };
        let faults = offer.faults();
        if faults.is_empty() {
            return Ok(offer);
        }
        Err(Problem::fields(
            faults
                .into_iter()
                .map(|fault| FieldError { pointer: fault.pointer.to_owned(), detail: fault.text })
                .collect(),
        ))
    }
}
