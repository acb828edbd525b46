//! The client against the sandbox, over real HTTP on a loopback port. Nothing
//! sleeps, except where lateness itself is tried: both sides read clocks that
//! the test moves.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a stage that cannot be set fails its test"
)]

mod accounts;
mod channels;
mod codes;
mod content;
mod faults;
mod http;
mod library;
mod limits;
mod login;
mod lost_answers;
mod messages;
mod misbehaviour;
mod phone_side;
mod program;
mod rights;
mod runtimes;
mod service_account;
mod stage;
mod token;
mod wecom;
mod wire;
