//! Shops and partners: the directory, their papers, what stops a dispatch, how they did, and those who volunteer.

mod dispatching;
mod keeping;
mod papers;
mod records;
mod repairs;
mod shops;
mod volunteers;

use serde_json::{Value, json};
use tests::{Client, community, id, partner, task_for};

pub(crate) const PROPERTY: &str = "红色物业西苑管理科";

/// Where what is kept of the partner stands.
fn path(prefix: &str, name: &str) -> String {
    format!("/v1/communities/{}/partners/{}", community(prefix), partner(name))
}

/// What the secretary writes down of the property company; with this beside it.
async fn keeps(secretary: &Client, change: Value) -> Value {
    let mut body = json!({ "name": PROPERTY });
    for (name, value) in change.as_object().expect("an object") {
        body[name] = value.clone();
    }
    secretary.put(&path("XY", PROPERTY)).json(&body).await.ok()
}

/// Whether anybody is on duty there.
async fn on_duty(who: &Client, yes: bool) {
    who.put(&format!("{}/opening", path("XY", PROPERTY))).json(&json!({ "on_duty": yes })).await.ok();
}

fn a_shop() -> Value {
    json!({
        "kind": "shop",
        "name": "润园便民理发店",
        "uscc": "91350100M000100Y43",
        "description": "老手艺理发",
        "address": "润园小区东门南侧 20 米",
        "phone": "0311-85551234",
        "alliance": true,
        "agreement": { "number": "RY-2026-07", "from": "2026-01-01", "until": "2026-12-31" },
        "licences": [{ "kind": "卫生许可证", "number": "冀卫-0107", "valid_until": "2027-03-31" }],
        "open_job_limit": 5,
        "opening": {
            "hours": { "mon": [{ "opens": "08:30", "closes": "12:00" }, { "opens": "14:00", "closes": "24:00" }] },
            "closed_days": ["2026-12-25"],
            "offers": [{ "name": "理发", "price": "10 元" }, { "name": "老人上门理发", "free": true }],
            "on_duty": true,
        },
    })
}

/// Of 润园, by its secretary.
async fn added(secretary: &Client, shop: &Value) -> Value {
    let reply = secretary.post(&format!("/v1/communities/{}/partners", community("RY"))).json(shop).await;
    assert_eq!(reply.status, 201, "{reply}");
    reply.value()
}

async fn sent(clerk: &Client, order: &Value) -> Value {
    clerk.dispatches(order, &task_for(PROPERTY)).await
}

fn path_of(thing: &Value) -> String {
    format!("/v1/communities/{}/partners/{}", community("RY"), id(thing))
}
