//! GeoJSON ↔ border.

use domain::place::{Border, BorderFault, Drawing, Outline};
use geojson::{Geometry, GeometryValue, Position};
use serde_json::{Value, json};

use crate::extract::CoordSys;

fn no_area() -> String {
    "边界应为 GeoJSON 的 Polygon 或 MultiPolygon，请检查后再提交".to_owned()
}

/// What is wrong inside is said in English by whoever reads it; what helps is the same in all cases.
pub(super) fn read(geometry: Value) -> Result<Geometry, String> {
    serde_json::from_value(geometry).map_err(|_| no_area())
}

/// The border, or why it is none, as a sentence.
pub(super) fn border(geometry: Geometry, system: CoordSys) -> Result<Border, String> {
    let areas = match geometry.value {
        GeometryValue::Polygon { coordinates } => vec![coordinates],
        GeometryValue::MultiPolygon { coordinates } => coordinates,
        GeometryValue::Point { .. }
        | GeometryValue::MultiPoint { .. }
        | GeometryValue::LineString { .. }
        | GeometryValue::MultiLineString { .. }
        | GeometryValue::GeometryCollection { .. } => return Err(no_area()),
    };
    let point = |position: &Position| match position.as_slice() {
        // A height may follow; a border has none.
        [longitude, latitude, ..] => system.gcj02(*latitude, *longitude).map_err(|_| BorderFault::Abroad.to_string()),
        _ => Err(no_area()),
    };
    let ring = |ring: &Vec<Position>| ring.iter().map(point).collect::<Result<Vec<_>, _>>();
    let area = |rings: &Vec<Vec<Position>>| rings.iter().map(ring).collect::<Result<Vec<_>, _>>();
    let drawing = areas.iter().map(area).collect::<Result<Drawing, _>>()?;
    Border::draw(&drawing).map_err(|fault| fault.to_string())
}

/// As a Polygon where it is one area.
pub(super) fn geometry(border: Border) -> Value {
    let areas = Outline::from(border);
    match areas.as_slice() {
        [area] => json!({ "type": "Polygon", "coordinates": area }),
        areas => json!({ "type": "MultiPolygon", "coordinates": areas }),
    }
}
