//! Who acts: people, the roles they hold, and how they stand towards one order.

pub mod access;
mod actor;
mod attempt;
mod code;
mod consent;
mod delegation;
mod disclosure;
mod grant;
mod id_number;
mod invitation;
mod membership;
mod phone;
mod residence;
mod resident;
mod role;
mod second_factor;
mod session;
mod ticket;
mod volunteer;

pub use access::{Area, Desk, Sight};
pub use actor::{Actor, Hat};
pub use attempt::{Admission, Attempts, FORGET_ATTEMPTS_AFTER, Guessed};
pub use code::{heard_code, spoken_code};
pub use consent::{AgeBand, Consent, ConsentChannel, ConsentPurpose, ConsentText, lets_partners_call};
pub use delegation::{Delegation, Evidence, MAX_DELEGATION_DAYS, Offer};
pub use disclosure::{Disclosure, Look, Purpose, mask_name, mask_phone};
pub use grant::{GrantRefusal, gives, may_give};
pub use id_number::is_id_number;
pub use invitation::{CODE_LIVES_AT_MOST_DAYS, Invitation};
pub use membership::{Held, Membership, Post, Reach};
pub use phone::{is_phone, mobile};
pub use residence::{Address, MAX_RESIDENCES, Residence, Verification, plain_part};
pub use resident::{Kept, Resident};
pub use role::Role;
pub use second_factor::{RECOVERY_CODES, SecondFactor, SharedSecret};
pub use session::{Session, SessionKind, is_worth_noting};
pub use ticket::{Standing, TICKET_LIFETIME, Tap, Tapped, Ticket, TicketState};
pub use volunteer::{
    Confirmation, Credit, CreditRefusal, MOST_HOURS_A_WEEK, MOST_MINUTES, Skill, Volunteer, Volunteering, Word,
    may_credit, volunteers_in,
};

use chrono::{DateTime, Utc};

use crate::ids::PersonId;
use crate::place::Tree;

/// What is known about somebody who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    /// Accounts that staff kept for the person before, and that the person took over: their orders are the person's own.
    pub former: Vec<PersonId>,
    pub nickname: Option<String>,
    /// Verified by WeChat, never typed: mainland digits without `+86`.
    pub phone: Option<String>,
    pub age_band: Option<AgeBand>,
    pub memberships: Vec<Membership>,
    pub created_at: DateTime<Utc>,
}

impl Person {
    /// The person with what the roles reach in today's tree of places. A role at a place that is no more reaches nothing.
    pub fn actor(&self, tree: &Tree) -> Actor {
        let posts = self.memberships.iter().filter_map(|membership| membership.post(tree)).collect();
        Actor { person: self.id, former: self.former.clone(), posts }
    }
}
