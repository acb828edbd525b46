//! What happens when something breaks in the middle.

mod kill;
mod messages;
mod redis;
mod stop;
mod storage;
