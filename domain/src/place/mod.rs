//! Where things are: the tree of places, communities, partners, coordinates.

mod addition;
mod border;
pub mod coordinates;
mod duty;
mod entrance;
mod level;
mod located;
mod paper;
mod particulars;
mod partner;
mod region;
mod register;
mod register_sheet;
mod tree;
mod uscc;
mod week;

pub use addition::{Addition, AdditionRefusal, is_free};
pub use border::{
    Border, BorderFault, Bordered, Bounds, Drawing, MOST_VERTICES, Outline, WIDEST_DEGREES, is_in_china, overlaps,
};
pub use duty::{Duty, DutyDesk, DutyFault, OfficeNow, office_now};
pub use entrance::{Entrance, Scene};
pub use level::Level;
pub use located::{Clues, Located, is_grid_of};
pub use paper::{Paper, PaperClock, PaperNews};
pub use particulars::{Agreement, Bar, Licence, Listing, Particulars, Price, Suspension, Terms, Ware};
pub use partner::{Partner, PartnerKind};
pub use region::{Graft, Region, RegionFault};
pub use register::{AddressLevel, Premises, Registered, Registration, building_key, register};
pub use register_sheet::{Brought, read_register};
pub use tree::{Place, Tree};
pub use uscc::is_uscc;
pub use week::{DAY_MINUTES, MOST_SPANS, Span, SpanFault, Week, WeekFault};

use crate::ids::CommunityId;

/// A neighbourhood with its elected committee (社区). Its name, its street and its compounds are places of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Community {
    pub id: CommunityId,
    /// Starts the numbers of its orders: "XY".
    pub prefix: String,
}
