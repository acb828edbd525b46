//! What is told to whom. A notice is a row before it is a message.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{CommunityId, PartnerId, PersonId};
use crate::order::{Event, HandlerRole, Happening, Order};

/// What is told. The words are made where the message is sent; they name the service, never the resident's text.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum NoticeKind {
    Accepted,
    Dispatched,
    Resolved,
    /// Somebody ordered for the person, who may take it back.
    OrderedForYou,
    /// Somebody may be in danger.
    Alarm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "to", content = "id")]
pub enum Audience {
    Person(PersonId),
    /// Everybody who works for the partner.
    Partner(PartnerId),
    /// Those on duty in the community: its clerks and its secretary, of sealed matters the secretary alone.
    Desk(CommunityId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    pub kind: NoticeKind,
    pub audience: Audience,
    /// The handler, where the notice is about a dispatch.
    pub partner: Option<PartnerId>,
}

/// The table: event → notices.
pub fn notices_for(event: &Event, order: &Order) -> Vec<Notice> {
    let requester = Audience::Person(order.requester);
    match &event.what {
        Happening::Accepted { .. } => vec![Notice { kind: NoticeKind::Accepted, audience: requester, partner: None }],
        // A right to one message is precious: the resident hears who leads, not who helps.
        Happening::Dispatched { dispatch } => match dispatch.role {
            HandlerRole::Lead => vec![requester, Audience::Partner(dispatch.partner)],
            HandlerRole::Co => vec![Audience::Partner(dispatch.partner)],
        }
        .into_iter()
        .map(|audience| Notice { kind: NoticeKind::Dispatched, audience, partner: Some(dispatch.partner) })
        .collect(),
        Happening::Resolved { .. } => std::iter::once(order.requester)
            .chain(order.followers.iter().copied())
            .map(|p| Notice { kind: NoticeKind::Resolved, audience: Audience::Person(p), partner: None })
            .collect(),
        Happening::Submitted { advice, community, .. } => {
            let alarm = Notice { kind: NoticeKind::Alarm, audience: Audience::Desk(*community), partner: None };
            let whom = order.beneficiary().filter(|whom| *whom != order.requester).map(Audience::Person);
            let told = whom.map(|audience| Notice { kind: NoticeKind::OrderedForYou, audience, partner: None });
            advice.emergency.map(|_| alarm).into_iter().chain(told).collect()
        }
        Happening::Refused { .. }
        | Happening::Withdrawn { .. }
        | Happening::Merged { .. }
        | Happening::Absorbed { .. }
        | Happening::Signed { .. }
        | Happening::Returned { .. }
        | Happening::Visited { .. }
        | Happening::Completed { .. }
        | Happening::Recalled { .. }
        | Happening::Reworked { .. }
        | Happening::Rated { .. }
        | Happening::Reopened { .. }
        | Happening::Urged
        | Happening::Commented { .. }
        | Happening::Unshared => Vec::new(),
    }
}
