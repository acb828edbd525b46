//! The people of the stories and what they ask for.

use chrono::{DateTime, TimeDelta, Utc};
use domain::advice::Advice;
use domain::deadline::{Due, Urgency};
use domain::ids::{AttachmentId, CommunityId, DispatchId, OrderId, PartnerId, PersonId, PlaceId};
use domain::order::{
    Attendee, Charge, Command, Contact, Content, Fen, HandlerRole, Material, MergeTarget, Opinion, OrderStatus, Payer,
    RefuseReason, ReturnReason, Source, Submission, Taker, Visibility, VisitReport, VisitSide,
};
use domain::people::{Actor, Hat, Post, Role};
use domain::service::{Answers, Offer, Privacy, Service};
use strum::{Display, EnumIter};
use uuid::Uuid;

pub const HERE: CommunityId = CommunityId(Uuid::from_u128(0xC1));
pub const ELSEWHERE: CommunityId = CommunityId(Uuid::from_u128(0xC2));

/// Leads where a story needs a lead.
pub const PROPERTY: PartnerId = PartnerId(Uuid::from_u128(0xA1));
/// Helps.
pub const FIRE_BRIGADE: PartnerId = PartnerId(Uuid::from_u128(0xA2));
/// Known to the community, but not asked.
pub const LOCKSMITH: PartnerId = PartnerId(Uuid::from_u128(0xA3));

pub const KERB: OrderId = OrderId(Uuid::from_u128(0xE1));
pub const LEAD_TASK: DispatchId = DispatchId(Uuid::from_u128(0xD1));
pub const CO_TASK: DispatchId = DispatchId(Uuid::from_u128(0xD2));
pub const NEXT_TASK: DispatchId = DispatchId(Uuid::from_u128(0xD3));
pub const PHOTO: AttachmentId = AttachmentId(Uuid::from_u128(0xF1));

/// Everybody who may try a move, and the program itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Who {
    Requester,
    GridWorker,
    IntakeClerk,
    Secretary,
    /// Works for [`PROPERTY`].
    Lead,
    /// Works for [`FIRE_BRIGADE`].
    Co,
    /// Works for [`LOCKSMITH`].
    Other,
    /// A neighbour.
    Stranger,
    System,
}

impl Who {
    pub fn person(self) -> PersonId {
        match self {
            Self::System => PersonId(Uuid::nil()),
            Self::Requester
            | Self::GridWorker
            | Self::IntakeClerk
            | Self::Secretary
            | Self::Lead
            | Self::Co
            | Self::Other
            | Self::Stranger => person(self as u128),
        }
    }

    pub fn actor(self) -> Actor {
        let posts = match self {
            Self::Requester | Self::Stranger => Vec::new(),
            Self::GridWorker => vec![Post::at(HERE, Role::GridWorker)],
            Self::IntakeClerk => vec![Post::at(HERE, Role::IntakeClerk)],
            Self::Secretary => vec![Post::at(HERE, Role::Secretary)],
            Self::Lead => vec![works_for(PROPERTY)],
            Self::Co => vec![works_for(FIRE_BRIGADE)],
            Self::Other => vec![works_for(LOCKSMITH)],
            Self::System => Vec::new(),
        };
        Actor { person: self.person(), former: Vec::new(), posts }
    }
}

pub fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x1000 + n))
}

pub fn works_for(partner: PartnerId) -> Post {
    Post::staff(HERE, partner)
}

/// Monday, 23 November 2026, nine o'clock in Shijiazhuang.
pub fn monday_morning() -> DateTime<Utc> {
    "2026-11-23T09:00:00+08:00".parse().expect("an instant")
}

pub fn a_broken_kerb() -> Content {
    Content {
        title: "路沿石破损".into(),
        description: "3号楼东侧路沿石断裂，老人容易绊倒".into(),
        place: None,
        attachments: vec![PHOTO],
        contact: Some(Contact { name: Some("王桂兰".into()), phone: Some("13900000001".into()), may_share: true }),
        on_behalf_of: None,
        visibility: Visibility::Normal,
        about_partner: None,
        source: Source::MiniProgram,
        minor: false,
        form: Answers::default(),
        erased: None,
    }
}

/// A grid of [`HERE`].
pub const GRID: PlaceId = PlaceId(Uuid::from_u128(0xB9));

pub fn locate() -> Command {
    Command::Locate { grid: GRID, of: Some(HERE) }
}

pub fn submission(id: OrderId, requester: PersonId, content: Content) -> Submission {
    let due = Due {
        accept_by: Some(monday_morning() + TimeDelta::hours(4)),
        resolve_by: Some(monday_morning() + TimeDelta::days(7)),
        preset: "ordinary-1".into(),
        note: None,
    };
    let (number, service_key) = ("XY-20261123-0042".into(), "repair".into());
    let (sealed, advice, located, hat) = (false, Advice::default(), None, Hat::Requester);
    let (terms, community) = (repair().terms(), HERE);
    Submission { id, number, community, service_key, terms, requester, sealed, advice, content, due, located, hat }
}

pub fn repair() -> Service {
    let (urgency, privacy) = (Urgency::Ordinary, Privacy::Normal);
    let offer = Offer::plain("公共设施报修".into(), "报修".into(), String::new(), urgency, privacy);
    // So that every move has its place.
    let offer = Offer { papers: vec!["报修单".into()], ..offer };
    Service { place: HERE.into(), key: "repair".into(), version: 1, offer, closed: false }
}

pub fn accept() -> Command {
    Command::Accept { note: None }
}

pub fn check(missing: &[&str]) -> Command {
    Command::Check { missing: missing.iter().map(|paper| (*paper).to_owned()).collect(), note: None }
}

pub fn refuse() -> Command {
    Command::Refuse { reason: RefuseReason::DepartmentDuty, redirect_to: Some("区住建局 0311-12345".into()) }
}

pub fn withdraw() -> Command {
    Command::Withdraw { reason: None }
}

/// An open order of the same community, about the same kerb.
pub fn twin() -> MergeTarget {
    let (id, number) = (OrderId(Uuid::from_u128(0xE2)), "XY-20261123-0007".into());
    MergeTarget { id, number, community: HERE, requester: person(9), sealed: false, status: OrderStatus::Accepted }
}

pub fn merge_into(into: MergeTarget) -> Command {
    Command::Merge { into }
}

pub fn absorb(followers: Vec<PersonId>) -> Command {
    Command::Absorb { child: twin().id, child_number: twin().number, followers }
}

pub fn send(id: DispatchId, partner: PartnerId, role: HandlerRole) -> Command {
    let task = "更换3号楼东侧路沿石".into();
    let taker = Some(Taker::of(HERE));
    let (due_at, share_contact, despite_off_duty) = (None, false, false);
    Command::Dispatch { id, partner, taker, role, task, due_at, share_contact, despite_off_duty }
}

pub fn to_lead() -> Command {
    send(LEAD_TASK, PROPERTY, HandlerRole::Lead)
}

pub fn to_co() -> Command {
    send(CO_TASK, FIRE_BRIGADE, HandlerRole::Co)
}

pub fn sign(dispatch: DispatchId) -> Command {
    Command::Sign { dispatch, visit_at: None }
}

pub fn sign_and_come(dispatch: DispatchId) -> Command {
    Command::Sign { dispatch, visit_at: Some(monday_morning() + chrono::TimeDelta::hours(5)) }
}

pub fn give_back(dispatch: DispatchId) -> Command {
    Command::Return { dispatch, reason: ReturnReason::OutOfScope, note: "不属于物业范围".into() }
}

pub fn visit(dispatch: DispatchId) -> Command {
    Command::Visit { dispatch: Some(dispatch), at: None, report: on_the_spot() }
}

/// By those who sent nobody.
pub fn look() -> Command {
    Command::Visit { dispatch: None, at: None, report: on_the_spot() }
}

pub fn on_the_spot() -> VisitReport {
    let there = |who: &str, side| Attendee { who: who.into(), side };
    let said = |who: &str, side, opinion: &str| Opinion { who: who.into(), side, opinion: opinion.into() };
    VisitReport {
        note: "现场勘查，需换两块".into(),
        attendees: vec![there("物业李师傅", VisitSide::Partner), there("王桂兰", VisitSide::Resident)],
        opinions: vec![said("王桂兰", VisitSide::Resident, "别再用碎石填了")],
        plan: Some("换两块路沿石，接缝抹平".into()),
        point: None,
        photos: Vec::new(),
    }
}

pub fn complete(dispatch: DispatchId) -> Command {
    Command::Complete { dispatch, result: "已更换两块路沿石".into(), photos: Vec::new(), charge: None }
}

/// Materials that the resident is to pay.
pub fn quote(fen: u32) -> Command {
    quote_for(LEAD_TASK, fen)
}

pub fn quote_for(dispatch: DispatchId, fen: u32) -> Command {
    let materials = vec![Material { what: "陶瓷阀芯水龙头".into(), cost: Fen(fen) }];
    Command::Quote { dispatch, charge: Charge { labour: Fen(0), materials, paid_by: Payer::Resident } }
}

pub fn answer_quote(number: usize, agreed: bool) -> Command {
    answer_quote_for(LEAD_TASK, number, agreed)
}

pub fn answer_quote_for(dispatch: DispatchId, number: usize, agreed: bool) -> Command {
    Command::AnswerQuote { dispatch, number, agreed }
}

pub fn recall(dispatch: DispatchId) -> Command {
    Command::Recall { dispatch, reason: "改派其他单位".into() }
}

pub fn rework(dispatch: DispatchId) -> Command {
    Command::Rework { dispatch, reason: "接缝没有抹平".into() }
}

pub fn resolve() -> Command {
    Command::Resolve {
        result: "路沿石已修好".into(),
        photos: Vec::new(),
        signature: None,
        override_reason: None,
        charge: None,
    }
}

pub fn resolve_anyway() -> Command {
    let override_reason = Some("居民电话确认已解决".into());
    Command::Resolve {
        result: "路沿石已修好".into(),
        photos: Vec::new(),
        signature: None,
        override_reason,
        charge: None,
    }
}

pub fn rate(satisfaction: u8) -> Command {
    Command::Rate { solved: satisfaction > 2, satisfaction, comment: None }
}

pub fn reopen() -> Command {
    Command::Reopen { reason: "又松动了".into() }
}

pub fn comment() -> Command {
    Command::Comment { text: "下班后都在家".into(), photos: Vec::new() }
}
