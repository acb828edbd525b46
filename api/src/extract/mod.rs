//! What handlers take: who calls, a checked body, a page of a list. Each refuses with a [`Problem`](crate::problem::Problem).

mod body;
mod caller;
mod page;
mod post;
mod text;

pub use body::Body;
pub use caller::{Caller, recognise};
pub use page::{Cursor, PageQuery, Query};
pub(crate) use post::key;
pub use post::{Id, Post};
pub use text::{digits, legible, list_of, needed, one_line, optional, phone_number};
