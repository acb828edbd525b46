//! The moves of an order as people make them; each of these must succeed.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Ask, Client, Reply};
use crate::people::Person;
use crate::words::{kerb, task_for};

/// The people of 西苑社区.
pub struct Cast {
    pub wang: Person,
    pub li: Person,
    pub clerk: Person,
    pub secretary: Person,
    pub property: Person,
    pub builder: Person,
}

pub fn id(thing: &Value) -> &str {
    thing["id"].as_str().unwrap_or_else(|| panic!("no id in {thing}"))
}

impl TestApp {
    pub async fn xiyuan(&self) -> Cast {
        Cast {
            wang: self.sign_in("demo-xy-wang").await,
            li: self.sign_in("demo-xy-li").await,
            clerk: self.sign_in("demo-xy-clerk").await,
            secretary: self.sign_in("demo-xy-secretary").await,
            property: self.sign_in("demo-xy-property").await,
            builder: self.sign_in("demo-xy-builder").await,
        }
    }
}

impl Client {
    /// 下单
    pub async fn places(&self, order: &Value) -> Value {
        let reply = self.post("/v1/orders").json(order).await;
        assert_eq!(reply.status, 201, "{reply}");
        reply.value()
    }

    pub async fn sees(&self, order: &Value) -> Value {
        self.looks_at(order).await.ok()
    }

    pub async fn looks_at(&self, order: &Value) -> Reply {
        self.get(&format!("/v1/orders/{}", id(order))).await
    }

    pub async fn timeline(&self, order: &Value) -> Vec<Value> {
        let page = self.get(&format!("/v1/orders/{}/timeline?limit=100", id(order))).await.ok();
        page["items"].as_array().expect("items").clone()
    }

    /// The ids of a list, which must fit on one page.
    pub async fn list(&self, query: &str) -> Vec<String> {
        let page = self.get(&format!("/v1/orders?limit=100&{query}")).await.ok();
        assert_eq!(page["next_cursor"], Value::Null, "more than one page");
        page["items"].as_array().expect("items").iter().map(|item| id(item).to_owned()).collect()
    }

    /// A move on an order, sent as the caller wishes.
    pub fn tries(&self, a_move: &str, order: &Value, body: &Value) -> Ask {
        let path = if a_move == "comment" { "comments" } else { a_move };
        self.post(&format!("/v1/orders/{}/{path}", id(order))).json(body)
    }

    /// A move on an order.
    pub async fn makes(&self, a_move: &str, order: &Value, body: &Value) -> Value {
        self.tries(a_move, order, body).await.ok()
    }

    /// A move on a dispatch, sent as the caller wishes.
    pub fn tries_task(&self, a_move: &str, dispatch: &Value, body: &Value) -> Ask {
        self.post(&format!("/v1/dispatches/{}/{a_move}", id(dispatch))).json(body)
    }

    /// A move on a dispatch.
    pub async fn does(&self, a_move: &str, dispatch: &Value, body: &Value) -> Value {
        self.tries_task(a_move, dispatch, body).await.ok()
    }

    /// 派单; answers the new dispatch.
    pub async fn dispatches(&self, order: &Value, task: &Value) -> Value {
        let order = self.makes("dispatch", order, task).await;
        order["dispatches"].as_array().and_then(|all| all.last()).expect("a dispatch").clone()
    }
}

impl Cast {
    pub async fn submitted(&self) -> Value {
        self.wang.places(&kerb()).await
    }

    pub async fn accepted(&self) -> Value {
        self.clerk.makes("accept", &self.submitted().await, &json!({})).await
    }

    /// With a lead that has not signed yet; the order and the dispatch.
    pub async fn dispatched(&self) -> (Value, Value) {
        let order = self.accepted().await;
        let dispatch = self.secretary.dispatches(&order, &task_for("红色物业西苑管理科")).await;
        (self.secretary.sees(&order).await, dispatch)
    }

    pub async fn signed(&self) -> (Value, Value) {
        let (order, dispatch) = self.dispatched().await;
        let dispatch = self.property.does("sign", &dispatch, &json!({})).await;
        (self.secretary.sees(&order).await, dispatch)
    }

    pub async fn completed(&self) -> (Value, Value) {
        let (order, dispatch) = self.signed().await;
        let dispatch = self.property.does("complete", &dispatch, &json!({ "result": "尖角已打磨，水泥抹平" })).await;
        (self.secretary.sees(&order).await, dispatch)
    }

    pub async fn resolved(&self) -> Value {
        let order = self.accepted().await;
        self.clerk.makes("resolve", &order, &json!({ "result": "路沿已打磨并用水泥抹平" })).await
    }

    pub async fn rated(&self) -> Value {
        let order = self.resolved().await;
        self.wang.makes("rate", &order, &json!({ "solved": true, "satisfaction": 5 })).await
    }

    pub async fn refused(&self) -> Value {
        self.clerk.makes("refuse", &self.submitted().await, &json!({ "reason": "department_duty" })).await
    }

    pub async fn withdrawn(&self) -> Value {
        self.wang.makes("withdraw", &self.submitted().await, &json!({})).await
    }

    /// The order that was merged; its target is another one of Mr Li's.
    pub async fn merged(&self) -> Value {
        let (order, target) = (self.submitted().await, self.li.places(&kerb()).await);
        self.clerk.makes("merge", &order, &json!({ "into": id(&target) })).await
    }
}
