//! The stories, as data. What the people say is invented; what happens is what the community reported.

mod fire_risk;
mod kerb;

use domain::order::{HandlerRole, VisitSide};
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::Order;
use super::cast::Cast;
use super::picture::Picture;

pub const STORIES: &[&Story] = &[&kerb::STORY, &fire_risk::STORY];

/// An order and what became of it. People are named by their openid.
pub struct Story {
    /// The order's title; also how the demo finds it again.
    pub title: &'static str,
    /// What a reader should know first.
    pub opening: &'static str,
    pub requester: &'static str,
    pub service_key: &'static str,
    pub description: &'static str,
    pub compound: &'static str,
    pub spot: &'static str,
    pub on_behalf_of: Option<&'static str>,
    pub photos: &'static [Picture],
    pub steps: &'static [Step],
}

pub struct Step {
    pub by: &'static str,
    pub act: Act,
}

type Photos = &'static [Picture];

/// On the spot: each of those who were there with the side that they are of, and what they said.
pub struct Visit {
    pub note: &'static str,
    pub attendees: &'static [(&'static str, VisitSide)],
    pub opinions: &'static [(&'static str, &'static str)],
    pub plan: &'static str,
    pub photos: Photos,
}

pub enum Act {
    Accept { note: &'static str },
    Dispatch { to: &'static str, role: HandlerRole, task: &'static str },
    Sign,
    Visit(Visit),
    Complete { result: &'static str, photos: Photos },
    Resolve { result: &'static str, photos: Photos },
    Rate { satisfaction: u8, comment: &'static str },
}

/// The messages that an order's people may ask for.
pub const ACCEPTED: &str = "hgj-order-accepted";
pub const DISPATCHED: &str = "hgj-order-dispatched";
pub const RESOLVED: &str = "hgj-order-resolved";

impl Story {
    /// The body of the order.
    pub fn order(&self, community: Uuid, photos: &[Uuid]) -> Value {
        json!({
            "community_id": community,
            "service_key": self.service_key,
            "title": self.title,
            "description": self.description,
            "place": { "compound": self.compound, "detail": self.spot },
            "attachment_ids": photos,
            "on_behalf_of": self.on_behalf_of.map(|name| json!({ "name": name })),
        })
    }

    /// Everybody whose phone may ring, who asked first.
    pub fn phones(&self) -> Vec<&'static str> {
        let mut phones = vec![self.requester];
        for (phone, _) in self.steps.iter().flat_map(|step| step.rings(self.requester)) {
            if !phones.contains(&phone) {
                phones.push(phone);
            }
        }
        phones
    }
}

impl Visit {
    fn body(&self, photos: &[Uuid]) -> Value {
        let attendees: Vec<_> = self.attendees.iter().map(|(who, side)| json!({ "who": who, "side": side })).collect();
        let said: Vec<_> = self.opinions.iter().map(|(who, said)| json!({ "who": who, "opinion": said })).collect();
        json!({
            "note": self.note,
            "attendees": attendees,
            "opinions": said,
            "plan": self.plan,
            "attachment_ids": photos,
        })
    }
}

impl Step {
    pub fn photos(&self) -> Photos {
        match &self.act {
            Act::Visit(Visit { photos, .. }) | Act::Complete { photos, .. } | Act::Resolve { photos, .. } => photos,
            Act::Accept { .. } | Act::Dispatch { .. } | Act::Sign | Act::Rate { .. } => &[],
        }
    }

    /// Whether the order shows that this was done, now or in an earlier run.
    pub fn is_done(&self, order: &Order, cast: &Cast) -> bool {
        let to = |openid| cast.partner(openid).and_then(|partner| order.dispatch_to(partner));
        match &self.act {
            Act::Accept { .. } => order.accepted_at.is_some(),
            Act::Dispatch { to: openid, .. } => to(openid).is_some(),
            Act::Sign => to(self.by).is_some_and(|dispatch| dispatch.status != "sent"),
            Act::Visit(_) => to(self.by).is_some_and(|dispatch| !dispatch.visits.is_empty()),
            Act::Complete { .. } => to(self.by).is_some_and(|dispatch| dispatch.status == "completed"),
            Act::Resolve { .. } => order.resolved_at.is_some(),
            Act::Rate { .. } => order.rating.is_some(),
        }
    }

    /// Which phones this will ring, with which message.
    pub fn rings(&self, requester: &'static str) -> Vec<(&'static str, &'static str)> {
        match &self.act {
            Act::Accept { .. } => vec![(requester, ACCEPTED)],
            Act::Dispatch { to, role: HandlerRole::Lead, .. } => vec![(requester, DISPATCHED), (to, DISPATCHED)],
            Act::Dispatch { to, role: HandlerRole::Co, .. } => vec![(to, DISPATCHED)],
            Act::Resolve { .. } => vec![(requester, RESOLVED)],
            Act::Sign | Act::Visit(_) | Act::Complete { .. } | Act::Rate { .. } => Vec::new(),
        }
    }

    /// Path and body; `None` where the dispatch that it is about does not exist.
    pub fn request(&self, order: &Order, cast: &Cast, photos: &[Uuid]) -> Option<(String, Value)> {
        let on_order = |action| format!("/orders/{}/{action}", order.id);
        let on_dispatch = |action| {
            let dispatch = order.dispatch_to(cast.partner(self.by)?)?;
            Some(format!("/dispatches/{}/{action}", dispatch.id))
        };
        Some(match &self.act {
            Act::Accept { note } => (on_order("accept"), json!({ "note": note })),
            Act::Dispatch { to, role, task } => {
                (on_order("dispatch"), json!({ "partner_id": cast.partner(to)?, "role": role, "task": task }))
            }
            Act::Sign => (on_dispatch("sign")?, json!({})),
            Act::Visit(visit) => (on_dispatch("visit")?, visit.body(photos)),
            Act::Complete { result, .. } => {
                (on_dispatch("complete")?, json!({ "result": result, "attachment_ids": photos }))
            }
            Act::Resolve { result, .. } => (on_order("resolve"), json!({ "result": result, "attachment_ids": photos })),
            Act::Rate { satisfaction, comment } => {
                (on_order("rate"), json!({ "solved": true, "satisfaction": satisfaction, "comment": comment }))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_in_a_story_is_there_and_does_what_they_may() {
        let cast = Cast::default();
        for story in STORIES {
            assert!(cast.find(story.requester).is_some(), "{}", story.requester);
            for step in story.steps {
                assert!(cast.find(step.by).is_some(), "{}", step.by);
                let handler = match &step.act {
                    Act::Dispatch { to, .. } => to,
                    Act::Sign | Act::Visit(_) | Act::Complete { .. } => step.by,
                    Act::Accept { .. } | Act::Resolve { .. } | Act::Rate { .. } => continue,
                };
                assert!(cast.partner(handler).is_some(), "{handler} works for nobody");
            }
        }
    }
}
