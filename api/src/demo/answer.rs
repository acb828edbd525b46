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
    pub booking: Option<Booking>,
    pub papers: Option<Vec<Paper>>,
}

/// The date that was booked.
#[derive(Deserialize)]
pub struct Booking {
    pub starts_at: DateTime<FixedOffset>,
}

/// One of the papers to bring.
#[derive(Deserialize)]
pub struct Paper {
    pub state: String,
}

/// A date that may be booked.
#[derive(Deserialize)]
pub struct Date {
    pub id: Uuid,
    pub free: u32,
}

#[derive(Deserialize)]
pub struct Me {
    pub id: Uuid,
}

/// What the community publishes.
#[derive(Deserialize)]
pub struct Figures {
    pub items: Vec<Figure>,
}

#[derive(Deserialize)]
pub struct Figure {
    pub text: String,
    pub count: i64,
}

#[derive(Deserialize)]
pub struct Dispatch {
    pub id: Uuid,
    pub partner_id: Uuid,
    pub status: String,
    pub visits: Vec<Visit>,
}

/// An on-site record: who was there, what they said, what was agreed.
#[derive(Deserialize)]
pub struct Visit {
    pub attendees: Vec<Attendee>,
    pub opinions: Vec<Opinion>,
    pub plan: Option<String>,
}

#[derive(Deserialize)]
pub struct Attendee {
    pub who: String,
}

#[derive(Deserialize)]
pub struct Opinion {
    pub who: String,
    pub opinion: String,
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
    pub attachments: Vec<Photo>,
    pub visit: Option<Visit>,
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
}

impl Message {
    pub fn is_about(&self, order: &Order) -> bool {
        self.data.iter().any(|line| line.value == order.number)
    }
}
