//! The four communities with invented people, for the demo and for tests.
//!
//! The communities appear under their real names as the field's example; every person and every unit's staff is made
//! up. Seeding twice changes nothing: ids are made from names.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::certificate::{Certificate, Line as CertificateLine};
use domain::ids::{CommunityId, PartnerId, PersonId, PlaceId};
use domain::people::{Membership, Role};
use domain::place::{Community, Graft, Level, Partner, PartnerKind, Place, Tree};
use domain::ports::{Directory, Grant, PlaceCode, ProfileChange, StoreError, WechatIdentity};
use domain::service::{Form, Offer, Service};
use infra::Stores;
use serde::{Deserialize, Serialize};
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
    partners: &'static [(&'static str, PartnerKind)],
    people: &'static [Who],
}

/// openid, name, role, index of the partner or of the grid
type Who = (&'static str, &'static str, Role, Option<usize>);

use PartnerKind::{Contractor, FireBrigade, PropertyCompany, Shop, VolunteerTeam};
use Role::{GridWorker, IntakeClerk, PartnerStaff, Resident, Secretary, Supervisor};

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
        partners: &[("润园物业服务中心", PropertyCompany), ("润园红色联盟维修队", VolunteerTeam), ("东门理发店", Shop)],
        people: &[
            ("demo-ry-chen", "陈阿姨", Resident, None),
            ("demo-ry-liu", "刘大爷", Resident, None),
            ("demo-ry-son", "陈先生", Resident, None),
            ("demo-ry-clerk", "润园接访员小高", IntakeClerk, None),
            ("demo-ry-secretary", "润园社区书记", Secretary, None),
            ("demo-ry-property", "润园物业小冯", PartnerStaff, Some(0)),
            ("demo-ry-repair", "维修队老何", PartnerStaff, Some(1)),
            ("demo-ry-barber", "理发店小郭", PartnerStaff, Some(2)),
        ],
    },
    Neighbourhood {
        prefix: "CL",
        name: "藏龙福地社区",
        above: "河北省/石家庄市/裕华区/裕东街道",
        compounds: &["藏龙福地小区"],
        grids: &[],
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
    stores.services.save_all(&services(), None, now).await?;
    for Certificate { place, key, line } in certificates() {
        let Some(place) = place else { continue };
        stores.certificates.save(place, &key, &line, None, now).await?;
    }
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
    let mut directory = Directory { places: regions().0, services: services(), ..Directory::default() };
    for place in NEIGHBOURHOODS {
        let community_id = place.id();
        directory.places.extend(place.places());
        directory.communities.push(Community { id: community_id, prefix: place.prefix.into() });
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

/// The service lists of the communities by their prefixes, and a street's catalogue by its path.
const SERVICES: &str = include_str!("../seed/services.json");

#[derive(Deserialize)]
struct Line {
    key: String,
    #[serde(flatten)]
    offer: Offer,
}

/// A list of our own has no fault; a test holds it to that.
fn services() -> Vec<Service> {
    let lists: BTreeMap<String, Vec<Line>> = serde_json::from_str(SERVICES).unwrap_or_default();
    let lines = |(list, lines): (String, Vec<Line>)| {
        let home = NEIGHBOURHOODS.iter().find(|place| place.prefix == list).map(|place| place.id().into());
        let place = home.unwrap_or_else(|| region_id(&list));
        lines.into_iter().map(move |Line { key, offer }| {
            let form = offer.form.and_then(|form| Form::read(form.schema()).ok());
            Service { place, key, version: 0, offer: Offer { form, ..offer }, closed: false }
        })
    };
    lists.into_iter().flat_map(lines).collect()
}

/// What communities give, by their prefixes and by the kind.
const CERTIFICATES: &str = include_str!("../seed/certificates.json");

/// A list of our own has no fault; a test holds it to that.
fn certificates() -> Vec<Certificate> {
    let lists: BTreeMap<String, BTreeMap<String, CertificateLine>> =
        serde_json::from_str(CERTIFICATES).unwrap_or_default();
    let home = |list: &str| NEIGHBOURHOODS.iter().find(|place| place.prefix == list).map(|place| place.id().into());
    let lines = |(list, lines): (String, BTreeMap<String, CertificateLine>)| {
        let place = home(&list);
        lines.into_iter().map(move |(key, line)| Certificate { place, key, line })
    };
    lists.into_iter().flat_map(lines).collect()
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
    use domain::service::is_key;

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

    #[test]
    fn every_service_of_the_lists_could_have_been_saved() {
        let (services, tree) = (services(), directory().tree());
        let written = SERVICES.matches("\"form\"").count();
        assert_eq!(services.iter().filter(|service| service.offer.form.is_some()).count(), written);
        assert!(services.len() > 14, "{}", services.len());
        for Service { place, key, offer, .. } in &services {
            assert!(tree.get(*place).is_some(), "{key} hangs in the air");
            assert!(is_key(key), "{key}");
            assert_eq!(offer.faults(), [], "{key}");
        }
    }
}
