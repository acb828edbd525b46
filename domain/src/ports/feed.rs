use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::{CommunityId, DispatchId, OrderId, PartnerId, PersonId, PlaceId};
use crate::order::EventKind;
use crate::ports::{InboxItem, StoreError};

/// One thing that somebody may want to know at once. Positions grow in the order in which they can be read: whoever has
/// seen one has seen all before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    pub position: i64,
    pub what: Occurrence,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occurrence {
    Changed(OrderChange),
    Told(InboxItem),
}

/// An order changed, with what decides who may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderChange {
    pub order: OrderId,
    /// The order's version after it.
    pub version: i64,
    pub kind: EventKind,
    pub at: DateTime<Utc>,
    /// Where it was made on a dispatch.
    pub dispatch: Option<DispatchId>,
    /// Whose dispatch that is.
    pub partner: Option<PartnerId>,
    pub community: CommunityId,
    pub compound: Option<PlaceId>,
    pub grid: Option<PlaceId>,
    pub sealed: bool,
    pub requester: PersonId,
    pub beneficiary: Option<PersonId>,
    pub about_partner: Option<PartnerId>,
    /// To whom the order is entrusted now.
    pub mediator: Option<PersonId>,
    /// The parties of its mediation, other than whoever asked for it: the order is not for them.
    pub other_parties: Vec<PersonId>,
    /// Of a change that ended the work: the partners that hold a live dispatch of the order, or held one until this very
    /// change. Nobody of any other.
    pub partners: Vec<PartnerId>,
}

impl OrderChange {
    /// Placed by this person, or for this person.
    pub fn is_for(&self, person: PersonId) -> bool {
        self.requester == person || self.beneficiary == Some(person)
    }
}

/// What happened from one position to another, with nothing left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Exclusive.
    pub after: i64,
    /// Inclusive.
    pub until: i64,
    /// Oldest first.
    pub items: Vec<Happened>,
    /// More lies beyond `until`.
    pub goes_on: bool,
}

/// How far the feed reaches back, and how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Everything after this position is still kept.
    pub kept_since: i64,
    /// The position of the latest occurrence; 0 before the first.
    pub head: i64,
}

/// Whoever missed more than this reads the lists anew: that is quicker than hearing of each change.
pub const MOST_MISSED: i64 = 50_000;

impl Extent {
    /// Whether somebody who knows everything up to `position` can be told exactly what came after it.
    pub fn leads_on_from(self, position: i64) -> bool {
        (self.kept_since..=self.head).contains(&position) && self.head - position <= MOST_MISSED
    }
}

#[async_trait]
pub trait FeedStore: Send + Sync {
    async fn extent(&self) -> Result<Extent, StoreError>;

    /// Up to `limit` occurrences after `after`. Whether all of them were still kept is asked afterwards, with
    /// [`extent`](Self::extent).
    async fn since(&self, after: i64, limit: u16) -> Result<Stretch, StoreError>;

    /// Deletes changes of before `before`; says how many.
    async fn sweep_feed(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_too_far_behind_or_never_was_leads_nowhere() {
        let young = Extent { kept_since: 10, head: 20 };
        assert_eq!([9, 10, 20, 21].map(|at| young.leads_on_from(at)), [false, true, true, false]);
        let old = Extent { kept_since: 0, head: MOST_MISSED + 1 };
        assert_eq!([0, 1].map(|at| old.leads_on_from(at)), [false, true]);
        assert!(Extent { kept_since: 0, head: 0 }.leads_on_from(0), "before the first");
    }
}
