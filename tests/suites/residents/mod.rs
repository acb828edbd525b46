//! Residents: where they live, accounts that staff keep for them, and who orders for whom.

mod accounts;
mod consent;
mod homes;

use serde_json::{Value, json};
use tests::{Client, Person, TestApp, community, id};

fn in_community(prefix: &str, what: &str) -> String {
    format!("/v1/communities/{}/{what}", community(prefix))
}

/// A home in 西苑社区.
fn home(compound: &str, room: &str) -> Value {
    json!({ "community_id": community("XY"), "compound": compound, "building": "3号楼", "room": room })
}

/// An elder of 西苑小区, as staff write him down.
fn elder(phone: Option<&str>) -> Value {
    let residence = json!({ "compound": "西苑小区", "building": "3", "room": "101" });
    json!({ "name": "张大爷", "phone": phone, "residence": residence, "note": "听力不好" })
}

/// The account that staff of 西苑社区 now keep.
async fn kept_by(staff: &Client, phone: Option<&str>) -> Value {
    let reply = staff.post(&in_community("XY", "residents")).json(&elder(phone)).await;
    assert_eq!(reply.status, 201, "{reply}");
    reply.value()
}

async fn verifies_phone(app: &TestApp, person: &Person, number: &str) -> Value {
    let code = app.wechat().phone_code(&person.openid, number);
    person.post("/v1/me/phone").json(&json!({ "code": code })).await.ok()
}

fn items(page: &Value) -> Vec<Value> {
    page["items"].as_array().expect("items").clone()
}

fn ids(page: &Value) -> Vec<String> {
    items(page).iter().map(|item| id(item).to_owned()).collect()
}
