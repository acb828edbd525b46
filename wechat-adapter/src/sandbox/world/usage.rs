use std::collections::HashMap;

use chrono::{DateTime, Datelike, Utc};
use strum::IntoEnumIterator;

use crate::clock::BEIJING;
use crate::endpoint::Endpoint;
use crate::sandbox::rules::{CallLimit, Window};

/// How many calls were let through, by whoever the limit counts (an app id, a
/// person, a robot), call and window.
#[derive(Default)]
pub(crate) struct Usage(HashMap<(String, Endpoint, Window), Counted>);

#[derive(Clone, Copy, Default)]
struct Counted {
    /// Which second, minute or day it is.
    turn: i64,
    calls: u32,
}

impl Usage {
    /// Counts one call, or names the window that is full.
    pub(crate) fn count(
        &mut self,
        who: &str,
        endpoint: Endpoint,
        limit: CallLimit,
        now: DateTime<Utc>,
    ) -> Result<(), Window> {
        for window in Window::iter() {
            if limit.within(window).is_some_and(|most| self.calls(who, endpoint, window, now) >= most) {
                return Err(window);
            }
        }
        // The day is counted without a limit, too: quotas are asked for.
        let counted = |window: &Window| *window == Window::Day || limit.within(*window).is_some();
        for window in Window::iter().filter(counted) {
            let calls = self.calls(who, endpoint, window, now).saturating_add(1);
            self.0.insert((who.to_owned(), endpoint, window), Counted { turn: turn(window, now), calls });
        }
        Ok(())
    }

    pub(crate) fn calls(&self, who: &str, endpoint: Endpoint, window: Window, now: DateTime<Utc>) -> u32 {
        let counted = self.0.get(&(who.to_owned(), endpoint, window)).copied().unwrap_or_default();
        if counted.turn == turn(window, now) { counted.calls } else { 0 }
    }
}

fn turn(window: Window, now: DateTime<Utc>) -> i64 {
    match window {
        Window::Second => now.timestamp(),
        Window::Minute => now.timestamp() / 60,
        Window::Hour => now.timestamp() / 3600,
        Window::Day => now.with_timezone(&BEIJING).num_days_from_ce().into(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_full_window_refuses_until_the_next_begins() {
        let mut usage = Usage::default();
        let noon = DateTime::UNIX_EPOCH;
        let limit = CallLimit { per_minute: Some(2), ..CallLimit::day(3) };
        let mut count = |seconds| {
            let now = noon + TimeDelta::seconds(seconds);
            usage.count("wx1", Endpoint::TextCheck, limit, now)
        };
        assert_eq!((count(0), count(1), count(2)), (Ok(()), Ok(()), Err(Window::Minute)));
        assert_eq!((count(60), count(120)), (Ok(()), Err(Window::Day)));
        // Beijing's day ends at 16:00 UTC.
        assert_eq!((count(16 * 3600 - 1), count(16 * 3600)), (Err(Window::Day), Ok(())));
    }

    #[test]
    fn an_hour_is_a_window_of_its_own() {
        let mut usage = Usage::default();
        let limit = CallLimit { per_hour: Some(1), ..CallLimit::NONE };
        let mut count = |seconds| {
            let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
            usage.count("zhao", Endpoint::WecomMessage, limit, now)
        };
        assert_eq!((count(0), count(3599), count(3600)), (Ok(()), Err(Window::Hour), Ok(())));
    }

    #[test]
    fn nobody_uses_up_anothers_limit() {
        let mut usage = Usage::default();
        let now = DateTime::UNIX_EPOCH;
        assert!(usage.count("wx1", Endpoint::UrlLink, CallLimit::minute(1), now).is_ok());
        assert!(usage.count("wx2", Endpoint::UrlLink, CallLimit::minute(1), now).is_ok());
        assert!(usage.count("wx1", Endpoint::UnlimitedCode, CallLimit::minute(1), now).is_ok());
        assert!(usage.count("wx1", Endpoint::UrlLink, CallLimit::minute(1), now).is_err());
    }
}
