//! What the servers answer, as far as the demo reads it.

use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    #[serde(default)]
    pub next_cursor: Option<String>,
}

#[derive(Deserialize)]
pub struct Code {
    pub code: String,
}

#[derive(Deserialize)]
pub struct SignedIn {
    pub access_token: String,
}

#[derive(Deserialize)]
pub struct Photo {
    pub id: Uuid,
}

#[derive(Deserialize)]
pub struct Order {
    pub id: Uuid,
    pub number: String,
    pub status: String,
    pub status_text: String,
    pub title: String,
    pub description: Option<String>,
    pub accepted_at: Option<DateTime<FixedOffset>>,
    pub resolved_at: Option<DateTime<FixedOffset>>,
    pub dispatches: Vec<Dispatch>,
    pub rating: Option<Rating>,
    pub round: u8,
}

#[derive(Deserialize)]
pub struct Dispatch {
    pub id: Uuid,
    pub partner_id: Uuid,
    pub status: String,
    pub visits: Vec<Visit>,
}

#[derive(Deserialize)]
pub struct Visit {
    pub at: DateTime<FixedOffset>,
    pub attendees: Vec<String>,
}

#[derive(Deserialize)]
pub struct Rating {
    pub satisfaction: u8,
}

/// One line of an order's history.
#[derive(Deserialize)]
pub struct Line {
    pub seq: i64,
    pub at: DateTime<FixedOffset>,
    pub kind: String,
    pub text: String,
    pub note: Option<String>,
    pub dispatch_id: Option<Uuid>,
    pub attachments: Vec<Photo>,
}

/// What stands on a phone.
#[derive(Deserialize)]
pub struct Message {
    pub title: String,
    pub data: Vec<Value>,
    pub sent_at: DateTime<FixedOffset>,
}

#[derive(Deserialize)]
pub struct Value {
    pub label: String,
    pub value: String,
}

impl Order {
    /// What was sent to this partner last.
    pub fn dispatch_to(&self, partner: Uuid) -> Option<&Dispatch> {
        self.dispatches.iter().rfind(|dispatch| dispatch.partner_id == partner)
    }

    /// Somebody reopened, refused, merged or withdrew it: no story says how it goes on.
    pub fn has_left_its_story(&self) -> bool {
        self.round > 1 || matches!(self.status.as_str(), "refused" | "merged" | "withdrawn")
    }

    /// Who was there, if this line is about a visit.
    pub fn attendees(&self, line: &Line) -> &[String] {
        let dispatch = self.dispatches.iter().find(|dispatch| Some(dispatch.id) == line.dispatch_id);
        let visit = dispatch.and_then(|dispatch| dispatch.visits.iter().find(|visit| visit.at == line.at));
        visit.map_or(&[], |visit| &visit.attendees)
    }
}

impl Message {
    pub fn is_about(&self, order: &Order) -> bool {
        self.data.iter().any(|line| line.value == order.number)
    }
}
