//! The rule book of the order, told as tests.

#![cfg(test)]

mod accused;
mod bringing_over;
mod chain;
mod charging;
mod credits;
mod desk;
mod emergencies;
mod erasing;
mod figures;
mod given;
mod grid;
mod histories;
mod life;
mod mediating;
mod memory;
mod merging;
mod notices;
mod offered;
mod papers;
mod partners;
mod privacy;
mod properties;
mod rating;
mod sight;
mod situations;
mod story;
mod takers;
mod tallies;
mod usecases;
mod visiting;
mod watching;
