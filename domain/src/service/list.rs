use std::collections::HashMap;

use super::Service;
use crate::ids::CommunityId;
use crate::place::Tree;

/// What a community offers, closed lines included: its own lines, and of the catalogues above it those that it did not
/// adapt, the nearest first. In the order in which `services` came.
pub fn offered<'a>(services: &'a [Service], community: CommunityId, tree: &Tree) -> Vec<&'a Service> {
    // Nearest first.
    let heights: HashMap<_, _> = tree.upwards(community.into()).map(|place| place.id).zip(0_usize..).collect();
    let mut nearest: HashMap<&str, usize> = HashMap::new();
    for service in services {
        if let Some(height) = heights.get(&service.place) {
            nearest.entry(&service.key).and_modify(|known| *known = (*known).min(*height)).or_insert(*height);
        }
    }
    let is_nearest = |service: &&Service| {
        heights.get(&service.place).is_some_and(|height| nearest.get(service.key.as_str()) == Some(height))
    };
    services.iter().filter(is_nearest).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::PlaceId;
    use crate::place::{Level, Place};

    fn place(n: u128, parent: Option<u128>, level: Level) -> Place {
        let id = |n| PlaceId(Uuid::from_u128(n));
        Place { id: id(n), parent: parent.map(id), level, name: n.to_string() }
    }

    fn service(place: u128, key: &str, name: &str) -> Service {
        let offer = serde_json::json!({ "name": name, "category": "报修", "description": "" });
        Service {
            place: PlaceId(Uuid::from_u128(place)),
            key: key.to_owned(),
            version: 1,
            offer: serde_json::from_value(offer).expect("an offer"),
            closed: name == "停办",
        }
    }

    #[test]
    fn a_community_offers_its_own_and_what_the_street_gives() {
        let tree = Tree::new([
            place(1, None, Level::District),
            place(2, Some(1), Level::Street),
            place(3, Some(2), Level::Community),
            place(4, Some(2), Level::Community),
        ]);
        let services = [
            service(2, "repair", "街道报修"),
            service(1, "errand", "区帮办"),
            service(2, "errand", "街道帮办"),
            service(3, "repair", "社区报修"),
            service(3, "haircut", "上门理发"),
            service(4, "errand", "停办"),
        ];
        let names = |community| {
            let offered = offered(&services, CommunityId(Uuid::from_u128(community)), &tree);
            offered.into_iter().map(|service| service.offer.name.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(names(3), ["街道帮办", "社区报修", "上门理发"]);
        assert_eq!(names(4), ["街道报修", "停办"], "adapted, and closed for itself");
        assert_eq!(names(9), [""; 0]);
    }
}
