//! The ports' implementations.

pub mod clock;
pub mod database;
mod entity;
mod migration;
pub mod photo;
pub mod queue;
pub mod redis;
pub mod store;
pub mod throttle;
pub mod vault;
pub mod worker;

pub use store::Stores;
pub use vault::Vault;
