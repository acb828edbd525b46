use std::fmt::Write;

use strum::IntoEnumIterator;

use super::*;
use crate::order::Fen;

/// What stands in the inbox, and what is said on the telephone.
#[test]
fn every_notice_is_a_sentence() {
    let at = "2026-11-24T09:00:00+08:00".parse().expect("an instant");
    let mut table = String::new();
    for kind in NoticeKind::iter() {
        for side in Side::iter() {
            let facts = match kind {
                NoticeKind::VisitPlanned => Some(Facts::VisitAt { at }),
                NoticeKind::SeatFree | NoticeKind::SeatNotFound | NoticeKind::SeatMoved => {
                    Some(Facts::MeetingAt { at, session: None })
                }
                NoticeKind::Quoted => Some(Facts::Quote { total: Fen(1_250) }),
                NoticeKind::QuoteAnswered => Some(Facts::QuoteAnswer { agreed: false }),
                NoticeKind::PaperNearEnd | NoticeKind::PaperEnds => {
                    let until = "2026-12-31".parse().expect("a day");
                    Some(Facts::Paper { kind: "营业执照".into(), until })
                }
                NoticeKind::CampaignJoined => {
                    let (title, community) = ("敲门入户送安全".into(), "西苑社区".into());
                    Some(Facts::Campaign { title, community, from: "2026-11-23".parse().expect("a day") })
                }
                NoticeKind::Digest => Some(Facts::Desk { waiting: 3, open: 12, overdue: 1 }),
                _ => None,
            };
            let (service, partner) = ("公共设施报修", Some("红色物业西苑管理科"));
            let said = words(&Subject { kind, side, service, sealed: false, partner, facts: facts.as_ref(), count: 1 });
            let _ = writeln!(table, "{kind:<15} {side:<8} {}  {}", said.title, said.sentence());
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_sealed_matter_has_no_name() {
    let subject = Subject {
        kind: NoticeKind::Resolved,
        side: Side::Resident,
        service: "邻里纠纷调解",
        sealed: true,
        partner: None,
        facts: None,
        count: 1,
    };
    assert_eq!(words(&subject).sentence(), "社区事项：请评价办理结果。");
}
