//! What happens, for those who watch: `GET /v1/events`.
//!
//! One task a process, the [`Hub`], reads the feed once for all who watch here and hands them each stretch of it. A
//! [`Watcher`] lets through what its person may know, and reads the feed by itself only where it has fallen behind.

pub mod frame;
mod hub;
mod seats;
mod viewer;
mod watcher;

pub use hub::Hub;
pub use watcher::{Bye, Moment, Watcher};
