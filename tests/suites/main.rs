//! What the system promises to those who call it, by capability; each promise on SQLite and on PostgreSQL with Redis.

mod access;
mod administration;
mod advice;
mod audit;
mod bad_input;
mod calls;
mod citizens;
mod contract;
mod deliveries;
mod faults;
mod hints;
mod import;
mod inbox;
mod invitations;
mod limits;
mod lists;
mod live;
mod messages;
mod orders;
mod photos;
mod privacy;
mod residents;
mod rights;
mod sign_in;
mod told;
mod wechat;
