//! Access is a table: operation × role → scope.
//!
//! Everything asks this table: the gate before each handler, the sight of every read, and the rules of every move.
//! `hongguanjia access` prints it as `docs/access.md`.

mod operation;
mod page;
mod reach;
mod scope;
mod sight;
mod table;

pub use operation::Operation;
pub use page::page;
pub use reach::{permits, permits_hat, reaches};
pub use scope::Scope;
pub use sight::{Area, Desk, Sight};
pub use table::{COLUMNS, Column, is_entrusted, scope};
