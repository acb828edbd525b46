//! The border of a grid on the map (网格边界).

use geo::orient::Direction;
use geo::{
    BooleanOps, BoundingRect, ChamberlainDuquetteArea, Coord, Intersects, LineString, MultiPolygon, Orient, Polygon,
    Validation,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::coordinates::Gcj02;
use super::{Place, Tree};
use crate::ids::{CommunityId, PlaceId};

/// Vertices of one border, all its rings together.
pub const MOST_VERTICES: usize = 2_000;
/// Rings of one border: areas and their holes.
pub const MOST_RINGS: usize = 50;
/// Square metres: one house, and a large village with its fields.
const SMALLEST: f64 = 100.0;
const LARGEST: f64 = 100_000_000.0;
/// Degrees of latitude or longitude: about 20 km, which no neighbourhood spans.
pub const WIDEST_DEGREES: f64 = 0.2;
/// The box around the country: whoever gives latitude before longitude is outside.
const SOUTH_TO_NORTH: std::ops::RangeInclusive<f64> = 3.0..=54.0;
const WEST_TO_EAST: std::ops::RangeInclusive<f64> = 73.0..=136.0;

/// Roughly: in the box around the country.
pub fn is_in_china(at: Gcj02) -> bool {
    SOUTH_TO_NORTH.contains(&at.lat()) && WEST_TO_EAST.contains(&at.lon())
}
/// Share of the smaller of two grids. Lines drawn by hand never meet exactly; below this, no grid takes anything from another.
const SLIVER: f64 = 0.01;

/// Where a grid ends: one or more areas, which may have holes. In GCJ-02 like every point that we store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Outline", into = "Outline")]
pub struct Border(MultiPolygon<f64>);

/// The same as GeoJSON writes it (RFC 7946, MultiPolygon): areas of rings of `[longitude, latitude]`, the outer ring first.
pub type Outline = Vec<Vec<Vec<[f64; 2]>>>;

/// Areas of rings of points, the outer ring first; each ring ends where it begins.
pub type Drawing = Vec<Vec<Vec<Gcj02>>>;

/// The smallest box around a border, degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    pub south: f64,
    pub west: f64,
    pub north: f64,
    pub east: f64,
}

/// A grid that has a border.
#[derive(Clone, Debug, PartialEq)]
pub struct Bordered {
    pub grid: PlaceId,
    pub border: Border,
}

/// Why a border is not taken. The sentence is for whoever drew it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BorderFault {
    #[error("网格边界里没有坐标点，请重新画边界")]
    Empty,
    #[error("网格边界最多 {MOST_VERTICES} 个点，现在有 {0} 个，请简化后再提交")]
    TooManyVertices(usize),
    #[error("网格边界最多 {MOST_RINGS} 圈，现在有 {0} 圈，请简化后再提交")]
    TooManyRings(usize),
    #[error("网格边界没有闭合：每一圈的最后一个点要与第一个点相同")]
    Open,
    #[error("网格边界的坐标不在国内，请检查顺序：先经度，后纬度")]
    Abroad,
    #[error("网格边界跨度太大，超过 20 公里，请检查坐标")]
    TooWide,
    #[error("网格边界有交叉、重叠或不足三个点的圈，请检查后重新画")]
    Crossed,
    #[error("网格边界围出的面积太小，不到 100 平方米，请检查坐标")]
    TooSmall,
    #[error("网格边界围出的面积太大，超过 100 平方公里，请检查坐标")]
    TooLarge,
    #[error("与「{0}」的边界重叠，请先调整其中一个网格")]
    Overlaps(String),
}

impl Border {
    pub fn draw(areas: &Drawing) -> Result<Self, BorderFault> {
        let rings = || areas.iter().flatten();
        let vertices: usize = rings().map(Vec::len).sum();
        if vertices == 0 {
            return Err(BorderFault::Empty);
        }
        if vertices > MOST_VERTICES {
            return Err(BorderFault::TooManyVertices(vertices));
        }
        let count = rings().count();
        if count > MOST_RINGS {
            return Err(BorderFault::TooManyRings(count));
        }
        if areas.iter().any(Vec::is_empty) || rings().any(|ring| ring.first() != ring.last() || ring.len() < 2) {
            return Err(BorderFault::Open);
        }
        if !rings().flatten().all(|at| is_in_china(*at)) {
            return Err(BorderFault::Abroad);
        }
        let outline = areas
            .iter()
            .map(|rings| rings.iter().map(|ring| ring.iter().map(|at| [at.lon(), at.lat()]).collect()).collect());
        let border = Self::from(outline.collect::<Outline>());
        if border
            .bounds()
            .is_none_or(|box_| box_.north - box_.south > WIDEST_DEGREES || box_.east - box_.west > WIDEST_DEGREES)
        {
            return Err(BorderFault::TooWide);
        }
        // What crosses itself has no area to speak of.
        if border.0.check_validation().is_err() {
            return Err(BorderFault::Crossed);
        }
        let area = border.square_metres();
        if area < SMALLEST {
            return Err(BorderFault::TooSmall);
        }
        if area > LARGEST { Err(BorderFault::TooLarge) } else { Ok(border) }
    }

    /// On the line is inside: a street between two grids is nobody's otherwise.
    pub fn holds(&self, point: Gcj02) -> bool {
        self.0.intersects(&Coord { x: point.lon(), y: point.lat() })
    }

    pub fn bounds(&self) -> Option<Bounds> {
        let around = self.0.bounding_rect()?;
        let (low, high) = (around.min(), around.max());
        Some(Bounds { south: low.y, west: low.x, north: high.y, east: high.x })
    }

    pub fn square_metres(&self) -> f64 {
        self.0.chamberlain_duquette_unsigned_area()
    }

    /// More than what two hands draw differently along the same line.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (Some(own), Some(others)) = (self.0.bounding_rect(), other.0.bounding_rect()) else { return false };
        if !own.intersects(&others) {
            return false;
        }
        let shared = self.0.intersection(&other.0).chamberlain_duquette_unsigned_area();
        shared > SLIVER * self.square_metres().min(other.square_metres())
    }
}

/// Pairs of a grid that is drawn and another that it takes from: one of those known, or one that is drawn with it. A grid that is
/// drawn anew is not held against its old border.
pub fn overlaps(drawn: &[Bordered], known: &[Bordered]) -> Vec<(PlaceId, PlaceId)> {
    let is_drawn = |grid| drawn.iter().any(|new| new.grid == grid);
    let staying: Vec<_> = known.iter().filter(|old| !is_drawn(old.grid)).collect();
    let mut pairs = Vec::new();
    for (at, new) in drawn.iter().enumerate() {
        let others = staying.iter().copied().chain(drawn.iter().take(at));
        pairs.extend(others.filter(|other| other.border.overlaps(&new.border)).map(|other| (new.grid, other.grid)));
    }
    pairs
}

/// The grid of the community that the point lies in. On a line between two, it lies in the one that people see first.
pub(super) fn grid_around<'a>(
    tree: &'a Tree,
    community: CommunityId,
    point: Gcj02,
    borders: &[Bordered],
) -> Option<&'a Place> {
    let holds = |grid: &&Place| borders.iter().any(|known| known.grid == grid.id && known.border.holds(point));
    tree.grids_of(community).find(holds)
}

impl From<Outline> for Border {
    /// Outer rings turn to the left and holes to the right, as RFC 7946 wants it.
    fn from(areas: Outline) -> Self {
        let ring = |points: Vec<[f64; 2]>| LineString(points.into_iter().map(|[x, y]| Coord { x, y }).collect());
        let area = |rings: Vec<Vec<[f64; 2]>>| {
            let mut rings = rings.into_iter().map(ring);
            let outer = rings.next().unwrap_or_else(|| LineString(Vec::new()));
            Polygon::new(outer, rings.collect())
        };
        Self(MultiPolygon(areas.into_iter().map(area).collect()).orient(Direction::Default))
    }
}

impl From<Border> for Outline {
    fn from(Border(areas): Border) -> Self {
        let ring = |line: &LineString<f64>| line.0.iter().map(|at| [at.x, at.y]).collect();
        areas
            .0
            .iter()
            .map(|area| std::iter::once(area.exterior()).chain(area.interiors()).map(ring).collect())
            .collect()
    }
}

#[cfg(test)]
#[path = "border_tests.rs"]
mod tests;
