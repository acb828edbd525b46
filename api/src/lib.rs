//! The HTTP service of 红管家 and everything that the program `hongguanjia` does.

mod access;
mod access_log;
mod app;
mod attempts;
mod audit;
mod auth;
pub mod command;
pub mod config;
mod demo;
mod disclose;
mod extract;
mod gate;
mod hint;
mod keyring;
mod limiter;
mod live;
mod methods;
mod names;
mod openapi;
mod problem;
mod reading;
mod regions;
mod reply;
mod routes;
mod second_factor;
pub mod seed;
pub mod server;
mod shared_read;
mod sheet;
pub mod storage;
mod token_store;
mod uploads;
mod view;
mod wechat;
pub mod wiring;

pub use app::App;
