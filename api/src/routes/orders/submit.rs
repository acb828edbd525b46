use actix_web::post;
use actix_web::web::Data;
use domain::attachment::MAX_PER_ORDER;
use domain::deadline::day_in_shanghai;
use domain::ids::{AttachmentId, CommunityId, PartnerId, PersonId, PlaceId, SlotId};
use domain::order::usecase::{NewOrder, SeatWish};
use domain::order::{
    Beneficiary, Contact, Content, MAX_DESCRIPTION, MAX_TITLE, Place, Point, PointSource, Source, Visibility,
};
use domain::people::{Actor, AgeBand, Person};
use domain::place::{Tree, is_in_china};
use domain::service::Answers;
use garde::Validate;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::terms::{Asked, Brought};
use crate::app::App;
use crate::extract::{CoordSys, Post, digits, legible, needed, optional, phone_number};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::routes::certificates;
use crate::view::OrderView;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct Submit {
    #[garde(skip)]
    community_id: Uuid,
    /// From the community's service list.
    #[garde(custom(needed("服务项目", 64)))]
    #[schema(example = "repair")]
    service_key: String,
    #[garde(custom(needed("问题描述", MAX_DESCRIPTION)))]
    #[schema(example = "健身器材拆除后留下的路沿很尖，孩子容易磕碰")]
    description: String,
    /// The start of the description if left out.
    #[garde(custom(optional("标题", MAX_TITLE)))]
    #[schema(example = "路沿尖角危险")]
    title: Option<String>,
    #[garde(dive)]
    place: Option<PlaceBody>,
    /// Photos uploaded before, at most nine.
    #[serde(default)]
    #[garde(custom(at_most_nine))]
    attachment_ids: Vec<Uuid>,
    #[garde(dive)]
    contact: Option<ContactBody>,
    /// For whom, when ordering for somebody else (代下单).
    #[garde(dive)]
    on_behalf_of: Option<BeneficiaryBody>,
    /// `normal`, `confidential` (only the desk learns who asked) or `anonymous` to handlers.
    #[serde(default)]
    #[garde(skip)]
    #[schema(value_type = String, example = "normal")]
    visibility: Visibility,
    /// A complaint about this partner of the community, which will never learn who complained.
    #[garde(skip)]
    about_partner_id: Option<Uuid>,
    /// Answers to the service's form, by the names of its fields.
    #[garde(custom(legible))]
    #[schema(value_type = Option<Object>, example = json!({ "what": "水管龙头" }))]
    form: Option<Map<String, Value>>,
    /// The version of the service that was shown; refused where another one stands by now.
    #[garde(skip)]
    service_version: Option<u32>,
    /// The date, where the service comes at one.
    #[garde(skip)]
    slot_id: Option<Uuid>,
    /// Waits in the queue where no seat is free.
    #[serde(default)]
    #[garde(skip)]
    waits: bool,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlaceBody {
    #[garde(custom(optional("小区", 50)))]
    #[schema(example = "西苑小区")]
    compound: Option<String>,
    /// 楼栋, as it stands on its wall.
    #[garde(custom(optional("楼栋", 20)))]
    #[schema(example = "3号楼")]
    building: Option<String>,
    #[garde(custom(optional("地点说明", 200)))]
    #[schema(example = "3号楼东侧健身器材旁")]
    detail: Option<String>,
    #[garde(dive)]
    point: Option<PointBody>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct PointBody {
    /// Degrees.
    #[garde(skip)]
    #[schema(example = 38.05)]
    latitude: f64,
    #[garde(skip)]
    #[schema(example = 114.47)]
    longitude: f64,
    /// The system of both numbers: WGS-84 is converted, anything else but these two is refused.
    #[garde(skip)]
    coord_sys: CoordSys,
    /// Metres.
    #[garde(skip)]
    accuracy_m: Option<u32>,
    /// `picked`, `device` or `photo`.
    #[garde(skip)]
    #[serde(default = "picked")]
    #[schema(value_type = String, example = "picked")]
    source: PointSource,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ContactBody {
    #[garde(custom(optional("联系人", 30)))]
    #[schema(example = "王女士")]
    name: Option<String>,
    #[garde(custom(phone_number))]
    #[schema(example = "13800000000")]
    phone: Option<String>,
    /// I agree that a handler may see name and phone while it works on this order.
    #[serde(default)]
    #[garde(skip)]
    may_share: bool,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct BeneficiaryBody {
    /// For somebody without an account here; left out where `person_id` is given.
    #[garde(custom(optional("被代办人的称呼", 30)))]
    #[schema(example = "张大爷")]
    name: Option<String>,
    #[garde(custom(phone_number))]
    phone: Option<String>,
    /// Somebody who agreed that I order for them; see `GET /v1/me/delegations`.
    #[garde(skip)]
    person_id: Option<Uuid>,
}

impl Submit {
    /// A few words to the desk, and where it may call back.
    pub(in crate::routes) fn message(id: CommunityId, service_key: &str, text: String, phone: Option<String>) -> Self {
        Self {
            community_id: id.0,
            service_key: service_key.to_owned(),
            description: text,
            title: None,
            place: None,
            attachment_ids: Vec::new(),
            contact: phone.map(|phone| ContactBody { name: None, phone: Some(phone), may_share: false }),
            on_behalf_of: None,
            visibility: Visibility::Normal,
            about_partner_id: None,
            form: None,
            service_version: None,
            slot_id: None,
            waits: false,
        }
    }
}

fn picked() -> PointSource {
    PointSource::Picked
}

pub(in crate::routes) fn at_most_nine<C>(ids: &[Uuid], _: &C) -> Result<(), garde::Error> {
    if ids.len() > MAX_PER_ORDER {
        return Err(garde::Error::new(format!("照片最多 {MAX_PER_ORDER} 张，现在有 {} 张", ids.len())));
    }
    let mut unique: Vec<_> = ids.to_vec();
    unique.sort_unstable();
    unique.dedup();
    if unique.len() == ids.len() {
        Ok(())
    } else {
        Err(garde::Error::new("同一张照片选了两次，请去掉一张"))
    }
}

/// Place an order (下单).
///
/// Danger in the words makes it urgent and calls those on duty. A complaint about the conduct of cadres is refused with
/// `discipline_matter`, and nothing of it is kept.
#[utoipa::path(
    tag = "orders", security(("token" = [])), request_body = Submit,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 201, body = OrderView), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody))
)]
#[post("/orders")]
pub(super) async fn submit(app: Data<App>, post: Post<Submit>) -> Answer {
    Box::pin(place(&app, post)).await
}

/// The same for whatever becomes an order.
pub(in crate::routes) async fn place(app: &App, post: Post<Submit>) -> Answer {
    let Post { asking, person, mut body } = post;
    if body.on_behalf_of.is_some()
        && let Some(answer) = app.replay(&asking).await?
    {
        // Before the consent is looked at, which may have ended since.
        return Ok(answer);
    }
    let whom = match body.on_behalf_of.take() {
        Some(whom) => Some(app.beneficiary(&asking.actor, whom).await?),
        None => None,
    };
    let id = CommunityId(body.community_id);
    let book = app.names.book().await?;
    let community = book.community(id).ok_or_else(no_such_community)?;
    let service = book.service(id, &body.service_key).filter(|service| !service.closed).ok_or_else(no_such_service)?;
    let about = body.about_partner_id.map(PartnerId);
    if about.is_some_and(|about| !book.partners_of(id).any(|partner| partner.id == about)) {
        return Err(Problem::field("/about_partner_id", "没有这个单位，请从本社区的单位里选择"));
    }
    let asked = Asked {
        version: body.service_version,
        photos: body.attachment_ids.len(),
        form: body.form.as_ref(),
        slot: body.slot_id,
        certificates: &|| certificates::here(&book, id, day_in_shanghai(app.clock.now())),
    };
    let Brought { form, papers } = asked.under(service, &asking.actor, id)?;
    let care = CareForChildren::of(app, &person).await?;
    let seat = body.slot_id.map(|slot| SeatWish { slot: SlotId(slot), waits: body.waits });
    let content = Content { form, ..content(body, whom, id, book.tree())? };
    let (prefix, service) = (community.prefix.clone(), service.clone());
    let located = app.located(id, content.place.as_ref(), book.tree()).await?;
    let content = care.with(content);
    let new = NewOrder { community: id, prefix, service, papers, seat, content, located };
    app.place_order(&asking, new).await
}

/// A child's cry for help is always taken; only the desk may call back, unless a guardian agreed to more.
#[derive(Clone, Copy)]
enum CareForChildren {
    NotNeeded,
    Marked,
    MarkedAndUnshared,
}

impl CareForChildren {
    async fn of(app: &App, person: &Person) -> Result<Self, Problem> {
        if person.age_band != Some(AgeBand::Under14) {
            return Ok(Self::NotNeeded);
        }
        let has_guardian = app.stores.consents.has_guardian(person.id).await?;
        Ok(if has_guardian { Self::Marked } else { Self::MarkedAndUnshared })
    }

    fn with(self, content: Content) -> Content {
        let contact = content.contact.map(|contact| match self {
            Self::NotNeeded | Self::Marked => contact,
            Self::MarkedAndUnshared => Contact { may_share: false, ..contact },
        });
        Content { contact, minor: !matches!(self, Self::NotNeeded), ..content }
    }
}

pub(super) fn no_such_community() -> Problem {
    Problem::field("/community_id", "没有这个社区，请重新选择")
}

pub(in crate::routes) fn no_such_service() -> Problem {
    Problem::field("/service_key", "这个社区没有这项服务，请从服务清单里选择")
}

fn content(
    body: Submit,
    on_behalf_of: Option<Beneficiary>,
    community: CommunityId,
    tree: &Tree,
) -> Result<Content, Problem> {
    Ok(Content {
        title: body.title.filter(|t| !t.trim().is_empty()).unwrap_or_else(|| start_of(&body.description)),
        description: body.description,
        place: body.place.map(|body| where_it_is(body, community, tree)).transpose()?,
        attachments: body.attachment_ids.into_iter().map(AttachmentId).collect(),
        contact: body.contact.map(contact),
        on_behalf_of,
        visibility: body.visibility,
        about_partner: body.about_partner_id.map(PartnerId),
        source: Source::MiniProgram,
        minor: false,
        form: Answers::default(),
        erased: None,
    })
}

/// What stands for the name of somebody who never told one.
const NAMELESS: &str = "居民";

impl App {
    /// Somebody typed, or somebody with an account, who must have agreed.
    async fn beneficiary(&self, actor: &Actor, whom: BeneficiaryBody) -> Result<Beneficiary, Problem> {
        let named = whom.name.filter(|name| !name.trim().is_empty());
        let Some(id) = whom.person_id.map(PersonId) else {
            let name = named.ok_or_else(|| Problem::field("/on_behalf_of/name", "请填写被代办人的称呼"))?;
            return Ok(Beneficiary { name, phone: whom.phone, person: None });
        };
        if named.is_some() || whom.phone.is_some() {
            return Err(Problem::field("/on_behalf_of/person_id", "已选择被代办人，请去掉手填的称呼和电话"));
        }
        let now = self.clock.now();
        let agreed = self.stores.delegations.find_active(id, actor.person, now).await?;
        // In the same words whether there is such a person or not.
        let refused =
            || Problem::field("/on_behalf_of/person_id", "对方没有授权您代下单，或授权已到期，请先请对方授权");
        let delegation = agreed.ok_or_else(refused)?;
        let person = self.stores.people.find_person(delegation.principal, now).await?.ok_or_else(refused)?;
        let name = person.nickname.unwrap_or_else(|| NAMELESS.to_owned());
        Ok(Beneficiary { name, phone: person.phone, person: Some(person.id) })
    }
}

/// Characters of a title made from the description.
const TITLE_LENGTH: usize = 20;

fn start_of(description: &str) -> String {
    let line = description.trim().lines().next().unwrap_or_default();
    match line.char_indices().nth(TITLE_LENGTH) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(line)),
        None => line.to_owned(),
    }
}

fn contact(body: ContactBody) -> Contact {
    let phone = body.phone.map(|p| digits(&p).unwrap_or(p));
    Contact { name: body.name, phone, may_share: body.may_share }
}

fn where_it_is(body: PlaceBody, community: CommunityId, tree: &Tree) -> Result<Place, Problem> {
    let compound_id = match &body.compound {
        Some(name) => compound(name, community, tree)?,
        None => None,
    };
    let building = body.building.filter(|building| !building.trim().is_empty());
    let point = body.point.map(point).transpose()?;
    Ok(Place { compound: body.compound, compound_id, building, words: body.detail, point })
}

/// One that the community does not know may be right; one that another community knows is a slip of the finger.
fn compound(name: &str, community: CommunityId, tree: &Tree) -> Result<Option<PlaceId>, Problem> {
    let here = tree.compound_named(community, name);
    if here.is_none() && tree.compound_elsewhere(community, name) {
        let (name, community) = (name.trim(), tree.name(community.into()));
        let detail = format!("「{name}」不在{community}，请选择它所在的社区，或改正小区");
        return Err(Problem::field("/place/compound", detail));
    }
    Ok(here)
}

fn point(body: PointBody) -> Result<Point, Problem> {
    point_at(body, "/place/point")
}

/// In GCJ-02, whichever of the two systems it came in; `pointer` names the field that it stood in.
pub(in crate::routes) fn point_at(body: PointBody, pointer: &'static str) -> Result<Point, Problem> {
    let at = body.coord_sys.gcj02(body.latitude, body.longitude);
    let at = at.ok().filter(|at| is_in_china(*at));
    let at = at.ok_or_else(|| Problem::field(pointer, "这个点不在国内，请重新选点，或不选点、用文字写明位置"))?;
    Ok(Point { at, accuracy_m: body.accuracy_m, source: body.source })
}
