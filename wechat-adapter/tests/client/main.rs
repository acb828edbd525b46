//! The client against a stub that answers what it is told and checks what it
//! was asked. Nothing sleeps but the client's own short wait for a turn.

#![expect(clippy::unwrap_used, reason = "a stub that cannot be set up fails its test")]

mod library;
mod rights;
mod secrets;
mod stub;
mod tokens;
mod wecom;
