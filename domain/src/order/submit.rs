use chrono::{DateTime, Utc};

use crate::advice::Advice;
use crate::deadline::Due;
use crate::ids::{CommunityId, OrderId, PersonId};
use crate::order::{Content, Event, Happening, Order, ReplayError};
use crate::people::Hat;
use crate::place::Located;
use crate::service::Terms;

/// Everything a new order starts from.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    pub id: OrderId,
    pub number: String,
    pub community: CommunityId,
    pub service_key: String,
    pub terms: Terms,
    pub requester: PersonId,
    pub sealed: bool,
    pub advice: Advice,
    pub content: Content,
    pub due: Due,
    pub located: Option<Located>,
    pub hat: Hat,
}

/// Places an order: the first event and what it makes.
pub fn submit(s: Submission, now: DateTime<Utc>) -> Result<(Order, Event), ReplayError> {
    let what = Happening::Submitted {
        number: s.number,
        community: s.community,
        service_key: s.service_key,
        terms: Box::new(s.terms),
        sealed: s.sealed,
        advice: s.advice,
        content: s.content,
        due: s.due,
        located: s.located,
    };
    let event = Event { order: s.id, seq: 1, at: now, by: s.requester, hat: s.hat, what };
    Order::from_submission(&event).map(|order| (order, event))
}
