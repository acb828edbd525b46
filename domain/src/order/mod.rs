//! The order (订单): what a resident asked for, and everything that happened to it.
//!
//! [`decide`] says whether a move may be made and what follows from it; [`Order::apply`] is the only place where an
//! order changes. Both are pure.

mod charge;
mod command;
mod content;
mod decide;
mod dispatch;
mod erase;
mod error;
mod event;
mod figure;
mod history;
mod mediated;
mod moves;
mod number;
mod reason;
mod state;
mod submit;
mod taker;
mod tally;
pub mod usecase;
mod visit;

pub use charge::{Charge, Fen, MOST_FEN, MOST_MATERIALS, Material, Payer, Quote, QuoteAnswer};
pub use command::{Command, MergeTarget};
pub use content::{
    Beneficiary, Contact, Content, MAX_DESCRIPTION, MAX_TITLE, Place, Point, PointSource, Source, Visibility,
};
pub use decide::{Decision, allowed_moves, decide};
pub use dispatch::{Dispatch, DispatchState, DispatchStatus, HandlerRole};
pub use erase::{Erased, Erasing, erase};
pub use error::{Refusal, ReplayError};
pub use event::{Event, EventKind, Happening};
pub use figure::{Channel, FigureCount, figures, median_hours, settled};
pub use history::{ChainHash, ChainRow, Chained, Fault, Salt, verify};
pub use mediated::{MEDIATION_SERVICE, Mediation, MediationStep, NEUTRAL_RESULT, mediate};
pub use moves::{Move, Upon, permitted_hats};
pub use number::order_number;
pub use reason::{RefuseReason, ReturnReason};
pub use state::{Order, OrderStatus, PaperState, PapersCheck, Rating, Resolution, State};
pub use submit::{Submission, submit};
pub use taker::Taker;
pub use tally::{Counts, Tally, month_of, recount, tallies};
pub use visit::{Attendee, Opinion, Visit, VisitReport, VisitSide};

/// A resident may reopen within this many days after an order was resolved.
pub const REOPEN_WITHIN_DAYS: i64 = 15;
/// How often an order may be reopened; the last time puts it under supervision (督办).
pub const MAX_REOPENS: u8 = 2;
/// A second urge within this many hours changes nothing: the desk has been told already.
pub const URGE_PAUSE_HOURS: i64 = 4;
