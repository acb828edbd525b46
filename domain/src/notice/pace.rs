//! When a message may leave: not at night, not too often, not for ever.

use chrono::{DateTime, NaiveTime, TimeDelta, Timelike, Utc};

use super::Importance;
use crate::deadline::{day_in_shanghai, in_shanghai, start_of_day};
use crate::ids::DeliveryId;

/// Tries within about two hours; with the pauses' random part and a closed night, four at most by day.
pub const MAX_ATTEMPTS: u32 = 8;
/// The first pause; each one after it is twice as long.
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(1);
/// A channel that stays closed for so long does not open in time for a notice.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::days(3);
/// Equal notices to one person within so long become one message.
pub const FOLD_WINDOW: TimeDelta = TimeDelta::minutes(5);

/// Hours in Shanghai between which nobody's phone rings for what can wait.
const NIGHT: u32 = 22;
const MORNING: u32 = 7;

/// Whether nobody's phone rings at this instant but for danger.
pub fn is_quiet(at: DateTime<Utc>) -> bool {
    !(MORNING..NIGHT).contains(&in_shanghai(at).hour())
}

/// The earliest instant from `at` on that does not lie in the quiet hours.
pub fn after_quiet_hours(importance: Importance, at: DateTime<Utc>) -> DateTime<Utc> {
    if importance == Importance::Urgent || !is_quiet(at) {
        return at;
    }
    let day = day_in_shanghai(at);
    let day = if in_shanghai(at).hour() >= NIGHT { day.succ_opt().unwrap_or(day) } else { day };
    let morning = NaiveTime::from_hms_opt(MORNING, 0, 0).unwrap_or_default();
    start_of_day(day) + (morning - NaiveTime::MIN)
}

/// 1, 2, 4 … minutes, each shortened by up to a fifth that differs from delivery to delivery: those that failed together
/// do not come back together.
pub fn next_try(attempts: u32, id: DeliveryId, importance: Importance, now: DateTime<Utc>) -> DateTime<Utc> {
    let pause = FIRST_PAUSE * 2i32.saturating_pow(attempts.saturating_sub(1).min(MAX_ATTEMPTS));
    // The last bytes of an id are random.
    let share = i32::from(*id.0.as_bytes().last().unwrap_or(&0));
    after_quiet_hours(importance, now + pause - pause * share / (255 * 5))
}

/// When a foldable message may leave, given when the last equal one to the same person left or will leave.
pub fn fold_until(last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    match last {
        Some(waits) if waits > now => waits,
        Some(left) => (left + FOLD_WINDOW).max(now),
        None => now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn the_night_is_quiet_but_for_danger() {
        let quiet = |text: &str| in_shanghai(after_quiet_hours(Importance::Important, at(text))).to_rfc3339();
        assert_eq!(quiet("2026-11-23T21:59:59+08:00"), "2026-11-23T21:59:59+08:00");
        assert_eq!(quiet("2026-11-23T22:00:00+08:00"), "2026-11-24T07:00:00+08:00");
        assert_eq!(quiet("2026-11-24T03:00:00+08:00"), "2026-11-24T07:00:00+08:00");
        assert_eq!(quiet("2026-11-24T07:00:00+08:00"), "2026-11-24T07:00:00+08:00");
        let night = at("2026-11-23T23:00:00+08:00");
        assert!(
            is_quiet(night) && is_quiet(at("2026-11-23T06:59:59+08:00")) && !is_quiet(at("2026-11-23T07:00:00+08:00"))
        );
        assert_eq!(after_quiet_hours(Importance::Urgent, night), night);
    }

    #[test]
    fn eight_tries_fit_into_four_hours_and_do_not_march_in_step() {
        let start = at("2026-11-23T10:00:00+08:00");
        let id = |last: u8| DeliveryId(Uuid::from_u128(u128::from(last)));
        let end = |id| (1..MAX_ATTEMPTS).fold(start, |now, tries| next_try(tries, id, Importance::Ordinary, now));
        for last in [0, 100, 255] {
            let took = end(id(last)) - start;
            assert!((TimeDelta::minutes(100)..TimeDelta::hours(4)).contains(&took), "{took}");
        }
        assert_ne!(end(id(0)), end(id(255)));
    }

    #[test]
    fn the_first_goes_at_once_and_the_next_wait_together() {
        let now = at("2026-11-23T10:00:00+08:00");
        assert_eq!(fold_until(None, now), now);
        let second = fold_until(Some(now), now + TimeDelta::seconds(20));
        assert_eq!(second, now + FOLD_WINDOW);
        assert_eq!(fold_until(Some(second), now + TimeDelta::seconds(40)), second);
        assert_eq!(fold_until(Some(now), now + TimeDelta::hours(1)), now + TimeDelta::hours(1));
    }
}
