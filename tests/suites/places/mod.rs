//! Places below a community: grids and their borders, buildings, units and rooms, and the grid of an order.

mod addresses;
mod borders;
mod located;

use serde_json::{Value, json};
use tests::{Ask, Client, TestApp, community, id, place_in};

/// South-west corners, degrees in GCJ-02, of squares side by side: 第一网格, 第二网格 and a grid of 润园.
pub const FIRST: f64 = 114.45;
pub const SECOND: f64 = 114.46;
pub const THERE: f64 = 114.47;

/// A hundredth of a degree each way.
pub fn square(west: f64) -> Value {
    // With six decimals, as it is answered.
    let east = ((west + 0.01) * 1e6).round() / 1e6;
    let (south, north) = (38.05, 38.06);
    json!({ "type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]] })
}

pub fn draws(staff: &Client, grid: &str, geometry: &Value) -> Ask {
    let body = json!({ "coord_sys": "gcj02", "geometry": geometry });
    staff.put(&format!("/v1/grids/{grid}/border")).json(&body)
}

/// The middle of the square, give or take the place of a decimal.
pub fn middle(west: f64) -> Value {
    json!({ "latitude": 38.055, "longitude": west + 0.005, "coord_sys": "gcj02" })
}

/// An order of Ms Wang's with this place.
pub fn order_at(place: Value) -> Value {
    json!({ "community_id": community("XY"), "service_key": "repair", "description": "路灯不亮", "place": place })
}

pub fn first() -> String {
    place_in("XY", "第一网格")
}

pub fn second() -> String {
    place_in("XY", "第二网格")
}

/// A grid of 润园 that the administrator adds; its secretary draws it beside those of 西苑.
pub async fn grid_of_runyuan(app: &TestApp) -> String {
    let admin = app.administrator().await;
    let new = json!({ "parent_id": community("RY"), "level": "grid", "name": "润园网格" });
    let grid = admin.post("/v1/admin/places").json(&new).await.value();
    let secretary = app.sign_in("demo-ry-secretary").await;
    draws(&secretary, id(&grid), &square(THERE)).await.ok();
    id(&grid).to_owned()
}
