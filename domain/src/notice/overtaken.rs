//! What happens to an order later may make untrue what was told of it: it is not sent any more, and nobody calls about it.

use chrono::{DateTime, Utc};
use strum::IntoEnumIterator;

use super::NoticeKind;
use crate::ids::PartnerId;

/// A notice of one order, as far as another one of the same order may overtake it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The version of the order that it is about.
    pub seq: i64,
    /// When it happened. What is done in a mediation leaves the order at its version.
    pub at: DateTime<Utc>,
    pub kind: NoticeKind,
    pub partner: Option<PartnerId>,
    /// Of a case, where it is about one meeting.
    pub session: Option<u8>,
}

impl Mark {
    /// Whether this one is not true any more after `later`.
    pub fn is_overtaken_by(self, later: Mark) -> bool {
        let Overtakers { of_its_partner, of_its_meeting, any } = overtakers(self.kind);
        let is_of_it = of_its_partner.contains(&later.kind) && later.partner == self.partner;
        let is_of_its_meeting = of_its_meeting.contains(&later.kind) && later.session == self.session;
        let is_later = (later.seq, later.at) > (self.seq, self.at);
        is_later && (is_of_it || is_of_its_meeting || any.contains(&later.kind))
    }
}

/// Kinds that overtake others, or are overtaken.
pub fn perishable() -> impl Iterator<Item = NoticeKind> {
    let overtakes = |kind: NoticeKind| {
        NoticeKind::iter()
            .map(overtakers)
            .flat_map(|by| [by.of_its_partner, by.of_its_meeting, by.any])
            .any(|by| by.contains(&kind))
    };
    let is_overtaken = |kind: NoticeKind| overtakers(kind) != Overtakers::NONE;
    NoticeKind::iter().filter(move |kind| overtakes(*kind) || is_overtaken(*kind))
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Overtakers {
    /// Where they are about the same handler.
    of_its_partner: &'static [NoticeKind],
    /// Where they are about the same meeting.
    of_its_meeting: &'static [NoticeKind],
    any: &'static [NoticeKind],
}

impl Overtakers {
    const NONE: Self = Self { of_its_partner: &[], of_its_meeting: &[], any: &[] };
}

/// The table.
fn overtakers(kind: NoticeKind) -> Overtakers {
    use NoticeKind::{
        Completed, MediationEnded, MeetingMoved, Merged, PapersMissing, QuoteAnswered, Quoted, Recalled, Refused,
        Reopened, Resolved, Returned, SeatMoved, VisitPlanned, Withdrawn,
    };
    let none = Overtakers::NONE;
    match kind {
        // Another time, or nobody comes any more.
        NoticeKind::VisitPlanned => Overtakers {
            of_its_partner: &[VisitPlanned, Recalled, Returned, Completed],
            any: &[Resolved, Withdrawn, Refused, Merged],
            ..none
        },
        // Another figure, an answer, or there is nothing to pay for any more.
        NoticeKind::Quoted => Overtakers {
            of_its_partner: &[Quoted, QuoteAnswered, Recalled, Returned, Completed],
            any: &[Resolved, Withdrawn, Refused, Merged],
            ..none
        },
        // Another time, or nobody meets any more.
        NoticeKind::Meeting | NoticeKind::MeetingMoved => {
            Overtakers { of_its_meeting: &[MeetingMoved], any: &[MediationEnded, Resolved, Withdrawn], ..none }
        }
        NoticeKind::Invited | NoticeKind::ConfirmNeeded => {
            Overtakers { any: &[MediationEnded, Resolved, Withdrawn], ..none }
        }
        // There is nothing left to take back.
        NoticeKind::OrderedForYou => Overtakers { any: &[Resolved, Withdrawn, Refused, Merged], ..none },
        // Another date, or none any more.
        NoticeKind::SeatFree | NoticeKind::SeatMoved => {
            Overtakers { any: &[SeatMoved, Resolved, Withdrawn, Refused, Merged], ..none }
        }
        NoticeKind::PapersMissing => Overtakers { any: &[PapersMissing, Resolved, Withdrawn, Refused, Merged], ..none },
        NoticeKind::Resolved => Overtakers { any: &[Reopened], ..none },
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
        | NoticeKind::FollowUpDue
        | NoticeKind::MediationEnded
        | NoticeKind::QuoteAnswered
        | NoticeKind::PaperNearEnd
        | NoticeKind::PaperEnds
        | NoticeKind::CampaignJoined
        | NoticeKind::MediatorChanged
        | NoticeKind::SeatNotFound => none,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn mark(seq: i64, kind: NoticeKind, partner: u128) -> Mark {
        let partner = (partner > 0).then(|| PartnerId(Uuid::from_u128(partner)));
        Mark { seq, at: DateTime::UNIX_EPOCH, kind, partner, session: None }
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
    fn a_meeting_is_off_when_it_is_moved_or_its_case_is_closed() {
        let told = |kind, session, minute| Mark {
            at: DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(minute),
            session,
            ..mark(5, kind, 0)
        };
        for kind in [NoticeKind::Meeting, NoticeKind::MeetingMoved] {
            let first = told(kind, Some(1), 10);
            assert!(first.is_overtaken_by(told(NoticeKind::MeetingMoved, Some(1), 11)), "{kind}");
            assert!(!first.is_overtaken_by(told(NoticeKind::MeetingMoved, Some(2), 11)), "another meeting: {kind}");
            assert!(!first.is_overtaken_by(told(NoticeKind::MeetingMoved, Some(1), 10)), "nothing overtakes itself");
            assert!(!first.is_overtaken_by(told(NoticeKind::MeetingMoved, Some(1), 9)), "an older word: {kind}");
            assert!(!first.is_overtaken_by(told(NoticeKind::Meeting, Some(2), 11)), "one more meeting: {kind}");
            assert!(first.is_overtaken_by(told(NoticeKind::MediationEnded, None, 11)), "{kind}");
            assert!(!first.is_overtaken_by(told(NoticeKind::MediationEnded, None, 9)), "a case before this one");
            assert!(first.is_overtaken_by(mark(6, NoticeKind::Withdrawn, 0)), "{kind}");
        }
    }

    #[test]
    fn a_quote_waits_for_one_answer() {
        let quoted = mark(5, NoticeKind::Quoted, 1);
        for kind in [NoticeKind::Quoted, NoticeKind::QuoteAnswered, NoticeKind::Recalled] {
            assert!(quoted.is_overtaken_by(mark(6, kind, 1)) && !quoted.is_overtaken_by(mark(6, kind, 2)), "{kind}");
        }
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
