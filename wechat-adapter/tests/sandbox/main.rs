//! The client against the sandbox, over real HTTP on a loopback port. Nothing
//! sleeps: both sides read clocks that the test moves.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a stage that cannot be set fails its test")]

mod faults;
mod http;
mod login;
mod messages;
mod runtimes;
mod stage;
mod token;
