use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};

/// Where "now" comes from; tests hand in a clock that they move themselves.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The machine's own clock.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place of this crate that asks the machine for the time")]
pub fn system_clock() -> Clock {
    Arc::new(Utc::now)
}

/// WeChat counts its days, and people read their times, in Beijing time,
/// which has known no daylight saving since 1991.
pub(crate) const BEIJING: FixedOffset = match FixedOffset::east_opt(8 * 3600) {
    Some(offset) => offset,
    None => unreachable!(),
};
