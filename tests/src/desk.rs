//! Signing in at a desk: a browser that shows a ticket, and a phone that scans it.

use domain::ids::PersonId;
use domain::people::{Membership, Role};
use domain::ports::Grant;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::Ask;
use crate::people::Person;

/// A browser that wants to be signed in.
pub struct Browser {
    pub ticket: String,
    pub secret: String,
}

pub const DEVICE: &str = "1 号窗口 · Windows · Edge";

impl TestApp {
    /// A browser opens a ticket.
    pub async fn browser(&self) -> Browser {
        let ticket = self.anonymous().post("/v1/auth/tickets").json(&json!({ "device": DEVICE })).await.ok();
        let text = |name: &str| ticket[name].as_str().expect("a string").to_owned();
        Browser { ticket: text("id"), secret: text("secret") }
    }

    /// The browser asks how far it is.
    pub fn claims(&self, browser: &Browser) -> Ask {
        self.claims_with(browser, &json!({ "secret": browser.secret }))
    }

    pub fn claims_with(&self, browser: &Browser, body: &Value) -> Ask {
        self.anonymous().post(&format!("/v1/auth/tickets/{}/claim", browser.ticket)).json(body)
    }

    /// The same person at a desk, signed in with the phone.
    pub async fn sits_down(&self, phone: &Person) -> Person {
        let browser = self.browser().await;
        phone.confirms(&browser).await;
        Person::new(self.anonymous(), &phone.openid, &self.claims(&browser).await.ok())
    }

    pub async fn make_administrator(&self, person: &Person) {
        let person = PersonId(person.id.parse().expect("an id"));
        let membership = Membership { role: Role::Administrator, place: None, partner_id: None };
        self.grant(&Grant { person, membership, by: None, at: self.now(), until: None }).await;
    }
}

impl Person {
    /// `scan`, `confirm` or `decline`.
    pub fn taps(&self, tap: &str, browser: &Browser) -> Ask {
        self.post(&format!("/v1/auth/tickets/{}/{tap}", browser.ticket)).json(&json!({}))
    }

    /// Scans and confirms.
    pub async fn confirms(&self, browser: &Browser) {
        self.taps("scan", browser).await.ok();
        self.taps("confirm", browser).await.ok();
    }
}
