//! 纠纷调解: a quarrel between neighbours, told to one person and to nobody else.

mod attacks;
mod edges;
mod life;
mod outsiders;
mod seal;

use serde_json::{Value, json};
use tests::{Ask, Person, Picture, TestApp, community, id};

/// What Ms Chen wrote to the community, before anybody was appointed.
const ORDER: &str = "楼上每天夜里响，吵过三次了";
const CHEN_SAYS: &str = "十一点以后还在拖椅子";
const LIU_SAYS: &str = "是陈家先骂的人";
const NOTES: &str = "刘大爷承认夜里有响动";
const AT_THE_TABLE: &str = "先在椅子腿上套绒垫";
const AGREEMENT: &str = "周五前铺好地毯，见面打招呼";
const LOOKED_BACK: &str = "两家都说安静了";
const CHEN_PHONE: &str = "13911110001";
const LIU_PHONE: &str = "13911110002";
const CHEN_NAME: &str = "陈美兰";
const LIU_NAME: &str = "楼上刘大爷";

/// The people of 润园 around one quarrel.
struct Quarrel {
    chen: Person,
    /// Lives above.
    liu: Person,
    /// Mediates.
    clerk: Person,
    secretary: Person,
    /// Works for the property company; is nothing to it.
    property: Person,
    order: Value,
    /// Of the case, once there is one.
    case: String,
}

impl Quarrel {
    /// The secretary has taken the order, and read it.
    async fn accepted(app: &TestApp) -> Self {
        let chen = app.sign_in("demo-ry-chen").await;
        let order = json!({
            "community_id": community("RY"),
            "service_key": "mediation",
            "description": ORDER,
            "contact": { "name": CHEN_NAME, "phone": CHEN_PHONE },
        });
        // A second quarrel of the same people's is another request.
        let count = chen.list("view=mine").await.len();
        let key = |key: &str| if count == 0 { key.to_owned() } else { format!("{key}-{count}") };
        let order = chen.post("/v1/orders").json(&order).key(&key("chen-orders")).await.ok();
        let secretary = app.sign_in("demo-ry-secretary").await;
        secretary.tries("accept", &order, &json!({})).key(&key("secretary-accepts")).await.ok();
        Self {
            chen,
            liu: app.sign_in("demo-ry-liu").await,
            clerk: app.sign_in("demo-ry-clerk").await,
            secretary,
            property: app.sign_in("demo-ry-property").await,
            order,
            case: String::new(),
        }
    }

    /// The clerk was appointed.
    async fn opened(app: &TestApp) -> Self {
        let mut quarrel = Self::accepted(app).await;
        let case = quarrel.appoints(&quarrel.clerk).await.ok();
        quarrel.case = id(&case).to_owned();
        quarrel
    }

    fn appoints(&self, mediator: &Person) -> Ask {
        let path = format!("/v1/orders/{}/mediation", id(&self.order));
        self.secretary.post(&path).json(&json!({ "mediator_id": mediator.id }))
    }

    /// Mr Liu was invited, and came.
    async fn joined(app: &TestApp) -> Self {
        let quarrel = Self::opened(app).await;
        let liu = json!({ "name": LIU_NAME, "phone": LIU_PHONE, "person_id": quarrel.liu.id });
        quarrel.tries(&quarrel.clerk, "parties", &liu).await.ok();
        quarrel.tries(&quarrel.liu, "join", &json!({})).await.ok();
        quarrel
    }

    /// Both spoke, met, and agreed: one on the phone, one on paper.
    async fn agreed(app: &TestApp) -> Self {
        let quarrel = Self::joined(app).await;
        quarrel.tries(&quarrel.chen, "statement", &json!({ "text": CHEN_SAYS })).key("chen-says").await.ok();
        let liu = json!({ "text": LIU_SAYS, "party": 2 });
        quarrel.tries(&quarrel.clerk, "statement", &liu).key("clerk-writes").await.ok();
        let meeting = json!({ "at": "2026-11-23T14:00:00+08:00", "place": "社区二楼" });
        quarrel.tries(&quarrel.clerk, "sessions", &meeting).await.ok();
        app.pass(chrono::TimeDelta::hours(5));
        let held = json!({ "attended": [1, 2], "notes": NOTES, "agreed": AT_THE_TABLE });
        quarrel.tries(&quarrel.clerk, "sessions/1/held", &held).await.ok();
        quarrel.tries(&quarrel.clerk, "agreement", &json!({ "text": AGREEMENT })).await.ok();
        quarrel.tries(&quarrel.chen, "agree", &json!({})).await.ok();
        let photo = quarrel.photo().await;
        quarrel.tries(&quarrel.clerk, "agree", &json!({ "party": 2, "attachment_id": photo })).await.ok();
        quarrel
    }

    async fn closed(app: &TestApp) -> Self {
        let quarrel = Self::agreed(app).await;
        let body = json!({ "outcome": "agreed", "follow_up_on": "2026-12-23" });
        quarrel.tries(&quarrel.clerk, "close", &body).await.ok();
        quarrel
    }

    /// A signature on paper, as the mediator photographs it.
    async fn photo(&self) -> String {
        let picture = Picture { width: 64, height: 48 }.jpeg();
        id(&self.clerk.post("/v1/attachments").file("file", "a.jpg", picture).await.ok()).to_owned()
    }

    /// A step in the case.
    fn tries(&self, who: &Person, step: &str, body: &Value) -> Ask {
        who.post(&format!("/v1/mediations/{}/{step}", self.case)).json(body)
    }

    fn looks(&self, who: &Person) -> Ask {
        who.get(&format!("/v1/mediations/{}", self.case))
    }

    async fn seen_by(&self, who: &Person) -> Value {
        self.looks(who).await.ok()
    }
}
