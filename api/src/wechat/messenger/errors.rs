//! What an error of a channel means for a message and for the account.

use chrono::{DateTime, TimeDelta, Utc};
use domain::deadline::{day_in_shanghai, start_of_day};
use domain::notice::Outcome;
use domain::ports::TellError;
use wechat_adapter::{Endpoint, ErrorClass, WechatError};

const AN_HOUR: TimeDelta = TimeDelta::hours(1);
const SOME_HOURS: TimeDelta = TimeDelta::hours(6);

/// How a message ended that was not taken by `endpoint`. `again`: it is sent again where it may have arrived, because the
/// channel knows it again or because to hear of it twice is the lesser harm.
pub(super) fn of_sending(error: &WechatError, endpoint: Endpoint, again: bool, now: DateTime<Utc>) -> TellError {
    let code = error.errcode();
    if error.is_unknown() {
        metrics::counter!("hgj_wechat_unknown_codes_total").increment(1);
        tracing::error!(%error, "wechat answered a code that no page describes");
    }
    if error.endpoint() != Some(endpoint) {
        return before_sending(error, now);
    }
    let may_have_arrived = error.outcome_unknown() || matches!(error, WechatError::Answer { .. });
    match error.class() {
        _ if may_have_arrived && !again => TellError::Ends(Outcome::Unconfirmed, code),
        _ if may_have_arrived => TellError::TryLater(code),
        ErrorClass::User if endpoint == Endpoint::SubscribeSend && code == Some(43101) => {
            TellError::Ends(Outcome::NoRight, code)
        }
        // Black-listed, or no messages wanted.
        ErrorClass::User if matches!(code, Some(43019 | 43101 | 48002)) => TellError::Ends(Outcome::Refused, code),
        ErrorClass::User => TellError::Ends(Outcome::InvalidRecipient, code),
        ErrorClass::Drop if code == Some(40003) => TellError::Ends(Outcome::InvalidRecipient, code),
        ErrorClass::Drop => TellError::Ends(Outcome::RejectedContent, code),
        ErrorClass::Bug => TellError::Ends(Outcome::OperatorNeeded, code),
        ErrorClass::Operator if code.is_some_and(is_of_one_template) => TellError::Ends(Outcome::OperatorNeeded, code),
        ErrorClass::Operator | ErrorClass::Quota | ErrorClass::Retry | ErrorClass::Transport | ErrorClass::Token => {
            before_sending(error, now)
        }
    }
}

/// Nothing was sent, and nothing is wrong with this message.
pub(super) fn before_sending(error: &WechatError, now: DateTime<Utc>) -> TellError {
    let code = error.errcode();
    match error.class() {
        // Too many to one person.
        ErrorClass::Quota if code == Some(43117) => TellError::NotBefore(now + SOME_HOURS, code),
        // A day's quota ends with the day.
        ErrorClass::Quota => TellError::Closed(start_of_day(day_in_shanghai(now + TimeDelta::days(1))), code),
        // The whole account: an address, a secret, a contract.
        ErrorClass::Operator => TellError::Closed(now + AN_HOUR, code),
        ErrorClass::Retry | ErrorClass::Transport | ErrorClass::Token => TellError::TryLater(code),
        ErrorClass::Drop | ErrorClass::Bug | ErrorClass::User => TellError::TryLater(code),
    }
}

/// Unknown, banned, or leading to a page that is not released: the account's other messages leave all the same.
fn is_of_one_template(code: i64) -> bool {
    matches!(code, 40036 | 40037 | 40066 | 40165 | 40249 | 41030 | 43107 | 43116)
}
