//! The stories, as data. What the people say is invented; what happens is what the community reported.

mod certificate;
mod fire_risk;
mod haircut;
mod insurance;
mod kerb;
mod quarrel;
mod shop;
mod tap;

use domain::order::{HandlerRole, VisitSide};
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::Order;
use super::cast::Cast;
use super::picture::Picture;

pub const STORIES: &[&Story] = &[
    &kerb::STORY,
    &fire_risk::STORY,
    &haircut::STORY,
    &certificate::STORY,
    &insurance::STORY,
    &shop::STORY,
    &tap::STORY,
    &quarrel::STORY,
];

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
    pub on_behalf_of: Option<Whom>,
    /// Answers to the service's form.
    pub form: Words,
    /// Tried first, and refused.
    pub refused: Option<Refused>,
    /// Where the service comes at a date.
    pub dates: Option<Dates>,
    pub photos: &'static [Picture],
    pub steps: &'static [Step],
}

/// Names and what they stand for.
pub type Words = &'static [(&'static str, &'static str)];

/// A story with nothing of its own.
pub const PLAIN: Story = Story {
    title: "",
    opening: "",
    requester: "",
    service_key: "",
    description: "",
    compound: "",
    spot: "",
    on_behalf_of: None,
    form: &[],
    refused: None,
    dates: None,
    photos: &[],
    steps: &[],
};

/// For whom somebody orders.
#[derive(Clone, Copy)]
pub enum Whom {
    Named(&'static str),
    /// Somebody with a phone of their own, who agrees first.
    Account(&'static str),
}

/// The same order with other answers, which the community does not take.
pub struct Refused {
    pub form: Words,
    /// The code of the refusal.
    pub code: &'static str,
}

/// Who opens the dates of the coming week, and who serves.
pub struct Dates {
    pub by: &'static str,
    /// Somebody of the partner; the community itself where it is nobody.
    pub server: Option<&'static str>,
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

/// Something beside the order: a campaign's door, a meeting of neighbours. In path and body, `{order}` is the order,
/// `{dispatch}` the last dispatch of somebody who called, `{me:openid}` somebody's id, `{partner:openid}` the partner that
/// somebody works for, `{photo}` the picture, `{n}` which time it is, `{tomorrow}` a day; and whatever an earlier call kept.
pub struct Call {
    /// What a reader should know of it.
    pub said: &'static str,
    pub path: &'static str,
    pub body: &'static str,
    /// Under which name the answer's id is kept.
    pub keeps: &'static str,
    /// How often it is done, from 1 on.
    pub times: u32,
    pub photo: Option<Picture>,
}

impl Call {
    pub const ONCE: Self = Self { said: "", path: "", body: "{}", keeps: "", times: 1, photo: None };
}

pub enum Act {
    Call(Call),
    Check { missing: &'static [&'static str], note: &'static str },
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
    pub fn order(&self, community: Uuid, photos: &[Uuid], slot: Option<Uuid>, whom: Option<Value>) -> Value {
        json!({
            "community_id": community,
            "service_key": self.service_key,
            "title": self.title,
            "description": self.description,
            "place": { "compound": self.compound, "detail": self.spot },
            "attachment_ids": photos,
            "on_behalf_of": whom,
            "form": answers(self.form),
            "slot_id": slot,
        })
    }

    /// The body of the order that is refused.
    pub fn refused_order(&self, community: Uuid, refused: &Refused) -> Value {
        let mut order = self.order(community, &[], None, None);
        if let Some(form) = order.get_mut("form") {
            *form = answers(refused.form);
        }
        order
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

fn answers(form: Words) -> Value {
    if form.is_empty() {
        return Value::Null;
    }
    form.iter()
        .map(|(name, answer)| ((*name).to_owned(), Value::from(*answer)))
        .collect::<serde_json::Map<_, _>>()
        .into()
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
            Act::Call(_)
            | Act::Check { .. }
            | Act::Accept { .. }
            | Act::Dispatch { .. }
            | Act::Sign
            | Act::Rate { .. } => &[],
        }
    }

    /// Whether the order shows that this was done, now or in an earlier run.
    pub fn is_done(&self, order: &Order, cast: &Cast) -> bool {
        let to = |openid| cast.partner(openid).and_then(|partner| order.dispatch_to(partner));
        let papers = order.papers.as_deref().unwrap_or_default();
        match &self.act {
            // The server gives the same answer to the same question; when all is over, nobody asks.
            Act::Call(_) => order.resolved_at.is_some(),
            Act::Check { missing: [], .. } => papers.iter().all(|paper| paper.state == "seen"),
            Act::Check { .. } => papers.iter().any(|paper| paper.state != "needed"),
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
            Act::Call(_) | Act::Check { .. } | Act::Sign | Act::Visit(_) | Act::Complete { .. } | Act::Rate { .. } => {
                Vec::new()
            }
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
            Act::Call(_) => return None,
            Act::Check { missing, note } => (on_order("check"), json!({ "missing": missing, "note": note })),
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
                    Act::Call(_) | Act::Check { .. } | Act::Accept { .. } | Act::Resolve { .. } | Act::Rate { .. } => {
                        continue;
                    }
                };
                assert!(cast.partner(handler).is_some(), "{handler} works for nobody");
            }
        }
    }
}
