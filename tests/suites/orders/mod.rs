//! The life of an order, as people live it.

mod dispatching;
mod ending;
mod kerb;
mod merging;
mod offered;
mod rating;
mod reopening;
mod visiting;
