//! What happens to an order later may make untrue what was told of it: it is not sent any more, and nobody calls about it.

use strum::IntoEnumIterator;

use super::NoticeKind;
use crate::ids::PartnerId;

/// A notice of one order, as far as another one of the same order may overtake it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The version of the order that it is about.
    pub seq: i64,
    pub kind: NoticeKind,
    pub partner: Option<PartnerId>,
}

impl Mark {
    /// Whether this one is not true any more after `later`.
    pub fn is_overtaken_by(self, later: Mark) -> bool {
        let Overtakers { of_its_partner, any } = overtakers(self.kind);
        let is_of_it = of_its_partner.contains(&later.kind) && later.partner == self.partner;
        later.seq > self.seq && (is_of_it || any.contains(&later.kind))
    }
}

/// Kinds that overtake others, or are overtaken.
pub fn perishable() -> impl Iterator<Item = NoticeKind> {
    let overtakes = |kind: NoticeKind| {
        NoticeKind::iter().map(overtakers).any(|by| by.of_its_partner.contains(&kind) || by.any.contains(&kind))
    };
    let is_overtaken = |kind: NoticeKind| overtakers(kind) != Overtakers::NONE;
    NoticeKind::iter().filter(move |kind| overtakes(*kind) || is_overtaken(*kind))
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Overtakers {
    /// Where they are about the same handler.
    of_its_partner: &'static [NoticeKind],
    any: &'static [NoticeKind],
}

impl Overtakers {
    const NONE: Self = Self { of_its_partner: &[], any: &[] };
}

/// The table.
fn overtakers(kind: NoticeKind) -> Overtakers {
    use NoticeKind::{
        Completed, Merged, PapersMissing, Recalled, Refused, Reopened, Resolved, Returned, VisitPlanned, Withdrawn,
    };
    match kind {
        // Another time, or nobody comes any more.
        NoticeKind::VisitPlanned => Overtakers {
            of_its_partner: &[VisitPlanned, Recalled, Returned, Completed],
            any: &[Resolved, Withdrawn, Refused, Merged],
        },
        // There is nothing left to take back.
        NoticeKind::OrderedForYou => Overtakers { of_its_partner: &[], any: &[Resolved, Withdrawn, Refused, Merged] },
        NoticeKind::SeatFree => Overtakers { of_its_partner: &[], any: &[Resolved, Withdrawn, Refused, Merged] },
        NoticeKind::PapersMissing => {
            Overtakers { of_its_partner: &[], any: &[PapersMissing, Resolved, Withdrawn, Refused, Merged] }
        }
        NoticeKind::Resolved => Overtakers { of_its_partner: &[], any: &[Reopened] },
        NoticeKind::Received
        | NoticeKind::Accepted
        | NoticeKind::Refused
        | NoticeKind::Dispatched
        | NoticeKind::Merged
        | NoticeKind::Reopened
        | NoticeKind::Comment
        | NoticeKind::NewOrder
        | NoticeKind::Alarm
        | NoticeKind::Returned
        | NoticeKind::Completed
        | NoticeKind::Withdrawn
        | NoticeKind::Urged
        | NoticeKind::NearDue
        | NoticeKind::Overdue
        | NoticeKind::Recalled
        | NoticeKind::Reworked
        | NoticeKind::TargetEnded
        | NoticeKind::CallNeeded
        | NoticeKind::Digest
        | NoticeKind::Entrusted
        | NoticeKind::Invited
        | NoticeKind::Meeting
        | NoticeKind::MeetingMoved
        | NoticeKind::ConfirmNeeded
        | NoticeKind::FollowUpDue
        | NoticeKind::SeatNotFound => Overtakers::NONE,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn mark(seq: i64, kind: NoticeKind, partner: u128) -> Mark {
        Mark { seq, kind, partner: (partner > 0).then(|| PartnerId(Uuid::from_u128(partner))) }
    }

    #[test]
    fn a_visit_is_off_when_its_handler_or_the_whole_order_is() {
        let visit = mark(5, NoticeKind::VisitPlanned, 1);
        for kind in [NoticeKind::VisitPlanned, NoticeKind::Recalled, NoticeKind::Returned] {
            assert!(visit.is_overtaken_by(mark(6, kind, 1)), "{kind}");
            assert!(!visit.is_overtaken_by(mark(6, kind, 2)), "another handler comes all the same: {kind}");
            assert!(!visit.is_overtaken_by(mark(5, kind, 1)), "nothing overtakes itself: {kind}");
        }
        for kind in [NoticeKind::Withdrawn, NoticeKind::Resolved] {
            assert!(visit.is_overtaken_by(mark(6, kind, 0)) && !visit.is_overtaken_by(mark(4, kind, 0)), "{kind}");
        }
        assert!(!visit.is_overtaken_by(mark(6, NoticeKind::Comment, 1)));
    }

    #[test]
    fn an_end_stands_until_the_order_is_reopened() {
        let resolved = mark(5, NoticeKind::Resolved, 0);
        assert!(resolved.is_overtaken_by(mark(6, NoticeKind::Reopened, 0)));
        assert!(!resolved.is_overtaken_by(mark(6, NoticeKind::Comment, 0)));
        assert!(!mark(5, NoticeKind::Refused, 0).is_overtaken_by(mark(6, NoticeKind::Comment, 0)), "that is for good");
    }

    #[test]
    fn most_kinds_have_nothing_to_do_with_it() {
        let kinds: Vec<_> = perishable().collect();
        assert!(kinds.contains(&NoticeKind::VisitPlanned) && kinds.contains(&NoticeKind::Withdrawn));
        assert!(!kinds.contains(&NoticeKind::NewOrder) && !kinds.contains(&NoticeKind::Received));
    }
}
