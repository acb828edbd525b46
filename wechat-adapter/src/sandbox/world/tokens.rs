use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::BEIJING;
use crate::sandbox::chance;

const LIFE: TimeDelta = TimeDelta::seconds(7200);
/// In the last minutes of a token the next one is made; both work meanwhile.
const OVERLAP: TimeDelta = TimeDelta::minutes(5);
const FORCED_APART: TimeDelta = TimeDelta::seconds(30);
const FORCED_PER_DAY: usize = 20;

/// The access tokens of one app.
#[derive(Default)]
pub(crate) struct TokenLedger {
    /// Expired ones stay, to tell 42001 from 40001.
    issued: Vec<Issued>,
    forced_at: Vec<DateTime<Utc>>,
}

struct Issued {
    value: String,
    expires_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenState {
    Valid,
    Expired,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ForcedTooOften;

impl TokenLedger {
    /// The current token and its remaining seconds.
    pub(crate) fn normal(&mut self, now: DateTime<Utc>) -> (String, i64) {
        if let Some(token) = self.issued.last()
            && token.expires_at - now > OVERLAP
        {
            return (token.value.clone(), (token.expires_at - now).num_seconds());
        }
        self.issue(now)
    }

    /// A new token that kills the others at once, unless the last forcing was
    /// less than thirty seconds ago.
    pub(crate) fn forced(&mut self, now: DateTime<Utc>) -> Result<(String, i64), ForcedTooOften> {
        if let Some(last) = self.forced_at.last()
            && now - *last < FORCED_APART
        {
            return Ok(self.normal(now));
        }
        // UNVERIFIED: that the day is Beijing's.
        let day = |at: &DateTime<Utc>| at.with_timezone(&BEIJING).date_naive();
        self.forced_at.retain(|at| day(at) == day(&now));
        if self.forced_at.len() >= FORCED_PER_DAY {
            return Err(ForcedTooOften);
        }
        self.forced_at.push(now);
        self.issued.clear();
        Ok(self.issue(now))
    }

    pub(crate) fn state_of(&self, value: &str, now: DateTime<Utc>) -> TokenState {
        match self.issued.iter().find(|token| token.value == value) {
            Some(token) if now < token.expires_at => TokenState::Valid,
            Some(_) => TokenState::Expired,
            None => TokenState::Unknown,
        }
    }

    /// Lets `value` be too old from `now` on.
    pub(crate) fn expire(&mut self, value: &str, now: DateTime<Utc>) {
        for token in self.issued.iter_mut().filter(|token| token.value == value) {
            token.expires_at = token.expires_at.min(now);
        }
    }

    pub(crate) fn revoke_all(&mut self) {
        self.issued.clear();
    }

    fn issue(&mut self, now: DateTime<Utc>) -> (String, i64) {
        // Real tokens are long: a column that is too short should show early.
        let value: String = (0..5).map(|_| chance::digits()).collect();
        self.issued.push(Issued { value: value.clone(), expires_at: now + LIFE });
        (value, LIFE.num_seconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn after(seconds: i64) -> DateTime<Utc> {
        START + TimeDelta::seconds(seconds)
    }

    #[test]
    fn normal_mode_repeats_the_token_until_its_last_five_minutes() {
        let mut ledger = TokenLedger::default();
        let (first, _) = ledger.normal(START);
        assert_eq!(ledger.normal(after(6000)), (first.clone(), 1200));

        let (second, life) = ledger.normal(after(6900));
        assert_ne!(first, second);
        assert_eq!(life, 7200);
        assert_eq!(ledger.state_of(&first, after(6900)), TokenState::Valid);
        assert_eq!(ledger.state_of(&first, after(7200)), TokenState::Expired);
    }

    #[test]
    fn forcing_kills_the_others_but_not_within_thirty_seconds() {
        let mut ledger = TokenLedger::default();
        let (first, _) = ledger.normal(START);
        let (second, _) = ledger.forced(START).unwrap();
        assert_eq!(ledger.state_of(&first, START), TokenState::Unknown);
        assert_eq!(ledger.forced(after(29)).unwrap().0, second);
        assert_ne!(ledger.forced(after(30)).unwrap().0, second);
    }

    #[test]
    fn forcing_is_rationed_by_the_day() {
        let mut ledger = TokenLedger::default();
        for turn in 0..20 {
            assert!(ledger.forced(after(turn * 30)).is_ok());
        }
        assert_eq!(ledger.forced(after(600)), Err(ForcedTooOften));
        assert!(ledger.forced(after(24 * 3600)).is_ok());
    }
}
