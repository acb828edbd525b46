//! The four communities with invented people, for the demo and for tests.
//!
//! The communities appear under their real names as the field's example; every person and every unit's staff is made
//! up. Seeding twice changes nothing: ids are made from names.

use chrono::{DateTime, Utc};
use domain::deadline::Urgency;
use domain::ids::{CommunityId, PartnerId, PersonId};
use domain::people::{Membership, Role};
use domain::place::{Community, Partner};
use domain::ports::{Directory, ProfileChange, StoreError};
use domain::service::Service;
use infra::Stores;
use serde::Serialize;
use uuid::Uuid;

/// Somebody in the demo, who signs in with the phone of this openid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Persona {
    pub openid: &'static str,
    pub name: &'static str,
    pub role: Role,
    pub community_id: CommunityId,
    pub partner_id: Option<PartnerId>,
}

struct Place {
    prefix: &'static str,
    name: &'static str,
    street: &'static str,
    compounds: &'static [&'static str],
    services: &'static [Line],
    partners: &'static [&'static str],
    people: &'static [Who],
}

/// key, name, category, urgency, description
type Line = (&'static str, &'static str, &'static str, Urgency, &'static str);
/// openid, name, role, index of the partner
type Who = (&'static str, &'static str, Role, Option<usize>);

use Role::{GridWorker, IntakeClerk, PartnerStaff, Resident, Secretary};
use Urgency::{Ordinary, Urgent};

const PLACES: &[Place] = &[
    Place {
        prefix: "XY",
        name: "西苑社区",
        street: "新华区西苑街道",
        compounds: &["西苑小区", "联盟小区", "新苑小区", "电大街小区", "泰华小区"],
        services: &[
            ("repair", "公共设施报修", "报修", Ordinary, "路沿、路灯、健身器材、楼道等公共设施的损坏"),
            ("safety", "安全隐患上报", "安全", Urgent, "用火用电用气隐患；火情请先拨 119"),
            ("home_visit", "入户走访", "关爱", Ordinary, "独居老人走访、敲门送安全"),
            ("haircut", "上门理发", "关爱", Ordinary, "为行动不便的居民上门理发"),
            ("advice", "咨询建议", "咨询", Ordinary, "对社区工作的咨询、意见和建议"),
        ],
        partners: &["红色物业西苑管理科", "老旧小区改造施工方", "新华区消防救援大队"],
        people: &[
            ("demo-xy-wang", "王女士", Resident, None),
            ("demo-xy-li", "李先生", Resident, None),
            ("demo-xy-grid", "网格员小周", GridWorker, None),
            ("demo-xy-clerk", "接访员小赵", IntakeClerk, None),
            ("demo-xy-secretary", "西苑社区书记", Secretary, None),
            ("demo-xy-property", "物业老孙", PartnerStaff, Some(0)),
            ("demo-xy-builder", "施工方小马", PartnerStaff, Some(1)),
            ("demo-xy-fire", "消防员小韩", PartnerStaff, Some(2)),
        ],
    },
    Place {
        prefix: "RY",
        name: "润园社区",
        street: "裕华区",
        compounds: &["润园小区"],
        services: &[
            ("certificate", "证明预约", "证明", Ordinary, "预约开具社区可以出具的证明"),
            ("medical_insurance", "医保帮办", "帮办", Ordinary, "城乡居民医保的参保、缴费、查询帮办"),
            ("shop", "门店预约", "便民", Ordinary, "预约周边共建门店的服务"),
            ("errand", "日常帮办", "帮办", Ordinary, "代缴、代取、代办等日常事务"),
            ("mediation", "邻里纠纷调解", "调解", Ordinary, "邻里之间的矛盾纠纷"),
            ("volunteer_repair", "义务维修", "报修", Ordinary, "志愿者上门维修小家电、水管、门锁"),
        ],
        partners: &["润园物业服务中心", "润园红色联盟维修队"],
        people: &[
            ("demo-ry-chen", "陈阿姨", Resident, None),
            ("demo-ry-liu", "刘大爷", Resident, None),
            ("demo-ry-clerk", "润园接访员小高", IntakeClerk, None),
            ("demo-ry-secretary", "润园社区书记", Secretary, None),
            ("demo-ry-property", "润园物业小冯", PartnerStaff, Some(0)),
        ],
    },
    Place {
        prefix: "CL",
        name: "藏龙福地社区",
        street: "裕华区裕东街道",
        compounds: &["藏龙福地小区"],
        services: &[
            ("class_wish", "兴趣班心愿", "兴趣部落", Ordinary, "想学什么、什么时间方便，社区来对接老师和场地"),
            ("repair", "公共设施报修", "报修", Ordinary, "公共设施的损坏"),
        ],
        partners: &["藏龙福地物业"],
        people: &[
            ("demo-cl-zheng", "郑女士", Resident, None),
            ("demo-cl-secretary", "藏龙福地社区书记", Secretary, None),
            ("demo-cl-property", "藏龙物业小吴", PartnerStaff, Some(0)),
        ],
    },
    Place {
        prefix: "GX",
        name: "革新街社区",
        street: "新华区革新街道",
        compounds: &["革新街小区"],
        services: &[
            (
                "matchmaking_visit",
                "红娘工作室到访预约",
                "幸福缘红娘",
                Ordinary,
                "每周二 9:00 至 11:00 在居委会；请本人带身份证件",
            ),
            ("errand", "日常帮办", "帮办", Ordinary, "代缴、代取、代办等日常事务"),
        ],
        partners: &["德仁社工服务站"],
        people: &[
            ("demo-gx-tian", "田阿姨", Resident, None),
            ("demo-gx-secretary", "革新街社区书记", Secretary, None),
            ("demo-gx-social", "社工小梁", PartnerStaff, Some(0)),
        ],
    },
];

/// Writes communities, partners, services and people, and answers who there is.
pub async fn seed(stores: &Stores, now: DateTime<Utc>) -> Result<Vec<Persona>, StoreError> {
    stores.directory.save_directory(&directory()).await?;
    let personas = personas();
    for persona in &personas {
        let person = stores.people.sign_in(persona.openid, None, PersonId(made_from(persona.openid)), now).await?;
        if person.nickname.is_none() {
            let name = ProfileChange::Nickname(Some(persona.name.to_owned()));
            stores.people.save_profile(person.id, &name).await?;
        }
        if persona.role != Resident {
            let (community_id, role, partner_id) = (persona.community_id, persona.role, persona.partner_id);
            stores.people.grant(person.id, &Membership { community_id, role, partner_id }, now).await?;
        }
    }
    Ok(personas)
}

pub fn directory() -> Directory {
    let mut directory = Directory::default();
    for place in PLACES {
        let community_id = place.id();
        directory.communities.push(Community {
            id: community_id,
            name: place.name.into(),
            street: place.street.into(),
            prefix: place.prefix.into(),
            compounds: place.compounds.iter().map(ToString::to_string).collect(),
        });
        directory.services.extend(place.services.iter().map(|(key, name, category, urgency, description)| Service {
            community_id,
            key: (*key).into(),
            name: (*name).into(),
            category: (*category).into(),
            description: (*description).into(),
            urgency: *urgency,
        }));
        directory.partners.extend(place.partners.iter().map(|name| Partner {
            id: place.partner(name),
            community_id,
            name: (*name).into(),
        }));
    }
    directory
}

pub fn personas() -> Vec<Persona> {
    let of_place = |place: &'static Place| {
        place.people.iter().map(move |(openid, name, role, partner)| Persona {
            openid,
            name,
            role: *role,
            community_id: place.id(),
            partner_id: partner.and_then(|i| place.partners.get(i)).map(|name| place.partner(name)),
        })
    };
    PLACES.iter().flat_map(of_place).collect()
}

impl Place {
    fn id(&self) -> CommunityId {
        CommunityId(made_from(self.prefix))
    }

    fn partner(&self, name: &str) -> PartnerId {
        PartnerId(made_from(&format!("{}/{name}", self.prefix)))
    }
}

/// The same id for the same name, so that a second seeding finds what the first one wrote.
fn made_from(name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("urn:hongguanjia:seed:{name}").as_bytes())
}
