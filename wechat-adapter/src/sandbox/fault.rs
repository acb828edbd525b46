use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, HttpResponseBuilder};

use super::misbehaviour::Harm;
use super::wechat::Refusal;
use crate::endpoint::Endpoint;

/// A scripted failure of one WeChat call. Several on the same call play in
/// the order they were added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub(super) endpoint: Endpoint,
    pub(super) errcode: Option<i64>,
    pub(super) http_status: Option<u16>,
    pub(super) garbage: bool,
    pub(super) harm: Option<Harm>,
    /// Before anything is done. Real time: a slow WeChat is slow for the
    /// caller's timer as well.
    pub(super) delay: Option<Duration>,
    /// After it is done.
    pub(super) answer_delay: Option<Duration>,
    /// How many calls it still spoils.
    pub(super) times: u32,
}

impl Fault {
    const fn on(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            errcode: None,
            http_status: None,
            garbage: false,
            harm: None,
            delay: None,
            answer_delay: None,
            times: 1,
        }
    }

    /// The next call is refused with `errcode`.
    #[must_use]
    pub const fn errcode(endpoint: Endpoint, errcode: i64) -> Self {
        let mut fault = Self::on(endpoint);
        fault.errcode = Some(errcode);
        fault
    }

    /// The next call gets this HTTP status and an empty body.
    #[must_use]
    pub const fn http_status(endpoint: Endpoint, status: u16) -> Self {
        let mut fault = Self::on(endpoint);
        fault.http_status = Some(status);
        fault
    }

    /// The next call gets a web page where JSON belongs.
    #[must_use]
    pub const fn garbage(endpoint: Endpoint) -> Self {
        let mut fault = Self::on(endpoint);
        fault.garbage = true;
        fault
    }

    /// The next call hangs this long, and only then is done and truly
    /// answered: also for a caller who gave up meanwhile.
    #[must_use]
    pub const fn delay(endpoint: Endpoint, delay: Duration) -> Self {
        Self::on(endpoint).after(delay)
    }

    /// The next call is done at once and truly, but its answer waits this
    /// long: beyond the caller's patience the outcome is unknown.
    #[must_use]
    pub const fn late_answer(endpoint: Endpoint, delay: Duration) -> Self {
        let mut fault = Self::on(endpoint);
        fault.answer_delay = Some(delay);
        fault
    }

    /// The next call is done, then the connection is cut: the message is on
    /// the phone and the caller cannot know. The same as [`Harm::CutAfter`].
    #[must_use]
    pub const fn lost_answer(endpoint: Endpoint) -> Self {
        Self::harm(endpoint, Harm::CutAfter)
    }

    /// The next call suffers `harm`.
    #[must_use]
    pub const fn harm(endpoint: Endpoint, harm: Harm) -> Self {
        let mut fault = Self::on(endpoint);
        fault.harm = Some(harm);
        fault
    }

    /// Hangs this long first, and then spoils the call.
    #[must_use]
    pub const fn after(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// Spoils the next `times` calls instead of one.
    #[must_use]
    pub const fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// The false answer, or none if the fault only delays the true one.
    pub(super) fn response(&self) -> Option<HttpResponse> {
        let status = self.http_status.and_then(|status| StatusCode::from_u16(status).ok());
        let mut response = HttpResponse::build(status.unwrap_or(StatusCode::OK));
        if self.garbage {
            return Some(web_page(response));
        }
        if let Some(errcode) = self.errcode {
            let refusal = Refusal::new(errcode, "scripted failure");
            return Some(response.json(refusal.into_json()));
        }
        status.map(|_| response.finish())
    }
}

/// What a gateway shows when WeChat behind it does not answer.
pub(super) fn web_page(mut response: HttpResponseBuilder) -> HttpResponse {
    response.content_type("text/html").body("<html><body>Bad Gateway</body></html>")
}
