//! The phone number that a person shares with the quick-fill button.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/phone-number/api_getphonenumber.html>

use std::fmt;

use serde::Deserialize;
use serde_json::json;

use crate::client::{MiniProgram, Request, text_or_number};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

const MAINLAND: &str = "86";

/// A number that WeChat has seen verified once; not a proof for today.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber {
    /// With the country code if the number is foreign.
    pub number: String,
    /// Without any country code.
    pub pure_number: String,
    /// Digits, such as `86`.
    pub country_code: String,
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhoneNumber").finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct PhoneAnswer {
    phone_info: PhoneInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PhoneInfo {
    phone_number: String,
    pure_phone_number: String,
    /// A string today, a number in older samples.
    #[serde(default, deserialize_with = "text_or_number")]
    country_code: Option<String>,
    watermark: Watermark,
}

#[derive(Deserialize)]
struct Watermark {
    appid: String,
}

impl MiniProgram {
    /// Exchanges the button's code, which is not the login code. The openid
    /// makes WeChat check that the code is this person's.
    ///
    /// # Errors
    /// Class `User` asks the person to press the button again. What WeChat
    /// answers when openid and code do not match is not documented: treat any
    /// class but `Retry` and `Transport` as a refusal.
    pub async fn phone_number(&self, code: &str, openid: &str) -> Result<PhoneNumber, WechatError> {
        let body = json!({ "code": code, "openid": openid });
        let request = Request::post(Endpoint::PhoneNumber, body).hide(code).hide(openid);
        let answer: PhoneAnswer = self.account.call(&request).await?;
        self.checked(answer.phone_info)
    }

    fn checked(&self, info: PhoneInfo) -> Result<PhoneNumber, WechatError> {
        if info.watermark.appid != self.config.app_id {
            return Err(WechatError::Answer {
                endpoint: Endpoint::PhoneNumber,
                problem: "the watermark names another app",
            });
        }
        Ok(PhoneNumber {
            number: info.phone_number,
            pure_number: info.pure_phone_number,
            country_code: info.country_code.unwrap_or_else(|| MAINLAND.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Config, MemoryTokenStore};

    fn read(country_code: &str, appid: &str) -> Result<PhoneNumber, WechatError> {
        let info = format!(
            r#"{{"phoneNumber":"13800000001","purePhoneNumber":"13800000001",
                "countryCode":{country_code},"watermark":{{"timestamp":1,"appid":"{appid}"}}}}"#
        );
        let config = Config { base_url: "https://api.weixin.qq.com".into(), app_id: "wx1".into(), secret: "s".into() };
        let store = Arc::new(MemoryTokenStore::default());
        MiniProgram::new(config, store).unwrap().checked(serde_json::from_str(&info).unwrap())
    }

    #[test]
    fn the_country_code_may_be_text_or_a_number() {
        for printed in [r#""86""#, "86"] {
            assert_eq!(read(printed, "wx1").unwrap().country_code, "86");
        }
    }

    #[test]
    fn a_number_stamped_for_another_app_is_refused() {
        assert!(matches!(read("86", "wx2").unwrap_err(), WechatError::Answer { .. }));
    }
}
