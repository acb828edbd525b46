use chrono::{DateTime, FixedOffset};
use domain::order::{Dispatch, DispatchState, Order};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{BookingView, ChargeView, ContactView, PhotoView, PlaceView, QuoteView, Scene, Standing, VisitView, local};

/// One handler's share of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct DispatchView {
    pub id: Uuid,
    pub order_id: Uuid,
    #[schema(example = "XY-20261123-0042")]
    pub order_number: String,
    /// The order's version, for `If-Match`.
    pub version: i64,
    pub community_id: Uuid,
    #[schema(example = "公共设施报修")]
    pub service_name: Option<String>,
    pub partner_id: Uuid,
    #[schema(example = "红色物业西苑管理科")]
    pub partner_name: Option<String>,
    /// `lead` or `co`.
    #[schema(example = "lead")]
    pub role: &'static str,
    /// `sent`, `signed`, `completed`, `returned` or `recalled`.
    #[schema(example = "signed")]
    pub status: &'static str,
    #[schema(example = "打磨并用水泥抹平路沿尖角")]
    pub task: String,
    pub due_at: Option<DateTime<FixedOffset>>,
    /// The date that the resident booked, as long as the dispatch is active.
    pub booking: Option<BookingView>,
    pub place: Option<PlaceView>,
    /// The resident's photos.
    pub attachments: Vec<PhotoView>,
    /// Answers to the service's form that belong to the task.
    #[schema(value_type = Object, example = json!({ "what": "水管龙头" }))]
    pub form: Map<String, Value>,
    pub share_contact: bool,
    /// Only while the dispatch is active and the resident agreed; masked, `reveal` shows it in full.
    pub contact: Option<ContactView>,
    /// How to reach the resident where there is no contact.
    #[schema(example = "需要联系居民时，请在订单里留言，由社区转达")]
    pub relay: Option<&'static str>,
    pub round: u8,
    pub reworks: u8,
    pub sent_at: DateTime<FixedOffset>,
    pub signed_at: Option<DateTime<FixedOffset>>,
    /// When the handler means to come.
    pub visit_at: Option<DateTime<FixedOffset>>,
    pub visits: Vec<VisitView>,
    /// What the resident was told that it would cost them, the oldest first.
    pub quotes: Vec<QuoteView>,
    pub completion: Option<CompletionView>,
    pub returned: Option<ReturnView>,
    pub recalled: Option<RecallView>,
    /// Moves on this dispatch that the caller may make now.
    #[schema(example = json!(["visit", "complete", "return"]))]
    pub allowed_actions: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CompletionView {
    pub at: DateTime<FixedOffset>,
    pub result: String,
    pub attachments: Vec<PhotoView>,
    /// What it cost; null where nothing was charged.
    pub charge: Option<ChargeView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnView {
    pub at: DateTime<FixedOffset>,
    #[schema(example = "out_of_scope")]
    pub reason: &'static str,
    #[schema(example = "不属于本单位职责")]
    pub reason_text: &'static str,
    pub note: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RecallView {
    pub at: DateTime<FixedOffset>,
    pub reason: String,
}

impl DispatchView {
    pub fn new(scene: &Scene<'_>, order: &Order, dispatch: &Dispatch) -> Self {
        let name = |m: domain::order::Move| -> &'static str { m.into() };
        // A handler that was taken off keeps its own record and nothing of the order.
        let on_lease = scene.standing(order) != Standing::Handler
            || (dispatch.status().is_live() && dispatch.round == order.round);
        let in_full = scene.standing(order).sees_surroundings(scene.actor, order);
        let content = &order.content;
        Self {
            id: dispatch.id.0,
            order_id: order.id.0,
            order_number: order.number.clone(),
            version: order.version,
            community_id: order.community.0,
            service_name: Some(order.terms.name.clone()),
            partner_id: dispatch.partner.0,
            partner_name: scene.book.partner(dispatch.partner).map(|p| p.name.clone()),
            role: dispatch.role.into(),
            status: dispatch.status().into(),
            task: dispatch.task.clone(),
            due_at: dispatch.due_at.map(local),
            booking: scene.bookings.get(&order.id).filter(|_| on_lease).map(|booking| BookingView::of(scene, booking)),
            place: content.place.as_ref().filter(|_| on_lease).map(|place| PlaceView::of(place, in_full)),
            attachments: if on_lease && in_full { scene.album.show(&content.attachments) } else { Vec::new() },
            share_contact: dispatch.share_contact,
            form: if on_lease { order.content.form.task.clone() } else { Map::new() },
            contact: contact(scene.standing(order), order, dispatch),
            relay: relay(scene.standing(order), order, dispatch),
            round: dispatch.round,
            reworks: dispatch.reworks,
            sent_at: local(dispatch.sent_at),
            signed_at: dispatch.signed_at.map(local),
            visit_at: dispatch.visit_at.map(local),
            visits: dispatch.visits.iter().map(|v| VisitView::new(scene, order, v)).collect(),
            quotes: QuoteView::all(&dispatch.quotes),
            completion: completion(scene, dispatch),
            returned: returned(dispatch),
            recalled: recalled(dispatch),
            allowed_actions: dispatch.allowed_moves(order, scene.actor).into_iter().map(name).collect(),
        }
    }
}

fn contact(standing: Standing, order: &Order, dispatch: &Dispatch) -> Option<ContactView> {
    let contact = order.content.contact.as_ref()?;
    (standing == Standing::Handler && dispatch.may_call(order)).then(|| ContactView::masked(contact))
}

/// For handlers that have work to do and may not call.
fn relay(standing: Standing, order: &Order, dispatch: &Dispatch) -> Option<&'static str> {
    let is_needed = standing == Standing::Handler && dispatch.status().is_open() && !dispatch.may_call(order);
    is_needed.then_some("需要联系居民时，请在订单里留言，由社区转达")
}

fn completion(scene: &Scene<'_>, dispatch: &Dispatch) -> Option<CompletionView> {
    let DispatchState::Completed { at, result, proof, charge } = &dispatch.state else { return None };
    let (attachments, charge) = (scene.album.show(proof), charge.as_ref().map(Into::into));
    Some(CompletionView { at: local(*at), result: result.clone(), attachments, charge })
}

fn returned(dispatch: &Dispatch) -> Option<ReturnView> {
    let DispatchState::Returned { at, reason, note } = &dispatch.state else { return None };
    Some(ReturnView { at: local(*at), reason: reason.into(), reason_text: reason.text(), note: note.clone() })
}

fn recalled(dispatch: &Dispatch) -> Option<RecallView> {
    let DispatchState::Recalled { at, reason } = &dispatch.state else { return None };
    Some(RecallView { at: local(*at), reason: reason.clone() })
}
