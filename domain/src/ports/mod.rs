//! What the rules need from the outside. Each trait says which errors an implementation must return.

mod answers;
mod attachments;
mod attempts;
mod audit;
mod clock;
mod directory;
mod disclosures;
mod error;
mod history;
mod invitations;
mod memberships;
mod messenger;
mod orders;
mod outbox;
mod people;
mod photos;
mod second_factors;
mod tickets;

pub use answers::*;
pub use attachments::*;
pub use attempts::*;
pub use audit::*;
pub use clock::*;
pub use directory::*;
pub use disclosures::*;
pub use error::*;
pub use history::*;
pub use invitations::*;
pub use memberships::*;
pub use messenger::*;
pub use orders::*;
pub use outbox::*;
pub use people::*;
pub use photos::*;
pub use second_factors::*;
pub use tickets::*;
