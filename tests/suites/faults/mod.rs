//! What happens when something breaks in the middle.

mod kill;
mod stop;
mod storage;
