use std::borrow::Cow;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use domain::ports::Slice;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;

use super::explain;
use crate::problem::{Code, Problem};

/// Query parameters; unknown and unreadable ones are refused.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(parse(request.query_string()).map(Query))
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let parameters = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(parameters).map_err(|e| {
        let detail = explain::parameter(&e.path().to_string(), &e.inner().to_string());
        Problem::new(Code::BadRequest, detail).because(e.into_inner())
    })
}

const DEFAULT_LIMIT: u16 = 20;
const MAX_LIMIT: u16 = 100;

/// How many rows a page has: 1 to 100.
#[derive(Clone, Copy)]
pub struct Limit(u16);

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
        limit.map(Limit).ok_or_else(|| D::Error::custom("应在 1 到 100 之间"))
    }
}

/// Where in a list, and how much of it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    pub cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    #[param(value_type = Option<u16>)]
    pub limit: Option<Limit>,
}

/// The place in a list where the next page starts. Opaque to clients.
pub struct Cursor;

impl Cursor {
    /// One row more than asked for is read, to know whether a next page exists.
    pub fn slice<Id: FromStr>(cursor: Option<&str>, limit: Option<Limit>) -> Result<Slice<Id>, Problem> {
        let before = cursor.map(str::parse).transpose();
        let before = before.map_err(|_| Problem::new(Code::BadRequest, "cursor 不对，请用上一页返回的 next_cursor"))?;
        let Limit(limit) = limit.unwrap_or(Limit(DEFAULT_LIMIT));
        Ok(Slice { before, limit: limit + 1 })
    }

    /// Cuts the extra row off and says where the next page starts.
    pub fn cut<T>(slice: Slice<impl Sized>, mut rows: Vec<T>, id: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
        let wanted = usize::from(slice.limit.saturating_sub(1));
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        let next = rows.last().filter(|_| more).map(id);
        (rows, next)
    }
}

#[cfg(test)]
mod tests {
    use domain::notice::{Channel, DeliveryState};
    use uuid::Uuid;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only refusals are looked at")]
    struct Wanted {
        #[serde(default)]
        unread: bool,
        order_id: Option<Uuid>,
        channel: Option<Channel>,
        state: Option<DeliveryState>,
        since: Option<chrono::DateTime<chrono::FixedOffset>>,
        wait: Option<u16>,
    }

    #[derive(Deserialize)]
    struct Signed {
        #[expect(dead_code, reason = "it is missing")]
        signature: String,
    }

    fn refused<T: DeserializeOwned>(query: &str) -> String {
        match parse::<T>(query) {
            Ok(_) => panic!("{query} was taken"),
            Err(problem) => problem.detail,
        }
    }

    #[test]
    fn each_parameter_is_named_with_what_it_may_be() {
        let wanted = refused::<Wanted>;
        assert_eq!(wanted("unread=yes"), "网址参数 unread 只能填 true 或 false");
        assert_eq!(wanted("order_id=zz"), "网址参数 order_id 应为编号，例如 019ab1f0-6c1e-7c3b-9f0a-3a1f5b0c2d4e");
        assert_eq!(
            wanted("channel=pigeon"),
            "网址参数 channel 不能填「pigeon」，只能是：inbox, subscribe, service_account, wecom, call"
        );
        let state = wanted("state=lost");
        assert!(state.starts_with("网址参数 state 不能填「lost」，只能是：queued, sending, delivered, "), "{state}");
        assert_eq!(
            wanted("since=yesterday"),
            "网址参数 since 应为日期或时间，例如 2026-11-23 或 2026-11-23T08:00:00+08:00"
        );
        for number in ["ten", "-1", "99999", ""] {
            assert_eq!(wanted(&format!("wait={number}")), "网址参数 wait 应为整数，且不能太大");
        }
        assert_eq!(wanted("wait=1&wait=2"), "网址参数 wait 只能填一次");
        assert_eq!(wanted("colour=red"), "没有网址参数 colour，只能有：unread, order_id, channel, state, since, wait");
        assert_eq!(refused::<Signed>(""), "缺少网址参数 signature");
        for limit in ["0", "101", "99999", "-1", "ten"] {
            assert_eq!(refused::<PageQuery>(&format!("limit={limit}")), "网址参数 limit 应在 1 到 100 之间");
        }
        assert!(parse::<PageQuery>("limit=100&cursor=x").is_ok());
    }
}
