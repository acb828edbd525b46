//! Small parts of the views.

use chrono::{DateTime, FixedOffset, Utc};
use domain::order::{Beneficiary, Contact, Order, Place, Point, Rating};
use domain::people::{mask_name, mask_phone};
use domain::place::{Located, Tree};
use domain::service::Answers;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Standing, local};

/// Until when the community promised to act.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueView {
    pub accept_by: Option<DateTime<FixedOffset>>,
    pub resolve_by: Option<DateTime<FixedOffset>>,
    /// The clock that runs now has ended.
    pub overdue: bool,
    /// Why a time is missing.
    #[schema(example = "2027 年的节假日安排尚未录入，期限待定")]
    pub note: Option<String>,
}

impl DueView {
    pub fn new(order: &Order, now: DateTime<Utc>) -> Self {
        Self {
            accept_by: order.due.accept_by.map(local),
            resolve_by: order.due.resolve_by.map(local),
            overdue: order.next_due().is_some_and(|due| due < now),
            note: order.due.note.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceView {
    #[schema(example = "西苑小区")]
    pub compound: Option<String>,
    #[schema(example = "3号楼")]
    pub building: Option<String>,
    #[schema(example = "3号楼东侧健身器材旁")]
    pub detail: Option<String>,
    pub point: Option<PointView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PointView {
    /// Degrees in GCJ-02.
    #[schema(example = 38.05075)]
    pub latitude: f64,
    #[schema(example = 114.47616)]
    pub longitude: f64,
    #[schema(example = "gcj02")]
    pub coord_sys: &'static str,
    /// Metres.
    pub accuracy_m: Option<u32>,
    #[schema(example = "picked")]
    pub source: &'static str,
}

impl From<&Place> for PlaceView {
    fn from(place: &Place) -> Self {
        Self {
            compound: place.compound.clone(),
            building: place.building.clone(),
            detail: place.words.clone(),
            point: place.point.as_ref().map(Into::into),
        }
    }
}

impl PlaceView {
    /// No finer than the compound where the reader shall not guess at whose door it is.
    pub fn of(place: &Place, in_full: bool) -> Self {
        if in_full {
            return place.into();
        }
        Self { compound: place.compound.clone(), building: None, detail: None, point: None }
    }
}

impl From<&Point> for PointView {
    fn from(point: &Point) -> Self {
        Self {
            latitude: point.at.lat(),
            longitude: point.at.lon(),
            coord_sys: "gcj02",
            accuracy_m: point.accuracy_m,
            source: point.source.into(),
        }
    }
}

/// The grid that an order lies in.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderGridView {
    pub id: Uuid,
    #[schema(example = "第一网格")]
    pub name: String,
    /// How it was found: `address`, `point` or `person`.
    #[schema(example = "address")]
    pub found_by: &'static str,
}

impl OrderGridView {
    pub fn of(located: Located, tree: &Tree) -> Option<Self> {
        let (grid, found_by) = located.grid().zip(located.found_by())?;
        Some(Self { id: grid.0, name: tree.name(grid).to_owned(), found_by })
    }
}

/// The point lies in another community than the one that was chosen; the choice stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointElsewhereView {
    pub community_id: Uuid,
    #[schema(example = "润园社区")]
    pub community_name: String,
    #[schema(example = "地图上的位置在润园社区，订单仍由所选的社区办理；如果选错了社区，请撤单后重新下单")]
    pub text: String,
}

impl PointElsewhereView {
    pub fn of(located: Located, tree: &Tree) -> Option<Self> {
        let community = located.beyond()?;
        let name = tree.name(community.into()).to_owned();
        let text = format!("地图上的位置在{name}，订单仍由所选的社区办理；如果选错了社区，请撤单后重新下单");
        Some(Self { community_id: community.0, community_name: name, text })
    }
}

/// Masked for everybody but whoever placed the order; `reveal` shows it in full.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactView {
    #[schema(example = "王**")]
    pub name: Option<String>,
    #[schema(example = "138****0000")]
    pub phone: Option<String>,
    /// Handlers may call while their dispatch is active.
    pub may_share: bool,
}

impl ContactView {
    pub fn full(contact: &Contact) -> Self {
        Self { name: contact.name.clone(), phone: contact.phone.clone(), may_share: contact.may_share }
    }

    pub fn masked(contact: &Contact) -> Self {
        let (name, phone) = (contact.name.as_deref().map(mask_name), contact.phone.as_deref().map(mask_phone));
        Self { name, phone, may_share: contact.may_share }
    }
}

/// The person for whom the order was placed; masked like a contact.
#[derive(Debug, Serialize, ToSchema)]
pub struct BeneficiaryView {
    #[schema(example = "张**")]
    pub name: String,
    pub phone: Option<String>,
}

impl BeneficiaryView {
    pub fn full(whom: &Beneficiary) -> Self {
        Self { name: whom.name.clone(), phone: whom.phone.clone() }
    }

    /// Enough to know whom it is about.
    pub fn hint(whom: &Beneficiary) -> Self {
        Self { name: mask_name(&whom.name), phone: None }
    }

    pub fn masked(whom: &Beneficiary) -> Self {
        Self { name: mask_name(&whom.name), phone: whom.phone.as_deref().map(mask_phone) }
    }
}

/// Answers to a service's form, by the names of its fields.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormView {
    #[schema(value_type = Object, example = json!({ "what": "水管龙头" }))]
    pub answers: Map<String, Value>,
    /// Answered and not shown here: `reveal` shows them.
    #[schema(example = json!(["id_number"]))]
    pub hidden: Vec<String>,
}

impl FormView {
    /// Handlers read what belongs to their task; the rest is for those who read the resident's words.
    pub fn of(standing: Standing, form: &Answers) -> Option<Self> {
        if form.is_empty() {
            return None;
        }
        let answers = match standing {
            Standing::Requester => form.open().into_iter().chain(form.sensitive.clone()).collect(),
            Standing::Desk | Standing::Mediator | Standing::Watcher => form.open(),
            Standing::Handler => form.task.clone(),
            Standing::Aside => return None,
        };
        let hidden = match standing {
            Standing::Desk | Standing::Mediator => form.sensitive.keys().cloned().collect(),
            Standing::Requester | Standing::Watcher | Standing::Handler | Standing::Aside => Vec::new(),
        };
        Some(Self { answers, hidden })
    }
}

/// One a round; none is none, never "satisfied".
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingView {
    pub round: u8,
    pub solved: bool,
    /// 1 (very unsatisfied) to 5 (very satisfied).
    #[schema(minimum = 1, maximum = 5)]
    pub satisfaction: u8,
    pub comment: Option<String>,
    /// Given by somebody who ordered for another person.
    pub by_proxy: bool,
    pub at: DateTime<FixedOffset>,
}

impl From<&Rating> for RatingView {
    fn from(rating: &Rating) -> Self {
        Self {
            round: rating.round,
            solved: rating.solved,
            satisfaction: rating.satisfaction,
            comment: rating.comment.clone(),
            by_proxy: rating.by_proxy,
            at: local(rating.at),
        }
    }
}
