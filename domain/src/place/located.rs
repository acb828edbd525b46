//! In which grid an order lies.

use serde::{Deserialize, Serialize};

use super::border::grid_around;
use super::coordinates::Gcj02;
use super::{Bordered, Level, Tree};
use crate::ids::{CommunityId, PlaceId};

/// The grid of an order, and how it was found. The order's community is the one that the resident chose; nothing here moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Located {
    /// Its building is assigned to the grid, or its compound lies in it.
    Address { grid: PlaceId },
    /// Its point lies within the grid's border.
    Point { grid: PlaceId },
    /// Somebody of the desk said so.
    Person { grid: PlaceId },
    /// In no grid: its point lies in one of another community, and somebody should look.
    Beyond { community: CommunityId },
}

impl Located {
    pub fn grid(self) -> Option<PlaceId> {
        match self {
            Self::Address { grid } | Self::Point { grid } | Self::Person { grid } => Some(grid),
            Self::Beyond { .. } => None,
        }
    }

    /// The community in whose grid the point lies, where that is another one than the order's.
    pub fn beyond(self) -> Option<CommunityId> {
        match self {
            Self::Address { .. } | Self::Point { .. } | Self::Person { .. } => None,
            Self::Beyond { community } => Some(community),
        }
    }

    /// As programs read it: `address`, `point` or `person`.
    pub fn found_by(self) -> Option<&'static str> {
        match self {
            Self::Address { .. } => Some("address"),
            Self::Point { .. } => Some("point"),
            Self::Person { .. } => Some("person"),
            Self::Beyond { .. } => None,
        }
    }
}

/// What is known of the place of a new order.
#[derive(Clone, Copy, Debug)]
pub struct Clues<'a> {
    pub community: CommunityId,
    /// One of the community's.
    pub compound: Option<PlaceId>,
    /// The grid that its building is assigned to.
    pub building: Option<PlaceId>,
    pub point: Option<Gcj02>,
    /// Borders around the point, of whichever community.
    pub borders: &'a [Bordered],
}

impl Clues<'_> {
    /// Address before point; `None` where a person has to choose. A building says more than its compound, which several grids
    /// may share.
    pub fn locate(&self, tree: &Tree) -> Option<Located> {
        let of_building = self.building.filter(|grid| is_grid_of(tree, *grid, self.community));
        let of_compound = || {
            let compound = self.compound.filter(|place| tree.community_of(*place) == Some(self.community))?;
            tree.upwards(compound).find(|place| place.level == Level::Grid).map(|grid| grid.id)
        };
        if let Some(grid) = of_building.or_else(of_compound) {
            return Some(Located::Address { grid });
        }
        let point = self.point?;
        if let Some(grid) = grid_around(tree, self.community, point, self.borders) {
            return Some(Located::Point { grid: grid.id });
        }
        let others = self.borders.iter().filter(|other| other.border.holds(point));
        let community = others.filter_map(|other| tree.community_of(other.grid)).find(|of| *of != self.community)?;
        Some(Located::Beyond { community })
    }
}

/// Whether there is such a grid in the community.
pub fn is_grid_of(tree: &Tree, grid: PlaceId, community: CommunityId) -> bool {
    tree.get(grid).is_some_and(|place| place.level == Level::Grid && place.parent == Some(community.into()))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::place::{Border, Place};

    fn id(n: u128) -> PlaceId {
        PlaceId(Uuid::from_u128(n))
    }

    /// Two communities with two grids and one; a compound in the first grid, one beside all grids.
    fn tree() -> Tree {
        let place =
            |n, parent: Option<u128>, level| Place { id: id(n), parent: parent.map(id), level, name: n.to_string() };
        Tree::new([
            place(1, None, Level::Community),
            place(11, Some(1), Level::Grid),
            place(12, Some(1), Level::Grid),
            place(13, Some(11), Level::Compound),
            place(14, Some(1), Level::Compound),
            place(2, None, Level::Community),
            place(21, Some(2), Level::Grid),
            place(23, Some(21), Level::Compound),
        ])
    }

    fn point(lon: f64) -> Gcj02 {
        Gcj02::new(38.055, lon).expect("a place")
    }

    /// A hundredth of a degree of longitude each, side by side.
    fn borders() -> Vec<Bordered> {
        let square = |grid, west: f64| {
            let corners = [(west, 38.05), (west + 0.01, 38.05), (west + 0.01, 38.06), (west, 38.06), (west, 38.05)];
            let ring = corners.map(|(lon, lat)| Gcj02::new(lat, lon).expect("a place")).to_vec();
            Bordered { grid: id(grid), border: Border::draw(&vec![vec![ring]]).expect("a border") }
        };
        vec![square(11, 114.45), square(12, 114.46), square(21, 114.47)]
    }

    #[test]
    fn the_grid_comes_from_the_address_else_from_the_point_else_from_a_person() {
        let (in_first, in_second, in_another, nowhere) = (point(114.455), point(114.465), point(114.475), point(114.5));
        let address = |grid| Some(Located::Address { grid: id(grid) });
        let by_point = |grid| Some(Located::Point { grid: id(grid) });
        let beyond = Some(Located::Beyond { community: CommunityId(id(2).0) });
        // compound, grid of the building, point → found
        let table: [(Option<u128>, Option<u128>, Option<Gcj02>, Option<Located>); 16] = [
            (None, None, None, None),
            (Some(13), None, None, address(11)),
            (Some(14), None, None, None),
            (Some(14), Some(12), None, address(12)),
            (Some(13), Some(12), None, address(12)),
            // A grid that is none, or another community's, says nothing.
            (Some(13), Some(21), None, address(11)),
            (Some(14), Some(14), None, None),
            (Some(14), Some(99), None, None),
            (Some(23), None, None, None),
            // An address is believed before a point.
            (Some(13), None, Some(in_second), address(11)),
            (Some(13), None, Some(in_another), address(11)),
            (Some(14), None, Some(in_second), by_point(12)),
            (None, None, Some(in_first), by_point(11)),
            (None, None, Some(in_another), beyond),
            (Some(14), None, Some(in_another), beyond),
            (None, None, Some(nowhere), None),
        ];
        for (compound, building, point, found) in table {
            let (borders, community) = (borders(), CommunityId(id(1).0));
            let (compound, building) = (compound.map(id), building.map(id));
            let clues = Clues { community, compound, building, point, borders: &borders };
            assert_eq!(clues.locate(&tree()), found, "{compound:?} {building:?} {point:?}");
        }
    }

    #[test]
    fn without_borders_a_point_says_nothing() {
        let (community, point) = (CommunityId(id(1).0), Some(point(114.455)));
        let clues = Clues { community, compound: None, building: None, point, borders: &[] };
        assert_eq!(clues.locate(&tree()), None);
    }
}
