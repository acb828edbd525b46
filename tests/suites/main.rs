//! What the system promises to those who call it, by capability; each promise on SQLite and on PostgreSQL with Redis.

mod access;
mod bad_input;
mod lists;
mod orders;
