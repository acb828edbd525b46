//! Who follows the service account, and who they are in the mini-program.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html>

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::client::{Request, ServiceAccount};
use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// A person as the service account sees them. WeChat gives neither name nor
/// picture; of somebody who does not follow it gives the openid alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Follower {
    pub subscribed: bool,
    /// The person within this service account: not the mini-program's openid.
    pub openid: String,
    /// The person across an Open Platform account, to which both accounts must
    /// be bound: what the two openids of a person are joined by.
    pub unionid: Option<String>,
    pub subscribed_at: Option<DateTime<Utc>>,
    /// How they came, such as `ADD_SCENE_QR_CODE`.
    pub scene: Option<String>,
    /// The text of the code that they scanned.
    pub code_text: Option<String>,
    pub tags: Vec<i64>,
}

/// The person stays out of logs.
impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follower").field("subscribed", &self.subscribed).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct FollowerAnswer {
    subscribe: u8,
    openid: String,
    unionid: Option<String>,
    /// Seconds since 1970.
    subscribe_time: Option<i64>,
    subscribe_scene: Option<String>,
    qr_scene_str: Option<String>,
    #[serde(default)]
    tagid_list: Vec<i64>,
}

impl From<FollowerAnswer> for Follower {
    fn from(answer: FollowerAnswer) -> Self {
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self {
            subscribed: answer.subscribe == 1,
            openid: answer.openid,
            unionid: said(answer.unionid),
            subscribed_at: answer.subscribe_time.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
            scene: said(answer.subscribe_scene),
            code_text: said(answer.qr_scene_str),
            tags: answer.tagid_list,
        }
    }
}

impl ServiceAccount {
    /// Looks a person up by their openid in this service account.
    ///
    /// # Errors
    /// `Drop` for 40003: an openid of another account, or a unionid.
    pub async fn follower(&self, openid: &str) -> Result<Follower, WechatError> {
        let request = Request::get(Endpoint::FollowerInfo).query("openid", openid).query("lang", "zh_CN").hide(openid);
        let answer: FollowerAnswer = self.account.call(&request).await?;
        Ok(answer.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(answer: &str) -> Follower {
        serde_json::from_str::<FollowerAnswer>(answer).unwrap().into()
    }

    #[test]
    fn a_follower_has_a_unionid_and_a_date() {
        let follower = read(
            r#"{"subscribe":1,"openid":"os1","unionid":"u1","subscribe_time":1434093047,"remark":"",
                "subscribe_scene":"ADD_SCENE_QR_CODE","qr_scene":98765,"qr_scene_str":"","tagid_list":[128,2]}"#,
        );
        assert!(follower.subscribed);
        assert_eq!(follower.unionid.as_deref(), Some("u1"));
        assert_eq!(follower.subscribed_at, DateTime::from_timestamp(1_434_093_047, 0));
        assert_eq!(follower.scene.as_deref(), Some("ADD_SCENE_QR_CODE"));
        assert_eq!((follower.code_text.clone(), follower.tags.clone()), (None, vec![128, 2]));
        assert_eq!(format!("{follower:?}"), "Follower { subscribed: true, .. }");
    }

    #[test]
    fn of_a_stranger_only_the_openid_is_known() {
        let stranger = read(r#"{"subscribe":0,"openid":"os2"}"#);
        assert!(!stranger.subscribed);
        assert_eq!((stranger.unionid, stranger.subscribed_at), (None, None));
    }
}
