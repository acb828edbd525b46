use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use domain::ports::Slice;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::problem::{Code, Problem};

/// Query parameters; unknown and unreadable ones are refused.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parsed = actix_web::web::Query::<T>::from_query(request.query_string());
        std::future::ready(parsed.map(|q| Query(q.into_inner())).map_err(|e| {
            let detail = format!("网址参数有误，请检查：{}", name_in(&e.to_string()));
            Problem::new(Code::BadRequest, detail).because(e)
        }))
    }
}

fn name_in(message: &str) -> String {
    message.split('`').nth(1).unwrap_or("类型不对").to_owned()
}

const DEFAULT_LIMIT: u16 = 20;
const MAX_LIMIT: u16 = 100;

/// Where in a list, and how much of it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    pub cursor: Option<String>,
    /// 1 to 100; 20 where it is left out.
    pub limit: Option<u16>,
}

/// The place in a list where the next page starts. Opaque to clients.
pub struct Cursor;

impl Cursor {
    /// One row more than asked for is read, to know whether a next page exists.
    pub fn slice<Id: FromStr>(cursor: Option<&str>, limit: Option<u16>) -> Result<Slice<Id>, Problem> {
        let before = cursor.map(str::parse).transpose();
        let before = before.map_err(|_| Problem::new(Code::BadRequest, "cursor 不对，请用上一页返回的 next_cursor"))?;
        match limit.unwrap_or(DEFAULT_LIMIT) {
            limit @ 1..=MAX_LIMIT => Ok(Slice { before, limit: limit + 1 }),
            _ => Err(Problem::new(Code::BadRequest, "limit 应在 1 到 100 之间")),
        }
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
