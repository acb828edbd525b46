use std::collections::HashMap;
use std::time::Duration;

use crate::api::verdict::Suggest;
use crate::endpoint::Endpoint;

/// What of WeChat's behaviour a test may want to be different.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Instead of WeChat's own numbers, [`CallLimit::of`].
    pub limits: HashMap<Endpoint, CallLimit>,
    /// How long a send takes, in real time. A second one to the same openid
    /// meanwhile is refused with 43108. Zero: sends never meet.
    pub send_moment: Duration,
    /// The verdict on media whose URL bears no marker. None: it stays pending
    /// until [`judge`](super::SandboxState::judge) speaks.
    pub unmarked_media: Option<Suggest>,
}

impl Rules {
    pub(super) fn limit(&self, endpoint: Endpoint) -> CallLimit {
        self.limits.get(&endpoint).copied().unwrap_or(CallLimit::of(endpoint))
    }
}

/// The calls that one app id may make. Those that the limit itself refused are
/// not counted.
///
/// UNVERIFIED: whether they count at WeChat, and that the windows begin with
/// the clock's minute and Beijing's day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallLimit {
    pub per_second: Option<u32>,
    pub per_minute: Option<u32>,
    pub per_hour: Option<u32>,
    pub per_day: Option<u32>,
}

impl CallLimit {
    pub const NONE: Self = Self { per_second: None, per_minute: None, per_hour: None, per_day: None };

    #[must_use]
    pub const fn minute(calls: u32) -> Self {
        Self { per_minute: Some(calls), ..Self::NONE }
    }

    #[must_use]
    pub const fn day(calls: u32) -> Self {
        Self { per_day: Some(calls), ..Self::NONE }
    }

    /// What the pages of the single calls print. Where they print nothing,
    /// the sandbox sets no limit.
    #[must_use]
    pub const fn of(endpoint: Endpoint) -> Self {
        match endpoint {
            // Per person, not per app id.
            Endpoint::CodeToSession => Self::minute(100),
            Endpoint::StableToken => Self::both(10_000, 500_000),
            // Without the payment capability.
            Endpoint::SubscribeSend => Self::day(10_000_000),
            Endpoint::ServiceTemplateSend => Self::day(100_000),
            Endpoint::TextCheck => Self::both(4_000, 2_000_000),
            Endpoint::MediaCheck => Self::both(2_000, 200_000),
            Endpoint::UnlimitedCode => Self::minute(5_000),
            Endpoint::UrlLink => Self { per_second: Some(100), ..Self::day(500_000) },
            // UNVERIFIED: that "other APIs" of the frequency page includes these two.
            Endpoint::WecomToken | Endpoint::WecomMessage => Self { per_hour: Some(150_000), ..Self::minute(10_000) },
            // Per robot.
            Endpoint::WecomRobot => Self::minute(20),
            Endpoint::PhoneNumber
            | Endpoint::TemplateList
            | Endpoint::TemplateCategories
            | Endpoint::TemplateTitles
            | Endpoint::TemplateKeywords
            | Endpoint::TemplateAdd
            | Endpoint::TemplateDelete
            | Endpoint::Quota
            | Endpoint::FollowerInfo => Self::NONE,
        }
    }

    const fn both(minute: u32, day: u32) -> Self {
        Self { per_minute: Some(minute), ..Self::day(day) }
    }

    pub(super) const fn within(self, window: Window) -> Option<u32> {
        match window {
            Window::Second => self.per_second,
            Window::Minute => self.per_minute,
            Window::Hour => self.per_hour,
            Window::Day => self.per_day,
        }
    }
}

/// What a limit counts over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::EnumIter)]
pub(super) enum Window {
    Second,
    Minute,
    Hour,
    Day,
}

impl Window {
    /// The refusal once the window is full.
    pub(super) const fn errcode(self, endpoint: Endpoint) -> i64 {
        match (self, endpoint) {
            (Self::Second, _) => 44990,
            (Self::Minute, Endpoint::TextCheck | Endpoint::MediaCheck) => 44991,
            // UNVERIFIED: WeCom names no code for a robot's full minute.
            (Self::Minute, Endpoint::WecomRobot) => 45009,
            (Self::Minute, _) => 45011,
            // WeCom's alone.
            (Self::Hour, _) => 45009,
            (Self::Day, Endpoint::UrlLink) => 44993,
            (Self::Day, _) => 45009,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_full_window_has_its_code() {
        let table = [
            (Window::Second, Endpoint::UrlLink, 44990),
            (Window::Minute, Endpoint::UnlimitedCode, 45011),
            (Window::Minute, Endpoint::MediaCheck, 44991),
            (Window::Minute, Endpoint::WecomRobot, 45009),
            (Window::Hour, Endpoint::WecomMessage, 45009),
            (Window::Day, Endpoint::UrlLink, 44993),
            (Window::Day, Endpoint::SubscribeSend, 45009),
        ];
        for (window, endpoint, errcode) in table {
            assert_eq!(window.errcode(endpoint), errcode, "{window:?} {endpoint}");
        }
    }
}
