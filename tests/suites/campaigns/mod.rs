//! 专项行动: from door to door, and who may know of it.

mod bad_sheets;
mod books;
mod life;
mod lists;
mod partners;
mod report;
mod seal;
mod sheets;

use domain::ids::PersonId;
use domain::people::{Membership, Role};
use domain::place::Level;
use domain::ports::Grant;
use serde_json::{Value, json};
use tests::{Ask, Cast, Client, Person, Picture, TestApp, id, partner};

pub const FIRE: &str = "新华区消防救援大队";
pub const PROPERTY: &str = "红色物业西苑管理科";

/// What the desk of 西苑 begins: the fire brigade may know of all doors, the property company of those that are given to it.
pub fn drive(order: &Value) -> Value {
    json!({
        "order_id": id(order),
        "title": "敲门入户送安全",
        "purpose": "走访独居老人，查火用火隐患，送安全用品",
        "items": [
            { "name": "烟感报警器", "unit": "个" },
            { "name": "防毒面具", "unit": "个" },
            { "name": "灭火器", "unit": "具" },
        ],
        "partners": [
            { "partner_id": partner(FIRE), "doors": "all" },
            { "partner_id": partner(PROPERTY) },
        ],
    })
}

/// A campaign of 西苑社区 that the clerk has opened.
pub async fn opened(cast: &Cast) -> Value {
    let order = cast.accepted().await;
    let reply = cast.clerk.post("/v1/campaigns").json(&drive(&order)).await;
    assert_eq!(reply.status, 201, "{reply}");
    reply.value()
}

pub fn at(campaign: &Value, what: &str) -> String {
    format!("/v1/campaigns/{}{what}", id(campaign))
}

/// A household in this compound.
pub fn elder(compound: &str, room: &str) -> Value {
    json!({
        "compound": compound,
        "building": "3号楼",
        "unit": "2单元",
        "room": room,
        "people": [{ "name": "张大爷爷", "phone": "13900000002", "note": "独居，耳背" }],
        "note": "按门铃没用",
    })
}

pub async fn added(staff: &Client, campaign: &Value, household: &Value) -> Value {
    let reply = staff.post(&at(campaign, "/households")).json(household).await;
    assert_eq!(reply.status, 201, "{reply}");
    reply.value()
}

pub async fn households(of: &Client, campaign: &Value, query: &str) -> Vec<Value> {
    let page = of.get(&at(campaign, &format!("/households?limit=100&{query}"))).await.ok();
    page["items"].as_array().expect("items").clone()
}

/// A visit of the grid worker and the fire brigade.
pub fn visit(round: u8, outcome: &str) -> Value {
    json!({
        "round": round,
        "outcome": outcome,
        "visitors": [{ "from": "grid" }, { "from": "partner", "partner_id": partner(FIRE), "name": "消防员小韩" }],
    })
}

pub fn knocks(staff: &Client, household: &Value, visit: &Value) -> Ask {
    staff.post(&format!("/v1/households/{}/visit", id(household))).json(visit)
}

pub fn reveals(staff: &Client, household: &Value) -> Ask {
    let path = format!("/v1/households/{}/reveal", id(household));
    staff.post(&path).json(&json!({ "purpose": "home_visit" }))
}

/// A signature that this person has uploaded.
pub async fn signature(of: &Client) -> String {
    let bytes = Picture { width: 40, height: 20 }.png();
    let photo = of.post("/v1/attachments").file("file", "signature.png", bytes).await.ok();
    id(&photo).to_owned()
}

pub fn brings(staff: &Client, campaign: &Value, name: &str, file: Vec<u8>) -> Ask {
    staff.post(&at(campaign, "/households/import")).file("file", name, file)
}

/// Somebody with the role at the place of this name in 西苑社区.
pub async fn works_at(app: &TestApp, openid: &str, role: Role, level: Level, name: &str) -> Person {
    let person = app.sign_in(openid).await;
    let tree = api::seed::directory().tree();
    let community = tests::community("XY").parse::<uuid::Uuid>().expect("an id");
    let here = |place: &&domain::place::Place| {
        place.level == level && place.name == name && tree.is_within(place.id, domain::ids::PlaceId(community))
    };
    let place = tree.all().find(here).expect("a place").id;
    let membership = Membership { role, place: Some(place), partner_id: None };
    let id = PersonId(person.id.parse().expect("an id"));
    app.grant(&Grant { person: id, membership, by: None, at: app.now(), until: None }).await;
    app.sign_in(openid).await
}
