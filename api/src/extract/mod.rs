//! What handlers take: who calls, a checked body, a page of a list. Each refuses with a [`Problem`](crate::problem::Problem).

mod body;
mod caller;
mod coordinates;
mod explain;
mod file;
mod page;
mod post;
mod text;
mod time;

pub use body::Body;
pub use caller::{Caller, recognise};
pub use coordinates::CoordSys;
pub use domain::people::mobile as digits;
pub use file::{Wanted, file_in};
pub use page::{Cursor, Limit, PageQuery, Query};
pub(crate) use post::key;
pub use post::{Id, Nothing, Numbered, Post};
pub use text::{few, legible, list_of, needed, one_line, optional, phone_number};
pub use time::{Timely, timely};
