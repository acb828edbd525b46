//! What happens, as it happens, to those whom it concerns.

mod ends;
mod limits;
mod polls;
mod replicas;
mod resuming;
mod scopes;
