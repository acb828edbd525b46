//! The rule book of mediation, told as tests.

#![cfg(test)]

mod given;
mod grid;
mod life;
mod sight;
