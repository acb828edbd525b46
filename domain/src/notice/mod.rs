//! What is told to whom, how much it matters, in which words, and by which way it goes. A notice is a row before it is a
//! message.

mod beside;
mod delivery;
mod digest;
mod hint;
mod kind;
mod ladder;
mod nature;
mod overtaken;
mod pace;
mod table;
mod told;
mod words;

pub use beside::{notices_of_campaign, notices_of_papers};
pub use delivery::{Channel, DeliveryState, Outcome};
pub use digest::digest_due;
pub use hint::{MOST_HINTS, worth_asking};
pub use kind::{Audience, Facts, Notice, NoticeKind, Side};
pub use ladder::{Reach, next_rung};
pub use nature::{CallRule, Importance, Nature, NoticeLevel, Template, nature, template};
pub use overtaken::{Mark, perishable};
pub use pace::{FOLD_WINDOW, LONGEST_WAIT, MAX_ATTEMPTS, after_quiet_hours, fold_until, is_quiet, next_try};
pub use table::{MediationNews, near_due, notices_for, notices_of_mediation, overdue, reminder_after};
pub use told::{Told, because};
pub use words::{ORDERS, Subject, Words, words};
