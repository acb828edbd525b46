//! The rules of 红管家 and the ports through which they meet the world.
//!
//! Nothing here knows HTTP, SQL or WeChat's words; nothing reads the system's clock or makes ids by itself.

pub mod advice;
pub mod attachment;
pub mod audit;
pub mod booking;
pub mod campaign;
pub mod certificate;
pub mod deadline;
pub mod erasure;
pub mod ids;
pub mod mediation;
pub mod notice;
pub mod order;
pub mod people;
pub mod place;
pub mod ports;
pub mod retention;
pub mod safety;
pub mod service;
pub mod sheet;
pub mod wechat;
