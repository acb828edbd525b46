//! Short secrets are guessed by trying: codes from a phone's app, invitation codes. Wrong tries cost growing pauses.

use chrono::{DateTime, TimeDelta, Utc};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// After a day without another try, earlier ones are forgotten. Longer than the longest pause.
pub const FORGET_ATTEMPTS_AFTER: TimeDelta = TimeDelta::hours(24);

/// What could be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Guessed {
    /// A code of somebody's second factor.
    SecondFactor,
    /// The code with which somebody joins the staff.
    InvitationCode,
}

impl Guessed {
    /// For people: 「验证码」.
    pub fn text(self) -> &'static str {
        match self {
            Self::SecondFactor => "验证码",
            Self::InvitationCode => "邀请码",
        }
    }
}

/// The wrong tries in a row of one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    pub failures: u32,
    /// Until then nothing is judged.
    pub locked_until: Option<DateTime<Utc>>,
    /// When the latest one was.
    pub at: DateTime<Utc>,
}

/// Whether a try may be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may. The try counts as a wrong one until it turns out to be right, so that many at once get no more tries
    /// than one after the other.
    Judge(Attempts),
    Locked {
        until: DateTime<Utc>,
    },
}

impl Attempts {
    /// One more try after `earlier` ones.
    pub fn admit(earlier: Option<Self>, now: DateTime<Utc>) -> Admission {
        let earlier = earlier.filter(|attempts| now < attempts.at + FORGET_ATTEMPTS_AFTER);
        let locked = earlier.and_then(|attempts| attempts.locked_until).filter(|until| now < *until);
        if let Some(until) = locked {
            return Admission::Locked { until };
        }
        let failures = earlier.map_or(0, |attempts| attempts.failures).saturating_add(1);
        Admission::Judge(Self { failures, locked_until: pause_after(failures).map(|pause| now + pause), at: now })
    }
}

/// How long nothing is judged after so many wrong tries in a row.
fn pause_after(failures: u32) -> Option<TimeDelta> {
    match failures {
        0..=4 => None,
        5 => Some(TimeDelta::minutes(1)),
        6 => Some(TimeDelta::minutes(5)),
        7 => Some(TimeDelta::minutes(15)),
        8.. => Some(TimeDelta::minutes(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> DateTime<Utc> {
        "2026-11-23T02:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn five_wrong_tries_lock_and_each_further_one_locks_longer() {
        let (mut earlier, mut now, mut pauses) = (None, start(), Vec::new());
        for _ in 0..10 {
            let Admission::Judge(attempts) = Attempts::admit(earlier, now) else { panic!("locked at {now}") };
            pauses.push(attempts.locked_until.map_or(0, |until| (until - now).num_minutes()));
            if let Some(until) = attempts.locked_until {
                let just_before = until - TimeDelta::milliseconds(1);
                assert_eq!(Attempts::admit(Some(attempts), just_before), Admission::Locked { until });
                now = until;
            }
            earlier = Some(attempts);
        }
        assert_eq!(pauses, [0, 0, 0, 0, 1, 5, 15, 60, 60, 60]);
    }

    #[test]
    fn what_is_long_ago_is_forgotten() {
        let old = Attempts { failures: 8, locked_until: None, at: start() };
        let judged = |now| match Attempts::admit(Some(old), now) {
            Admission::Judge(attempts) => attempts.failures,
            Admission::Locked { .. } => 0,
        };
        assert_eq!(judged(start() + FORGET_ATTEMPTS_AFTER - TimeDelta::milliseconds(1)), 9);
        assert_eq!(judged(start() + FORGET_ATTEMPTS_AFTER), 1);
    }
}
