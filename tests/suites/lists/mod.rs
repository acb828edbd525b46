//! Lists: pages, filters, and whose list it is.

mod filters;
mod pages;
mod views;
