//! The four communities with invented people, for the demo and for tests.
//!
//! The communities appear under their real names as the field's example; every person and every unit's staff is made
//! up. Seeding twice changes nothing: ids are made from names.

use chrono::{DateTime, Utc};
use domain::deadline::Urgency;
use domain::ids::{CommunityId, PartnerId, PersonId, PlaceId};
use domain::people::{Membership, Role};
use domain::place::{Community, Graft, Level, Partner, PartnerKind, Place, Tree};
use domain::ports::{Directory, Grant, PlaceCode, ProfileChange, StoreError, WechatIdentity};
use domain::service::{Privacy, Service};
use infra::Stores;
use serde::Serialize;
use uuid::Uuid;

use crate::regions::regions_of;

/// Somebody in the demo, who signs in with the phone of this openid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Persona {
    pub openid: &'static str,
    pub name: &'static str,
    pub role: Role,
    pub community_id: CommunityId,
    /// Where the role is held: the community, a grid of it, or the street above it.
    pub place_id: PlaceId,
    pub partner_id: Option<PartnerId>,
}

struct Neighbourhood {
    prefix: &'static str,
    name: &'static str,
    /// The path of the place that it lies in.
    above: &'static str,
    /// Compounds in no grid.
    compounds: &'static [&'static str],
    /// Grids and their compounds.
    grids: &'static [(&'static str, &'static [&'static str])],
    services: &'static [Line],
    partners: &'static [(&'static str, PartnerKind)],
    people: &'static [Who],
}

/// key, name, category, urgency, privacy, description
type Line = (&'static str, &'static str, &'static str, Urgency, Privacy, &'static str);
/// openid, name, role, index of the partner or of the grid
type Who = (&'static str, &'static str, Role, Option<usize>);

use PartnerKind::{Contractor, FireBrigade, PropertyCompany, VolunteerTeam};
use Privacy::{Open, Sealed};
use Role::{GridWorker, IntakeClerk, PartnerStaff, Resident, Secretary, Supervisor};
use Urgency::{Ordinary, Urgent};

/// Lists of regions with their codes; the second one contradicts the first.
const EDITIONS: [(&str, &str); 2] = [
    ("statistics-2023", include_str!("../seed/regions-stats-2023.csv")),
    ("alternative", include_str!("../seed/regions-alternative.csv")),
];

const NEIGHBOURHOODS: &[Neighbourhood] = &[
    Neighbourhood {
        prefix: "XY",
        name: "西苑社区",
        above: "河北省/石家庄市/新华区/西苑街道",
        compounds: &[],
        grids: &[("第一网格", &["西苑小区", "联盟小区"]), ("第二网格", &["新苑小区", "电大街小区", "泰华小区"])],
        services: &[
            ("repair", "公共设施报修", "报修", Ordinary, Open, "路沿、路灯、健身器材、楼道等公共设施的损坏"),
            ("safety", "安全隐患上报", "安全", Urgent, Open, "用火用电用气隐患；火情请先拨 119"),
            ("home_visit", "入户走访", "关爱", Ordinary, Open, "独居老人走访、敲门送安全"),
            ("haircut", "上门理发", "关爱", Ordinary, Open, "为行动不便的居民上门理发"),
            ("advice", "咨询建议", "咨询", Ordinary, Open, "对社区工作的咨询、意见和建议"),
            ("message", "连线社区留言", "咨询", Ordinary, Open, "给社区值班人员留言，上班后回复您"),
        ],
        partners: &[
            ("红色物业西苑管理科", PropertyCompany),
            ("老旧小区改造施工方", Contractor),
            ("新华区消防救援大队", FireBrigade),
        ],
        people: &[
            ("demo-xy-wang", "王女士", Resident, None),
            ("demo-xy-li", "李先生", Resident, None),
            ("demo-xy-grid", "网格员小周", GridWorker, Some(0)),
            ("demo-xy-clerk", "接访员小赵", IntakeClerk, None),
            ("demo-xy-secretary", "西苑社区书记", Secretary, None),
            ("demo-xy-street", "街道小丁", Supervisor, None),
            ("demo-xy-property", "物业老孙", PartnerStaff, Some(0)),
            ("demo-xy-builder", "施工方小马", PartnerStaff, Some(1)),
            ("demo-xy-fire", "消防员小韩", PartnerStaff, Some(2)),
        ],
    },
    Neighbourhood {
        prefix: "RY",
        name: "润园社区",
        above: "河北省/石家庄市/裕华区",
        compounds: &["润园小区"],
        grids: &[],
        services: &[
            ("certificate", "证明预约", "证明", Ordinary, Open, "预约开具社区可以出具的证明"),
            ("medical_insurance", "医保帮办", "帮办", Ordinary, Open, "城乡居民医保的参保、缴费、查询帮办"),
            ("shop", "门店预约", "便民", Ordinary, Open, "预约周边共建门店的服务"),
            ("errand", "日常帮办", "帮办", Ordinary, Open, "代缴、代取、代办等日常事务"),
            ("mediation", "邻里纠纷调解", "调解", Ordinary, Sealed, "邻里之间的矛盾纠纷"),
            ("volunteer_repair", "义务维修", "报修", Ordinary, Open, "志愿者上门维修小家电、水管、门锁"),
            ("message", "连线社区留言", "咨询", Ordinary, Open, "给社区值班人员留言，上班后回复您"),
        ],
        partners: &[("润园物业服务中心", PropertyCompany), ("润园红色联盟维修队", VolunteerTeam)],
        people: &[
            ("demo-ry-chen", "陈阿姨", Resident, None),
            ("demo-ry-liu", "刘大爷", Resident, None),
            ("demo-ry-clerk", "润园接访员小高", IntakeClerk, None),
            ("demo-ry-secretary", "润园社区书记", Secretary, None),
            ("demo-ry-property", "润园物业小冯", PartnerStaff, Some(0)),
        ],
    },
    Neighbourhood {
        prefix: "CL",
        name: "藏龙福地社区",
        above: "河北省/石家庄市/裕华区/裕东街道",
        compounds: &["藏龙福地小区"],
        grids: &[],
        services: &[
            ("class_wish", "兴趣班心愿", "兴趣部落", Ordinary, Open, "想学什么、什么时间方便，社区来对接老师和场地"),
            ("repair", "公共设施报修", "报修", Ordinary, Open, "公共设施的损坏"),
            ("message", "连线社区留言", "咨询", Ordinary, Open, "给社区值班人员留言，上班后回复您"),
        ],
        partners: &[("藏龙福地物业", PropertyCompany)],
        people: &[
            ("demo-cl-zheng", "郑女士", Resident, None),
            ("demo-cl-secretary", "藏龙福地社区书记", Secretary, None),
            ("demo-cl-property", "藏龙物业小吴", PartnerStaff, Some(0)),
        ],
    },
    Neighbourhood {
        prefix: "GX",
        name: "革新街社区",
        above: "河北省/石家庄市/新华区/革新街道",
        compounds: &["革新街小区"],
        grids: &[],
        services: &[
            (
                "matchmaking_visit",
                "红娘工作室到访预约",
                "幸福缘红娘",
                Ordinary,
                Sealed,
                "每周二 9:00 至 11:00 在居委会；请本人带身份证件",
            ),
            ("errand", "日常帮办", "帮办", Ordinary, Open, "代缴、代取、代办等日常事务"),
            ("message", "连线社区留言", "咨询", Ordinary, Open, "给社区值班人员留言，上班后回复您"),
        ],
        partners: &[("德仁社工服务站", VolunteerTeam)],
        people: &[
            ("demo-gx-tian", "田阿姨", Resident, None),
            ("demo-gx-secretary", "革新街社区书记", Secretary, None),
            ("demo-gx-social", "社工小梁", PartnerStaff, Some(0)),
        ],
    },
];

/// Writes places, communities, partners, services and the people of this mini-program, and answers who there is.
pub async fn seed(stores: &Stores, app_id: &str, now: DateTime<Utc>) -> Result<Vec<Persona>, StoreError> {
    stores.directory.save_directory(&directory()).await?;
    stores.directory.save_codes(&codes()).await?;
    let personas = personas();
    for persona in &personas {
        let identity = WechatIdentity { app_id: app_id.to_owned(), openid: persona.openid.to_owned(), unionid: None };
        let person = stores.people.sign_in(&identity, PersonId(made_from(persona.openid)), now).await?;
        if person.nickname.is_none() {
            let name = ProfileChange::Nickname(Some(persona.name.to_owned()));
            stores.people.save_profile(person.id, &name).await?;
        }
        if persona.role != Resident {
            let (role, place, partner_id) = (persona.role, Some(persona.place_id), persona.partner_id);
            let membership = Membership { role, place, partner_id };
            let grant = Grant { person: person.id, membership, by: None, at: now, until: None };
            stores.memberships.grant(&grant).await?;
        }
    }
    Ok(personas)
}

pub fn directory() -> Directory {
    let mut directory = Directory { places: regions().0, ..Directory::default() };
    for place in NEIGHBOURHOODS {
        let community_id = place.id();
        directory.places.extend(place.places());
        directory.communities.push(Community { id: community_id, prefix: place.prefix.into() });
        let service = |(key, name, category, urgency, privacy, description): &Line| Service {
            community_id,
            key: (*key).into(),
            name: (*name).into(),
            category: (*category).into(),
            description: (*description).into(),
            urgency: *urgency,
            privacy: *privacy,
            closed: false,
        };
        directory.services.extend(place.services.iter().map(service));
        directory.partners.extend(place.partners.iter().map(|(name, kind)| Partner {
            id: PartnerId(place.own(name)),
            place_id: community_id.into(),
            kind: *kind,
            name: (*name).into(),
            uscc: None,
            closed: false,
        }));
    }
    directory
}

pub fn personas() -> Vec<Persona> {
    let of_place = |place: &'static Neighbourhood| {
        place.people.iter().map(move |(openid, name, role, index)| Persona {
            openid,
            name,
            role: *role,
            community_id: place.id(),
            place_id: place.post(*role, *index),
            partner_id: index.filter(|_| *role == PartnerStaff).and_then(|i| place.partner(i)),
        })
    };
    NEIGHBOURHOODS.iter().flat_map(of_place).collect()
}

/// The regions above the communities, and their codes in each edition.
fn regions() -> (Vec<Place>, Vec<PlaceCode>) {
    let (mut places, mut codes) = (Vec::new(), Vec::new());
    for (edition, csv) in EDITIONS {
        // A list of our own has no faulty line; a test holds it to that.
        let regions = regions_of(csv.as_bytes()).map(|(regions, _)| regions).unwrap_or_default();
        let regions: Vec<_> = regions.into_iter().map(|(_, region)| region).collect();
        let (graft, _) = Graft::of(&Tree::new(places.clone()), &regions, region_id);
        places.extend(graft.places);
        let code = |(place, code)| PlaceCode { place, edition: edition.to_owned(), code };
        codes.extend(graft.codes.into_iter().map(code));
    }
    (places, codes)
}

fn codes() -> Vec<PlaceCode> {
    regions().1
}

fn region_id(path: &str) -> PlaceId {
    PlaceId(made_from(&format!("region/{path}")))
}

impl Neighbourhood {
    fn id(&self) -> CommunityId {
        CommunityId(made_from(self.prefix))
    }

    fn own(&self, name: &str) -> Uuid {
        made_from(&format!("{}/{name}", self.prefix))
    }

    fn partner(&self, index: usize) -> Option<PartnerId> {
        self.partners.get(index).map(|(name, _)| PartnerId(self.own(name)))
    }

    /// Where somebody with this role works.
    fn post(&self, role: Role, index: Option<usize>) -> PlaceId {
        let grid = || index.and_then(|i| self.grids.get(i)).map(|(name, _)| PlaceId(self.own(name)));
        match role {
            GridWorker => grid().unwrap_or(self.id().into()),
            Supervisor => region_id(self.above),
            _ => self.id().into(),
        }
    }

    /// The community, its grids and its compounds.
    fn places(&self) -> Vec<Place> {
        let place = |level, name: &str, parent| Place {
            id: PlaceId(self.own(name)),
            parent: Some(parent),
            level,
            name: name.into(),
        };
        let home: PlaceId = self.id().into();
        let community =
            Place { id: home, parent: Some(region_id(self.above)), level: Level::Community, name: self.name.into() };
        let mut places = vec![community];
        places.extend(self.compounds.iter().map(|name| place(Level::Compound, name, home)));
        for (grid, compounds) in self.grids {
            let grid = place(Level::Grid, grid, home);
            let id = grid.id;
            places.push(grid);
            places.extend(compounds.iter().map(|name| place(Level::Compound, name, id)));
        }
        places
    }
}

/// The same id for the same name, so that a second seeding finds what the first one wrote.
fn made_from(name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("urn:hongguanjia:seed:{name}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_lists_is_taken() {
        for (edition, csv) in EDITIONS {
            let (regions, faults) = regions_of(csv.as_bytes()).expect("a list");
            assert_eq!(faults, []);
            assert_eq!(regions.len() + 1, csv.lines().count(), "{edition}");
        }
        let (places, codes) = regions();
        assert_eq!((places.len(), codes.len()), (40, 43));
        let tree = directory().tree();
        for place in NEIGHBOURHOODS {
            assert!(tree.upwards(place.id().into()).count() >= 4, "{} hangs in the air", place.name);
        }
    }
}
