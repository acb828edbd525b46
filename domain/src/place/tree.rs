use std::collections::HashMap;

use super::Level;
use crate::ids::{CommunityId, PlaceId};

/// A node of the tree of places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub id: PlaceId,
    pub parent: Option<PlaceId>,
    pub level: Level,
    pub name: String,
}

/// All places, to be walked up and down.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    places: HashMap<PlaceId, Place>,
    /// In the order in which they came.
    children: HashMap<Option<PlaceId>, Vec<PlaceId>>,
}

impl Tree {
    pub fn new(places: impl IntoIterator<Item = Place>) -> Self {
        let mut tree = Self::default();
        for place in places {
            tree.children.entry(place.parent).or_default().push(place.id);
            tree.places.insert(place.id, place);
        }
        tree
    }

    pub fn get(&self, id: PlaceId) -> Option<&Place> {
        self.places.get(&id)
    }

    pub fn all(&self) -> impl Iterator<Item = &Place> {
        self.places.values()
    }

    /// What people call the place; nothing where it is no more.
    pub fn name(&self, id: PlaceId) -> &str {
        self.get(id).map_or("", |place| place.name.as_str())
    }

    pub fn children(&self, id: Option<PlaceId>) -> impl Iterator<Item = &Place> {
        self.children.get(&id).into_iter().flatten().filter_map(|id| self.places.get(id))
    }

    /// The place and what it lies in, from the narrowest to the widest.
    pub fn upwards(&self, id: PlaceId) -> impl Iterator<Item = &Place> {
        // No deeper than the levels: a ring, which only a tampered database could hold, ends too.
        let up = move |place: &&Place| place.parent.and_then(|parent| self.get(parent));
        std::iter::successors(self.get(id), up).take(DEEPEST)
    }

    /// The place and all that lies in it.
    pub fn within(&self, id: PlaceId) -> Vec<&Place> {
        let mut found: Vec<&Place> = self.get(id).into_iter().collect();
        let mut next = 0;
        while let Some(place) = found.get(next).copied() {
            found.extend(self.children(Some(place.id)).filter(|child| child.level > place.level));
            next += 1;
        }
        found
    }

    pub fn communities_within(&self, id: PlaceId) -> Vec<CommunityId> {
        let communities = self.within(id).into_iter().filter(|place| place.level == Level::Community);
        communities.map(|place| CommunityId(place.id.0)).collect()
    }

    pub fn compounds_within(&self, id: PlaceId) -> impl Iterator<Item = &Place> {
        self.within(id).into_iter().filter(|place| place.level == Level::Compound)
    }

    /// In the order in which people see them.
    pub fn grids_of(&self, community: CommunityId) -> impl Iterator<Item = &Place> {
        self.children(Some(community.into())).filter(|place| place.level == Level::Grid)
    }

    /// The community that the place is or lies in; `None` above communities.
    pub fn community_of(&self, id: PlaceId) -> Option<CommunityId> {
        self.upwards(id).find(|place| place.level == Level::Community).map(|place| CommunityId(place.id.0))
    }

    /// The compound of the community that people call so.
    pub fn compound_named(&self, community: CommunityId, name: &str) -> Option<PlaceId> {
        let wanted = name.trim();
        self.compounds_within(community.into()).find(|compound| compound.name == wanted).map(|compound| compound.id)
    }

    /// Whether another community has a compound of this name.
    pub fn compound_elsewhere(&self, community: CommunityId, name: &str) -> bool {
        let wanted = name.trim();
        let mut compounds = self.all().filter(|place| place.level == Level::Compound && place.name == wanted);
        compounds.any(|compound| self.community_of(compound.id).is_some_and(|of| of != community))
    }

    /// Whether `inner` is `outer` or lies in it.
    pub fn is_within(&self, inner: PlaceId, outer: PlaceId) -> bool {
        self.upwards(inner).any(|place| place.id == outer)
    }

    /// For people: 「新华区西苑街道」, the district and the street that the place lies in.
    pub fn street_of(&self, id: PlaceId) -> String {
        let mut names: Vec<_> = self
            .upwards(id)
            .filter(|place| matches!(place.level, Level::District | Level::Street))
            .map(|place| place.name.as_str())
            .collect();
        names.reverse();
        names.concat()
    }
}

/// Province, city, district, street, community, grid, compound.
const DEEPEST: usize = 7;

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;
    use uuid::Uuid;

    use super::*;

    fn id(n: u128) -> PlaceId {
        PlaceId(Uuid::from_u128(n))
    }

    fn xiyuan() -> Tree {
        let place = |n, parent: Option<u128>, level, name: &str| Place {
            id: id(n),
            parent: parent.map(id),
            level,
            name: name.into(),
        };
        Tree::new([
            place(1, None, Level::City, "石家庄市"),
            place(2, Some(1), Level::District, "新华区"),
            place(3, Some(2), Level::Street, "西苑街道"),
            place(4, Some(3), Level::Community, "西苑社区"),
            place(5, Some(4), Level::Grid, "第一网格"),
            place(6, Some(5), Level::Compound, "西苑小区"),
            place(7, Some(4), Level::Compound, "联盟小区"),
            place(8, Some(2), Level::Street, "革新街道"),
            place(9, Some(8), Level::Community, "革新街社区"),
        ])
    }

    #[test]
    fn a_district_holds_its_communities_and_a_grid_its_compounds() {
        let tree = xiyuan();
        assert_eq!(tree.communities_within(id(2)), [CommunityId(id(4).0), CommunityId(id(9).0)]);
        assert_eq!(tree.compounds_within(id(5)).map(|place| place.id).collect::<Vec<_>>(), [id(6)]);
        assert_eq!(tree.compounds_within(id(4)).count(), 2, "in grids and beside them");
        assert_eq!(tree.community_of(id(6)), Some(CommunityId(id(4).0)));
        assert_eq!(tree.community_of(id(3)), None);
    }

    #[test]
    fn people_read_district_and_street() {
        assert_eq!(xiyuan().street_of(id(6)), "新华区西苑街道");
        assert_eq!(xiyuan().street_of(id(1)), "");
    }

    #[test]
    fn a_compound_is_found_by_its_name_in_its_own_community() {
        let tree = xiyuan();
        assert_eq!(tree.compound_named(CommunityId(id(4).0), " 西苑小区 "), Some(id(6)));
        assert_eq!(tree.compound_named(CommunityId(id(9).0), "西苑小区"), None);
    }

    #[test]
    fn nothing_stands_below_its_own_kind() {
        for level in Level::iter() {
            assert!(!level.may_stand_below(Some(level)), "{level}");
        }
        assert!(Level::Compound.may_stand_below(Some(Level::Community)));
        assert!(!Level::Compound.may_stand_below(Some(Level::Street)));
        assert!(!Level::Community.may_stand_below(Some(Level::Grid)));
        assert!(!Level::Grid.may_stand_below(None));
    }

    #[test]
    fn a_ring_of_places_ends() {
        let place =
            |n, parent| Place { id: id(n), parent: Some(id(parent)), level: Level::Street, name: String::new() };
        let ring = Tree::new([place(1, 2), place(2, 1)]);
        assert_eq!(ring.upwards(id(1)).count(), DEEPEST);
        assert_eq!(ring.within(id(1)).len(), 1);
    }
}
