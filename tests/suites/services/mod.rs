//! The service list: kept as data, asked in forms, and what it promises to each order.

mod forms;
mod list;
mod terms;

use serde_json::{Value, json};
use tests::{Client, Person, TestApp, community, persona};

/// A line with nothing of its own.
fn plain(name: &str) -> Value {
    json!({ "name": name, "category": "报修" })
}

fn with(line: &Value, more: Value) -> Value {
    let mut line = line.clone();
    line.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    line
}

fn path(place: &str, key: &str) -> String {
    format!("/v1/places/{place}/services/{key}")
}

async fn keys(client: &Client, prefix: &str) -> Vec<String> {
    let list = client.get(&format!("/v1/communities/{}/services", community(prefix))).await.ok();
    let items = list["items"].as_array().expect("items");
    items.iter().map(|item| item["key"].as_str().expect("a key").to_owned()).collect()
}

async fn shown(client: &Client, prefix: &str, key: &str) -> Value {
    client.get(&format!("/v1/communities/{}/services/{key}", community(prefix))).await.ok()
}

/// Somebody who administers the street of 西苑社区, and the street.
async fn street(app: &TestApp) -> (Person, String) {
    let street = persona("demo-xy-street").place_id.to_string();
    let admin = app.administrator().await;
    let role = json!({ "role": "administrator", "place_id": street });
    let code = admin.post("/v1/invitations").json(&role).await.value();
    let of_street = app.sign_in_with_phone("test-street-admin", "13900000022").await;
    of_street.post("/v1/invitations/accept").json(&json!({ "code": code["code"] })).await.ok();
    (of_street, street)
}
