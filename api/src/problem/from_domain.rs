//! Failures of the inner crates, as problems.

use std::str::FromStr;

use domain::attachment::PhotoRefusal;
use domain::booking::BookingRefusal;
use domain::campaign;
use domain::order::Refusal;
use domain::ports::StoreError;
use strum::IntoEnumIterator;

use super::{Code, Problem};

impl FromStr for Code {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::iter().find(|code| code.name() == name).ok_or(())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            // In the same words as every other thing that is not there, or not for these eyes.
            Refusal::NoSuchDispatch => Self::not_found(),
            Refusal::NoSuchPartner => Self::field("/partner_id", refusal.to_string()),
            Refusal::NoSuchGrid => Self::field("/grid_id", refusal.to_string()),
            Refusal::VisitInFuture | Refusal::VisitBeforeOrder => Self::field("/at", refusal.to_string()),
            Refusal::MediationProof => Self::field("/attachment_ids", refusal.to_string()),
            Refusal::LabourOfAVolunteer => Self::field("/charge/labour_fen", refusal.to_string()),
            Refusal::ChargeStated | Refusal::QuotedForOthers => Self::field("/charge", refusal.to_string()),
            Refusal::MediatorIsParty => Self::field("/mediator_id", refusal.to_string()),
            refusal => {
                let code = refusal.code().parse().unwrap_or(Code::WrongState);
                Self::new(code, refusal.to_string())
            }
        }
    }
}

impl From<BookingRefusal> for Problem {
    fn from(refusal: BookingRefusal) -> Self {
        match refusal.code().parse() {
            Ok(Code::InvalidFields) | Err(()) => Self::field("/slot_id", refusal.to_string()),
            Ok(code) => Self::new(code, refusal.to_string()),
        }
    }
}

impl From<campaign::Refusal> for Problem {
    fn from(refusal: campaign::Refusal) -> Self {
        match refusal.pointer() {
            Some(pointer) => Self::field(pointer, refusal.to_string()),
            None => Self::new(refusal.code().parse().unwrap_or(Code::WrongState), refusal.to_string()),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => {
                let mut problem = Self::new(Code::Unavailable, "服务暂时不可用，请稍后再试").because(error);
                problem.retry_after = Some(5);
                problem
            }
            StoreError::Corrupt { .. } => Self::internal(error),
        }
    }
}

impl From<PhotoRefusal> for Problem {
    fn from(refusal: PhotoRefusal) -> Self {
        let code = refusal.code().parse().unwrap_or(Code::PhotoUnsupported);
        Self::new(code, refusal.advice())
    }
}
