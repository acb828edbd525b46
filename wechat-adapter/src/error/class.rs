//! WeChat's numbers, sorted by what to do about them.
//!
//! Global list: <https://developers.weixin.qq.com/doc/oplatform/developers/errCode/>;
//! each capability's page adds its own rows.

use strum::Display;

use crate::endpoint::Endpoint;

/// What a failure asks of whoever sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display)]
#[strum(serialize_all = "snake_case")]
pub enum ErrorClass {
    /// WeChat is busy or the minute is full: back off, then repeat.
    Retry,
    /// The access token was refused, and so was its replacement.
    Token,
    /// Final for this request; unknown numbers end here too.
    Drop,
    /// Our request is wrong: developers must hear of it.
    Bug,
    /// The person's own state: a spent code, no right to send, a block.
    User,
    /// Somebody must act in WeChat's console.
    Operator,
    /// Stop this call until the quota's window resets.
    Quota,
    /// The network or the token store, not WeChat's judgement.
    Transport,
}

impl ErrorClass {
    /// The class of `errcode` when `endpoint` answers it.
    #[must_use]
    pub const fn of(endpoint: Endpoint, errcode: i64) -> Self {
        match (endpoint, errcode) {
            // Asking for a token carries none: here 40001 means a wrong secret.
            (Endpoint::StableToken, 40001) => Self::Operator,
            (_, errcode) => Self::of_errcode(errcode),
        }
    }

    const fn of_errcode(errcode: i64) -> Self {
        match errcode {
            // busy; concurrent sends to one person; per-second and per-minute limits
            -1 | 20001 | 200_001 | 43108 | 44990 | 44991 | 45011 => Self::Retry,

            40001 | 40014 | 42001 => Self::Token,

            // grant type, media type, \u escapes, arguments, scene
            40002 | 40004 | 40033 | 40097 | 40129 | 40159 | 40169 => Self::Bug,
            // token, appid, secret or code missing; wrong method; body empty or not JSON
            41001 | 41002 | 41004 | 41008 | 43001 | 43002 | 44002 | 47001 => Self::Bug,
            // openid of another app; retired call; quota and signature arguments
            43104 | 45103 | 45109 | 76021 | 76022 | 85096 | 87008 | 89300 => Self::Bug,
            // template library: parameters, account type, HTTP shape
            404 | 20002 | 40400 | 200_002 | 200_014 | 200_016..=200_022 | 200_100 => Self::Bug,

            // code invalid or used, risky person, not a follower, not subscribed
            40029 | 40163 | 40226 | 43004 | 43101 => Self::User,
            // silent for two hours; session key gone or outdated
            61010 | 87007 | 87009 => Self::User,

            // appid, secret, template id, page not released, API signature, frozen secret
            40013 | 40036 | 40037 | 40066 | 40125 | 40165 | 41030 => Self::Operator,
            40230..=40240 | 40243 | 40249 => Self::Operator,
            // caller's IP, or the admin's consent to it
            40164 | 61004 | 89501 | 89503 | 89506 | 89507 => Self::Operator,
            // banned capability, template or account; permanent totals used up
            43107 | 43116 | 45029 | 48001 | 48004 | 48006 => Self::Operator,
            50002 | 50004 | 50007 | 89002 | 200_011..=200_013 => Self::Operator,

            // too often to one person; daily limits
            43117 | 44993 | 45009 => Self::Quota,

            // openid unknown, sensitive word, value against its rule, risky content
            40003 | 45168 | 47003 | 87014 => Self::Drop,
            _ => Self::Drop,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_class() {
        let table: &[(ErrorClass, &[i64])] = &[
            (ErrorClass::Retry, &[-1, 43108, 44990, 45011, 200_001]),
            (ErrorClass::Token, &[40001, 40014, 42001]),
            (ErrorClass::Bug, &[40002, 41001, 41008, 43002, 44002, 45103, 47001, 200_018]),
            (ErrorClass::User, &[40029, 40163, 40226, 43101, 87009]),
            (ErrorClass::Operator, &[40013, 40037, 40125, 40164, 40235, 40243, 41030, 43107, 48001, 89503, 200_012]),
            (ErrorClass::Quota, &[43117, 44993, 45009]),
            (ErrorClass::Drop, &[40003, 45168, 47003, 87014]),
        ];
        for (class, errcodes) in table {
            for errcode in *errcodes {
                assert_eq!(ErrorClass::of(Endpoint::SubscribeSend, *errcode), *class, "{errcode}");
            }
        }
    }

    #[test]
    fn an_unknown_number_is_never_repeated() {
        assert_eq!(ErrorClass::of(Endpoint::SubscribeSend, 9_410_009), ErrorClass::Drop);
    }

    #[test]
    fn a_wrong_secret_is_not_an_old_token() {
        assert_eq!(ErrorClass::of(Endpoint::StableToken, 40001), ErrorClass::Operator);
    }
}
