//! 专项行动: a drive from door to door that grew out of an order, such as 敲门入户送安全.
//!
//! Who lives behind which door and how they live is a target list for thieves: it is locked, shown masked, and each full
//! look is written down.

mod decide;
mod error;
mod household;
mod roll;
mod sight;
mod state;
mod totals;
mod visit;

pub use decide::{Closed, close, dismiss, may_assign, may_enlist, open, record};
pub use error::Refusal;
pub use household::{Door, Dweller, Household, Look, MAX_DWELLERS, Target, household_of};
pub use roll::{Entry, Roll, read_roll};
pub use sight::{CampaignSight, Share, Standing};
pub use state::{Campaign, Closing, Doors, Draft, Helper, Item, MAX_HELPERS, MAX_HOUSEHOLDS, MAX_ITEMS};
pub use totals::{HandedOut, RoundTotals, Totals};
pub use visit::{Handed, MAX_PHOTOS, MAX_QUANTITY, MAX_ROUNDS, MAX_VISITORS, Outcome, Report, Side, Visit, Visitor};
