//! Papers of a partner that have a last day, and when somebody is told of it.

use chrono::{NaiveDate, TimeDelta};

use super::Terms;

/// Enough for an office to renew one.
const AHEAD: TimeDelta = TimeDelta::days(30);
/// What the agreement is called, beside licences that have names of their own.
const AGREEMENT: &str = "共建协议";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// 「营业执照」
    pub kind: String,
    /// The last day on which it is valid.
    pub until: NaiveDate,
}

/// What is told of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaperNews {
    /// It ends in thirty days.
    NearEnd,
    /// This is its last day.
    Ends,
}

/// Which days of its papers a partner's people have heard of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaperClock {
    /// The next day on which there is something to tell; somebody may be late with it.
    pub due: Option<NaiveDate>,
    /// The last day on which something was told.
    pub told: Option<NaiveDate>,
}

impl Paper {
    fn days(&self) -> [(PaperNews, NaiveDate); 2] {
        let near = self.until.checked_sub_signed(AHEAD).unwrap_or(NaiveDate::MIN);
        [(PaperNews::NearEnd, near), (PaperNews::Ends, self.until)]
    }
}

impl Terms {
    fn papers(&self) -> impl Iterator<Item = Paper> {
        let dated = |(kind, until): (&str, NaiveDate)| Paper { kind: kind.to_owned(), until };
        let agreement = self.agreement.iter().map(|agreement| (AGREEMENT, agreement.until));
        let licences = self.licences.iter().filter_map(|licence| Some((licence.kind.as_str(), licence.valid_until?)));
        agreement.chain(licences).map(dated)
    }

    /// Papers that were written down today: what has its day today or later is told, also of one that was renewed. What was
    /// to be told before and was not stays due.
    pub fn clock_from(&self, before: PaperClock, today: NaiveDate) -> PaperClock {
        let is_settled = before.told.is_some_and(|told| told >= today);
        let from = match before.due.filter(|due| *due <= today) {
            Some(late) => Some(late),
            None if is_settled => today.succ_opt(),
            None => Some(today),
        };
        PaperClock { due: from.and_then(|from| self.next_paper_day(from)), ..before }
    }

    /// After everything up to today was told.
    pub fn clock_after(&self, today: NaiveDate) -> PaperClock {
        PaperClock { due: today.succ_opt().and_then(|next| self.next_paper_day(next)), told: Some(today) }
    }

    /// What is to be told today of days that began to be due at `since`; of each paper the latest. Nobody is told of a partner
    /// that has no work to lose.
    pub fn paper_news(&self, since: NaiveDate, today: NaiveDate) -> Vec<(PaperNews, Paper)> {
        if self.suspended.is_some() {
            return Vec::new();
        }
        let latest = |paper: Paper| {
            let due = paper.days().into_iter().filter(|(_, day)| (since..=today).contains(day)).max();
            due.map(|(news, _)| (news, paper))
        };
        self.papers().filter_map(latest).collect()
    }

    fn next_paper_day(&self, from: NaiveDate) -> Option<NaiveDate> {
        self.papers().flat_map(|paper| paper.days()).map(|(_, day)| day).filter(|day| *day >= from).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::{Agreement, Licence, Suspension};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn licensed(until: &[&str]) -> Terms {
        let licence =
            |until: &&str| Licence { kind: "营业执照".into(), number: "1".into(), valid_until: Some(day(until)) };
        Terms { licences: until.iter().map(licence).collect(), ..Terms::default() }
    }

    fn news(terms: &Terms, since: &str, today: &str) -> Vec<(PaperNews, String)> {
        let named = |(news, paper): (PaperNews, Paper)| (news, paper.kind);
        terms.paper_news(day(since), day(today)).into_iter().map(named).collect()
    }

    #[test]
    fn thirty_days_before_and_on_the_last_day() {
        let terms = licensed(&["2026-12-31"]);
        let first = terms.clock_from(PaperClock::default(), day("2026-11-23"));
        assert_eq!(first, PaperClock { due: Some(day("2026-12-01")), told: None });
        assert_eq!(news(&terms, "2026-12-01", "2026-12-01"), [(PaperNews::NearEnd, "营业执照".into())]);
        let second = terms.clock_after(day("2026-12-01"));
        assert_eq!(second.due, Some(day("2026-12-31")));
        assert_eq!(news(&terms, "2026-12-31", "2026-12-31"), [(PaperNews::Ends, "营业执照".into())]);
        assert_eq!(terms.clock_after(day("2026-12-31")).due, None);
        assert_eq!(news(&terms, "2026-12-01", "2027-01-02"), [(PaperNews::Ends, "营业执照".into())], "once, if late");
    }

    #[test]
    fn what_was_told_today_is_not_told_again_and_what_was_not_stays_due() {
        let terms = licensed(&["2026-12-31"]);
        let told = terms.clock_after(day("2026-12-01"));
        assert_eq!(terms.clock_from(told, day("2026-12-01")), told, "saved again on the same day");
        let late = terms.clock_from(PaperClock::default(), day("2026-11-23"));
        assert_eq!(terms.clock_from(late, day("2026-12-03")), late, "the worker slept for two days");
    }

    #[test]
    fn a_renewed_paper_begins_anew_and_an_old_one_is_not_told_of() {
        let told = licensed(&["2026-12-31"]).clock_after(day("2026-12-31"));
        let renewed = licensed(&["2027-12-31"]).clock_from(told, day("2027-01-05"));
        assert_eq!(renewed.due, Some(day("2027-12-01")));
        assert_eq!(licensed(&["2026-12-31"]).clock_from(PaperClock::default(), day("2027-01-05")).due, None);
        let soon = licensed(&["2026-12-31"]).clock_from(PaperClock::default(), day("2026-12-20"));
        assert_eq!(soon.due, Some(day("2026-12-31")), "thirty days before is over");
    }

    #[test]
    fn an_agreement_is_a_paper_and_a_suspended_partner_is_left_alone() {
        let agreement = Agreement { number: None, from: day("2026-01-01"), until: day("2026-12-31") };
        let terms = Terms { agreement: Some(agreement), ..licensed(&["2027-01-15"]) };
        assert_eq!(news(&terms, "2026-12-01", "2026-12-01"), [(PaperNews::NearEnd, AGREEMENT.into())]);
        let since = "2026-11-30T00:00:00Z".parse().expect("an instant");
        let suspended = Some(Suspension { since, reason: "整改".into() });
        assert_eq!(news(&Terms { suspended, ..terms }, "2026-12-01", "2026-12-01"), []);
    }
}
