//! What the rules need from the outside. Each trait says which errors an implementation must return.

mod answers;
mod attachments;
mod clock;
mod consents;
mod directory;
mod disclosures;
mod dossiers;
mod erasures;
mod error;
mod history;
mod memberships;
mod messenger;
mod orders;
mod outbox;
mod people;
mod photos;
mod retention;

pub use answers::*;
pub use attachments::*;
pub use clock::*;
pub use consents::*;
pub use directory::*;
pub use disclosures::*;
pub use dossiers::*;
pub use erasures::*;
pub use error::*;
pub use history::*;
pub use memberships::*;
pub use messenger::*;
pub use orders::*;
pub use outbox::*;
pub use people::*;
pub use photos::*;
pub use retention::*;
