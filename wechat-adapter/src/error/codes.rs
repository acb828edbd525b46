//! WeChat's numbers, sorted by what to do about them.
//!
//! Global list: <https://developers.weixin.qq.com/doc/oplatform/developers/errCode/>;
//! each capability's page adds its own rows. WeCom's own list:
//! <https://developer.work.weixin.qq.com/document/path/90313>.

use super::ErrorClass::{self, Bug, Drop, Operator, Quota, Retry, Token, User};
use crate::endpoint::Endpoint;

/// Numbers that mean one thing.
pub(super) struct Row {
    pub(super) errcodes: &'static [i64],
    pub(super) class: ErrorClass,
    pub(super) meaning: &'static str,
}

const fn row(errcodes: &'static [i64], class: ErrorClass, meaning: &'static str) -> Row {
    Row { errcodes, class, meaning }
}

/// What each number means wherever [`ON_ONE_CALL`] does not say otherwise.
pub(super) const EVERYWHERE: &[Row] = &[
    row(&[-1, 20001, 200_001], Retry, "WeChat is busy"),
    row(&[43108], Retry, "another message to this person is under way"),
    row(&[44990], Retry, "too many calls this second"),
    row(&[44991, 45011], Retry, "too many calls this minute"),
    row(&[61081], Retry, "too many risk look-ups"),
    row(&[40001], Token, "the access token is invalid or not the latest"),
    row(&[40014], Token, "this is no access token"),
    row(&[42001], Token, "the access token has expired"),
    row(&[40002], Bug, "unknown grant_type"),
    row(&[40004], Bug, "unknown media type"),
    row(&[40008], Bug, "unknown message type"),
    row(&[40033], Bug, "the body has \\u escapes instead of UTF-8"),
    row(&[40039], Bug, "the URL is too long"),
    row(&[40097], Bug, "a parameter is wrong"),
    row(&[40129], Bug, "the scene is unknown, or has characters that it must not have"),
    row(&[40159, 40212], Bug, "the path or the query of the code or link is wrong"),
    row(&[40169], Bug, "the scene is too long, or the body is not JSON"),
    row(&[41001], Bug, "the access token is missing"),
    row(&[41002], Bug, "the app id is missing"),
    row(&[41004], Bug, "the app's secret is missing"),
    row(&[41008], Bug, "the code is missing"),
    row(&[43001], Bug, "this call wants GET"),
    row(&[43002], Bug, "this call wants POST"),
    row(&[43104], Bug, "the openid is another app's"),
    row(&[44002], Bug, "the body is empty"),
    row(&[45103, 45109], Bug, "this call was retired, or is not for this kind of account"),
    row(&[47001], Bug, "the body is not JSON"),
    row(&[76021], Bug, "this path has no quota"),
    row(&[76022], Bug, "the quota is another account's"),
    row(&[85096], Bug, "the scene uses a reserved name"),
    row(&[85401], Bug, "the link's expiry is out of bounds"),
    row(&[87008], Bug, "unknown way of signing"),
    row(&[89300], Bug, "no such order"),
    row(&[404, 40400], Bug, "this is not how the template library is called"),
    row(
        &[20002, 200_002, 200_014, 200_015, 200_016, 200_017, 200_018, 200_019, 200_020, 200_021, 200_022],
        Bug,
        "a parameter of the template library is wrong",
    ),
    row(&[200_100], Bug, "the template library is not for this kind of account"),
    row(&[40029], User, "the code is wrong or has expired"),
    row(&[40163], User, "the code was used already"),
    row(&[40226], User, "WeChat holds this person for a risk"),
    row(&[43004], User, "this person does not follow the account"),
    row(&[43019], User, "the account has blocked this person"),
    row(&[43101], User, "this person has given no right to send, or has used it up"),
    row(&[48002], User, "this person refuses the account's messages"),
    row(&[61010], User, "this person has not opened the mini-program for two hours"),
    row(&[81013], User, "none of the receivers exists, or none may be reached"),
    row(&[87007, 87009], User, "the session key is gone or was replaced"),
    row(&[40013], Operator, "the app id is wrong, or not linked with this account"),
    row(&[40036, 40037], Operator, "this account has no such template"),
    row(&[40066, 40165, 41030, 85079], Operator, "the page is not in the released version"),
    row(&[40125], Operator, "the app's secret is wrong"),
    row(&[40164, 60020, 61004], Operator, "this server's address is not among those allowed"),
    row(
        &[40230, 40231, 40232, 40233, 40234, 40235, 40236, 40237, 40238, 40239, 40240],
        Operator,
        "the console demands signed requests",
    ),
    row(&[40243], Operator, "the app's secret is frozen"),
    row(&[40247], Operator, "templates of this old kind can no longer be added"),
    row(&[40249], Operator, "the template was used for marketing"),
    row(&[43107, 43116, 200_013], Operator, "the template, or subscribe messages as such, are banned"),
    row(&[45029], Operator, "all codes of this kind are used up, for ever"),
    row(&[48001], Operator, "the account has no permission for this call"),
    row(&[48004], Operator, "the call was banned for this account"),
    row(&[48006], Operator, "the quota was reset too often this month"),
    row(&[50002, 50004, 50007, 200_011], Operator, "the account is limited, frozen or banned"),
    row(&[89002], Operator, "the account is not bound to an Open Platform account"),
    row(&[89501, 89503], Operator, "the account's administrator must confirm this server's address"),
    row(&[89506, 89507], Operator, "the administrator has refused this server's address for some hours"),
    row(&[200_012], Operator, "the account has as many templates as it may have"),
    row(&[43117], Quota, "too many messages to this person"),
    row(&[44993, 45009, 85406], Quota, "the daily limit of this call is reached"),
    row(&[40003], Drop, "this account knows no such openid"),
    row(&[45168], Drop, "a value has a word that WeChat does not let pass"),
    row(&[47003], Drop, "a value breaks its keyword's rule"),
    row(&[87014], Drop, "the content is risky"),
    row(&[87020], Drop, "this file was checked too often"),
];

/// A number that one call uses in another sense.
pub(super) struct Exception {
    pub(super) endpoint: Endpoint,
    pub(super) row: Row,
}

const fn on(endpoint: Endpoint, errcodes: &'static [i64], class: ErrorClass, meaning: &'static str) -> Exception {
    Exception { endpoint, row: row(errcodes, class, meaning) }
}

pub(super) const ON_ONE_CALL: &[Exception] = &[
    // Asking for a token carries none.
    on(Endpoint::StableToken, &[40001], Operator, "the app's secret is wrong"),
    // UNVERIFIED for WeCom, by analogy.
    on(Endpoint::WecomToken, &[40001], Operator, "the app's secret is wrong"),
    // An author's openid comes from our own login, so a foreign one is our mistake.
    on(Endpoint::TextCheck, &[40003], Bug, "the author's openid is another app's"),
    on(Endpoint::MediaCheck, &[40003], Bug, "the author's openid is another app's"),
    on(Endpoint::WecomToken, &[48002], Operator, "the app has no permission for this call"),
    on(Endpoint::WecomMessage, &[48002], Operator, "the app has no permission for this call"),
    on(Endpoint::WecomRobot, &[48002], Operator, "the robot has no permission for this call"),
];

/// What `errcode` means when `endpoint` answers it, if anybody knows.
// Slices are taken apart instead of iterated over because this runs in constants, too.
pub(super) const fn find(endpoint: Endpoint, errcode: i64) -> Option<&'static Row> {
    let mut exceptions = ON_ONE_CALL;
    while let [exception, rest @ ..] = exceptions {
        if exception.endpoint as u8 == endpoint as u8 && has(exception.row.errcodes, errcode) {
            return Some(&exception.row);
        }
        exceptions = rest;
    }
    let mut rows = EVERYWHERE;
    while let [row, rest @ ..] = rows {
        if has(row.errcodes, errcode) {
            return Some(row);
        }
        rows = rest;
    }
    None
}

const fn has(mut errcodes: &[i64], wanted: i64) -> bool {
    while let [errcode, rest @ ..] = errcodes {
        if *errcode == wanted {
            return true;
        }
        errcodes = rest;
    }
    false
}

#[cfg(test)]
#[path = "codes_tests.rs"]
mod tests;
