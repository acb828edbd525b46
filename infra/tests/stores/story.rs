//! A community with its people, and orders moved by the domain's own rules.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

use domain::advice::Advice;
use domain::attachment::Attachment;
use domain::deadline::{Due, Urgency, WorkCalendar, due_for};
use domain::ids::{AttachmentId, CommunityId, DispatchId, OrderId, PartnerId, PersonId, PlaceId};
use domain::notice::notices_for;
use domain::order::{
    ChainHash, Chained, Command, Contact, Content, Decision, Event, HandlerRole, MEDIATION_SERVICE, Order, Source,
    Submission, Taker, Visibility, decide, figures, submit, tallies,
};
use domain::people::{Actor, Hat, Membership, Role, Sight};
use domain::place::{Community, Level, Partner, PartnerKind, Place};
use domain::ports::{Answer, Change, Commit, Directory, Grant, Ids, OrderStore, WechatIdentity};
use domain::safety::CheckState;
use domain::service::{Answers, Offer, Privacy, Service};
use infra::clock::SystemIds;
use uuid::Uuid;

use crate::bed::Bed;

/// Two communities, two partners of the first, and one person for each role.
pub struct Story {
    pub community: CommunityId,
    pub elsewhere: CommunityId,
    pub partner: PartnerId,
    pub helper: PartnerId,
    pub resident: Actor,
    pub neighbour: Actor,
    pub clerk: Actor,
    pub worker: Actor,
    pub second_worker: Actor,
    pub stranger: Actor,
    running: AtomicU32,
}

pub fn noon() -> DateTime<Utc> {
    "2026-11-23T04:00:00.123Z".parse().expect("an instant")
}

pub fn minutes(n: i64) -> DateTime<Utc> {
    noon() + TimeDelta::minutes(n)
}

pub fn new_id<T: From<uuid::Uuid>>(at: DateTime<Utc>) -> T {
    SystemIds.at(at).into()
}

impl Story {
    pub async fn begin(bed: &Bed) -> Self {
        let (community, elsewhere) = (new_id(noon()), new_id(noon()));
        let (partner, helper) = (new_id(noon()), new_id(noon()));
        bed.stores
            .directory
            .save_directory(&directory([community, elsewhere], [partner, helper]))
            .await
            .expect("saved");
        bed.stores.services.save_all(&services([community, elsewhere]), None, noon()).await.expect("saved");
        let at_partner = |partner| Membership::staff(community, partner);
        let at_desk = Membership::at(community, Role::IntakeClerk);
        let far_away = Membership::at(elsewhere, Role::Secretary);
        Self {
            community,
            elsewhere,
            partner,
            helper,
            resident: person(bed, "resident", &[]).await,
            neighbour: person(bed, "neighbour", &[]).await,
            clerk: person(bed, "clerk", &[at_desk]).await,
            worker: person(bed, "worker", &[at_partner(partner)]).await,
            second_worker: person(bed, "second-worker", &[at_partner(partner), at_partner(helper)]).await,
            stranger: person(bed, "stranger", &[far_away]).await,
            running: AtomicU32::new(1),
        }
    }

    /// What makes a plain order of the resident's, `at` this instant.
    pub fn submission(&self, at: DateTime<Utc>) -> Change {
        self.submission_with(&self.resident, at, |_| {})
    }

    pub fn submission_with(&self, who: &Actor, at: DateTime<Utc>, adapt: impl FnOnce(&mut Submission)) -> Change {
        let running = self.running.fetch_add(1, Ordering::Relaxed);
        let mut submission = Submission {
            id: new_id(at),
            number: format!("XY-20261123-{running:04}"),
            community: self.community,
            service_key: "repair".to_owned(),
            terms: repair(self.community).terms(),
            requester: who.person,
            sealed: false,
            advice: Advice::default(),
            content: content("路灯不亮"),
            due: due(at),
            located: None,
            hat: Hat::Requester,
        };
        adapt(&mut submission);
        let photos = submission.content.attachments.clone();
        let (order, event) = submit(submission, at).expect("a submission");
        Change { photos, ..change(ChainHash::START, order, event) }
    }

    pub async fn placed(&self, bed: &Bed, at: DateTime<Utc>) -> Order {
        committed(bed, self.submission(at)).await
    }

    pub async fn accepted(&self, bed: &Bed, at: DateTime<Utc>) -> Order {
        let order = self.placed(bed, at).await;
        moved(bed, &order, &self.clerk, accept(), at).await
    }

    pub async fn dispatched(&self, bed: &Bed, at: DateTime<Utc>, partner: PartnerId) -> Order {
        let order = self.accepted(bed, at).await;
        moved(bed, &order, &self.clerk, self.dispatch(partner, HandlerRole::Lead, at), at).await
    }

    pub fn dispatch(&self, partner: PartnerId, role: HandlerRole, at: DateTime<Utc>) -> Command {
        let (id, task, due_at): (DispatchId, _, _) = (new_id(at), "检查线路".to_owned(), Some(at + TimeDelta::days(2)));
        let (taker, share_contact, despite_off_duty) = (Some(Taker::of(self.community)), false, false);
        Command::Dispatch { id, partner, taker, role, task, due_at, share_contact, despite_off_duty }
    }

    pub fn answer(&self, key: &str, at: DateTime<Utc>) -> Answer {
        let body = format!(r#"{{"key":"{key}"}}"#);
        Answer { person: self.resident.person, key: key.to_owned(), fingerprint: [7; 32], status: 201, body, at }
    }

    pub fn clerk_sight(&self) -> Sight {
        Sight::of(&self.clerk)
    }
}

/// Commits what must succeed.
pub async fn committed(bed: &Bed, change: Change) -> Order {
    let next = change.next.clone();
    assert_eq!(commit(&*bed.stores.orders, &[change]).await, Commit::Done);
    next
}

pub async fn commit(orders: &dyn OrderStore, changes: &[Change]) -> Commit {
    orders.commit(changes, None).await.expect("a commit")
}

pub async fn moved(bed: &Bed, order: &Order, who: &Actor, command: Command, at: DateTime<Utc>) -> Order {
    committed(bed, planned(order, who, command, at)).await
}

/// What the rules make of a command.
pub fn planned(order: &Order, who: &Actor, command: Command, at: DateTime<Utc>) -> Change {
    let photos = command.photos();
    match decide(order, who, command, at).expect("a permitted move") {
        Decision::Apply { next, event } => {
            let tallies = tallies(order, &event, &WorkCalendar::announced());
            let figure = figures(order, &event);
            Change { photos, tallies, figure, ..change(order.head, *next, *event) }
        }
        Decision::AlreadyApplied => panic!("the move changes nothing"),
    }
}

pub async fn photo(bed: &Bed, who: &Actor, at: DateTime<Utc>) -> AttachmentId {
    let photo = Attachment {
        id: new_id(at),
        uploader: who.person,
        media_type: "image/jpeg".to_owned(),
        width: 2048,
        height: 1536,
        bytes: 345_678,
        order_id: None,
        created_at: at,
        check: CheckState::Waiting,
    };
    bed.stores.attachments.insert(&photo).await.expect("an insertion");
    photo.id
}

pub fn accept() -> Command {
    Command::Accept { note: None }
}

pub fn resolve() -> Command {
    Command::Resolve {
        result: "已修好".to_owned(),
        photos: Vec::new(),
        signature: None,
        override_reason: Some("已电话确认".to_owned()),
        charge: None,
    }
}

pub fn content(title: &str) -> Content {
    Content {
        title: title.to_owned(),
        description: "3号楼东侧，昨晚开始".to_owned(),
        place: None,
        attachments: Vec::new(),
        contact: Some(Contact { name: Some("王女士".to_owned()), phone: None, may_share: true }),
        on_behalf_of: None,
        visibility: Visibility::Normal,
        about_partner: None,
        source: Source::MiniProgram,
        minor: false,
        form: Answers::default(),
        erased: None,
    }
}

pub fn ids(orders: &[Order]) -> Vec<OrderId> {
    orders.iter().map(|order| order.id).collect()
}

fn change(previous: ChainHash, mut next: Order, event: Event) -> Change {
    let notices = notices_for(&event, &next);
    let chained = Chained::new(event, previous, SystemIds.salt()).expect("a chained event");
    next.head = chained.hash;
    let (photos, consents, tallies) = (Vec::new(), Vec::new(), Vec::new());
    Change { next, chained, notices, photos, consents, words: None, case: None, tallies, figure: None, quiet: false }
}

fn due(at: DateTime<Utc>) -> Due {
    due_for(Urgency::Ordinary, None, at, &WorkCalendar::announced())
}

pub async fn person(bed: &Bed, openid: &str, memberships: &[Membership]) -> Actor {
    let people = &bed.stores.people;
    let id: PersonId = new_id(noon());
    people.sign_in(&wechat(openid, None), id, noon()).await.expect("a person");
    for membership in memberships {
        bed.stores.memberships.grant(&grant(id, membership)).await.expect("a grant");
    }
    let person = people.find_person(id, noon()).await.expect("a search").expect("a person");
    person.actor(&bed.stores.directory.directory().await.expect("a directory").tree())
}

/// The mini-program of all these people.
pub const APP: &str = "wx-1";

pub fn wechat(openid: &str, unionid: Option<&str>) -> WechatIdentity {
    let (app_id, openid, unionid) = (APP.to_owned(), openid.to_owned(), unionid.map(str::to_owned));
    WechatIdentity { app_id, openid, unionid }
}

/// For good, from noon on.
pub fn grant(person: PersonId, membership: &Membership) -> Grant {
    Grant { person, membership: membership.clone(), by: None, at: noon(), until: None }
}

const GRIDS: [&str; 2] = ["第一网格", "第二网格"];
pub const COMPOUNDS: [&str; 2] = ["东苑", "西苑"];

/// The compound of that name.
pub fn compound(community: CommunityId, name: &str) -> PlaceId {
    PlaceId(Uuid::new_v5(&community.0, name.as_bytes()))
}

/// 「第一网格」 or 「第二网格」 of the community.
pub fn grid(community: CommunityId, name: &str) -> PlaceId {
    compound(community, name)
}

/// The first version of 「repair 服务」.
pub fn repair(community: CommunityId) -> Service {
    service(community, "repair", Urgency::Ordinary)
}

fn service(community: CommunityId, key: &str, urgency: Urgency) -> Service {
    let offer = Offer::plain(format!("{key} 服务"), "公共设施".to_owned(), String::new(), urgency, Privacy::Normal);
    Service { place: community.into(), key: key.to_owned(), version: 1, offer, closed: false }
}

fn services(communities: [CommunityId; 2]) -> Vec<Service> {
    let of =
        |id| [repair(id), service(id, "danger", Urgency::Urgent), service(id, MEDIATION_SERVICE, Urgency::Ordinary)];
    communities.into_iter().flat_map(of).collect()
}

fn directory(communities: [CommunityId; 2], partners: [PartnerId; 2]) -> Directory {
    let [here, _] = communities;
    let place = |id: PlaceId, parent, level, name: &str| Place { id, parent, level, name: name.to_owned() };
    let street = place(new_id(noon()), None, Level::Street, "西苑街道");
    let mut places = vec![street.clone()];
    for (id, prefix) in communities.into_iter().zip(["XY", "DF"]) {
        places.push(place(id.into(), Some(street.id), Level::Community, &format!("{prefix}社区")));
        for name in GRIDS {
            places.push(place(grid(id, name), Some(id.into()), Level::Grid, name));
        }
        for name in COMPOUNDS {
            places.push(place(compound(id, name), Some(id.into()), Level::Compound, name));
        }
    }
    let kind = PartnerKind::PropertyCompany;
    let partner = |(id, name): (PartnerId, &str)| Partner {
        id,
        place_id: here.into(),
        kind,
        name: name.to_owned(),
        uscc: None,
        closed: false,
    };
    let community = |(id, prefix): (CommunityId, &str)| Community { id, prefix: prefix.to_owned() };
    Directory {
        places,
        communities: communities.into_iter().zip(["XY", "DF"]).map(community).collect(),
        services: Vec::new(),
        certificates: Vec::new(),
        partners: partners.into_iter().zip(["安居物业", "热力公司"]).map(partner).collect(),
    }
}
