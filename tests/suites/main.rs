//! What the system promises to those who call it, by capability; each promise on SQLite and on PostgreSQL with Redis.

mod access;
mod advice;
mod bad_input;
mod citizens;
mod contract;
mod faults;
mod import;
mod limits;
mod lists;
mod messages;
mod orders;
mod photos;
mod sign_in;
