//! Mediation (纠纷调解): two or more parties to a quarrel, and somebody whom the secretary appointed.
//!
//! A case hangs on one sealed order, whose history tells only that there is one. [`decide`] says what may happen in it;
//! [`Standing`] says who is what to it, and so what they see.

mod case;
mod command;
mod decide;
mod error;
mod sight;
mod state;
mod usecase;

pub use case::{Case, Code, Held, Party, PartyStanding, Session, Statement};
pub use command::{Command, Step};
pub use decide::{Decision, allowed_steps, decide, open, permits};
pub use error::Refusal;
pub use sight::{Docket, Sight, Standing};
pub use state::{Agreement, Assent, Closing, FollowUp, FollowUpResult, How, Outcome, OutcomeKind, State, Status};
pub use usecase::{CaseError, Mediations, Opening, Reply};

/// How long a mediator looks after a case once it is closed, or once the day of its follow-up has come.
pub const MEDIATOR_SEES_DAYS: i64 = 30;
/// How long an invitation waits for a party.
pub const INVITATION_DAYS: i64 = 14;
/// More than a quarrel between neighbours has.
pub const MAX_PARTIES: usize = 12;
pub const MAX_SESSIONS: usize = 40;
/// Of one party.
pub const MAX_STATEMENTS: usize = 40;
/// Nobody makes an appointment, nor asks after the result, further ahead.
pub const MAX_DAYS_AHEAD: i64 = 365;
