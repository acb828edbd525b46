use chrono::{DateTime, FixedOffset};
use domain::order::{Mediation, Move, Order, PaperState, Source, State, allowed_moves};
use domain::people::{Hat, mask_name};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    BeneficiaryView, BookingView, ChargeView, ContactView, DispatchView, DueView, ElsewhereView, EmergencyView,
    FormView, OrderGridView, PhotoView, PlaceView, PointElsewhereView, RatingView, Scene, Standing, VisitView, local,
    sees_visits_of_the_desk,
};

/// An order, as far as the caller may see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderView {
    pub id: Uuid,
    #[schema(example = "XY-20261123-0042")]
    pub number: String,
    /// `submitted`, `accepted`, `dispatched`, `resolved`, `rated`, `refused`, `withdrawn` or `merged`.
    #[schema(example = "accepted")]
    pub status: &'static str,
    #[schema(example = "已接单")]
    pub status_text: &'static str,
    /// Grows by one with every move; also the `ETag`.
    pub version: i64,
    pub community_id: Uuid,
    #[schema(example = "西苑社区")]
    pub community_name: Option<String>,
    #[schema(example = "repair")]
    pub service_key: String,
    #[schema(example = "公共设施报修")]
    pub service_name: Option<String>,
    /// Of the service, when it was placed.
    pub service_version: u32,
    /// The place that keeps that version: the community, or one above it.
    pub service_place_id: Uuid,
    #[schema(example = "路沿尖角危险")]
    pub title: String,
    /// The resident's own words; null for handlers, who get a task instead.
    #[schema(example = "健身器材拆除后留下的路沿很尖，孩子容易磕碰")]
    pub description: Option<String>,
    pub submitted_at: DateTime<FixedOffset>,
    pub accepted_at: Option<DateTime<FixedOffset>>,
    pub resolved_at: Option<DateTime<FixedOffset>>,
    pub due: DueView,
    /// Somebody may be in danger; null for handlers.
    pub emergency: Option<EmergencyView>,
    /// Another office is the lawful place; null for handlers.
    pub elsewhere: Option<ElsewhereView>,
    /// The partner that the resident complains about, which is never told; null for handlers.
    pub about_partner: Option<AboutPartnerView>,
    pub place: Option<PlaceView>,
    /// Where a grid was found; null for handlers.
    pub grid: Option<OrderGridView>,
    /// Where the point lies in a grid of another community; null for handlers.
    pub point_elsewhere: Option<PointElsewhereView>,
    /// `normal`, `confidential` or `anonymous`.
    #[schema(example = "normal")]
    pub visibility: &'static str,
    pub attachments: Vec<PhotoView>,
    /// What the service's form asked; null where it has none.
    pub form: Option<FormView>,
    /// The date, where one is booked or waited for.
    pub booking: Option<BookingView>,
    /// What to bring, and what of it was seen; null for handlers.
    pub papers: Option<Vec<PaperView>>,
    /// Whom the service names as lead; told to the desk only.
    pub suggested_partner_id: Option<Uuid>,
    pub contact: Option<ContactView>,
    pub on_behalf_of: Option<BeneficiaryView>,
    /// Who ordered for somebody else, for that person and, masked, for the desk.
    #[schema(example = "陈先生")]
    pub ordered_by: Option<String>,
    pub dispatches: Vec<DispatchView>,
    /// On-site records of the desk and the grid worker; those of handlers stand in their dispatches.
    pub visits: Vec<VisitView>,
    /// Where somebody was appointed to mediate: `running`, `ended` or `over`. The case itself is under `/v1/mediations`.
    #[schema(example = "running")]
    pub mediation: Option<&'static str>,
    pub resolution: Option<ResolutionView>,
    /// Of the present round.
    pub rating: Option<RatingView>,
    /// Of the rounds before this one.
    pub earlier_ratings: Vec<RatingView>,
    pub refusal: Option<RefusalView>,
    pub merged_into: Option<MergedView>,
    pub round: u8,
    /// 督办
    pub supervised: bool,
    pub urges: u32,
    pub urged_at: Option<DateTime<FixedOffset>>,
    /// How the order came in: `mini_program`, or the name of the system it was imported from.
    #[schema(example = "mini_program")]
    pub source: String,
    /// Placed by somebody who says to be under 14; told to the desk only.
    pub minor: bool,
    /// Words or photos in it that neither WeChat's check nor a person has passed: it stands in no public list. Told to the desk
    /// only.
    pub unchecked: bool,
    /// Of the order's own photos, those that did not pass WeChat's check: only the desk is shown them.
    pub hidden_photos: usize,
    /// The words are gone; the public facts are left.
    pub erased: bool,
    /// The caller placed this order, or it was placed for the caller.
    pub mine: bool,
    /// Moves that the caller may make now; those on dispatches stand beside each dispatch.
    #[schema(example = json!(["dispatch", "resolve", "comment"]))]
    pub allowed_actions: Vec<&'static str>,
    /// Templates worth asking for now by `wx.requestSubscribeMessage`, at most five, the most useful first. With one order that
    /// was read, placed or rated; elsewhere it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["hgj-order-resolved", "hgj-order-progress"]))]
    pub subscribe_hint: Option<Vec<String>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AboutPartnerView {
    pub id: Uuid,
    #[schema(example = "红色物业西苑管理科")]
    pub name: Option<String>,
}

/// One of the papers that the matter needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperView {
    #[schema(example = "户口本原件")]
    pub name: String,
    /// `needed`, `missing` (somebody looked, and it was not there) or `seen`.
    #[schema(example = "needed")]
    pub state: &'static str,
}

impl From<(&str, PaperState)> for PaperView {
    fn from((name, state): (&str, PaperState)) -> Self {
        Self { name: name.to_owned(), state: state.into() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ResolutionView {
    pub at: DateTime<FixedOffset>,
    #[schema(example = "路沿已打磨并用水泥抹平")]
    pub result: String,
    pub attachments: Vec<PhotoView>,
    /// What the resident signed; a list of one, or none.
    pub signature: Vec<PhotoView>,
    /// Why it was closed although the lead had not completed.
    pub override_reason: Option<String>,
    /// What it cost, where the desk says it; else it stands in the completion of the dispatch. Not for handlers.
    pub charge: Option<ChargeView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalView {
    #[schema(example = "department_duty")]
    pub reason: &'static str,
    #[schema(example = "属于职能部门职责")]
    pub reason_text: &'static str,
    /// Where to go instead.
    #[schema(example = "请到新华区政务服务中心办理")]
    pub redirect_to: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MergedView {
    pub id: Uuid,
    pub number: String,
}

impl OrderView {
    pub fn new(scene: &Scene<'_>, order: &Order) -> Self {
        let standing = scene.standing(order);
        let service_name = Some(order.terms.name.clone());
        let in_full = standing.sees_surroundings(scene.actor, order);
        let content = &order.content;
        let located = order.located.filter(|_| standing != Standing::Handler);
        Self {
            id: order.id.0,
            number: order.number.clone(),
            status: order.status().into(),
            status_text: order.status().text(),
            version: order.version,
            community_id: order.community.0,
            community_name: scene.book.community_name(order.community),
            service_key: order.service_key.clone(),
            service_version: order.terms.edition.version,
            service_place_id: order.terms.edition.place.0,
            title: title(standing, order),
            service_name,
            description: standing.sees_words().then(|| content.description.clone()),
            submitted_at: local(order.submitted_at),
            accepted_at: order.accepted_at.map(local),
            resolved_at: order.resolution().map(|r| local(r.at)),
            due: DueView::new(order, scene.now),
            emergency: order.advice.emergency.filter(|_| standing.sees_words()).map(Into::into),
            elsewhere: ElsewhereView::of(order.advice).filter(|_| standing.sees_words()),
            about_partner: about_partner(scene, order),
            place: content.place.as_ref().map(|place| PlaceView::of(place, in_full)),
            grid: located.and_then(|located| OrderGridView::of(located, scene.book.tree())),
            point_elsewhere: located.and_then(|located| PointElsewhereView::of(located, scene.book.tree())),
            visibility: content.visibility.into(),
            attachments: if in_full { scene.album.show(&content.attachments) } else { Vec::new() },
            form: FormView::of(standing, &content.form),
            booking: scene.bookings.get(&order.id).map(|booking| BookingView::of(scene, booking)),
            papers: standing.sees_words().then(|| order.papers().into_iter().map(Into::into).collect()),
            suggested_partner_id: suggested_partner(standing, order),
            contact: content
                .contact
                .as_ref()
                .filter(|_| standing.may_know_who_asked(order))
                .and_then(|contact| standing.show(contact, ContactView::full, ContactView::masked)),
            on_behalf_of: on_behalf_of(scene, standing, order),
            ordered_by: ordered_by(scene, standing, order),
            dispatches: dispatches(scene, order),
            visits: visits(scene, order),
            mediation: order.mediation.map(mediation),
            resolution: resolution(scene, order),
            rating: order.rating().filter(|_| standing.sees_words()).map(Into::into),
            earlier_ratings: earlier_ratings(standing, order),
            refusal: refusal(order),
            merged_into: merged_into(order),
            round: order.round,
            supervised: order.supervised,
            urges: order.urges,
            urged_at: order.urged_at.map(local),
            source: source(&content.source),
            minor: content.minor && standing == Standing::Desk,
            unchecked: keeps_the_desk(scene, order) && scene.marked.contains(&order.id),
            hidden_photos: scene.album.count_hidden(&content.attachments),
            erased: order.is_erased(),
            mine: scene.actor.owns(order),
            allowed_actions: allowed_moves(order, scene.actor, scene.now).into_iter().map(name).collect(),
            subscribe_hint: None,
        }
    }
}

/// Also where the same person placed the order.
fn keeps_the_desk(scene: &Scene<'_>, order: &Order) -> bool {
    scene.actor.hats(order).iter().any(|hat| matches!(hat, Hat::IntakeClerk | Hat::Secretary))
}

fn name(a_move: Move) -> &'static str {
    a_move.into()
}

/// The resident's title may name people; handlers see the service's name in its place.
fn title(standing: Standing, order: &Order) -> String {
    if standing.sees_words() { order.content.title.clone() } else { order.terms.name.clone() }
}

fn suggested_partner(standing: Standing, order: &Order) -> Option<Uuid> {
    order.terms.lead_in(order.grid()).filter(|_| standing == Standing::Desk).map(Into::into)
}

fn ordered_by(scene: &Scene<'_>, standing: Standing, order: &Order) -> Option<String> {
    let name = scene.orderers.get(&order.requester)?;
    if order.beneficiary().is_some_and(|person| scene.actor.is_self(person)) {
        return Some(name.clone());
    }
    (standing == Standing::Desk).then(|| mask_name(name))
}

/// Name and number of somebody's own account are for the desk and for that person: a consent to order for them is none to
/// read them.
fn on_behalf_of(scene: &Scene<'_>, standing: Standing, order: &Order) -> Option<BeneficiaryView> {
    let whom = order.content.on_behalf_of.as_ref().filter(|whom| !whom.is_nobody())?;
    if !standing.may_know_who_asked(order) {
        return None;
    }
    let is_anothers_account = whom.person.is_some_and(|person| !scene.actor.is_self(person));
    if standing == Standing::Requester && is_anothers_account {
        return Some(BeneficiaryView::hint(whom));
    }
    standing.show(whom, BeneficiaryView::full, BeneficiaryView::masked)
}

fn about_partner(scene: &Scene<'_>, order: &Order) -> Option<AboutPartnerView> {
    let id = order.content.about_partner.filter(|_| scene.standing(order).sees_words())?;
    Some(AboutPartnerView { id: id.0, name: scene.book.partner(id).map(|partner| partner.name.clone()) })
}

fn dispatches(scene: &Scene<'_>, order: &Order) -> Vec<DispatchView> {
    let visible = order.dispatches.iter().filter(|d| d.is_seen_by(scene.actor, order));
    visible.map(|d| DispatchView::new(scene, order, d)).collect()
}

fn visits(scene: &Scene<'_>, order: &Order) -> Vec<VisitView> {
    let visits = order.visits.iter().filter(|_| sees_visits_of_the_desk(scene, order));
    visits.map(|visit| VisitView::new(scene, order, visit)).collect()
}

fn mediation(mediation: Mediation) -> &'static str {
    match mediation {
        Mediation::Running { .. } => "running",
        Mediation::Ended { .. } => "ended",
        Mediation::Over => "over",
    }
}

/// A signature is the resident's: a handler has seen it on paper. What one handler cost is no other's business.
fn resolution(scene: &Scene<'_>, order: &Order) -> Option<ResolutionView> {
    let is_told = scene.standing(order).sees_words();
    order.resolution().map(|r| ResolutionView {
        at: local(r.at),
        result: r.result.clone(),
        attachments: scene.album.show(&r.proof),
        signature: if is_told { scene.album.show(r.signature.as_slice()) } else { Vec::new() },
        override_reason: r.override_reason.clone(),
        charge: r.charge.as_ref().filter(|_| is_told).map(Into::into),
    })
}

/// A handler may not learn who rated what.
fn earlier_ratings(standing: Standing, order: &Order) -> Vec<RatingView> {
    let earlier = order.ratings.iter().filter(|r| standing.sees_words() && r.round < order.round);
    earlier.map(Into::into).collect()
}

fn refusal(order: &Order) -> Option<RefusalView> {
    let State::Refused { reason, redirect_to, .. } = &order.state else { return None };
    Some(RefusalView { reason: reason.into(), reason_text: reason.text(), redirect_to: redirect_to.clone() })
}

fn merged_into(order: &Order) -> Option<MergedView> {
    let State::Merged { into, into_number, .. } = &order.state else { return None };
    Some(MergedView { id: into.0, number: into_number.clone() })
}

fn source(source: &Source) -> String {
    match source {
        Source::MiniProgram => "mini_program".to_owned(),
        Source::Import { system, .. } => system.clone(),
    }
}
