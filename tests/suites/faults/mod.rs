//! What happens when something breaks in the middle.

mod kill;
mod messages;
mod stop;
mod storage;
