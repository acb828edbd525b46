//! What handlers take: who calls, a checked body, a page of a list. Each refuses with a [`Problem`](crate::problem::Problem).

mod body;
mod caller;
mod explain;
mod page;
mod post;
mod text;

pub use body::Body;
pub use caller::{Caller, recognise};
pub use page::{Cursor, Limit, PageQuery, Query};
pub(crate) use post::key;
pub use post::{Id, Post};
pub use text::{digits, list_of, needed, one_line, optional, phone_number};
